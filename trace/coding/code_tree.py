"""The Merkle tree over the codes of a batch, and its tiles: what membership is proved from.

The leaves are the stored codes in the order of issue (RFC 6962). Only the levels from the roots of
256-code subtrees upwards are kept: below them, 256 codes are made again and hashed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ledger.merkle import Frontier, NodeReader, leaf_hash, root_of
from ledger.tree.tiles import TILE_HEIGHT, TileId, TileReader, extend, node_reader
from trace.coding.code_keys import KeyVersion
from trace.coding.trace_code import LENGTH, print_blocks

Progress: TypeAlias = Callable[[int], None]
"""Told how many more codes are done."""


@dataclass(frozen=True, slots=True)
class CodeTree:
    """The root over a batch, and the tiles of its tree above the codes themselves."""

    root: bytes
    tiles: Mapping[TileId, bytes]
    """Level and index as in C2SP tlog-tiles, from level 1 on: 256 hashes each, fewer at the right edge."""


def batch_root(codes: Iterable[str]) -> bytes:
    """Return the RFC 6962 root over the stored form of `codes`, in the order they were issued.

    One ledger entry with this root registers a whole batch: any of its codes can be proved to be in it.

    >>> import hashlib
    >>> batch_root([]) == hashlib.sha256(b"").digest()
    True
    """
    return root_of(leaf_hash(code.encode()) for code in codes)


def code_tree(
    first_serial: int, count: int, version: KeyVersion, progress: Progress = lambda _: None
) -> CodeTree:
    """Make and hash the codes of a batch, a block at a time; memory does not grow with `count`.

    Raises `SerialOutOfRange`.
    """
    return tree_of(_leaves(print_blocks(first_serial, count, version)), progress)


def tree_of(blocks: Iterable[list[bytes]], progress: Progress = lambda _: None) -> CodeTree:
    """Return the tree over blocks of leaf hashes; every block but the last is a multiple of 256 long."""
    frontier = Frontier()
    tiles: dict[TileId, bytes] = {}

    def kept(level: int, index: int) -> bytes:
        return tiles.get((level, index), b"")

    for hashes in blocks:
        changed = extend(frontier, hashes, kept)
        tiles |= {place: joined for place, joined in changed.items() if place[0] > 0}
        progress(len(hashes))
    return CodeTree(frontier.root(), tiles)


def path_nodes(first_serial: int, version: KeyVersion, tile: TileReader) -> NodeReader:
    """Return a reader of the nodes of a batch's tree: stored tiles above, codes made again below."""
    above = node_reader(tile)

    def node(level: int, index: int) -> bytes:
        if level >= TILE_HEIGHT:
            return above(level, index)
        return root_of(_hashes(first_serial + (index << level), 1 << level, version))

    return node


def _hashes(first_serial: int, count: int, version: KeyVersion) -> list[bytes]:
    return [each for block in _leaves(print_blocks(first_serial, count, version)) for each in block]


def _leaves(blocks: Iterable[NDArray[np.uint8]]) -> Iterator[list[bytes]]:
    """Hash printed codes as leaves; the codes of a block are one string of bytes, cut while hashing."""
    sha256 = hashlib.sha256
    for block in blocks:
        prefixed = np.zeros((len(block), LENGTH + 1), dtype=np.uint8)
        prefixed[:, 1:] = block
        text = prefixed.tobytes()
        yield [sha256(text[at : at + LENGTH + 1]).digest() for at in range(0, len(text), LENGTH + 1)]
