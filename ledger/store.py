"""Reads and writes the log's rows: every SQL statement about tiles, entries and checkpoints.

Knows no hashing rules and signs nothing; callers decide what is true.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from ledger.errors import LogNotFounded
from ledger.tables import CheckpointRow, EntryRow, StateRow, TileRow
from ledger.tree.tiles import TILE_WIDTH, TileId, TileReader, tile_widths
from ledger.writing.bulk import POSTGRESQL, Asked, ask, tell, tell_each, write_rows

STATE_ID = 1
TILES = "ledger_tile"
"""Where the log's own tiles are; other trees over its entries have tables of the same form."""
CHUNK = 500
"""Bound parameters in one `IN`: well under SQLite's limit of 32,766."""
PAGE = 1024
"""Entries read back at a time."""
VKEY: Final[Asked] = ("SELECT vkey FROM ledger_state WHERE state_id = ?", (STATE_ID,))
"""Asks for the log's founding verifier key."""


class Extent(NamedTuple):
    """How far the log reaches, and under which root."""

    size: int
    root: bytes


class Leaf(NamedTuple):
    """An entry as it is stored, beside its index."""

    statement_id: str
    subject: str
    seq: int
    leaf_hash: bytes
    leaf: bytes


def state_of(session: Session) -> StateRow:
    """Return the log's state as the database has it now; raises `LogNotFounded`."""
    statement = (
        select(StateRow).where(col(StateRow.state_id) == STATE_ID).execution_options(populate_existing=True)
    )
    found = session.exec(statement).first()
    if found is None:
        raise LogNotFounded
    return found


def vkey_of(session: Session) -> str:
    """Return the log's founding verifier key; raises `LogNotFounded`."""
    rows = ask(session, VKEY[0], *VKEY[1])
    if not rows:
        raise LogNotFounded
    return str(rows[0][0])


def extent_of(session: Session) -> Extent:
    """Return how far the log reaches now; raises `LogNotFounded`."""
    rows = ask(session, "SELECT size, BYTES(root) FROM ledger_state WHERE state_id = ?", STATE_ID)
    if not rows:
        raise LogNotFounded
    return Extent(*rows[0])


def tile_reader(session: Session, edge_of: int = 0, table: str = TILES) -> TileReader:
    """Return a reader of the tiles stored in `table` that asks the database for each tile once.

    The tiles at the right edge of a tree of `edge_of` leaves are read beforehand, all at once.
    """
    seen: dict[TileId, bytes] = {}
    if edge_of:
        seen |= dict.fromkeys(tile_widths(edge_of), b"")
        levels, indices = (list(column) for column in zip(*seen, strict=True))
        rows = ask(
            session,
            f"SELECT level, tile_index, BYTES(hashes) FROM {table}"  # noqa: S608  our own name
            " WHERE level AMONG ? AND tile_index AMONG ?",
            levels,
            indices,
        )
        seen |= {(level, index): hashes for level, index, hashes in rows if (level, index) in seen}

    def tile(level: int, index: int) -> bytes:
        if (level, index) not in seen:
            rows = ask(
                session,
                f"SELECT BYTES(hashes) FROM {table} WHERE level = ? AND tile_index = ?",  # noqa: S608  our own
                level,
                index,
            )
            seen[level, index] = rows[0][0] if rows else b""
        return seen[level, index]

    return tile


def write_tiles(session: Session, tiles: Mapping[TileId, bytes], table: str = TILES) -> None:
    """Write tiles into `table`, replacing partial ones by their longer successors."""
    tell_each(
        session,
        f"INSERT INTO {table} (level, tile_index, hashes) VALUES (?, ?, ?)"  # noqa: S608  our own name
        " ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes",
        [(level, index, hashes) for (level, index), hashes in tiles.items()],
    )


def write_entries(session: Session, begin: int, leaves: Sequence[Leaf]) -> None:
    """Insert entries at the indices from `begin` on, in order."""
    columns = [
        ("entry_index", "int8"),
        ("statement_id", "text"),
        ("subject", "text"),
        ("seq", "int8"),
        ("leaf_hash", "bytea"),
        ("leaf", "bytea"),
    ]
    rows = [(index, *leaf) for index, leaf in enumerate(leaves, begin)]
    write_rows(session, "ledger_entry", columns, rows)


def swap_state(session: Session, old: Extent, new: Extent) -> bool:
    """Move the log from `old` to `new` if nobody else did first; say whether it was done."""
    return (
        tell(
            session,
            "UPDATE ledger_state SET size = ?, root = ? WHERE state_id = ? AND size = ? AND BYTES(root) = ?",
            *new,
            STATE_ID,
            *old,
        )
        == 1
    )


def reach(session: Session) -> int:
    """Return an index beyond all those that stored entries and tiles could account for.

    Counted rather than read off the largest index, which whoever owns the database may choose.
    """
    entries = session.exec(select(func.count()).select_from(EntryRow)).one()
    tiles = session.exec(select(func.count()).select_from(TileRow).where(col(TileRow.level) == 0)).one()
    return entries + (tiles + 1) * TILE_WIDTH


def logged_indices(session: Session, statement_ids: Iterable[str]) -> dict[str, int]:
    """Return the index of each of these statements that is in the log."""
    rows = ask(
        session,
        "SELECT statement_id, entry_index FROM ledger_entry WHERE statement_id AMONG ?",
        list(statement_ids),
    )
    return dict(rows)


def leaf_hashes_at(session: Session, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
    """Return the leaf hash of each entry that is in the log, by its subject and seq."""
    wanted = "SELECT subject, seq, BYTES(leaf_hash) FROM ledger_entry WHERE (subject, seq) IN "
    if session.connection().dialect.name == POSTGRESQL:
        pairs = "(SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS bigint[])))"
        subjects, seqs = [subject for subject, _ in places], [seq for _, seq in places]
        rows = ask(session, wanted + pairs, subjects, seqs)
    else:
        pairs = "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"
        rows = ask(session, wanted + pairs, list(places))
    return {(subject, seq): leaf_hash for subject, seq, leaf_hash in rows}


def leaves_of(session: Session, statement_ids: Iterable[str]) -> list[tuple[int, bytes]]:
    """Return index and leaf of each of these statements that is in the log, in the order of the log."""
    rows = ask(
        session,
        "SELECT entry_index, BYTES(leaf) FROM ledger_entry WHERE statement_id AMONG ? ORDER BY entry_index",
        list(statement_ids),
    )
    return [(index, leaf) for index, leaf in rows]


def last_checkpoint(session: Session) -> CheckpointRow | None:
    """Return the largest checkpoint signed so far."""
    return session.exec(select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(1)).first()


def write_checkpoint(session: Session, size: int, note: str) -> None:
    """Keep a signed checkpoint; one of the same size stays as it is."""
    tell(
        session,
        "INSERT INTO ledger_checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO NOTHING",
        size,
        note,
    )


def leaves_between(session: Session, begin: int, end: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Give index, stored hash and leaf of the entries from `begin` to `end - 1`, never many at a time."""
    while page := ask(
        session,
        "SELECT entry_index, BYTES(leaf_hash), BYTES(leaf) FROM ledger_entry"
        " WHERE entry_index >= ? AND entry_index < ? ORDER BY entry_index LIMIT ?",
        begin,
        end,
        PAGE,
    ):
        yield from page
        begin = page[-1][0] + 1
