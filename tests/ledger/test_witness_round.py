"""The log and its witnesses together: what is published, when signing stops, and who holds up whom."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ledger import log, store
from ledger.checkpoint import open_checkpoint
from ledger.errors import NoCheckpointYet, NotIntegratedYet
from ledger.note import MAX_SIGNATURES
from ledger.witnessing import publication
from ledger.witnessing.policy import Policy
from ledger.witnessing.witness_client import CLOCK_SKEW_S, WitnessClient
from ledger.witnessing.witness_errors import (
    OfferOutdated,
    PolicyWrong,
    WitnessAnswerBad,
    WitnessContradicts,
    WitnessKnowsMore,
    WitnessRefused,
    WitnessUnreachable,
)
from ledger.witnessing.witness_offer import SIZE_TYPE
from ledger.witnessing.witness_round import WitnessRound
from tests.ledger.small_log import SmallLog
from tests.ledger.small_witness import (
    NOW_S,
    ORIGIN,
    SmallWitness,
    answered,
    policy_of,
    witnesses,
)


class Watched:
    """A log, witnesses of it, and a quorum of so many."""

    def __init__(self, folder: Path, made: list[SmallWitness], quorum: str = "2") -> None:
        self.made = made
        self.policy = policy_of(made, quorum)
        self.log = SmallLog(f"sqlite:///{folder}/log.sqlite")
        self.http = httpx.Client(transport=httpx.MockTransport(self._to_witness))
        with self.log.write() as session:
            publication.put_in_force(session, self.policy)

    def _to_witness(self, request: httpx.Request) -> httpx.Response:
        named = {witness.cosigner.name: witness for witness in self.made}
        return named[request.url.host].answer(request)

    def round(self, at: int) -> WitnessRound:
        """The way to one witness, counted from 0."""
        client = WitnessClient(self.policy.witnesses[at], self.http, lambda: NOW_S, lambda: 0.0, 3.0)
        return WitnessRound(client, ORIGIN, self.log.read, self.log.write, lambda: NOW_S * 1000)

    def published(self) -> int:
        """Size of the published checkpoint, which the policy accepts."""
        with self.log.read() as session:
            return open_checkpoint(publication.published(session).text, self.policy).size

    def signed(self) -> int:
        """Size of the newest signed checkpoint."""
        with self.log.read() as session:
            newest = store.last_checkpoint(session)
        return newest.size if newest else 0

    def stop_reason(self) -> None:
        """Raise what stops the signing."""
        with self.log.read() as session:
            publication.refuse_below_witnesses(session, self.signed())


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A log of two entries, signed, and witnesses that have not heard of it."""
    with witnesses(tmp_path, 3) as made:
        found = Watched(tmp_path, made)
        found.log.sequencer().drain()
        yield found
        found.http.close()
        found.log.engine.dispose()


def test_nothing_is_published_before_its_quorum_and_everything_after(watched: Watched) -> None:
    with pytest.raises(NoCheckpointYet):
        watched.published()
    watched.round(0).run()
    with pytest.raises(NoCheckpointYet):
        watched.published()
    with watched.log.read() as session:
        assert publication.awaits_quorum(session) == 2
    watched.round(1).run()
    assert watched.published() == 2
    with watched.log.read() as session:
        assert publication.awaits_quorum(session) is None
        lines = publication.published(session).text.split("\n\n")[1].splitlines()
    assert [line.split(" ")[1] for line in lines] == [ORIGIN, "w1.example", "w2.example"]


def test_the_last_checkpoint_with_a_quorum_stays_published_while_the_next_one_waits(watched: Watched) -> None:
    watched.round(0).run()
    watched.round(1).run()
    watched.log.grow(5)
    assert watched.signed() == 7
    assert watched.published() == 2
    watched.round(2).run()
    assert watched.published() == 2
    watched.round(0).run()
    assert watched.published() == 7
    watched.round(1).run()  # a late third line is added to what is published
    with watched.log.read() as session:
        assert len(open_checkpoint(publication.published(session).text, watched.policy).cosigned) == 3


def test_receipts_are_given_under_the_published_checkpoint(watched: Watched) -> None:
    watched.log.grow(5)
    with watched.log.read() as session, pytest.raises(NotIntegratedYet):
        log.receipt(session, "s4")
    watched.round(0).run()
    watched.round(1).run()
    with watched.log.read() as session:
        receipt = log.receipt(session, "s4")
    assert open_checkpoint(receipt.checkpoint_text, watched.policy).size == 7


def test_a_witness_is_taken_from_the_size_it_says_it_knows(watched: Watched) -> None:
    one = watched.round(0)
    assert one.run()
    assert not one.run()  # nothing new
    watched.log.grow(9)
    with (
        watched.log.write() as session
    ):  # what we remembered is lost: the witness is asked, not believed to be new
        session.connection().exec_driver_sql("DELETE FROM ledger_witness")
    assert one.run()
    assert watched.made[0].store.seen(ORIGIN).size == 11
    assert watched.made[0].asked == ["POST add-checkpoint"] * 3


def test_a_dead_witness_is_told_apart_and_comes_back(watched: Watched) -> None:
    watched.made[1].up = False
    watched.round(0).run()
    with pytest.raises(WitnessUnreachable, match=r"w2\.example"):
        watched.round(1).run()
    watched.round(2).run()
    assert watched.published() == 2
    watched.made[1].up = True
    assert watched.round(1).run()


def test_a_database_from_an_old_backup_signs_nothing_more(watched: Watched, tmp_path: Path) -> None:
    watched.log.engine.dispose()
    backup = (tmp_path / "log.sqlite").read_bytes()
    watched.log.grow(5)
    watched.round(0).run()
    watched.log.engine.dispose()
    (tmp_path / "log.sqlite").write_bytes(backup)
    assert watched.signed() == 2
    with pytest.raises(OfferOutdated, match="cosigned size 7"):
        watched.round(0).run()
    with pytest.raises(WitnessKnowsMore, match=r"knows size 7 \(it shows our own signature\), only 2"):
        watched.stop_reason()
    watched.log.submit("after-the-restore")
    with pytest.raises(WitnessKnowsMore):
        watched.log.sequencer().drain()
    assert watched.signed() == 2


def test_an_old_backup_that_holds_its_cosignatures_is_seen_through_when_the_witness_is_asked_again(
    watched: Watched, tmp_path: Path
) -> None:
    watched.round(0).run()
    watched.log.engine.dispose()
    backup = (tmp_path / "log.sqlite").read_bytes()
    watched.log.grow(5)
    watched.round(0).run()
    watched.log.engine.dispose()
    (tmp_path / "log.sqlite").write_bytes(backup)
    assert not watched.round(0).run()  # nothing new to offer
    watched.stop_reason()
    with pytest.raises(OfferOutdated):
        watched.round(0).run(again=True)
    with pytest.raises(WitnessKnowsMore):
        watched.stop_reason()


def test_what_a_witness_only_named_is_overruled_by_what_it_signs_and_what_it_proved_is_not(
    watched: Watched,
) -> None:
    key = watched.made[0].cosigner
    for note, stops in ((None, False), ("its checkpoint with our signature", True)):
        with watched.log.write() as session:
            publication.heard(session, key, 10**9, note, NOW_S)
        watched.round(0).run(again=True)
        with watched.log.read() as session:
            assert (publication.known_size(session, key) == 10**9) is stops


def test_a_proof_of_a_fork_is_kept_even_below_a_size_named_before(watched: Watched) -> None:
    with watched.log.write() as session:
        publication.heard(session, watched.made[0].cosigner, 2, None, NOW_S)
        publication.heard(session, watched.made[0].cosigner, 1, "note", NOW_S, contradicts=True)
    with pytest.raises(WitnessContradicts):
        watched.stop_reason()


def test_a_witness_left_out_of_the_policy_stops_nothing(watched: Watched) -> None:
    with watched.log.write() as session:
        publication.heard(session, watched.made[0].cosigner, 10**15, None, NOW_S)
    with pytest.raises(WitnessKnowsMore, match="our signature was not shown"):
        watched.stop_reason()
    with watched.log.write() as session:
        publication.put_in_force(session, policy_of(watched.made[1:], "all"))
    watched.stop_reason()


def test_a_log_founded_anew_under_the_same_key_is_stopped_before_it_signs(tmp_path: Path) -> None:
    with witnesses(tmp_path, 1) as made:
        first = tmp_path / "first"
        first.mkdir()
        before = Watched(first, made, "all")
        before.log.sequencer().drain()
        before.round(0).run()
        wiped = tmp_path / "wiped"
        wiped.mkdir()
        after = Watched(wiped, made, "all")
        assert not after.round(0).run()  # nothing signed yet: the witness shows what it holds
        with pytest.raises(WitnessKnowsMore):
            after.log.sequencer().drain()
        assert after.signed() == 0
        for each in (before, after):
            each.http.close()
            each.log.engine.dispose()


def test_a_log_that_forked_and_grew_past_its_witness_is_stopped(watched: Watched, tmp_path: Path) -> None:
    watched.log.engine.dispose()
    backup = (tmp_path / "log.sqlite").read_bytes()
    watched.log.grow(5)
    watched.round(0).run()
    watched.log.engine.dispose()
    (tmp_path / "log.sqlite").write_bytes(backup)
    watched.log.submit(*(f"other-{at}" for at in range(9)))
    watched.log.sequencer().drain()  # nobody had been asked: the fork is signed
    assert watched.signed() == 11
    with pytest.raises(WitnessRefused):
        watched.round(0).run()
    with pytest.raises(WitnessContradicts, match="another root at size 7"):
        watched.stop_reason()
    with watched.log.write() as session:  # a later, harmless word does not wash the evidence away
        publication.heard(session, watched.made[0].cosigner, 11, None, NOW_S)
    with pytest.raises(WitnessContradicts):
        watched.stop_reason()


class Liar:
    """A witness that answers whatever it likes."""

    def __init__(self, watched: Watched, answer: httpx.Response) -> None:
        self.http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
        witness = watched.policy.witnesses[0]
        self.client = WitnessClient(witness, self.http, lambda: NOW_S, lambda: 0.0, 3.0)

    def offered(self, note: str) -> str:
        """Its answer to an offer."""
        try:
            return self.client.offer(note, 0, [])
        finally:
            self.http.close()


def test_answers_that_prove_nothing_are_refused(watched: Watched) -> None:
    with watched.log.read() as session:
        newest = store.last_checkpoint(session)
    assert newest is not None
    note = newest.note
    right = watched.made[0].cosign(b"old 0\n\n" + note.encode())
    other = watched.made[1].cosign(b"old 0\n\n" + note.encode())
    assert Liar(watched, answered(200, (other + right).encode())).offered(note) == right
    wrong = [
        answered(200, b""),
        answered(200, other.encode()),
        answered(200, right.removesuffix("\n").encode()),
        answered(200, right.replace("\n", "\r\n").encode()),
        answered(200, (right[:40] + ("A" if right[40] != "A" else "B") + right[41:]).encode()),
        answered(200, b"<html>" + b"x" * 100_000),
        answered(200, b"\xff\xfe"),
        answered(409, b"07\n", SIZE_TYPE),
        answered(409, b"7", SIZE_TYPE),
        answered(409, b"0\n", SIZE_TYPE),  # the size we offered from: it would go on for ever
    ]
    for answer in wrong:
        with pytest.raises(WitnessAnswerBad):
            Liar(watched, answer).offered(note)
    for status in (301, 400, 403, 404, 409, 422, 500, 503):
        with pytest.raises(WitnessRefused):
            Liar(watched, answered(status, b"7\n")).offered(note)


@pytest.mark.parametrize("off", [-CLOCK_SKEW_S - 1, CLOCK_SKEW_S + 1])
def test_a_cosignature_of_another_time_is_a_replay_or_a_promise(watched: Watched, off: int) -> None:
    watched.made[0].now_s += off
    with pytest.raises(WitnessAnswerBad, match="seconds off"):
        watched.round(0).run()
    with pytest.raises(NoCheckpointYet):
        watched.published()


def test_an_answer_that_drips_in_is_given_up(watched: Watched) -> None:
    ticks = iter(range(100))
    drip = httpx.Response(200, content=(b"x" for _ in range(50)))
    with httpx.Client(transport=httpx.MockTransport(lambda _: drip)) as http:
        client = WitnessClient(watched.policy.witnesses[0], http, lambda: NOW_S, lambda: next(ticks), 3.0)
        with pytest.raises(WitnessUnreachable, match="too slow"):
            client.offer("note\n\n— a AAAAAAAA\n", 0, [])
    assert next(ticks) < 10


def test_a_new_policy_is_tried_on_what_was_cosigned_before(watched: Watched) -> None:
    watched.round(0).run()
    watched.round(1).run()
    watched.log.grow(3)
    with watched.log.write() as session:
        publication.put_in_force(session, policy_of(watched.made[:1], "all"))
        assert publication.published(session).size == 2
        publication.put_in_force(session, Policy.from_text("quorum none\n"))
        assert publication.published(session).size == 5


def test_a_policy_whose_lines_no_checkpoint_can_bear_is_refused(watched: Watched, tmp_path: Path) -> None:
    crowd = tmp_path / "crowd"
    crowd.mkdir()
    with witnesses(crowd, MAX_SIGNATURES - 1) as made, watched.log.write() as session:
        with pytest.raises(PolicyWrong, match="at most 14 witnesses"):
            publication.put_in_force(session, policy_of(made, "2"))
        publication.put_in_force(session, policy_of(made[:14], "all"))
