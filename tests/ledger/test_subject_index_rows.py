"""The subject index in the database: made, stated, served, made anew; equal to a replay of the log."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from ledger import log
from ledger.entry import Statement, sign_statement
from ledger.errors import NoCheckpointYet
from ledger.subjects.subject_index import (
    KIND,
    SUBJECT,
    SubjectHead,
    SubjectIndex,
    index_of,
    verify_absent,
    verify_history,
    verify_newest,
)
from ledger.subjects.subject_index_building import SubjectIndexer
from ledger.subjects.subject_index_errors import NoSubjectIndexYet, SubjectIndexAltered
from ledger.subjects.subject_index_proofs import newest_index, proof_of
from ledger.subjects.subject_index_source import merged
from ledger.witnessing.publication import published
from ledger.writing import outbox
from tests.ledger.direct_log import LOG_KEY as MANY_KEY
from tests.ledger.direct_log import ORIGIN as MANY_ORIGIN
from tests.ledger.direct_log import DirectLog, plain_leaf
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, SmallLog

NAMES = ("lot/a", "lot/B", "lot/白芍", "lot/\uff21", "lot/\U0001d400", "lot/z", "lot/~")


def indexer(of: SmallLog) -> SubjectIndexer:
    return SubjectIndexer(of.read, of.write, ORIGIN, LOG_KEY)


@pytest.fixture
def lots(log_of_two: SmallLog) -> SmallLog:
    """Some entries on lots whose names order differently in UTF-16, ignoring case, and in bytes."""
    for round_ in range(3):
        for place, subject in enumerate(NAMES[round_:]):
            log_of_two.submit(f"s{round_}.{place}", subject=subject)
    log_of_two.sequencer().drain()
    return log_of_two


def replayed(session: Session, size: int) -> SubjectIndex:
    """The index as anybody computes it from the entries alone."""
    heads: dict[str, SubjectHead] = {}
    for index in range(size):
        entry = log.entry_at(session, index).entry
        subject = entry.statement.subject
        heads[subject] = SubjectHead(subject, entry.seq + 1, entry.leaf_hash)
    return index_of(heads.values(), size)


def test_the_stated_index_is_what_a_replay_of_the_log_gives(lots: SmallLog) -> None:
    with lots.read() as session:
        size = published(session).size
        expected = replayed(session, size)
    assert indexer(lots).run(AT_MS) == expected
    lots.sequencer().drain()
    with lots.read() as session:
        found = newest_index(session, published(session).size)
        entry = log.entry_at(session, found.entry_index).entry
    assert found.index == expected
    assert (entry.statement.kind, entry.statement.subject) == (KIND, SUBJECT)
    assert entry.statement.id == f"subjects.indexed/{size}"
    assert entry.signed.actor == LOG_KEY.public.key_id
    assert lots.audit().ok


def test_the_next_index_is_built_on_the_last_and_is_the_same_as_one_from_nothing(lots: SmallLog) -> None:
    indexer(lots).run(AT_MS)
    lots.sequencer().drain()
    lots.submit("n1", "n2", subject="lot/B")
    lots.submit("n3", subject="lot/0")
    lots.submit("n4", subject="lot/中")
    lots.sequencer().drain()
    second = indexer(lots).run(AT_MS)
    with lots.read() as session:
        assert second == replayed(session, published(session).size)


def test_every_subject_and_every_gap_is_proved(lots: SmallLog) -> None:
    indexer(lots).run(AT_MS)
    lots.sequencer().drain()
    with lots.read() as session:
        for subject in (*NAMES, f"key/{GROWER.public.key_id}"):
            proof = proof_of(session, subject)
            assert proof.newest is not None
            history = [
                one.entry.leaf_hash for one in log.history(session, subject) if one.index < proof.index.size
            ]
            verify_history(verify_newest(proof.index, subject, proof.newest), history)
        for subject in ("a", "lot/", "lot/aa", "lot/中", "lot/~~", "\U0010ffff", "log/subjects"):
            proof = proof_of(session, subject)
            assert proof.newest is None
            verify_absent(proof.index, subject, proof.before, proof.after)
        assert proof_of(session, "!").before is None
        assert proof_of(session, "\U0010ffff").after is None


def test_an_index_counts_only_once_it_is_published(lots: SmallLog) -> None:
    with lots.read() as session, pytest.raises(NoSubjectIndexYet):
        proof_of(session, "lot/a")
    indexer(lots).run(AT_MS)
    with lots.read() as session, pytest.raises(NoSubjectIndexYet):
        proof_of(session, "lot/a")
    lots.sequencer().drain()
    with lots.read() as session:
        first = proof_of(session, "lot/a")
        assert first.newest is not None
        assert first.newest.head.count == 1
    lots.submit("later", subject="lot/a")
    lots.sequencer().drain()
    indexer(lots).run(AT_MS)
    with lots.read() as session:
        assert proof_of(session, "lot/a").index == first.index
    lots.sequencer().drain()
    with lots.read() as session:
        second = proof_of(session, "lot/a")
    assert second.newest is not None
    assert second.newest.head.count == 2


def test_one_state_is_indexed_once(lots: SmallLog) -> None:
    assert indexer(lots).run(AT_MS) is not None
    assert indexer(lots).run(AT_MS) is None
    lots.sequencer().drain()
    assert indexer(lots).run(AT_MS) is not None
    assert indexer(lots).run(AT_MS) is None


def test_nothing_is_indexed_before_the_first_checkpoint(log_of_two: SmallLog) -> None:
    with pytest.raises(NoCheckpointYet):
        indexer(log_of_two).run(AT_MS)


def test_older_indices_are_cleared_away(lots: SmallLog) -> None:
    for number in range(4):
        lots.submit(f"more{number}", subject="lot/a")
        lots.sequencer().drain()
        indexer(lots).run(AT_MS)
        lots.sequencer().drain()
    for table in ("ledger_subject_index", "ledger_subject_bundle", "ledger_subject_tile"):
        kept = lots.value(f"SELECT count(DISTINCT size) FROM {table}")  # noqa: S608  names stand above
        assert kept == 2  # the newest, and the one that serves until the newest is published


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM ledger_subject_index",
        "DELETE FROM ledger_subject_bundle",
        "DELETE FROM ledger_subject_tile",
        "UPDATE ledger_subject_bundle SET leaves = substr(leaves, 1, 100)",
        "UPDATE ledger_subject_bundle SET leaves = first",
    ],
)
def test_rows_that_are_lost_or_altered_never_prove_anything_and_are_made_anew(
    sqlite_log: SmallLog, damage: str
) -> None:
    sqlite_log.grow(30)
    indexer(sqlite_log).run(AT_MS)
    sqlite_log.sequencer().drain()
    sqlite_log.sql(damage)
    with sqlite_log.read() as session, pytest.raises((NoSubjectIndexYet, SubjectIndexAltered)):
        proof_of(session, "lot/0")
    made = indexer(sqlite_log).run(AT_MS)
    with sqlite_log.read() as session:
        assert made == replayed(session, published(session).size)
    sqlite_log.sequencer().drain()
    with sqlite_log.read() as session:
        assert proof_of(session, "lot/0").newest is not None


def test_an_altered_leaf_is_neither_served_nor_carried_into_the_next_index(sqlite_log: SmallLog) -> None:
    """Whoever owns the database hides the newest entry of a lot in the kept leaves."""
    sqlite_log.grow(30)
    indexer(sqlite_log).run(AT_MS)
    sqlite_log.sequencer().drain()
    sqlite_log.sql(
        "UPDATE ledger_subject_bundle SET leaves = replace(leaves, '\"lot/0\",5,', '\"lot/0\",4,')"
    )
    with sqlite_log.read() as session:
        leaves = sqlite_log.value("SELECT leaves FROM ledger_subject_bundle")
        assert b'"lot/0",4,' in (leaves.encode() if isinstance(leaves, str) else leaves)  # type: ignore[operator]
        with pytest.raises(SubjectIndexAltered):
            proof_of(session, "lot/0")
    sqlite_log.submit("later", subject="lot/new")
    sqlite_log.sequencer().drain()
    made = indexer(sqlite_log).run(AT_MS)
    with sqlite_log.read() as session:
        assert made == replayed(session, published(session).size)


@pytest.mark.damages_log
def test_a_false_statement_of_the_index_is_never_served(sqlite_log: SmallLog) -> None:
    """The log's key is misused to state a root that hides a subject: the rows do not give it."""
    sqlite_log.grow(30)
    with sqlite_log.read() as session:
        size = published(session).size
        true = replayed(session, size)
    false = SubjectIndex(size, true.count - 1, true.root)
    said = Statement(id=false.statement_id, kind=KIND, subject=SUBJECT, at_ms=AT_MS, public=false.to_public())
    with sqlite_log.write() as session:
        outbox.submit(session, sign_statement(said, ORIGIN, LOG_KEY))
    sqlite_log.sequencer().drain()
    with pytest.raises(SubjectIndexAltered):
        indexer(sqlite_log).run(AT_MS)
    with sqlite_log.read() as session, pytest.raises(NoSubjectIndexYet):
        proof_of(session, "lot/0")


def test_drafts_of_a_run_that_died_are_cleared_and_never_served(lots: SmallLog) -> None:
    dying = indexer(lots)
    opened = 0

    def writes_twice():  # noqa: ANN202  as `SmallLog.write`
        nonlocal opened
        opened += 1
        if opened == 3:
            raise KeyboardInterrupt
        return lots.write()

    with pytest.raises(KeyboardInterrupt):
        SubjectIndexer(lots.read, writes_twice, ORIGIN, LOG_KEY).run(AT_MS)
    assert lots.value("SELECT count(*) FROM ledger_subject_bundle") == 1
    with lots.read() as session, pytest.raises(NoSubjectIndexYet):
        proof_of(session, "lot/a")
    lots.submit("later", subject="lot/a")
    lots.sequencer().drain()
    made = dying.run(AT_MS)
    assert made is not None
    assert lots.value("SELECT count(DISTINCT size) FROM ledger_subject_bundle") == 1
    with lots.read() as session:
        assert made == replayed(session, made.size)


def test_two_runs_at_once_state_one_index(lots: SmallLog) -> None:
    """The second gets in between the first one's drafts and its statement, at the same size."""
    done: list[SubjectIndex | None] = []
    opened = 0

    def write():  # noqa: ANN202  as `SmallLog.write`
        nonlocal opened
        opened += 1
        if opened == 4:  # the transaction that submits
            done.append(indexer(lots).run(AT_MS))
        return lots.write()

    with pytest.raises(Exception):  # noqa: B017, PT011  the database's own word for a key that is there
        SubjectIndexer(lots.read, write, ORIGIN, LOG_KEY).run(AT_MS)
    assert done[0] is not None
    lots.sequencer().drain()
    with lots.read() as session:
        assert newest_index(session, published(session).size).index == done[0]
        assert proof_of(session, "lot/a").newest is not None


@pytest.mark.parametrize("count", [255, 256, 257, 16_383, 16_384, 16_385])
def test_every_edge_of_bundles_tiles_and_groups(sqlite_url: str, count: int) -> None:
    """Many subjects, put straight into the rows; the statement itself is then put there too."""
    many = DirectLog(sqlite_url)
    try:
        subjects = [f"lot/{number:06d}" for number in range(count)]
        many.append([plain_leaf(number) for number in range(count)], [(subject, 0) for subject in subjects])
        many.sign()
        made = indexer_of(many)._draft(count, None)
        hashes = many.frontier.size
        assert hashes == count
        with many.read() as session:
            from ledger.subjects.subject_index_proofs import proof_under
            from ledger.subjects.subject_index_source import LoggedIndex

            found = LoggedIndex(made, count)
            for number in {0, 1, 254, 255, 256, count // 2, count - 2, count - 1} & set(range(count)):
                proof = proof_under(session, found, subjects[number])
                assert proof.newest is not None
                assert proof.newest.position == number
                gap = proof_under(session, found, subjects[number] + "x")
                verify_absent(made, subjects[number] + "x", gap.before, gap.after)
        expected = index_of(
            (
                SubjectHead(subject, 1, hashed)
                for subject, hashed in zip(subjects, hashes_of(many), strict=True)
            ),
            count,
        )
        assert made == expected
    finally:
        many.engine.dispose()


def indexer_of(many: DirectLog) -> SubjectIndexer:
    return SubjectIndexer(many.read, many.write, MANY_ORIGIN, MANY_KEY)


def hashes_of(many: DirectLog) -> list[bytes]:
    from ledger.merkle import leaf_hash

    return [leaf_hash(leaf) for leaf in many.leaves]


def heads_of(counts: dict[str, int]) -> Iterator[SubjectHead]:
    ordered = sorted(counts, key=lambda subject: subject.encode())
    return (SubjectHead(subject, counts[subject], bytes(32)) for subject in ordered)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 5), max_size=12),
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(6, 9), max_size=12),
)
def test_merging_is_what_a_dictionary_does(old: dict[str, int], new: dict[str, int]) -> None:
    old = {subject: count for subject, count in old.items() if subject.isprintable()}
    new = {subject: count for subject, count in new.items() if subject.isprintable()}
    assert list(merged(heads_of(old), heads_of(new))) == list(heads_of(old | new))
