"""The tree against RFC 9162's own recursive definitions, for every size up to 70 and at random."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import BadProof, ProofOutOfRange
from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Hasher,
    consistency_length,
    inclusion_length,
    leaf_hash,
    node_hash,
    nodes_of,
    parents,
    prove_consistency,
    prove_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger.bits import flipped

LEAVES = [leaf_hash(str(number).encode()) for number in range(70)]
NODE = nodes_of(LEAVES)


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word for word (over leaf hashes)."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:split]) + mth(leaves[split:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162, section 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*path(index, leaves[:split]), mth(leaves[split:])]
    return [*path(index - split, leaves[split:]), mth(leaves[:split])]


def subproof(old: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """RFC 9162, section 2.1.4.1, word for word."""
    if old == len(leaves):
        return [] if whole else [mth(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*subproof(old, leaves[:split], whole=whole), mth(leaves[split:])]
    return [*subproof(old - split, leaves[split:], whole=False), mth(leaves[:split])]


@pytest.mark.parametrize("size", range(71))
def test_the_root_is_the_rfcs_tree_hash(size: int) -> None:
    assert root_of(LEAVES[:size]) == mth(LEAVES[:size])


def test_every_inclusion_proof_is_the_rfcs_and_verifies() -> None:
    for size in range(1, 41):
        for index in range(size):
            proof = prove_inclusion(index, size, NODE)
            assert proof == path(index, LEAVES[:size])
            assert len(proof) == inclusion_length(index, size)
            verify_inclusion(LEAVES[index], index, size, proof, mth(LEAVES[:size]))


def test_every_consistency_proof_is_the_rfcs_and_verifies() -> None:
    for new in range(1, 41):
        for old in range(1, new + 1):
            proof = prove_consistency(old, new, NODE)
            assert proof == subproof(old, LEAVES[:new], whole=True)
            assert old == new or len(proof) == consistency_length(old, new)
            verify_consistency(old, new, mth(LEAVES[:old]), mth(LEAVES[:new]), proof)


def test_a_frontier_taken_up_anywhere_grows_to_the_same_root() -> None:
    for size in range(60):
        frontier = Frontier.at(size, NODE)
        assert frontier.root() == mth(LEAVES[:size])
        for hashed in LEAVES[size:]:
            frontier.append(hashed)
        assert frontier.root() == mth(LEAVES)


def test_leaves_added_in_one_go_give_the_same_tree_and_every_new_node() -> None:
    for size in range(71):
        for end in range(size, 71):
            frontier = Frontier.at(size, NODE)
            rows = frontier.extend(LEAVES[size:end])
            assert (frontier.size, frontier.root()) == (end, mth(LEAVES[:end]))
            for level, row in enumerate(rows):
                begin = size >> level
                assert row == [
                    mth(LEAVES[at << level : (at + 1) << level]) for at in range(begin, end >> level)
                ]
            if end < 70:  # what it left behind goes on growing right
                frontier.append(LEAVES[end])
                assert frontier.root() == mth(LEAVES[: end + 1])


def test_a_batch_hashes_each_new_node_once(monkeypatch: pytest.MonkeyPatch) -> None:
    frontier, hashed = Frontier(), 0

    def counted(row: list[bytes], hasher: Hasher) -> list[bytes]:
        nonlocal hashed
        hashed += len(row) // 2
        return parents(row, hasher)

    monkeypatch.setattr("ledger.merkle.parents", counted)
    for begin in range(0, 1000, 100):
        frontier.extend([leaf_hash(str(number).encode()) for number in range(begin, begin + 100)])
    assert hashed == 1000 - (1000).bit_count()


sizes = st.integers(1, 70)


@settings(max_examples=60)
@given(sizes, st.integers(0, 69), st.integers(0, 10**6))
def test_a_flipped_bit_in_an_inclusion_proof_is_refused(size: int, index: int, bit: int) -> None:
    index %= size
    root, proof = mth(LEAVES[:size]), prove_inclusion(index, size, NODE)
    for parts in mutations([LEAVES[index], root, *proof], bit):
        with pytest.raises(BadProof):
            verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@settings(max_examples=60)
@given(sizes, sizes, st.integers(0, 10**6))
def test_a_flipped_bit_in_a_consistency_proof_is_refused(old: int, new: int, bit: int) -> None:
    old, new = sorted((old, new))
    roots, proof = [mth(LEAVES[:old]), mth(LEAVES[:new])], prove_consistency(old, new, NODE)
    for parts in mutations([*roots, *proof], bit):
        with pytest.raises(BadProof):
            verify_consistency(old, new, parts[0], parts[1], parts[2:])


def mutations(parts: list[bytes], bit: int) -> list[list[bytes]]:
    """`parts` with one bit of each in turn flipped."""
    changed = []
    for place, part in enumerate(parts):
        changed.append([*parts[:place], flipped(part, bit % (8 * len(part))), *parts[place + 1 :]])
    return changed


def test_a_proof_for_another_index_or_size_is_refused() -> None:
    root, proof = mth(LEAVES[:37]), prove_inclusion(20, 37, NODE)
    for index in set(range(37)) - {20}:
        with pytest.raises(BadProof):
            verify_inclusion(LEAVES[20], index, 37, proof, root)
    with pytest.raises(BadProof):
        verify_inclusion(LEAVES[20], 20, 37, [*proof, proof[0]], root)
    with pytest.raises(BadProof):
        verify_inclusion(LEAVES[20], 20, 37, proof[:-1], root)
    with pytest.raises(BadProof):
        verify_inclusion(LEAVES[20], 37, 37, proof, root)


def test_the_wrong_number_of_hashes_is_refused_before_any_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: bytes) -> bytes:
        pytest.fail("hashed a proof of the wrong length")

    monkeypatch.setattr("ledger.merkle.node_hash", never)
    with pytest.raises(BadProof):
        verify_inclusion(bytes(32), 3, 8, [bytes(32)] * 4, bytes(32))
    with pytest.raises(BadProof):
        verify_consistency(3, 8, bytes(32), bytes(32), [bytes(32)] * 9)
    with pytest.raises(BadProof):
        verify_inclusion(bytes(32), 3, 8, [bytes(31)] * 3, bytes(32))


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (-1, 5), (6, 5)])
def test_a_consistency_proof_from_nothing_proves_nothing(old: int, new: int) -> None:
    with pytest.raises(BadProof):
        verify_consistency(old, new, EMPTY_ROOT, mth(LEAVES[:5]), [])
    with pytest.raises(ProofOutOfRange):
        prove_consistency(old, new, NODE)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (0, 0), (-1, 5)])
def test_no_inclusion_proof_is_made_beyond_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofOutOfRange):
        prove_inclusion(index, size, NODE)


def test_a_leaf_cannot_be_taken_for_a_node() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


@settings(max_examples=20)
@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=600))
def test_any_tree_proves_its_ends(leaves: list[bytes]) -> None:
    node: Callable[[int, int], bytes] = nodes_of(leaves)
    root, size = root_of(leaves), len(leaves)
    for index in {0, size // 2, size - 1}:
        verify_inclusion(leaves[index], index, size, prove_inclusion(index, size, node), root)
