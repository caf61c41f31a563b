"""Reads and writes the rows of the SM3 tree; signs nothing."""

from typing import Final

from sqlmodel import Session

from ledger import store
from ledger.checkpoint import SignedCheckpoint, parse_checkpoint
from ledger.note import split_note
from ledger.sm.errors import SmTreeFounded, SmTreeNotFounded
from ledger.sm.sm3 import sm3
from ledger.store import STATE_ID, Extent
from ledger.tree.tiles import TileReader
from ledger.writing.bulk import ask, tell

TILES: Final = "ledger_sm_tile"


def vkey_of(session: Session) -> str | None:
    """Return the tree's SM2 verifier key, or None while there is no tree."""
    rows = ask(session, "SELECT vkey FROM ledger_sm_state WHERE state_id = ?", STATE_ID)
    return str(rows[0][0]) if rows else None


def extent_of(session: Session) -> Extent:
    """Return how far the tree reaches; raises `SmTreeNotFounded`."""
    rows = ask(session, "SELECT size, BYTES(root) FROM ledger_sm_state WHERE state_id = ?", STATE_ID)
    if not rows:
        raise SmTreeNotFounded
    return Extent(*rows[0])


def found(session: Session, vkey: str) -> None:
    """Begin an empty tree under this key; raises `SmTreeFounded`."""
    there = vkey_of(session)
    if there is not None:
        raise SmTreeFounded(vkey=there)
    tell(
        session,
        "INSERT INTO ledger_sm_state (state_id, vkey, size, root) VALUES (?, ?, ?, ?)",
        STATE_ID,
        vkey,
        0,
        sm3(b""),
    )


def swap_extent(session: Session, old: Extent, new: Extent) -> bool:
    """Move the tree from `old` to `new` if nobody else did first; say whether it was done."""
    changed = tell(
        session,
        "UPDATE ledger_sm_state SET size = ?, root = ? WHERE state_id = ? AND size = ? AND BYTES(root) = ?",
        *new,
        STATE_ID,
        *old,
    )
    return changed == 1


def tile_reader(session: Session, edge_of: int = 0) -> TileReader:
    """Return a reader of the stored tiles, as `ledger.store.tile_reader` does of the log's."""
    return store.tile_reader(session, edge_of, TILES)


def newest_note(session: Session) -> tuple[int, str] | None:
    """Return size and note of the largest checkpoint signed; None when none is."""
    rows = ask(session, "SELECT size, note FROM ledger_sm_checkpoint ORDER BY size DESC LIMIT 1")
    return (int(rows[0][0]), str(rows[0][1])) if rows else None


def write_note(session: Session, size: int, note: str) -> None:
    """Keep a signed checkpoint; one of the same size stays as it is."""
    tell(
        session,
        "INSERT INTO ledger_sm_checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO NOTHING",
        size,
        note,
    )


def published(session: Session) -> SignedCheckpoint:
    """Return the tree's newest checkpoint as it is stored; raises `SmTreeNotFounded` while there is none."""
    newest = newest_note(session)
    if newest is None:
        raise SmTreeNotFounded
    return SignedCheckpoint(parse_checkpoint(split_note(newest[1])[0]), newest[1])


def all_notes(session: Session) -> list[tuple[int, str]]:
    """Return size and note of every checkpoint signed, ascending."""
    rows = ask(session, "SELECT size, note FROM ledger_sm_checkpoint ORDER BY size")
    return [(int(size), str(note)) for size, note in rows]


def stored_tile(session: Session, level: int, index: int) -> bytes:
    """Return a tile's hashes as they are stored, joined; empty when there is none."""
    rows = ask(
        session,
        "SELECT BYTES(hashes) FROM ledger_sm_tile WHERE level = ? AND tile_index = ?",
        level,
        index,
    )
    return bytes(rows[0][0]) if rows else b""
