"""The Merkle tree of RFC 6962/9162: hashes, roots, proofs made and proofs verified.

Nothing here knows where hashes are kept: a proof is made from a `NodeReader`, which
gives the root of any complete, aligned subtree. Verifiers check the number of hashes
before they hash anything, so a proof is never longer or shorter than its tree demands.
The hash is SHA-256 unless a caller names another one, as the SM3 tree does.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from ledger.errors import BadProof, ProofOutOfRange, Said

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""Root of a tree without leaves (RFC 9162, section 2.1.1)."""

_OTHER_ROOT: Final = Said("推出的根不同", "it leads to another root")


class Digest(Protocol):
    """What a hash function of `hashlib` returns."""

    def digest(self, /) -> bytes:
        """Return the hash, 32 bytes."""


Hasher: TypeAlias = Callable[[bytes], Digest]
"""A hash of 32 bytes, called as `hashlib.sha256` is."""
SHA256: Final[Hasher] = hashlib.sha256

NodeReader: TypeAlias = Callable[[int, int], bytes]
"""`node(level, index)`: the root of leaves `index * 2**level` to `(index + 1) * 2**level - 1`."""
EdgeReader: TypeAlias = Callable[[int], bytes]
"""`edge(begin)`: the root of leaves `begin` to the last, where a node begins that the tree does not fill."""


def leaf_hash(leaf: bytes, hasher: Hasher = SHA256) -> bytes:
    """Return SHA-256(0x00 || leaf): a leaf can never be taken for a node (RFC 9162, section 2.1.1).

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hasher(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes, hasher: Hasher = SHA256) -> bytes:
    """Return SHA-256(0x01 || left || right) (RFC 9162, section 2.1.1)."""
    return hasher(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The compact range [0, size): the roots of the complete subtrees a tree's right edge needs.

    Holds at most log2(size)+1 hashes, the largest subtree first.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    hasher: Hasher = SHA256

    @classmethod
    def at(cls, size: int, node: NodeReader, hasher: Hasher = SHA256) -> "Frontier":
        """Take up a stored tree at `size`, so that it can be extended."""
        frontier = cls(size, hasher=hasher)
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
            hashed_leaf = node_hash(self.peaks.pop(), hashed_leaf, self.hasher)
            carried >>= 1
        self.peaks.append(hashed_leaf)

    def extend(self, leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
        """Add leaf hashes, level by level: one node hash for each, and far less of anything else.

        Returns, for every level in which there are any, the roots of the subtrees that became complete:
        level 0 are the leaf hashes themselves.
        """
        completed: list[list[bytes]] = []
        before, kept = self.size, []
        row = list(leaf_hashes)
        self.size += len(row)
        while row:
            completed.append(row)
            if before & 1:
                row = [self.peaks.pop(), *row]
            if len(row) & 1:
                kept.append(row[-1])
            row = parents(row, self.hasher)
            before >>= 1
        self.peaks += reversed(kept)
        return completed

    def root(self) -> bytes:
        """Return the tree's root."""
        if not self.peaks:
            return empty_root(self.hasher)
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root, self.hasher)
        return root


def empty_root(hasher: Hasher) -> bytes:
    """Return the root of a tree without leaves: the hash of nothing (RFC 9162, section 2.1.1)."""
    return EMPTY_ROOT if hasher is SHA256 else hasher(b"").digest()


def root_of(leaf_hashes: Iterable[bytes], hasher: Hasher = SHA256) -> bytes:
    """Return the Merkle tree hash of these leaf hashes (RFC 9162, section 2.1.1).

    >>> root_of([]) == EMPTY_ROOT
    True
    """
    frontier = Frontier(hasher=hasher)
    frontier.extend(list(leaf_hashes))
    return frontier.root()


def parents(row: Sequence[bytes], hasher: Hasher = SHA256) -> list[bytes]:
    """Return the node hash of each pair of neighbours in `row`; a last one without a partner gives none."""
    # Spelt out rather than by `node_hash`: the call costs as much again as the hash.
    each = iter(row)
    return [hasher(b"\x01" + left + right).digest() for left, right in zip(each, each, strict=False)]


def leaf_hashes_of(leaves: Iterable[bytes], hasher: Hasher = SHA256) -> list[bytes]:
    """Return `leaf_hash` of each leaf."""
    return [hasher(b"\x00" + leaf).digest() for leaf in leaves]


def nodes_of(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """Return a `NodeReader` over leaf hashes held in memory; each node is hashed on demand."""

    def node(level: int, index: int) -> bytes:
        return root_of(leaf_hashes[index << level : (index + 1) << level])

    return node


def tree_root(size: int, node: NodeReader, hasher: Hasher = SHA256) -> bytes:
    """Return the root of the tree of `size` leaves from stored nodes."""
    return span_root(0, size, node, hasher) if size else empty_root(hasher)


def prove_inclusion(
    index: int, size: int, node: NodeReader, hasher: Hasher = SHA256, edge: EdgeReader | None = None
) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 9162, section 2.1.3.1).

    `edge` gives the one node that is incomplete, where it is at hand; else it is hashed from `node`.
    Raises `ProofOutOfRange` unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ProofOutOfRange(asked=index, size=size)
    # Where the ways to the leaf and to the last leaf are one, only left siblings exist; below where they
    # part every sibling does and is complete; and right there stands the tree's right edge.
    apart = (index ^ (size - 1)).bit_length()
    path = [node(level, index >> level ^ 1) for level in range(apart - 1)]
    if apart:
        sibling = index >> apart - 1 ^ 1
        begin, end = sibling << apart - 1, sibling + 1 << apart - 1
        if end <= size:
            path.append(node(apart - 1, sibling))
        else:
            path.append(edge(begin) if edge else span_root(begin, size, node, hasher))
    path += [
        node(level, (index >> level) - 1) for level in range(apart, size.bit_length()) if index >> level & 1
    ]
    return path


def prove_consistency(old: int, new: int, node: NodeReader, hasher: Hasher = SHA256) -> list[bytes]:
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
            path.append(span_root(middle, end, node, hasher))
            end = middle
        else:
            path.append(span_root(begin, middle, node, hasher))
            begin, begun = middle, False
    if not begun:
        path.append(span_root(begin, end, node, hasher))
    path.reverse()
    return path


def verify_inclusion(
    hashed: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
    hasher: Hasher = SHA256,
) -> None:
    """Raise `BadProof` unless `proof` leads from `hashed` at `index` to `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadProof(
            reason=Said(f"序号 {index} 不在大小 {size} 之内", f"index {index} is not within size {size}")
        )
    _check_shape(proof, inclusion_length(index, size), hashed, root)
    place, last = index, size - 1
    for sibling in proof:
        if place & 1 or place == last:
            hashed = node_hash(sibling, hashed, hasher)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling, hasher)
        place, last = place >> 1, last >> 1
    if hashed != root:
        raise BadProof(reason=_OTHER_ROOT)


def verify_consistency(
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
    hasher: Hasher = SHA256,
) -> None:
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
            from_old = node_hash(sibling, from_old, hasher)
            from_new = node_hash(sibling, from_new, hasher)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            from_new = node_hash(from_new, sibling, hasher)
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


def span_root(begin: int, end: int, node: NodeReader, hasher: Hasher = SHA256) -> bytes:
    """Return the root of leaves `begin` to `end - 1`, where `begin` is aligned to the span's first split."""
    count = end - begin
    level = count.bit_length() - 1
    if count == 1 << level:
        return node(level, begin >> level)
    middle = begin + (1 << level)
    return node_hash(node(level, begin >> level), span_root(middle, end, node, hasher), hasher)
