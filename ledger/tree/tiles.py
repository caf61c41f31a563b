"""The tree's hashes in tiles of 256, as c2sp.org/tlog-tiles lays them out.

Tile `n` of level `l` holds the roots of 256 consecutive complete subtrees of height `8 * l`;
the seven levels in between follow by hashing. Full tiles never change; the last tile of a
level may be partial. Nothing here knows where tiles are kept.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from ledger.errors import ProofOutOfRange
from ledger.merkle import HASH_SIZE, SHA256, Frontier, Hasher, NodeReader, root_of

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
FULL_TILE_SIZE: Final = TILE_WIDTH * HASH_SIZE

TileId: TypeAlias = tuple[int, int]
"""Level and index within the level."""
TileReader: TypeAlias = Callable[[int, int], bytes]
"""`tile(level, index)`: the stored hashes of a tile joined; empty when there is none."""


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path a tile is served at.

    >>> tile_path(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_path(1, 0, width=17)
    'tile/1/000.p/17'
    """
    return f"tile/{level}/{_index_path(index)}{_partial(width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path an entry bundle is served at.

    >>> entries_path(273, width=112)
    'tile/entries/273.p/112'
    """
    return f"tile/entries/{_index_path(index)}{_partial(width)}"


def tile_widths(size: int) -> dict[TileId, int]:
    """Return the width of the last tile of every level of a tree of `size` leaves.

    >>> tile_widths(70_000)
    {(0, 273): 112, (1, 1): 17, (2, 0): 1}
    >>> tile_widths(256)
    {(0, 0): 256, (1, 0): 1}
    """
    widths = {}
    level, count = 0, size
    while count:
        index, last = divmod(count - 1, TILE_WIDTH)
        widths[level, index] = last + 1
        level, count = level + 1, count // TILE_WIDTH
    return widths


def node_reader(tile: TileReader, hasher: Hasher = SHA256) -> NodeReader:
    """Return a reader of subtree roots over stored tiles: at most 255 hashes for a level between tiles.

    The reader raises `ProofOutOfRange` when a tile lacks the hashes asked for.
    """

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, first = divmod(index << height, TILE_WIDTH)
        begin, end = first * HASH_SIZE, (first + (1 << height)) * HASH_SIZE
        hashes = tile(tile_level, tile_index)
        if len(hashes) < end:
            raise ProofOutOfRange(asked=f"tile {tile_level}/{tile_index}", size=len(hashes) // HASH_SIZE)
        return root_of(split_hashes(hashes[begin:end]), hasher)

    return node


def split_hashes(joined: bytes) -> list[bytes]:
    """Return the hashes that stand one after another in `joined`."""
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]


def extend(frontier: Frontier, leaf_hashes: Sequence[bytes], tile: TileReader) -> dict[TileId, bytes]:
    """Add `leaf_hashes` to the tree whose right edge is `frontier`; return every tile this makes or changes.

    Hashes each new node once and reads only the partial tile at the end of each level. Raises
    `ProofOutOfRange` when such a tile is shorter than the tree demands; `frontier` is then spent.
    """
    changed: dict[TileId, bytes] = {}
    size = frontier.size
    for level, added in enumerate(frontier.extend(leaf_hashes)[::TILE_HEIGHT]):
        index, width = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
        hashes = (_begun(tile, level, index, width) if width else b"") + b"".join(added)
        for begin in range(0, len(hashes), FULL_TILE_SIZE):
            changed[level, index + begin // FULL_TILE_SIZE] = hashes[begin : begin + FULL_TILE_SIZE]
    return changed


def _begun(tile: TileReader, level: int, index: int, width: int) -> bytes:
    """Return the first `width` hashes of a tile."""
    hashes = tile(level, index)[: width * HASH_SIZE]
    if len(hashes) < width * HASH_SIZE:
        raise ProofOutOfRange(asked=f"tile {level}/{index}.p/{width}", size=len(hashes) // HASH_SIZE)
    return hashes


def _index_path(index: int) -> str:
    digits = f"{index:03d}"
    digits = "0" * (-len(digits) % 3) + digits
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def _partial(width: int) -> str:
    return "" if width == TILE_WIDTH else f".p/{width}"
