"""Completeness: the tree over every subject's newest entry, and proofs that nothing is missing.

A chain of entries shows no gap before its head, but not that the head is the newest one. So the log
states from time to time, in an entry of kind `subjects.indexed`, the root of a second Merkle tree: one
leaf for every subject that has an entry below `size`, in the order of the subjects' UTF-8 bytes. One leaf
then proves "so many entries, this one the newest", two neighbouring leaves prove "no such subject", and
whoever replays the log can compute the tree again.

Pure, and free of everything but the standard library and `ledger.merkle`: verifiers use it as it is.
docs/ledger-format.md fixes the bytes.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from ledger.errors import BadProof, Said
from ledger.merkle import HASH_SIZE, leaf_hash, leaf_hashes_of, root_of, verify_inclusion

KIND: Final = "subjects.indexed"
SUBJECT: Final = "log/subjects"
"""What statements of that kind are about."""

_LEAF_MEMBERS: Final = frozenset(("subject", "count", "head", "position", "path"))
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """How many entries a subject has, and the leaf hash of the newest."""

    subject: str
    count: int
    head: bytes

    def leaf(self) -> bytes:
        """Return the leaf's bytes: the canonical array `[subject, count, head in hex]`.

        >>> SubjectHead("lot/1", 2, bytes(32)).leaf()[:11]
        b'["lot/1",2,'
        """
        # A subject has no control characters, so this writer gives the canonical escapes.
        said = [self.subject, self.count, self.head.hex()]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def of_leaf(cls, leaf: bytes) -> Self:
        """Take up a leaf that `leaf` made; raises `BadProof` for any other bytes."""
        try:
            subject, count, head = json.loads(leaf)
            made = cls(_whole(subject), _natural(count), _hash(head))
            same = made.leaf() == leaf
        except (ValueError, TypeError, RecursionError) as error:
            raise BadProof(reason=_FORM) from error
        if not same:
            raise BadProof(reason=_FORM)
        return made

    @property
    def place(self) -> bytes:
        """What the leaves are ordered by: the subject's UTF-8 bytes."""
        return self.subject.encode()


@dataclass(frozen=True, slots=True)
class SubjectIndex:
    """What one `subjects.indexed` entry says."""

    size: int
    """Entries with a lower index are covered."""
    count: int
    """How many subjects they have."""
    root: bytes

    @property
    def statement_id(self) -> str:
        """The id of the statement that says it: one for each size."""
        return f"{KIND}/{self.size}"

    def to_public(self) -> dict[str, str | int]:
        """Return the statement's public part."""
        return {"size": self.size, "count": self.count, "root": self.root.hex()}

    @classmethod
    def of_public(cls, public: Mapping[str, object]) -> Self:
        """Take up a statement's public part; raises `BadProof` when it does not have exactly that form."""
        if public.keys() != {"size", "count", "root"}:
            raise BadProof(reason=_FORM)
        return cls(_natural(public["size"]), _natural(public["count"]), _hash(public["root"]))


@dataclass(frozen=True, slots=True)
class IndexedSubject:
    """One leaf of the index, its position, and the path from it to the root."""

    head: SubjectHead
    position: int
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, object]:
        """Return the members that an evidence file or an answer holds."""
        return {
            "subject": self.head.subject,
            "count": self.head.count,
            "head": self.head.head.hex(),
            "position": self.position,
            "path": [base64.b64encode(hashed).decode() for hashed in self.path],
        }

    @classmethod
    def from_json(cls, members: Mapping[str, object]) -> Self:
        """Take those members up; raises `BadProof` when one is missing, left over or of another type."""
        path = members.get("path")
        if members.keys() != _LEAF_MEMBERS or not isinstance(path, list):
            raise BadProof(reason=_FORM)
        head = SubjectHead(_whole(members["subject"]), _natural(members["count"]), _hash(members["head"]))
        return cls(head, _natural(members["position"]), tuple(_decoded(hashed) for hashed in path))


def index_of(heads: Iterable[SubjectHead], size: int) -> SubjectIndex:
    """Return the index over `heads`, in whatever order they come, as the log has to state it at `size`.

    Raises `BadProof` when a subject comes twice. Meant for whoever replays a log; the log itself builds
    its tree piece by piece (`ledger.subjects.subject_index_building`).
    """
    ordered = sorted(heads, key=lambda head: head.place)
    if len({head.subject for head in ordered}) != len(ordered):
        raise BadProof(reason=Said("同一主题出现两次", "a subject occurs twice"))
    return SubjectIndex(size, len(ordered), root_of(leaf_hashes_of(head.leaf() for head in ordered)))


def verify_newest(index: SubjectIndex, subject: str, shown: IndexedSubject) -> SubjectHead:
    """Return how far `subject` reaches in `index`; raises `BadProof` unless `shown` proves it."""
    if shown.head.subject != subject:
        raise BadProof(reason=Said("证明的是另一个主题", "it is about another subject"))
    _verify_leaf(index, shown)
    return shown.head


def verify_history(proven: SubjectHead, leaf_hashes: Sequence[bytes]) -> None:
    """Raise `BadProof` unless these entries of a subject, oldest first, are all it has up to the index.

    `leaf_hashes` are those of the entries below the index's size; that each names the one before is for
    the caller to check. A missing newest entry, a missing one in between and a forged one are refused.
    """
    if len(leaf_hashes) != proven.count:
        raise BadProof(
            reason=Said(
                f"出示 {len(leaf_hashes)} 条，索引为 {proven.count} 条",
                f"{len(leaf_hashes)} entries are shown, the index counts {proven.count}",
            )
        )
    if not leaf_hashes or leaf_hashes[-1] != proven.head:
        raise BadProof(reason=Said("最新一条不是索引所指", "the newest entry is not the one indexed"))


def verify_absent(
    index: SubjectIndex, subject: str, before: IndexedSubject | None, after: IndexedSubject | None
) -> None:
    """Raise `BadProof` unless the two neighbours prove that `subject` has no entry below the index's size.

    `before` is None for a subject below the first leaf, `after` for one above the last; both are for an
    index without leaves.
    """
    place = subject.encode()
    begins = -1 if before is None else before.position
    ends = index.count if after is None else after.position
    if ends - begins != 1:
        raise BadProof(reason=Said("两个主题不相邻", "the two subjects are not neighbours"))
    for shown in (before, after):
        if shown is not None:
            _verify_leaf(index, shown)
    if not (before is None or before.head.place < place) or not (after is None or place < after.head.place):
        raise BadProof(reason=Said("主题不在两者之间", "the subject does not lie between the two"))


def _verify_leaf(index: SubjectIndex, shown: IndexedSubject) -> None:
    verify_inclusion(leaf_hash(shown.head.leaf()), shown.position, index.count, shown.path, index.root)


_FORM: Final = Said("主题索引证明的格式", "the form of a subject index proof")


def _natural(number: object) -> int:
    if type(number) is not int or not 0 <= number < 2**53:  # True is no number here
        raise BadProof(reason=_FORM)
    return number


def _whole(text: object) -> str:
    if not isinstance(text, str):
        raise BadProof(reason=_FORM)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadProof(reason=_FORM) from error
    return text


def _hash(text: object) -> bytes:
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        raise BadProof(reason=_FORM)
    return bytes.fromhex(text)


def _decoded(text: object) -> bytes:
    """Return the hash whose base64 is `text`, in its one spelling."""
    try:
        hashed = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError) as error:
        raise BadProof(reason=_FORM) from error
    if len(hashed) != HASH_SIZE or base64.b64encode(hashed).decode() != text:
        raise BadProof(reason=_FORM)
    return hashed
