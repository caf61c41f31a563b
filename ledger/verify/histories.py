"""Whether the entries shown of a subject are all there are: chains without a gap, heads up to a size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Said
from ledger.verify import strict_json
from ledger.verify.encodings import hash_of, leaf_hash
from ledger.verify.evidence import ShownHeads
from ledger.verify.faults import Refused
from ledger.verify.leaves import GENESIS, Leaf
from ledger.verify.trees import root_from

INDEXED: Final = "subjects.indexed"
_LOOSE: Final = ("codes/", "log/subjects")
"""Subjects of which one entry is shown for what it says, not as part of a history."""
_HISTORIES: Final = ("lot/", "key/", "log/keys")
"""Subjects whose newest entry matters: steps, recalls, revocations."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """Up to where nothing newer was hidden."""

    size: int
    """Every entry below this index counts."""
    covered: int
    """Subjects shown complete up to there."""
    newer: int
    """Subjects that begin above it: of them nothing can be said."""


def chained(leaves: Sequence[Leaf]) -> Mapping[str, Sequence[Leaf]]:
    """Return the entries by subject once each subject's follow each other from the first without a gap.

    Raises `Refused`.
    """
    found: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        if not leaf.subject.startswith(_LOOSE):
            before = found.setdefault(leaf.subject, [])
            prev = before[-1].hashed.hex() if before else GENESIS
            if leaf.seq != len(before) or leaf.prev != prev:
                raise Refused(
                    Said(f"{leaf.subject} 的记录有缺口", f"the entries of {leaf.subject} have a gap")
                )
            before.append(leaf)
    return found


def completeness(
    shown: ShownHeads, by_index: Mapping[int, Leaf], chains: Mapping[str, Sequence[Leaf]]
) -> Completeness:
    """Return up to where the histories shown are complete; raises `Refused` where one is not."""
    size, count, root = _indexed(by_index.get(shown.entry))
    hashes = {
        head.place: leaf_hash(strict_json.write([head.subject, head.count, head.head.hex()]))
        for head in shown.heads
    }
    if root_from(hashes, count, shown.hashes) != root:
        raise Refused(Said("主题索引的证明不成立", "the proof in the index of subjects does not hold"))
    heads = {head.subject: (head.count, head.head) for head in shown.heads}
    newer = 0
    for subject in {*chains, *heads}:
        below = [leaf for leaf in chains.get(subject, ()) if leaf.index < size]
        stands = (len(below), below[-1].hashed if below else b"")
        if subject in heads:
            if heads[subject] != stands:
                raise Refused(Said(f"{subject} 另有未出示的记录", f"entries of {subject} are not shown"))
        elif subject.startswith(_HISTORIES):
            if below:
                raise Refused(Said(f"{subject} 没有完整性证明", f"{subject} is not shown complete"))
            newer += 1
    return Completeness(size, len(heads), newer)


def _indexed(leaf: Leaf | None) -> tuple[int, int, bytes]:
    if leaf is None or leaf.kind != INDEXED:
        raise Refused(Said("没有主题索引记录", "there is no index of subjects"))
    public = strict_json.members(leaf.public, "count", "root", "size")
    size = strict_json.count(public["size"])
    if size > leaf.index:
        raise Refused(Said("主题索引超出其所在位置", "the index of subjects reaches beyond its own place"))
    return size, strict_json.count(public["count"]), hash_of(strict_json.text(public["root"]))
