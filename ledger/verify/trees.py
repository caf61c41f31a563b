"""One proof for many leaves of one RFC 6962 tree: every hash that is needed once, in a fixed order.

Walk the tree from its root, left before right. A subtree without a wanted leaf gives its root, which is the
next hash of the proof; a wanted leaf is hashed; everything else is the hash of its two parts. So a proof
for one leaf holds the hashes of RFC 9162, section 2.1.3.1, from left to right, and a proof for neighbours
shares what their paths share. No hash may be left over, so a proof has exactly one length.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from ledger.errors import Said
from ledger.verify.encodings import node_hash
from ledger.verify.faults import Refused

MAX_SIZE: Final = 2**53 - 1
"""Sizes travel as JSON numbers."""

_SHAPE: Final = Said("证明的哈希数目不对", "the proof has too many or too few hashes")


def root_from(leaves: Mapping[int, bytes], size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that leaf hashes at their indices and `proof` lead to in a tree of `size` leaves.

    Raises `Refused` for no leaves at all, an index outside the tree, or a proof of another length.
    """
    wanted = sorted(leaves)
    if not wanted or wanted[0] < 0 or wanted[-1] >= size or size > MAX_SIZE:
        raise Refused(Said("序号不在树内", "an index is outside the tree"))
    rest = iter(proof)

    def walk(begin: int, end: int) -> bytes:
        first = bisect_left(wanted, begin)
        if first == len(wanted) or wanted[first] >= end:
            following = next(rest, None)
            if following is None:
                raise Refused(_SHAPE)
            return following
        if end - begin == 1:
            return leaves[begin]
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        left = walk(begin, middle)
        return node_hash(left, walk(middle, end))

    root = walk(0, size)
    if next(rest, None) is not None:
        raise Refused(_SHAPE)
    return root


def in_order(index: int, size: int, path: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the inclusion path of RFC 9162, section 2.1.3.1, in the order in which `root_from` takes it.

    There the hashes stand from the leaf upwards; here as their subtrees do, from left to right.
    Raises `Refused` for an index outside the tree or a path of another length.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise Refused(Said("序号不在树内", "an index is outside the tree"))
    is_left: list[bool] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        is_left.append(index >= middle)
        begin, end = (middle, end) if index >= middle else (begin, middle)
    if len(path) != len(is_left):
        raise Refused(_SHAPE)
    downwards = list(zip(is_left, reversed(path), strict=True))
    left = [hashed for before, hashed in downwards if before]
    right = [hashed for before, hashed in reversed(downwards) if not before]
    return (*left, *right)
