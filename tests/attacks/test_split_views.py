"""Attackers who own the log's key, a witness's answers or its clock, and want two histories believed."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.checkpoint import open_checkpoint
from ledger.errors import BadProof, BadSignature, DaodiError
from ledger.keys import SigningKey
from ledger.note import encode_base64
from ledger.witnessing.cosignature import CosignerKey, cosign, cosigned_message
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_errors import (
    ClockWentBack,
    OfferOutdated,
    PolicyWrong,
    QuorumNotMet,
    RootsDiffer,
    WitnessForgot,
)
from ledger.witnessing.witness_store import WitnessStore
from tests.ledger.bits import flipped
from tests.ledger.small_witness import LOG, NOW_S, ORIGIN, SmallWitness, Tree, policy_of, witnesses

TRUE = Tree()
FORGED = Tree("forged")


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[SmallWitness]]:
    """Three witnesses of one log."""
    with witnesses(tmp_path, 3) as made:
        yield made


def test_a_log_with_two_histories_gets_two_of_three_witnesses_for_one_of_them_only(
    three: list[SmallWitness],
) -> None:
    first, second, third = three
    lines = {"true": first.cosign(TRUE.offer(0, 9)), "forged": second.cosign(FORGED.offer(0, 9))}
    policy = policy_of(three, "2")
    for tree, name in ((TRUE, "true"), (FORGED, "forged")):
        with pytest.raises(QuorumNotMet):
            open_checkpoint(tree.signed(9).text + lines[name], policy)
    # The third can make a quorum of one history, and then never of the other.
    winner = TRUE.signed(9).text + lines["true"] + third.cosign(TRUE.offer(0, 9))
    assert len(open_checkpoint(winner, policy).cosigned) == 2
    with pytest.raises(RootsDiffer):
        third.cosign(FORGED.offer(9, 9))
    with pytest.raises(BadProof):
        third.cosign(FORGED.offer(9, 12))
    with pytest.raises(OfferOutdated):
        third.cosign(FORGED.offer(0, 12))


def test_a_witness_rolls_back_for_nobody(three: list[SmallWitness]) -> None:
    witness = three[0]
    witness.cosign(TRUE.offer(0, 9))
    for body in (TRUE.offer(0, 5), TRUE.offer(5, 9), TRUE.offer(9, 9).replace(b"old 9", b"old 0")):
        with pytest.raises(OfferOutdated) as refused:
            witness.cosign(body)
        assert refused.value.known == 9
    assert witness.store.seen(ORIGIN).size == 9


def test_a_replayed_offer_moves_nothing_and_an_old_cosignature_serves_no_other_checkpoint(
    three: list[SmallWitness],
) -> None:
    witness = three[0]
    policy = policy_of(three[:1], "all")
    old_line = witness.cosign(TRUE.offer(0, 5))
    witness.cosign(TRUE.offer(5, 9))
    with pytest.raises(OfferOutdated):
        witness.cosign(TRUE.offer(0, 5))
    with pytest.raises(BadSignature):
        open_checkpoint(TRUE.signed(9).text + old_line, policy)
    with pytest.raises(BadSignature):
        open_checkpoint(FORGED.signed(5).text + old_line, policy)


def test_a_cosignature_for_another_log_is_none_for_this_one(three: list[SmallWitness]) -> None:
    key = three[0].key
    elsewhere = Tree(origin="log.example/anguo").signed(9)
    line = cosign(elsewhere.checkpoint.body(), "w1.example", key, NOW_S)
    with pytest.raises(BadSignature):
        open_checkpoint(TRUE.signed(9).text + line, policy_of(three, "any"))


def test_a_time_in_a_cosignature_cannot_be_moved(three: list[SmallWitness]) -> None:
    key = three[0].key
    body = TRUE.signed(9).checkpoint.body()
    signed = key.sign(cosigned_message(body, NOW_S))
    for stated in (NOW_S + 1, NOW_S - 1, 0):
        raw = three[0].cosigner.key_hash + stated.to_bytes(8, "big") + signed
        line = f"— w1.example {encode_base64(raw)}\n"
        with pytest.raises(BadSignature):
            open_checkpoint(TRUE.signed(9).text + line, policy_of(three, "any"))
    timeless = key.sign(cosigned_message(body, 0))
    line = f"— w1.example {encode_base64(three[0].cosigner.key_hash + bytes(8) + timeless)}\n"
    with pytest.raises(BadSignature):  # a witness must not leave out the time
        open_checkpoint(TRUE.signed(9).text + line, policy_of(three, "any"))


def test_one_witness_cannot_count_twice(three: list[SmallWitness]) -> None:
    line = three[0].cosign(TRUE.offer(0, 9))
    renamed = cosign(TRUE.signed(9).checkpoint.body(), "w2.example", three[0].key, NOW_S)
    for lines in (line + line, line + renamed):
        with pytest.raises(QuorumNotMet):
            open_checkpoint(TRUE.signed(9).text + lines, policy_of(three, "2"))
    twice = (
        f"witness a {three[0].cosigner.to_vkey()}\nwitness b "
        + CosignerKey("w2.example", three[0].key.public).to_vkey()
    )
    with pytest.raises(PolicyWrong):
        Policy.from_text(f"{twice}\ngroup q 2 a b\nquorum q\n")


def test_the_log_cannot_be_its_own_witness() -> None:
    own = CosignerKey("w.example", LOG.key).to_vkey()
    with pytest.raises(PolicyWrong):
        Policy.from_text(f"log {LOG.to_vkey()}\nwitness w {own}\nquorum w\n")


def test_a_false_line_of_a_trusted_witness_spoils_the_checkpoint(three: list[SmallWitness]) -> None:
    lines = [witness.cosign(TRUE.offer(0, 9)) for witness in three]
    false = lines[2][:-6] + ("A" if lines[2][-6] != "A" else "B") + lines[2][-5:]
    with pytest.raises(DaodiError):
        open_checkpoint(TRUE.signed(9).text + "".join([*lines[:2], false]), policy_of(three, "2"))


def test_a_crowd_of_lines_does_not_hide_a_quorum_and_a_larger_one_is_refused(
    three: list[SmallWitness],
) -> None:
    real = "".join(witness.cosign(TRUE.offer(0, 9)) for witness in three)
    body = TRUE.signed(9).checkpoint.body()
    crowd = [
        cosign(body, f"x{at}.example", SigningKey.from_seed(bytes([at]) * 32), NOW_S) for at in range(13)
    ]
    note = TRUE.signed(9).text + real
    assert open_checkpoint(note + "".join(crowd[:12]), policy_of(three, "all")).size == 9  # 16 lines
    with pytest.raises(DaodiError):
        open_checkpoint(note + "".join(crowd), policy_of(three, "all"))


@pytest.mark.parametrize("where", ["note", "line"])
def test_no_flipped_bit_of_a_cosigned_checkpoint_is_accepted(three: list[SmallWitness], where: str) -> None:
    policy = policy_of(three[:1], "all")
    note = TRUE.signed(9).text
    line = three[0].cosign(TRUE.offer(0, 9))
    raw = (note if where == "note" else line).encode()
    for bit in range(len(raw) * 8):
        changed = flipped(raw, bit)
        whole = changed + line.encode() if where == "note" else note.encode() + changed
        with pytest.raises((DaodiError, UnicodeDecodeError)):
            open_checkpoint(whole.decode(), policy)


def test_a_clock_turned_back_cosigns_nothing(three: list[SmallWitness]) -> None:
    witness = three[0]
    witness.cosign(TRUE.offer(0, 5))
    witness.now_s -= 3600
    with pytest.raises(ClockWentBack):
        witness.cosign(TRUE.offer(5, 9))


def test_a_witness_that_lost_its_memory_does_not_begin_anew(three: list[SmallWitness]) -> None:
    three[0].cosign(TRUE.offer(0, 9))
    three[0].store.close()
    three[0].path.unlink()
    with pytest.raises(WitnessForgot):
        WitnessStore(three[0].path)
    emptied = WitnessStore.create(three[0].path, three[0].cosigner.to_vkey())
    with pytest.raises(WitnessForgot):  # the log was not enrolled by a person
        emptied.seen(ORIGIN)
    emptied.close()


def _race(path: Path, start: threading.Barrier, new: int, answered: Path) -> None:
    """Offer what goes from 5 to `new`, at the same moment as others; leave a file when it was cosigned."""
    store = WitnessStore(path)
    witness = Witness(
        "w1.example",
        SigningKey.from_seed((1).to_bytes(32, "big")),
        {ORIGIN: Policy((Log(LOG),))},
        store,
        _now,
    )
    body = TRUE.offer(5, new)
    start.wait()
    try:
        answered.joinpath(str(new)).write_text(witness.add_checkpoint(body))
    except OfferOutdated:
        answered.joinpath(f"refused-{new}").touch()
    finally:
        store.close()


def _now() -> int:
    time.sleep(0.05)  # hold the turn a while, so that all the others come while it is held
    return NOW_S


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_of_offers_for_n_and_n_plus_k_at_once_one_is_taken_and_none_rolls_back(
    tmp_path: Path, kind: str
) -> None:
    made = SmallWitness(tmp_path)
    made.cosign(TRUE.offer(0, 5))
    sizes = [6, 9, 12, 20, 33, 64]
    answered = tmp_path / "answered"
    answered.mkdir()
    spawn = multiprocessing.get_context("spawn")
    barrier: Any = threading.Barrier if kind == "threads" else spawn.Barrier
    worker_of: Any = threading.Thread if kind == "threads" else spawn.Process
    gate = barrier(len(sizes))
    workers = [worker_of(target=_race, args=(made.path, gate, new, answered)) for new in sizes]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seen = made.store.seen(ORIGIN)
    # All start from 5: were two cosigned, the later one would have rolled the earlier one back.
    assert [file.name for file in answered.glob("[0-9]*")] == [str(seen.size)]
    assert len(list(answered.glob("refused-*"))) == len(sizes) - 1
    assert seen.root == TRUE.root(seen.size)
    assert open_checkpoint(seen.cosigned_note, policy_of([made], "all")).size == seen.size
    made.store.close()
