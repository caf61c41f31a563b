"""Tiles against the specification's figures and against the tree they stand for."""

import hashlib

import pytest

from ledger.errors import ProofOutOfRange
from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    prove_consistency,
    prove_inclusion,
    root_of,
    tree_root,
    verify_inclusion,
)
from ledger.tree.tiles import TileId, entries_path, extend, node_reader, tile_path, tile_widths


def leaf(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(8, "big")).digest()


def grown(*counts: int) -> dict[TileId, bytes]:
    """The tiles of a tree grown by these many leaves at a time."""
    tiles: dict[TileId, bytes] = {}
    frontier = Frontier()
    for count in counts:
        added = [leaf(number) for number in range(frontier.size, frontier.size + count)]
        tiles.update(extend(frontier, added, lambda level, index: tiles.get((level, index), b"")))
    return tiles


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537])
def test_tiles_have_the_widths_of_the_specification(size: int) -> None:
    tiles = grown(size)
    expected = {
        level: size // 256**level for level in range(4) if size // 256**level
    }  # c2sp.org/tlog-tiles: level l holds floor(s / 256**l) hashes
    found: dict[int, int] = {}
    for (level, _), hashes in tiles.items():
        found[level] = found.get(level, 0) + len(hashes) // 32
    assert found == expected
    for tile_id, width in tile_widths(size).items():
        assert len(tiles[tile_id]) == 32 * width


def test_the_specifications_tree_of_70000_has_its_tiles() -> None:
    tiles = grown(70_000)
    shape = sorted((level, len(hashes) // 32) for (level, _), hashes in tiles.items())
    assert shape == sorted([(0, 256)] * 273 + [(0, 112), (1, 256), (1, 17), (2, 1)])


@pytest.mark.parametrize("edge", [255, 256, 257, 512])
def test_growing_in_pieces_gives_the_same_tiles_at_every_edge(edge: int) -> None:
    whole = grown(edge + 300)
    for first in (1, edge - 1, edge):
        assert grown(first, edge + 300 - first) == whole
    assert grown(*[100] * ((edge + 300) // 100), (edge + 300) % 100) == whole


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1000, 65_537])
def test_stored_tiles_give_the_trees_root_and_proofs(size: int) -> None:
    tiles = grown(size)
    node = node_reader(lambda level, index: tiles.get((level, index), b""))
    root = root_of([leaf(number) for number in range(size)])
    assert tree_root(size, node) == root
    for index in {0, size // 3, size - 1}:
        verify_inclusion(leaf(index), index, size, prove_inclusion(index, size, node), root)
    assert len(prove_consistency(max(1, size // 2), size, node)) < 20


def test_one_proof_reads_a_handful_of_tiles() -> None:
    tiles, read = grown(65_536 + 500), []

    def tile(level: int, index: int) -> bytes:
        read.append((level, index))
        return tiles.get((level, index), b"")

    prove_inclusion(1234, 65_536 + 500, node_reader(tile))
    assert len(set(read)) <= 6


def test_an_empty_tree_needs_no_tiles() -> None:
    assert extend(Frontier(), [], lambda *_: b"") == {}
    assert tree_root(0, node_reader(lambda *_: b"")) == EMPTY_ROOT
    assert tile_widths(0) == {}


def test_a_tile_that_is_too_short_is_named() -> None:
    with pytest.raises(ProofOutOfRange, match="tile 0/3"):
        node_reader(lambda *_: bytes(32))(0, 3 * 256 + 1)


def test_paths_are_those_of_the_specification() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(3, 999) == "tile/3/999"
    assert tile_path(1, 1000, 17) == "tile/1/x001/000.p/17"
    assert entries_path(0, 1) == "tile/entries/000.p/1"


def test_a_begun_tile_that_is_too_short_is_never_built_upon() -> None:
    frontier = Frontier()
    frontier.extend([leaf(number) for number in range(3)])
    with pytest.raises(ProofOutOfRange, match=r"tile 0/0.p/3"):
        extend(frontier, [leaf(3)], lambda *_: bytes(64))
