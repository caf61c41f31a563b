"""The station's side of witnessing: on both databases, with witnesses that answer, fail and come back."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from api.health import readiness
from api.station import Station
from api.witnessing import Courier, Witnessing
from ledger.checkpoint import open_checkpoint
from ledger.errors import NoCheckpointYet
from ledger.note import NoteKey
from ledger.witnessing import publication
from ledger.witnessing.cosignature import cosign
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_errors import WitnessUnreachable
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.witnessed import submit, until
from tests.ledger.small_witness import SmallWitness, answered


class Watcher(SmallWitness):
    """A witness of the station's log."""

    def __init__(self, folder: Path, station: Station) -> None:
        super().__init__(folder)
        self.now_s = NOW_MS // 1000
        log = NoteKey.from_vkey(station.vkey)
        self.store.enrol(log.name)
        self.log = log
        self.witness = Witness(
            self.cosigner.name, self.key, {log.name: Policy((Log(log),))}, self.store, lambda: self.now_s
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        """As for any log, shown under the station's name."""
        if request.method == "GET" and self.up:
            note = self.store.seen(self.log.name).cosigned_note
            return answered(200 if note else 404, note.encode())
        return super().answer(request)

    @property
    def policy(self) -> Policy:
        """This witness is the quorum."""
        lines = [f"log {self.log.to_vkey()}", f"witness w {self.cosigner.to_vkey()} http://w", "quorum w", ""]
        return Policy.from_text("\n".join(lines))


@pytest.fixture
def watcher(tmp_path: Path, station: Station) -> Iterator[Watcher]:
    """A witness of the station's log that has not been asked yet."""
    made = Watcher(tmp_path, station)
    yield made
    made.store.close()


def witnessing(station: Station, watcher: Watcher) -> Witnessing:
    """The station's witnessing under the watcher's policy, over no network."""
    made = Witnessing(
        station.database,
        watcher.policy,
        watcher.log.name,
        station.clock,
        seconds=0.01,
        patience_seconds=1.0,
        http=httpx.Client(transport=httpx.MockTransport(watcher.answer)),
    )
    made.put_in_force()
    return made


@ON_BOTH_DATABASES
def test_a_checkpoint_is_cosigned_and_published(station: Station, watcher: Watcher) -> None:
    going = witnessing(station, watcher)
    station.settle()
    assert going.ask() == ()
    with station.database.read() as session:
        opened = open_checkpoint(publication.published(session).text, watcher.policy)
        assert publication.awaits_quorum(session) is None
        assert going.fault(session) is None
    assert [each.by for each in opened.cosigned] == [watcher.cosigner]
    assert watcher.store.seen(watcher.log.name).size == opened.size
    going.close()


@ON_BOTH_DATABASES
def test_what_a_witness_said_last_replaces_what_it_said_before(station: Station, watcher: Watcher) -> None:
    key = watcher.cosigner
    station.settle()
    with station.database.write() as session:
        publication.put_in_force(session, watcher.policy)
        publication.heard(session, key, 5, None, 1)
        publication.heard(session, key, 3, None, 2)
        assert publication.known_size(session, key) == 5
        publication.heard(session, key, 9, "shown", 3)
        assert publication.known_size(session, key) == 9
        assert not publication.keep_cosignature(
            session, 10**12, _stranger(watcher).cosigner, watcher_line(watcher)
        )
        assert publication.keep_cosignature(session, 10**12, key, watcher_line(watcher))
        assert publication.keep_cosignature(session, 10**12, key, watcher_line(watcher))
        assert len(publication.cosignature_lines(session, 10**12)) == 2


def _stranger(watcher: Watcher) -> SmallWitness:
    folder = watcher.path.parent / "stranger"
    folder.mkdir()
    made = SmallWitness(folder, "s.example", 9)
    made.store.close()
    return made


def watcher_line(watcher: Watcher) -> str:
    """Some cosignature line of the witness."""
    return cosign("text\n", watcher.cosigner.name, watcher.key, 7)


def test_a_setting_left_out_takes_no_policy_out_of_force(station: Station, watcher: Watcher) -> None:
    assert not station.witnessing.used
    going = witnessing(station, watcher)
    watcher.up = False
    assert going.ask() == ("w",)
    going.close()
    later = Witnessing.of(station.settings, station.database, station.clock)
    assert later.used
    later.close()
    with station.database.read() as session:
        assert publication.policy_in_force(session) == watcher.policy
        with pytest.raises(NoCheckpointYet):
            publication.published(session)


def test_the_age_without_a_quorum_is_told_and_forgotten_once_it_is_met(
    station: Station, watcher: Watcher
) -> None:
    station.settle()
    assert readiness(station).seconds_without_quorum is None
    assert readiness(station).witnesses == "not_used"
    watcher.up = False
    going = witnessing(station, watcher)
    going.ask()
    with station.database.read() as session:
        first = going.seconds_without_quorum(session)
        assert going.seconds_without_quorum(session) >= first
    watcher.up = True
    assert going.ask() == ()
    with station.database.read() as session:
        assert going.seconds_without_quorum(session) == 0
    going.close()


def test_a_witness_that_fails_is_asked_more_and_more_seldom_and_not_hurried(
    station: Station, watcher: Watcher
) -> None:
    going = witnessing(station, watcher)
    station.settle()
    watcher.up = False
    courier: Courier = going._couriers[0]
    rests = []
    for _ in range(20):
        assert isinstance(courier.go(), WitnessUnreachable)
        rests.append(courier.rest_seconds())
    assert rests[:4] == [0.02, 0.04, 0.08, 0.16]
    assert rests == sorted(rests)
    assert rests[-1] == 15.0
    watcher.up = True
    assert courier.go() is None
    assert courier.rest_seconds() == 0.01
    going.close()


def test_threads_take_each_new_checkpoint_and_end_when_told(station: Station, watcher: Watcher) -> None:
    going = witnessing(station, watcher)
    going.ask()
    with closing(going):
        going.start()
        for number in range(3):
            submit(station, f"statement-{number}")
            station.settle()
            going.wake()
            wanted = number + 2
            until(lambda size=wanted: watcher.store.seen(watcher.log.name).size == size)  # type: ignore[misc]
    assert all(not courier.alive for courier in going._couriers)
