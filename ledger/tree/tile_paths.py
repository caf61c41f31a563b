"""What a tlog-tiles path names: a tile, or the bundle of the entries below one.

Exactly the spellings of c2sp.org/tlog-tiles: a second spelling of a path would be a second address of the
same bytes, which caches keep twice and which lets two clients talk past each other.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from ledger.tree.tile_errors import NoSuchTile
from ledger.tree.tiles import TILE_HEIGHT, TILE_WIDTH, entries_path, tile_path

PREFIX: Final = "tile/"
_PATH: Final = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)
"""Six groups of three digits hold every index of a log of 2**53 entries."""


@dataclass(frozen=True, slots=True)
class TilePath:
    """A tile or an entry bundle, by level, index and width."""

    level: int
    index: int
    width: int
    """How many hashes or entries; 256 for a full one."""
    entries: bool = False
    """Whether the entries themselves are meant: those whose hashes the tile of level 0 holds."""

    @classmethod
    def parse(cls, path: str) -> Self:
        """Take up a path from `tile/` on; raises `NoSuchTile` for every other spelling.

        >>> TilePath.parse("tile/0/x001/x234/067.p/8")
        TilePath(level=0, index=1234067, width=8, entries=False)
        """
        matched = _PATH.fullmatch(path)
        if not matched:
            raise NoSuchTile(path=ascii(path[:80]))
        level, groups, width = matched.groups()
        named = cls(
            level=0 if level == "entries" else int(level),
            index=int(groups.replace("x", "").replace("/", "")),
            width=int(width or TILE_WIDTH),
            entries=level == "entries",
        )
        # The rest of the rules: no group of zeros in front, and a width of 256 is not written.
        if str(named) != path:
            raise NoSuchTile(path=ascii(path[:80]))
        return named

    def __str__(self) -> str:
        if self.entries:
            return entries_path(self.index, self.width)
        return tile_path(self.level, self.index, self.width)

    @property
    def full(self) -> bool:
        """Whether it never gets longer."""
        return self.width == TILE_WIDTH

    @property
    def first(self) -> int:
        """The place of its first hash or entry on its level."""
        return self.index * TILE_WIDTH

    def within(self, size: int) -> bool:
        """Tell whether a tree of `size` entries has all of it.

        >>> TilePath.parse("tile/1/000.p/17").within(70_000), TilePath.parse("tile/1/001").within(70_000)
        (True, False)
        """
        return self.first + self.width <= size >> TILE_HEIGHT * self.level
