"""The Merkle tree of RFC 6962/9162: hashes, roots, proofs made and proofs verified.

Nothing here knows where hashes are kept: a proof is made from a `NodeReader`, which
gives the root of any complete, aligned subtree. Verifiers check the number of hashes
before they hash anything, so a proof is never longer or shorter than its tree demands.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ledger.errors import BadProof, ProofOutOfRange, Said

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""Root of a tree without leaves (RFC 9162, section 2.1.1)."""

_OTHER_ROOT: Final = Said("推出的根不同", "it leads to another root")

NodeReader: TypeAlias = Callable[[int, int], bytes]
"""`node(level, index)`: the root of leaves `index * 2**level` to `(index + 1) * 2**level - 1`."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return SHA-256(0x00 || leaf): a leaf can never be taken for a node (RFC 9162, section 2.1.1).

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right) (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The compact range [0, size): the roots of the complete subtrees a tree's right edge needs.

    Holds at most log2(size)+1 hashes, the largest subtree first.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def at(cls, size: int, node: NodeReader) -> "Frontier":
        """Take up a stored tree at `size`, so that it can be extended."""
        frontier = cls(size)
        begin = 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                frontier.peaks.append(node(level, begin >> level))
                begin += 1 << level
        return frontier

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf hash; amortised one node hash."""
        carried, self.size = self.size, self.size + 1
        while carried & 1:
            hashed_leaf = node_hash(self.peaks.pop(), hashed_leaf)
            carried >>= 1
        self.peaks.append(hashed_leaf)

    def root(self) -> bytes:
        """Return the tree's root."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the Merkle tree hash of these leaf hashes (RFC 9162, section 2.1.1).

    >>> root_of([]) == EMPTY_ROOT
    True
    """
    frontier = Frontier()
    for hashed in leaf_hashes:
        frontier.append(hashed)
    return frontier.root()


def nodes_of(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """Return a `NodeReader` over leaf hashes held in memory; each node is hashed on demand."""

    def node(level: int, index: int) -> bytes:
        return root_of(leaf_hashes[index << level : (index + 1) << level])

    return node


def tree_root(size: int, node: NodeReader) -> bytes:
    """Return the root of the tree of `size` leaves from stored nodes."""
    return _span_root(0, size, node) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 9162, section 2.1.3.1).

    Raises `ProofOutOfRange` unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ProofOutOfRange(asked=index, size=size)
    path = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_span_root(middle, end, node))
            end = middle
        else:
            path.append(_span_root(begin, middle, node))
            begin = middle
    path.reverse()
    return path


def prove_consistency(old: int, new: int, node: NodeReader) -> list[bytes]:
    """Return the proof that the tree of `old` leaves begins the tree of `new` (RFC 9162, section 2.1.4.1).

    Raises `ProofOutOfRange` unless 0 < old <= new: the empty tree begins every tree, which proves nothing.
    """
    if not 0 < old <= new:
        raise ProofOutOfRange(asked=old, size=new)
    path = []
    begin, end, begun = 0, new, True
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_span_root(middle, end, node))
            end = middle
        else:
            path.append(_span_root(begin, middle, node))
            begin, begun = middle, False
    if not begun:
        path.append(_span_root(begin, end, node))
    path.reverse()
    return path


def verify_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `BadProof` unless `proof` leads from `hashed` at `index` to `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadProof(
            reason=Said(f"序号 {index} 不在大小 {size} 之内", f"index {index} is not within size {size}")
        )
    _check_shape(proof, inclusion_length(index, size), hashed, root)
    place, last = index, size - 1
    for sibling in proof:
        if place & 1 or place == last:
            hashed = node_hash(sibling, hashed)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        place, last = place >> 1, last >> 1
    if hashed != root:
        raise BadProof(reason=_OTHER_ROOT)


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise `BadProof` unless the tree of `new` leaves extends that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        raise BadProof(reason=Said(f"大小 {old} 与 {new}", f"sizes {old} and {new}"))
    if old == new:
        if proof or old_root != new_root:
            raise BadProof(
                reason=Said(
                    "大小相同但根不同，或证明不为空", "equal sizes, but other roots or hashes left over"
                )
            )
        return
    _check_shape(proof, consistency_length(old, new), old_root, new_root)
    shift = _trailing_zeros(old)
    place, last = (old - 1) >> shift, (new - 1) >> shift
    # A tree whose size is a power of two is itself the first node of the path.
    path = proof if place else [old_root, *proof]
    from_old = from_new = path[0]
    for sibling in path[1:]:
        if place & 1 or place == last:
            from_old, from_new = node_hash(sibling, from_old), node_hash(sibling, from_new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            from_new = node_hash(from_new, sibling)
        place, last = place >> 1, last >> 1
    if from_old != old_root or from_new != new_root:
        raise BadProof(reason=_OTHER_ROOT)


def inclusion_length(index: int, size: int) -> int:
    """Return how many hashes an inclusion proof has.

    Below the level where the paths to `index` and to the last leaf meet every level gives a
    sibling; above it only those levels where the path is a right child do.
    """
    inner = (index ^ (size - 1)).bit_length()
    return inner + (index >> inner).bit_count()


def consistency_length(old: int, new: int) -> int:
    """Return how many hashes a consistency proof from `old` to a larger `new` has.

    It is the path of leaf `old - 1`, shortened: levels below the old tree's last
    complete subtree are left out, and that subtree's own root is given unless it is the whole old tree.
    """
    shift = _trailing_zeros(old)
    return inclusion_length(old - 1, new) - shift + (old != 1 << shift)


def _check_shape(proof: Sequence[bytes], length: int, *hashes: bytes) -> None:
    if len(proof) != length:
        raise BadProof(
            reason=Said(
                f"有 {len(proof)} 个哈希，应为 {length} 个", f"{len(proof)} hashes, {length} expected"
            )
        )
    if any(len(given) != HASH_SIZE for given in (*proof, *hashes)):
        raise BadProof(reason=Said("哈希长度", "hash length"))


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count` (RFC 9162, section 2.1.1)."""
    return 1 << (count - 1).bit_length() - 1


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _span_root(begin: int, end: int, node: NodeReader) -> bytes:
    """Return the root of leaves `begin` to `end - 1`, where `begin` is aligned to the span's first split."""
    count = end - begin
    level = count.bit_length() - 1
    if count == 1 << level:
        return node(level, begin >> level)
    middle = begin + (1 << level)
    return node_hash(node(level, begin >> level), _span_root(middle, end, node))
