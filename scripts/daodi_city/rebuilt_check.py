"""Asks whether the city's tables, made again from its log, are those it was left with."""

from api.station import Station
from daodi_city.outcome import Outcome, outcome
from ledger.errors import DaodiError
from trace.replaying.rebuilding import Rebuilt, rebuild


def rebuilt(station: Station) -> Outcome:
    """Replay every statement into fresh tables and compare; a log that cannot be replayed fails too."""
    try:
        found = _replayed(station)
    except DaodiError as error:
        return outcome("check.rebuilt", "figures.unreadable", passed=False, words=error.message)
    unlike = [table.table for table in found.tables if table.unlike]
    return outcome(
        "check.rebuilt", "figures.rebuilt", passed=found.equal,
        statements=found.statements, tables=len(found.tables), unlike=", ".join(unlike) or "0",
    )  # fmt: skip


def _replayed(station: Station) -> Rebuilt:
    with station.database.scratch() as session:
        return rebuild(
            session, write=False, counting=_unheard, replaying=_unheard, begin=lambda _entries, _count: None
        )


def _unheard(_count: int) -> None:
    """Nobody watches how far it is."""
