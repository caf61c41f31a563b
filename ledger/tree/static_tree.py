"""The published tree as static bytes: each tile and entry bundle exactly as tlog-tiles has it served.

Cut from the rows whatever their state, and never beyond the size given, which is that of a published
checkpoint. A partial tile stays answerable after the tree has grown past it.
"""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from ledger.merkle import HASH_SIZE
from ledger.sm.tables import SmTileRow
from ledger.tables import EntryRow, TileRow
from ledger.tree.tile_errors import NoSuchTile, TileAltered
from ledger.tree.tile_paths import TilePath
from ledger.tree.tiles import TILE_HEIGHT, TILE_WIDTH


def tree_bytes(
    session: Session, path: TilePath, size: int, table: type[TileRow] | type[SmTileRow] = TileRow
) -> bytes:
    """Return the content of `path` in the tree of the first `size` entries whose tiles `table` holds.

    Raises `NoSuchTile` when that tree does not have it, `TileAltered` when the database lacks a part.
    """
    if not path.within(size):
        raise NoSuchTile(path=path)
    content = _bundle(session, path) if path.entries else _tile(session, path, table)
    if content is None:
        raise TileAltered(path=path)
    return content


def paths_of(size: int) -> Iterator[TilePath]:
    """Give every tile and bundle of a tree of `size` entries, lower levels and lower indices first.

    >>> [str(path) for path in paths_of(257)][2:5]
    ['tile/entries/001.p/1', 'tile/0/001.p/1', 'tile/1/000.p/1']
    """
    level, count = 0, size
    while count:
        for first in range(0, count, TILE_WIDTH):
            index, width = first // TILE_WIDTH, min(TILE_WIDTH, count - first)
            if level == 0:
                yield TilePath(0, index, width, entries=True)
            yield TilePath(level, index, width)
        level, count = level + 1, count >> TILE_HEIGHT


def _tile(session: Session, path: TilePath, table: type[TileRow] | type[SmTileRow]) -> bytes | None:
    wanted = select(table.hashes).where(table.level == path.level, table.tile_index == path.index)
    stored = session.exec(wanted).first() or b""
    length = path.width * HASH_SIZE
    return stored[:length] if len(stored) >= length else None


def _bundle(session: Session, path: TilePath) -> bytes | None:
    """Return each entry behind its length as a big-endian uint16."""
    index = col(EntryRow.entry_index)
    wanted = select(EntryRow.leaf).where(index >= path.first, index < path.first + path.width).order_by(index)
    leaves = session.exec(wanted).all()
    if len(leaves) != path.width or any(len(leaf) >= 1 << 16 for leaf in leaves):
        return None
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)
