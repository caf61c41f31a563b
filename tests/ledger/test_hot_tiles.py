"""Tiles in memory give what the stored ones give, whatever was asked before, and never more than allowed."""

import threading
from collections.abc import Iterator

import pytest

from ledger import log
from ledger.errors import ProofOutOfRange
from ledger.merkle import (
    leaf_hashes_of,
    prove_consistency,
    prove_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ledger.tree.hot_tiles import HotTiles
from tests.ledger.direct_log import DirectLog

PLENTY = 64 * 1024 * 1024


@pytest.fixture
def many(database_url: str) -> Iterator[DirectLog]:
    grown = DirectLog(database_url)
    grown.grow_to(700)
    yield grown
    grown.engine.dispose()


def check(many: DirectLog, hot: HotTiles, size: int, indices: Iterator[int] | range) -> None:
    """Make proofs from memory and verify them against the tree hashed from the leaves."""
    hashes = leaf_hashes_of(many.leaves[:size])
    root = root_of(hashes)
    with many.read() as session:
        node = hot.reader(session, size)
        for index in indices:
            verify_inclusion(hashes[index], index, size, prove_inclusion(index, size, node), root)
        old = max(1, size // 3)
        proof = prove_consistency(old, size, node)
    verify_consistency(old, size, root_of(hashes[:old]), root, proof)


def test_readers_at_every_size_are_right_in_any_order(many: DirectLog) -> None:
    hot = HotTiles(PLENTY)
    for size in (700, 3, 257, 699, 256, 1, 512, 255, 700, 600):
        check(many, hot, size, range(0, size, 41))


def test_a_reader_of_an_older_state_stays_right_while_the_log_grows(many: DirectLog) -> None:
    hot = HotTiles(PLENTY)
    for grown in range(701, 1100, 57):
        check(many, hot, 700, range(640, 700, 7))
        many.grow_to(grown)
        check(many, hot, grown, range(640, grown, 13))
        check(many, hot, 700, range(640, 700, 7))


def test_what_is_kept_needs_no_database(many: DirectLog) -> None:
    hot = HotTiles(PLENTY)
    check(many, hot, 700, range(0, 700, 11))
    with many.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_tile")
    check(many, hot, 700, range(0, 700, 11))
    with pytest.raises(ProofOutOfRange):
        check(many, HotTiles(PLENTY), 700, range(1))


def test_memory_stays_within_its_bound_and_the_proofs_right(many: DirectLog) -> None:
    full = 1024 + 511 * 32  # what one full tile takes
    hot = HotTiles(2 * full)
    check(many, hot, 700, range(0, 700, 11))
    assert 0 < len(hot) <= 3
    assert 0 < hot.kept_bytes <= 2 * full
    nothing = HotTiles(0)
    check(many, nothing, 700, range(0, 700, 101))
    assert (len(nothing), nothing.kept_bytes) == (0, 0)


def test_the_tile_used_longest_ago_goes_first(many: DirectLog) -> None:
    hot = HotTiles(2 * (1024 + 511 * 32))
    read: list[tuple[int, int]] = []
    with many.read() as session:
        from ledger.store import tile_reader

        stored = tile_reader(session)

        def tile(level: int, index: int) -> bytes:
            read.append((level, index))
            return stored(level, index)

        for index in (0, 1, 0, 1, 0):
            hot.over(tile, 700)(0, index * 256)
        many.grow_to(1000)
    with many.read() as session:
        stored = tile_reader(session)
        for index in (2, 0, 1):  # 2 pushes 1 out, and 1 pushes 2 out
            hot.over(tile, 1000)(0, index * 256)
    assert read == [(0, 0), (0, 1), (0, 2), (0, 1)]


def test_nothing_beyond_its_tree_is_given(many: DirectLog) -> None:
    hot = HotTiles(PLENTY)
    check(many, hot, 700, range(0, 700, 11))
    with many.read() as session:
        node = hot.reader(session, 300)
        for level, index in ((0, 600), (8, 2), (16, 0), (9, 1)):
            with pytest.raises(ProofOutOfRange):
                node(level, index)


def test_the_logs_own_proofs_are_the_same_with_and_without_memory(many: DirectLog) -> None:
    hot = HotTiles(PLENTY)
    with many.read() as session:
        for size in (1, 256, 700):
            for index in range(0, size, 53):
                assert log.inclusion(session, index, size, hot) == log.inclusion(session, index, size)
            assert log.consistency(session, 1, size, hot) == log.consistency(session, 1, size)


def test_threads_share_it_and_each_is_right(many: DirectLog) -> None:
    hot = HotTiles(3 * (1024 + 511 * 32))
    faults: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for size in range(400 + first, 700, 97):
                check(many, hot, size, range(first, size, 37))
        except BaseException as error:  # noqa: BLE001  a thread's failure must reach the test
            faults.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert hot.kept_bytes <= 3 * (1024 + 511 * 32)
