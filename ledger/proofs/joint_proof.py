"""Makes one inclusion proof for many leaves of a tree: each hash once, in the order they are needed.

`ledger.verify.trees` checks it and says what the order is. Where the hashes are kept is unknown here.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from ledger.errors import ProofOutOfRange
from ledger.merkle import NodeReader, node_hash

Span: TypeAlias = Callable[[int, int], bytes]
"""`span(begin, end)`: the root of those leaves, where the range is one that a tree splits into."""


def prove_together(indices: Collection[int], size: int, span: Span) -> list[bytes]:
    """Return the joint proof of leaves at `indices` in the tree of `size` leaves.

    Raises `ProofOutOfRange` unless every index lies in the tree.
    """
    wanted = sorted(indices)
    if not wanted or wanted[0] < 0 or wanted[-1] >= size:
        raise ProofOutOfRange(asked=wanted[-1] if wanted else "-", size=size)
    proof: list[bytes] = []

    def walk(begin: int, end: int) -> None:
        first = bisect_left(wanted, begin)
        if first == len(wanted) or wanted[first] >= end:
            proof.append(span(begin, end))
        elif end - begin > 1:
            middle = _middle(begin, end)
            walk(begin, middle)
            walk(middle, end)

    walk(0, size)
    return proof


def spans_of(node: NodeReader) -> Span:
    """Return the spans of a tree whose complete subtrees `node` gives."""

    def span(begin: int, end: int) -> bytes:
        level = (end - begin).bit_length() - 1
        if end - begin == 1 << level:
            return node(level, begin >> level)
        middle = _middle(begin, end)
        return node_hash(span(begin, middle), span(middle, end))

    return span


def spans_of_paths(paths: Mapping[int, Sequence[bytes]], size: int) -> Span:
    """Return the spans that single inclusion paths hold (RFC 9162, section 2.1.3.1), by leaf index.

    They are all that a joint proof of the same leaves needs.
    """
    spans: dict[tuple[int, int], bytes] = {}
    for index, path in paths.items():
        begin, end = 0, size
        for sibling in reversed(path):
            middle = _middle(begin, end)
            if index < middle:
                spans[middle, end] = sibling
                end = middle
            else:
                spans[begin, middle] = sibling
                begin = middle
    return lambda begin, end: spans[begin, end]


def _middle(begin: int, end: int) -> int:
    """Return where the tree over these leaves splits (RFC 9162, section 2.1.1)."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)
