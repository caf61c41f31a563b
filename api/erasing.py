"""Private values at the edge: who stated them, erasing them, and what erasure leaves on the disk."""

import time
from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, select

from api.database import Database
from api.station import Station
from ledger.entry import parse_leaf
from ledger.errors import UnknownStatement
from ledger.registry import holder
from ledger.tables import EntryRow, PendingRow
from trace.erasure import Erased, erase
from trace.errors import ErasureHeld
from trace.private_values import PrivateValue, private_values
from trace.recalls.hold_reading import is_held
from trace.tables import StepLotRow, StepRow

_TRIES: Final = 20
_PAUSE_SECONDS: Final = 0.1


def stated_by(session: Session, statement_id: str) -> str:
    """Return whom the log knows as the holder of the key that stated this: a USCC, or the log's own name.

    Raises `UnknownStatement`.
    """
    leaf = (
        session.exec(select(EntryRow.leaf).where(EntryRow.statement_id == statement_id)).first()
        or session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == statement_id)).first()
    )
    held_by = holder(session, parse_leaf(leaf).signed.actor) if leaf else None
    if held_by is None:
        raise UnknownStatement(id=statement_id)
    return held_by


def values_of(station: Station, statement_id: str) -> tuple[PrivateValue, ...]:
    """Return the private fields of a statement; raises `UnknownStatement`."""
    with station.database.read() as session:
        stated_by(session, statement_id)
        return private_values(session, station.vault, statement_id)


def erase_values(
    station: Station, statement_id: str, names: Sequence[str], reason: str, party: str | None
) -> Erased:
    """Erase private values for good, under the key of `party`, or the log's when None.

    A party cannot erase what somebody is looking into; the operator, whom the law may oblige to, can.
    Raises `UnknownStatement`, `ErasureHeld` and what `trace.erasure.erase` raises.
    """
    key = station.log_ring.newest() if party is None else station.custody.signer_of(party)
    at_ms = station.clock()

    def work(session: Session) -> tuple[Erased, tuple[str, ...]]:
        stated_by(session, statement_id)
        if party is not None and is_held(session, statement_id, party):
            raise ErasureHeld(id=statement_id)
        erased = erase(
            session,
            station.vault,
            statement_id,
            names,
            reason,
            origin=station.settings.origin,
            key=key,
            at_ms=at_ms,
        )
        return erased, _lots_of(session, statement_id)

    erased, lots = station.writer.submit(work)
    for lot in lots:
        station.invalidation.lot_changed(lot)
    return erased


def scrub(database: Database) -> bool:
    """Empty SQLite's journal, in which old pages still stand; say whether it was done.

    A reader that goes on reading old pages keeps it from being emptied; we wait for it two seconds. Deleted
    content in the file itself was overwritten with zeros (secure_delete). On PostgreSQL nothing is done:
    what its pages and its journal still hold dies with the wrapping key (`daodi keys rotate-vault`).
    """
    if not database.is_sqlite:
        return False
    for _ in range(_TRIES):
        if _journal_emptied(database):
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _journal_emptied(database: Database) -> bool:
    # On the one write connection: all checkpoints happen there (api.sqlite_engines).
    raw = database.write_engine.raw_connection()
    try:
        cursor = raw.cursor()
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout=0")  # whoever waits to write shall not wait for a reader
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={patience}")
        cursor.close()
    finally:
        raw.close()
    return bool(busy == 0)


def _lots_of(session: Session, statement_id: str) -> tuple[str, ...]:
    """Return the lots whose stories show this statement."""
    touched = select(StepLotRow.lot_id).join(StepRow).where(StepRow.statement_id == statement_id)
    return tuple(session.exec(touched))
