"""What the subject index proves, and what it lets nobody pretend."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import canonical
from ledger.errors import BadProof
from ledger.merkle import leaf_hash, nodes_of, prove_inclusion
from ledger.subjects.subject_index import (
    IndexedSubject,
    SubjectHead,
    SubjectIndex,
    index_of,
    verify_absent,
    verify_history,
    verify_newest,
)
from tests.ledger.bits import flipped

SUBJECTS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


def head(subject: str, count: int = 1) -> SubjectHead:
    return SubjectHead(subject, count, leaf_hash(f"{subject} {count}".encode()))


class Shown:
    """An index over some subjects and every leaf of it, made by the RFC's own tree."""

    def __init__(self, *subjects: str, size: int = 100) -> None:
        self.heads = sorted((head(subject, 2) for subject in subjects), key=lambda one: one.subject.encode())
        hashes = [leaf_hash(one.leaf()) for one in self.heads]
        node = nodes_of(hashes)
        self.leaves = [
            IndexedSubject(one, place, tuple(prove_inclusion(place, len(hashes), node)))
            for place, one in enumerate(self.heads)
        ]
        self.index = index_of(self.heads, size)

    def of(self, subject: str) -> IndexedSubject:
        return next(leaf for leaf in self.leaves if leaf.head.subject == subject)

    def around(self, subject: str) -> tuple[IndexedSubject | None, IndexedSubject | None]:
        place = sum(leaf.head.place < subject.encode() for leaf in self.leaves)
        return (
            self.leaves[place - 1] if place else None,
            self.leaves[place] if place < len(self.leaves) else None,
        )


ABC = Shown("lot/a", "lot/c", "lot/e", "lot/白芍", "key/1")


@settings(max_examples=40)
@given(st.sets(SUBJECTS, max_size=30), SUBJECTS)
def test_every_subject_is_provably_there_or_provably_not(subjects: set[str], asked: str) -> None:
    shown = Shown(*subjects)
    if asked in subjects:
        assert verify_newest(shown.index, asked, shown.of(asked)).count == 2
    else:
        verify_absent(shown.index, asked, *shown.around(asked))


@settings(max_examples=40)
@given(st.sets(SUBJECTS, min_size=1, max_size=20), st.data())
def test_a_subject_that_is_there_is_never_provably_absent(subjects: set[str], data: st.DataObject) -> None:
    shown = Shown(*subjects)
    hidden = data.draw(st.sampled_from(sorted(subjects)))
    ends = [None, *shown.leaves]
    for before in ends:
        for after in ends:
            with pytest.raises(BadProof):
                verify_absent(shown.index, hidden, before, after)


@settings(max_examples=40)
@given(st.sets(SUBJECTS, min_size=2, max_size=20), SUBJECTS)
def test_only_the_two_neighbours_prove_absence(subjects: set[str], asked: str) -> None:
    shown = Shown(*(subjects - {asked}))
    right = shown.around(asked)
    for before in [None, *shown.leaves]:
        for after in [None, *shown.leaves]:
            if (before, after) != right:
                with pytest.raises(BadProof):
                    verify_absent(shown.index, asked, before, after)


def test_an_omitted_newest_entry_is_refused() -> None:
    hashes = [leaf_hash(b"lot/a 1"), leaf_hash(b"lot/a 2")]
    proven = verify_newest(ABC.index, "lot/a", ABC.of("lot/a"))
    verify_history(proven, hashes)
    for shown in (hashes[:1], [], [*hashes, hashes[1]], hashes[::-1], [hashes[0], hashes[0]]):
        with pytest.raises(BadProof):
            verify_history(proven, shown)


def test_an_older_head_cannot_be_passed_off_as_the_newest() -> None:
    leaf = ABC.of("lot/a")
    for changed in (
        dataclasses.replace(leaf.head, count=1),
        dataclasses.replace(leaf.head, count=3),
        dataclasses.replace(leaf.head, head=leaf_hash(b"lot/a 1")),
        dataclasses.replace(leaf.head, subject="lot/b"),
    ):
        with pytest.raises(BadProof):
            verify_newest(ABC.index, changed.subject, dataclasses.replace(leaf, head=changed))


def test_the_proof_of_another_subject_proves_nothing() -> None:
    with pytest.raises(BadProof):
        verify_newest(ABC.index, "lot/a", ABC.of("lot/c"))


@pytest.mark.parametrize("position", [-1, 0, 2, 3, 4, 5])
def test_a_leaf_at_another_position_is_refused(position: int) -> None:
    assert ABC.of("lot/a").position == 1
    with pytest.raises(BadProof):
        verify_newest(ABC.index, "lot/a", dataclasses.replace(ABC.of("lot/a"), position=position))


def test_every_single_flipped_bit_of_a_leafs_path_or_of_the_root_is_refused() -> None:
    leaf = ABC.of("lot/c")
    for place, hashed in enumerate(leaf.path):
        for bit in range(256):
            path = [*leaf.path]
            path[place] = flipped(hashed, bit)
            with pytest.raises(BadProof):
                verify_newest(ABC.index, "lot/c", dataclasses.replace(leaf, path=tuple(path)))
    for bit in range(256):
        root = flipped(ABC.index.root, bit)
        with pytest.raises(BadProof):
            verify_newest(dataclasses.replace(ABC.index, root=root), "lot/c", leaf)


def test_an_index_that_counts_wrongly_proves_no_absence_at_its_end() -> None:
    last = ABC.leaves[-1]
    verify_absent(ABC.index, "lot/龙", last, None)
    for count in (3, 4, 6, 7, 100):
        with pytest.raises(BadProof):
            verify_absent(dataclasses.replace(ABC.index, count=count), "lot/龙", last, None)


def test_an_empty_index_proves_that_nothing_is_there_and_no_other_does() -> None:
    verify_absent(Shown().index, "lot/a", None, None)
    for count in (1, 2):
        with pytest.raises(BadProof):
            verify_absent(dataclasses.replace(Shown().index, count=count), "lot/a", None, None)
    with pytest.raises(BadProof):
        verify_absent(ABC.index, "lot/b", None, None)


def test_order_is_that_of_utf8_bytes() -> None:
    """U+FF21 stands before U+1D400 in UTF-8 and behind it in UTF-16."""
    shown = Shown("\U0001d400", "\uff21", "a", "B")
    assert [leaf.head.subject for leaf in shown.leaves] == ["B", "a", "\uff21", "\U0001d400"]


def test_a_subject_cannot_be_indexed_twice() -> None:
    with pytest.raises(BadProof):
        index_of([head("lot/a", 1), head("lot/a", 2)], 100)


@settings(max_examples=60)
@given(SUBJECTS, st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_a_leaf_is_the_canonical_array_and_reads_back(subject: str, count: int, hashed: bytes) -> None:
    made = SubjectHead(subject, count, hashed)
    assert made.leaf() == canonical([subject, count, hashed.hex()])
    assert SubjectHead.of_leaf(made.leaf()) == made


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"[]",
        b'["a",1]',
        b'["a",1,"00"]',
        b'["a", 1,"' + b"0" * 64 + b'"]',
        b'["a",-1,"' + b"0" * 64 + b'"]',
        b'["a",1.0,"' + b"0" * 64 + b'"]',
        b'[1,1,"' + b"0" * 64 + b'"]',
        b'["a",1,"' + b"0" * 64 + b'"]\n',
        b"\xff",
    ],
)
def test_other_bytes_are_no_leaf(leaf: bytes) -> None:
    with pytest.raises(BadProof):
        SubjectHead.of_leaf(leaf)


def test_statements_and_evidence_read_back() -> None:
    assert SubjectIndex.of_public(ABC.index.to_public()) == ABC.index
    assert ABC.index.statement_id == "subjects.indexed/100"
    for leaf in ABC.leaves:
        assert IndexedSubject.from_json(leaf.to_json()) == leaf


@pytest.mark.parametrize(
    "changed",
    [
        {"size": "100"},
        {"size": True},
        {"size": -1},
        {"count": 1.0},
        {"count": 2**53},
        {"root": "00"},
        {"root": "A" * 64},
        {"root": None},
        {"more": 1},
    ],
)
def test_a_statement_of_another_form_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(BadProof):
        SubjectIndex.of_public(ABC.index.to_public() | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": 1},
        {"subject": "\ud800"},
        {"count": True},
        {"head": "0" * 63},
        {"position": "1"},
        {"position": -1},
        {"path": "AAAA"},
        {"path": [1]},
        {"path": ["AAAA"]},
        {"path": ["A" * 43]},
        {"path": ["A" * 42 + "B="]},
        {"more": 1},
    ],
)
def test_evidence_of_another_form_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(BadProof):
        IndexedSubject.from_json(ABC.of("lot/a").to_json() | changed)


def test_a_subject_cannot_be_hidden_behind_made_up_neighbours() -> None:
    """Positions fit and the order does too: only the paths tell."""
    hidden, behind = ABC.of("lot/c"), ABC.of("lot/e")
    moved = dataclasses.replace(hidden, head=behind.head)
    with pytest.raises(BadProof):
        verify_absent(ABC.index, "lot/c", ABC.of("lot/a"), moved)
    pulled = dataclasses.replace(behind, position=hidden.position)
    with pytest.raises(BadProof):
        verify_absent(ABC.index, "lot/c", ABC.of("lot/a"), pulled)
    lowered = dataclasses.replace(hidden, head=ABC.of("lot/a").head)
    with pytest.raises(BadProof):
        verify_absent(ABC.index, "lot/c", lowered, behind)
