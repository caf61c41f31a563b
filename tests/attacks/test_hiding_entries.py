"""An operator who wants a recall not to be seen: what the subject index leaves them."""

import dataclasses
from collections.abc import Iterator

import pytest

from ledger import log
from ledger.errors import BadProof
from ledger.subjects.subject_index import (
    IndexedSubject,
    SubjectHead,
    index_of,
    verify_absent,
    verify_history,
    verify_newest,
)
from ledger.subjects.subject_index_building import SubjectIndexer
from ledger.subjects.subject_index_proofs import proof_of
from ledger.witnessing.publication import published
from tests.ledger.small_log import AT_MS, LOG_KEY, ORIGIN, SmallLog

LOT = "lot/BS-24-0001"


@pytest.fixture
def recalled(sqlite_url: str) -> Iterator[SmallLog]:
    """A lot of three steps, the last one its recall, indexed and published; other lots around it."""
    made = SmallLog(sqlite_url)
    for subject in ("lot/A", LOT, "lot/Z"):
        made.submit(f"{subject}/harvest", f"{subject}/ship", subject=subject)
    made.submit("recall", subject=LOT)
    made.sequencer().drain()
    SubjectIndexer(made.read, made.write, ORIGIN, LOG_KEY).run(AT_MS)
    made.sequencer().drain()
    yield made
    made.engine.dispose()


def leaf_hashes(of: SmallLog, subject: str) -> list[bytes]:
    with of.read() as session:
        return [one.entry.leaf_hash for one in log.history(session, subject)]


def test_showing_the_history_without_its_last_entry(recalled: SmallLog) -> None:
    shown = leaf_hashes(recalled, LOT)
    with recalled.read() as session:
        proof = proof_of(session, LOT)
    assert proof.newest is not None
    proven = verify_newest(proof.index, LOT, proof.newest)
    verify_history(proven, shown)
    with pytest.raises(BadProof):
        verify_history(proven, shown[:-1])


def test_claiming_that_fewer_entries_were_indexed(recalled: SmallLog) -> None:
    shown = leaf_hashes(recalled, LOT)[:-1]
    with recalled.read() as session:
        proof = proof_of(session, LOT)
    assert proof.newest is not None
    lie = dataclasses.replace(proof.newest, head=SubjectHead(LOT, 2, shown[-1]))
    with pytest.raises(BadProof):
        verify_newest(proof.index, LOT, lie)


def test_denying_the_lot_with_its_neighbours_or_with_those_of_another(recalled: SmallLog) -> None:
    with recalled.read() as session:
        proof = proof_of(session, LOT)
        neighbours = [proof_of(session, subject).newest for subject in ("lot/A", "lot/Z")]
        other = proof_of(session, "lot/Y")
    with pytest.raises(BadProof):
        verify_absent(proof.index, LOT, *neighbours)
    with pytest.raises(BadProof):
        verify_absent(other.index, LOT, other.before, other.after)


def test_stating_a_second_index_that_hides_the_lot_shows_in_a_replay(recalled: SmallLog) -> None:
    """The log's key can sign a false root; whoever replays the entries below its size computes another."""
    with recalled.read() as session:
        size = published(session).size
        heads: dict[str, SubjectHead] = {}
        for index in range(size):
            entry = log.entry_at(session, index).entry
            subject = entry.statement.subject
            heads[subject] = SubjectHead(subject, entry.seq + 1, entry.leaf_hash)
    true = index_of(heads.values(), size)
    hidden = index_of((head for head in heads.values() if head.subject != LOT), size)
    older = index_of(
        (dataclasses.replace(head, count=2) if head.subject == LOT else head for head in heads.values()), size
    )
    assert len({true, hidden, older}) == 3


def test_answering_with_the_proof_of_a_lot_that_looks_alike(recalled: SmallLog) -> None:
    with recalled.read() as session:
        absent = proof_of(session, "lot/BS-24-OOO1")
        assert absent.newest is None
        other = proof_of(session, "lot/A")
    assert isinstance(other.newest, IndexedSubject)
    with pytest.raises(BadProof):
        verify_newest(other.index, LOT, other.newest)


def test_a_kept_leaf_nested_without_end_is_refused_like_any_other() -> None:
    """Whoever owns the database writes it; reading it must not take the service down."""
    with pytest.raises(BadProof):
        SubjectHead.of_leaf(b"[" * 100_000)
