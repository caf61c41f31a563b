"""Reads and writes the log's rows: every SQL statement about tiles, entries and checkpoints.

Knows no hashing rules and signs nothing; callers decide what is true.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from sqlalchemy import delete, func, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from ledger.errors import LogNotFounded
from ledger.tables import CheckpointRow, EntryRow, PendingRow, StateRow, TileRow
from ledger.tiles import TILE_WIDTH, TileId, TileReader

STATE_ID = 1
CHUNK = 500
"""Bound parameters in one `IN`: well under SQLite's limit of 32,766."""


def state_of(session: Session) -> StateRow:
    """Return the log's state as the database has it now; raises `LogNotFounded`."""
    statement = (
        select(StateRow).where(col(StateRow.state_id) == STATE_ID).execution_options(populate_existing=True)
    )
    found = session.exec(statement).first()
    if found is None:
        raise LogNotFounded
    return found


def tile_reader(session: Session) -> TileReader:
    """Return a reader of stored tiles that asks the database for each tile once."""
    seen: dict[TileId, bytes] = {}

    def tile(level: int, index: int) -> bytes:
        if (level, index) not in seen:
            wanted = select(TileRow.hashes).where(TileRow.level == level, TileRow.tile_index == index)
            seen[level, index] = session.exec(wanted).first() or b""
        return seen[level, index]

    return tile


def write_tiles(session: Session, tiles: Mapping[TileId, bytes]) -> None:
    """Write tiles, replacing partial ones by their longer successors."""
    rows = [{"level": level, "tile_index": at, "hashes": hashes} for (level, at), hashes in tiles.items()]
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(TileRow)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["level", "tile_index"], set_={"hashes": statement.excluded.hashes}
        ),
        rows,
    )


def write_entries(session: Session, rows: list[dict[str, object]]) -> None:
    """Insert entries; their columns are named as in `EntryRow`."""
    session.connection().execute(insert(EntryRow), rows)


def swap_state(session: Session, old: StateRow, size: int, root: bytes) -> bool:
    """Move the log from `old` to (`size`, `root`) if nobody else did first; say whether it was done."""
    swap = (
        update(StateRow)
        .where(
            col(StateRow.state_id) == STATE_ID, col(StateRow.size) == old.size, col(StateRow.root) == old.root
        )
        .values(size=size, root=root)
    )
    return session.connection().execute(swap).rowcount == 1


def pending_rows(session: Session, limit: int) -> list[PendingRow]:
    """Return the oldest statements that wait for an index, sound ones only."""
    statement = select(PendingRow).where(col(PendingRow.fault).is_(None)).order_by(col(PendingRow.pending_id))
    return list(session.exec(statement.limit(limit)))


def forget_pending(session: Session, pending_ids: list[int]) -> None:
    """Delete outbox rows that became entries."""
    connection = session.connection()
    connection.execute(delete(PendingRow).where(col(PendingRow.pending_id).in_(pending_ids)))


def hold_pending(session: Session, faults: Mapping[int, str]) -> None:
    """Set outbox rows aside, each with the reason."""
    for pending_id, fault in faults.items():
        statement = update(PendingRow).where(col(PendingRow.pending_id) == pending_id).values(fault=fault)
        session.connection().execute(statement)


def reach(session: Session) -> int:
    """Return an index beyond all those that stored entries and tiles could account for.

    Counted rather than read off the largest index, which whoever owns the database may choose.
    """
    entries = session.exec(select(func.count()).select_from(EntryRow)).one()
    tiles = session.exec(select(func.count()).select_from(TileRow).where(col(TileRow.level) == 0)).one()
    return entries + (tiles + 1) * TILE_WIDTH


def held_subjects(session: Session, subjects: Iterable[str]) -> set[str]:
    """Return which of these subjects some statement was set aside on."""
    held: set[str] = set()
    for chunk in _chunks(subjects):
        wanted = col(PendingRow.subject).in_(chunk) & col(PendingRow.fault).is_not(None)
        held.update(session.exec(select(PendingRow.subject).where(wanted)))
    return held


def logged_indices(session: Session, statement_ids: Iterable[str]) -> dict[str, int]:
    """Return the index of each of these statements that is in the log."""
    found: dict[str, int] = {}
    for chunk in _chunks(statement_ids):
        statement = select(EntryRow.statement_id, EntryRow.entry_index).where(
            col(EntryRow.statement_id).in_(chunk)
        )
        found.update(session.exec(statement).all())
    return found


def last_checkpoint(session: Session) -> CheckpointRow | None:
    """Return the largest checkpoint signed so far."""
    return session.exec(select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(1)).first()


def write_checkpoint(session: Session, size: int, note: str) -> None:
    """Keep a signed checkpoint; one of the same size stays as it is."""
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        dialect.insert(CheckpointRow)
        .values(size=size, note=note)
        .on_conflict_do_nothing(index_elements=["size"])
    )


def entries_between(session: Session, begin: int, end: int) -> Iterator[EntryRow]:
    """Give the entries with indices from `begin` to `end - 1`, in order, never many at a time."""
    ordered = select(EntryRow).order_by(col(EntryRow.entry_index)).limit(CHUNK)
    while page := session.exec(
        ordered.where(col(EntryRow.entry_index) >= begin, col(EntryRow.entry_index) < end)
    ).all():
        yield from page
        begin = page[-1].entry_index + 1


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
