"""Starts the real station on what a trial left, lets it drain, and has it judged."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session

from api.database import Database
from api.station import Station
from crash.diary import Diary
from crash.ground import settings_of
from crash.judge import Auditor, Breach, Violation, blind_spots, judge, product_audit
from ledger.writing.signature_checks import VERIFIED


def look(
    folder: Path,
    diary: Diary,
    chance: random.Random | None = None,
    auditor: Auditor = product_audit,
    database_url: str | None = None,
) -> list[Violation]:
    """Open, drain and judge; with `chance` alter an entry at the end, to see that the audit notices."""
    found: list[Violation] = []
    VERIFIED.clear()  # as in a process that has just started
    try:
        with Station.open(settings_of(folder, database_url), background=False) as station:
            try:
                station.settle()
            except Exception as error:  # noqa: BLE001  what keeps it from draining is what we look for
                found.append(_stuck("it does not drain", error))
            with station.database.read() as session:
                found += judge(session, station.vkey, diary, auditor)
            if chance is not None and not found:
                with _rolled_back(station.database) as session:
                    found += blind_spots(session, station.vkey, chance, auditor)
    except Exception as error:  # noqa: BLE001  what keeps it from starting is what we look for
        found.append(_stuck("it does not start", error))
    return found


def look_beside(
    folder: Path, vkey: str, diary: Diary, auditor: Auditor = product_audit, database_url: str | None = None
) -> list[Violation]:
    """Judge while another process has the station open; reads only."""
    database = Database(settings_of(folder, database_url).database_address, writable=False, pool=2)
    try:
        with database.read() as session:
            return judge(session, vkey, diary, auditor)
    finally:
        database.dispose()


def _stuck(what: str, error: Exception) -> Violation:
    return Violation(Breach.STUCK, f"{what}: {type(error).__name__}: {error}")


class _NeverMind(Exception):
    """Ends a transaction whose changes nobody wants."""


@contextmanager
def _rolled_back(database: Database) -> Iterator[Session]:
    try:
        with database.write() as session:
            yield session
            raise _NeverMind
    except _NeverMind:
        return
