"""Tiles kept in memory with the seven levels in between, so that making a proof is looking things up.

One `HotTiles` serves all readers of a process. It can never give a stale hash: a full tile never changes,
and a partial one is kept under its width. What it keeps is bounded in bytes; the tile used longest ago
goes first. Only what was read from the database in a reading session may come in: rows of a transaction
that is not committed could still vanish.
"""

import threading
from collections import OrderedDict
from typing import Final, TypeAlias

from sqlmodel import Session

from ledger import store
from ledger.errors import ProofOutOfRange
from ledger.merkle import HASH_SIZE, EdgeReader, NodeReader, parents, span_root
from ledger.tree.tiles import TILE_HEIGHT, TILE_WIDTH, TileReader, split_hashes

_Key: TypeAlias = tuple[int, int, int]
"""Level, index and width of a tile."""
_Rows: TypeAlias = tuple[bytes, ...]
"""The hashes of a tile joined, then those of each level above, up to the one root of a full tile."""

MOST_EDGES: Final = 1024
"""Roots of right edges that are kept, at most: some 150 kB beside the tiles. A tree has one a level."""
TILE_COST: Final = 1024
"""Bytes a tile takes besides its hashes: its key, its place in the table, Python's headers."""


class HotTiles:
    """A byte-bounded store of tiles, least recently used out first; any thread may use it."""

    def __init__(self, max_bytes: int) -> None:
        """Keep at most about `max_bytes` of memory; 0 keeps nothing."""
        self._max_bytes = max_bytes
        self._kept: OrderedDict[_Key, _Rows] = OrderedDict()
        self._bytes = 0
        self._edges: dict[tuple[int, int], bytes] = {}
        """Roots of right edges by where they begin and the size of the tree, which fix them for ever."""
        self._turn = threading.Lock()

    @property
    def kept_bytes(self) -> int:
        """About how many bytes of memory the kept tiles take."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def reader(self, session: Session, size: int) -> NodeReader:
        """Return a reader of subtree roots in the tree of the first `size` entries.

        `session` is one that only reads; `size` is at most what its snapshot holds, so a reader in an older
        snapshot asks for the narrower tiles of its own tree. Not shared between threads. The reader
        raises `ProofOutOfRange` beyond that tree, or when a stored tile is shorter than it has to be.
        """
        return self.over(store.tile_reader(session), size)

    def edge(self, node: NodeReader, size: int) -> EdgeReader:
        """Return a reader of the right edge of the tree of `size` leaves that hashes each part once."""
        edges = self._edges

        def edge(begin: int) -> bytes:
            root = edges.get((begin, size))
            if root is None:
                root = span_root(begin, size, node)
                if len(edges) >= MOST_EDGES:
                    edges.clear()
                edges[begin, size] = root
            return root

        return edge

    def over(self, tile: TileReader, size: int) -> NodeReader:
        """Return the same over tiles that are kept elsewhere; they must all be of one tree."""
        seen: dict[tuple[int, int], _Rows] = {}

        def node(level: int, index: int) -> bytes:
            # Shifts, not `divmod`: this runs some twenty times for one proof.
            height = level & TILE_HEIGHT - 1
            left = TILE_HEIGHT - height
            key = level >> 3, index >> left
            rows = seen.get(key)
            if rows is None:
                rows = seen[key] = self._rows(tile, size, *key)
            at = (index & (1 << left) - 1) * HASH_SIZE
            found = rows[height][at : at + HASH_SIZE] if height < len(rows) else b""
            if not found:
                raise ProofOutOfRange(asked=f"node {level}/{index}", size=size)
            return found

        return node

    def _rows(self, tile: TileReader, size: int, level: int, index: int) -> _Rows:
        width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - index * TILE_WIDTH)
        if width <= 0:
            raise ProofOutOfRange(asked=f"tile {level}/{index}", size=size)
        # A full tile begins with every narrower one.
        rows = self._find((level, index, TILE_WIDTH)) or self._find((level, index, width))
        if rows is not None:
            return rows
        stored = tile(level, index)
        if len(stored) < width * HASH_SIZE:
            raise ProofOutOfRange(asked=f"tile {level}/{index}.p/{width}", size=len(stored) // HASH_SIZE)
        if len(stored) == TILE_WIDTH * HASH_SIZE:
            width = TILE_WIDTH
        rows = _levels(split_hashes(stored[: width * HASH_SIZE]))
        self._keep((level, index, width), rows)
        return rows

    def _find(self, key: _Key) -> _Rows | None:
        with self._turn:
            rows = self._kept.get(key)
            if rows is not None:
                self._kept.move_to_end(key)
            return rows

    def _keep(self, key: _Key, rows: _Rows) -> None:
        cost = _cost(rows)
        if cost > self._max_bytes:
            return
        with self._turn:
            if key not in self._kept:
                self._kept[key] = rows
                self._bytes += cost
            while self._bytes > self._max_bytes:
                self._bytes -= _cost(self._kept.popitem(last=False)[1])


def _levels(hashes: list[bytes]) -> _Rows:
    """Return the hashes and every complete level above them, inside the tile."""
    rows = []
    while hashes:
        rows.append(b"".join(hashes))
        hashes = parents(hashes)
    return tuple(rows)


def _cost(rows: _Rows) -> int:
    return TILE_COST + sum(map(len, rows))
