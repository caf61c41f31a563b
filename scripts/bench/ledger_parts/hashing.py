"""Appending without a database: leaf hashes, tiles and roots, against the two hashes it cannot do without."""

import hashlib

from figures.measure import Spread, rates_in_turn
from figures.row import Row

from ledger.merkle import Frontier, leaf_hashes_of, root_of
from ledger.tree.tiles import TileId, extend

LEAF_SIZE = 300
BATCH = 256


def rows(*, quick: bool) -> list[Row]:
    """The figure of the issue at the sequencer's batch, and beside it a larger one."""
    count = 20_480 if quick else 102_400
    leaves = [_leaf(number) for number in range(count)]
    bare, ours, large = rates_in_turn(
        (lambda: two_hashes(leaves), lambda: appended(leaves, BATCH), lambda: appended(leaves, 1024)),
        count,
        3 if quick else 9,
    )
    _check(leaves[:2000])
    return [
        _row(f"append, hashing only, batch {BATCH}", ours, bare),
        _row("the same, batch 1024", large, bare),
    ]


def two_hashes(leaves: list[bytes]) -> None:
    """One leaf hash and one node hash for each entry, and nothing else."""
    sha256 = hashlib.sha256
    hashed = bytes(32)
    for leaf in leaves:
        hashed = sha256(b"\x00" + leaf).digest()
        hashed = sha256(b"\x01" + hashed + hashed).digest()


def appended(leaves: list[bytes], batch: int) -> tuple[dict[TileId, bytes], bytes]:
    """Grow a tree and its tiles batch by batch, with a root after each: what the sequencer hashes."""
    frontier, root = Frontier(), b""
    tiles: dict[TileId, bytes] = {}

    def tile(level: int, index: int) -> bytes:
        return tiles.get((level, index), b"")

    for begin in range(0, len(leaves), batch):
        tiles |= extend(frontier, leaf_hashes_of(leaves[begin : begin + batch]), tile)
        root = frontier.root()
    return tiles, root


def _leaf(number: int) -> bytes:
    return hashlib.shake_128(number.to_bytes(8, "big")).digest(LEAF_SIZE)


def _check(leaves: list[bytes]) -> None:
    if appended(leaves, 7)[1] != root_of(leaf_hashes_of(leaves)):
        raise SystemExit("hashing in batches gives another root")


def _row(what: str, ours: Spread, bare: Spread) -> Row:
    ratio = ours.median / bare.median
    return Row(
        what=what,
        ours=ours.text("/s"),
        baseline=f"two-hash loop {bare.text('/s')}",
        ratio=ratio,
        target="at least 0.7x",
        met=ratio >= 0.7,
        note=f"Leaves of {LEAF_SIZE} bytes; leaf hash, every tile and the root after each batch.",
    )
