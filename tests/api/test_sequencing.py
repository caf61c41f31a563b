"""The sequencing thread: who drains, who is told, and a database that is older than its last head."""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from api.database import sqlite_path
from api.founding import found
from api.sequencing import Sequencing
from api.settings import Settings
from api.station import Station
from ledger.errors import LogForked
from ledger.writing.sequencer import Sequencer
from tests.api.conftest import NOW_MS, ON_POSTGRESQL


class Counting:
    """A sequencer and a leadership of which only the calls matter."""

    def __init__(self, *, leads: bool) -> None:
        self.leads = leads
        self.asked = threading.Event()
        self.drains = 0
        self.released = 0
        self.told = 0

    def held(self) -> bool:
        self.asked.set()
        return self.leads

    def release(self) -> None:
        self.released += 1

    def drain(self) -> int:
        self.drains += 1
        return 7

    def tell(self) -> None:
        self.told += 1


def sequencing_of(calls: Counting) -> Sequencing:
    return Sequencing(cast("Sequencer", calls), seconds=3600, leadership=calls, after_drain=calls.tell)


def test_what_comes_before_the_first_signature_is_waited_for_once() -> None:
    calls = Counting(leads=True)
    drains_before: list[int] = []
    sequencing = Sequencing(
        cast("Sequencer", calls), seconds=3600, before_first=lambda: drains_before.append(calls.drains)
    )
    assert drains_before == []
    sequencing.drain()
    sequencing.prepare()
    sequencing.drain()
    assert (drains_before, calls.drains) == ([0], 2)


def test_the_thread_of_a_process_that_does_not_lead_leaves_the_log_alone() -> None:
    calls = Counting(leads=False)
    sequencing = sequencing_of(calls)
    sequencing.start()
    sequencing.wake()
    assert calls.asked.wait(10)
    sequencing.close()
    assert (calls.drains, calls.released) == (0, 1)
    assert calls.told  # the leader may have drained: those who wait here look
    assert sequencing.late_seconds < 60


def test_the_leaders_thread_drains_and_tells() -> None:
    calls = Counting(leads=True)
    sequencing = sequencing_of(calls)
    sequencing.start()
    sequencing.close()
    assert calls.drains == calls.told >= 1
    assert calls.released == 1


def test_a_drain_by_hand_asks_nobody_for_leave() -> None:
    calls = Counting(leads=False)
    assert sequencing_of(calls).drain() == 7
    assert (calls.drains, calls.told, calls.asked.is_set()) == (1, 1, False)


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


@ON_POSTGRESQL
def test_of_two_stations_one_leads_and_the_other_takes_over(settings: Settings) -> None:
    shared = settings.model_copy(update={"sequencer_seconds": 0.05})
    found(shared, clock=lambda: NOW_MS)
    first = Station.open(shared)
    assert until(lambda: locks(first) == 1)
    with Station.open(shared) as second:
        leader = holder(first)
        first.close()
        assert until(lambda: locks(second) == 1 and holder(second) != leader)


def locks(station: Station) -> object:
    return asked(station, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")


def holder(station: Station) -> object:
    return asked(station, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted")


def asked(station: Station, query: str) -> object:
    with station.database.read() as session:
        return session.connection().exec_driver_sql(query).scalar()


def test_a_database_set_back_to_a_backup_is_not_signed_on(settings: Settings, tmp_path: Path) -> None:
    found(settings, clock=lambda: NOW_MS)
    file = sqlite_path(settings.database_address)
    copy = shutil.copy(file, tmp_path / "backup.sqlite")
    with Station.open(settings, background=False) as station:
        assert station.settle() == 1
    for beside in file.parent.glob(f"{file.name}*"):
        beside.unlink()
    shutil.copy(copy, file)
    station = Station.open(settings, background=False)
    with pytest.raises(LogForked):
        station.settle()
    station.close()
