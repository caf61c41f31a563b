"""Reads a joint inclusion proof (`ledger.proofs.joint_proof`) back into the root and each leaf's own path."""

from bisect import bisect_left
from collections.abc import Callable, Mapping

from ledger.merkle import node_hash


class JointPaths:
    """What a joint proof shows of a tree. Nothing is verified: the root is what it leads to."""

    def __init__(self, leaves: Mapping[int, bytes], size: int, following: Callable[[], bytes]) -> None:
        """Take leaf hashes at their indices in a tree of `size`; `following` gives the proof's next hash."""
        self._leaves, self._following, self._size = leaves, following, size
        self._wanted = sorted(leaves)
        self._roots: dict[tuple[int, int], bytes] = {}
        self.root = self._walk(0, size)

    def path(self, index: int) -> tuple[bytes, ...]:
        """Return the inclusion path of one of the leaves, its sibling first (RFC 9162, section 2.1.3.1)."""
        siblings: list[bytes] = []
        begin, end = 0, self._size
        while end - begin > 1:
            middle = _middle(begin, end)
            left, right = (begin, middle), (middle, end)
            (begin, end), sibling = (left, right) if index < middle else (right, left)
            siblings.append(self._roots[sibling])
        return tuple(reversed(siblings))

    def _walk(self, begin: int, end: int) -> bytes:
        first = bisect_left(self._wanted, begin)
        if first == len(self._wanted) or self._wanted[first] >= end:
            root = self._following()
        elif end - begin == 1:
            root = self._leaves[begin]
        else:
            middle = _middle(begin, end)
            left = self._walk(begin, middle)
            root = node_hash(left, self._walk(middle, end))
        self._roots[begin, end] = root
        return root


def _middle(begin: int, end: int) -> int:
    """Return where the tree over these leaves splits (RFC 9162, section 2.1.1)."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)
