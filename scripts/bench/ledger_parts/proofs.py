"""Inclusion proofs from tiles in memory: at two sizes, and against pymerkle's tree in memory."""

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pymerkle
from figures.measure import Spread, timed
from figures.row import Row
from sqlmodel import Session, create_engine

from ledger import log
from ledger.merkle import leaf_hash, leaf_hashes_of, prove_inclusion, root_of, verify_inclusion
from ledger.tree.hot_tiles import HotTiles
from ledger_parts.grown import grown_log, leaf

SMALL, THEIRS, LARGE = 10_000, 100_000, 1_000_000
PLENTY = 1 << 30
ASKED = 300
"""Proofs in one run."""


def rows(*, quick: bool) -> list[Row]:
    """The two figures of the issue. `quick` takes a tenth of each size."""
    share = 10 if quick else 1
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        small, large = (_Hot(Path(folder), size // share) for size in (SMALL, LARGE))
        theirs = _pymerkle(THEIRS // share)
        served_small, served_large, bare_small, bare_large, at_theirs = _in_turn(
            (small.served, large.served, small.bare, large.bare, _their_work(theirs, THEIRS // share)),
            5 if quick else 15,
        )
        small.close()
        large.close()
    growth = served_large.median / served_small.median
    lead = at_theirs.median / bare_large.median
    return [
        Row(
            what=f"inclusion proof at {large.size:,} entries",
            ours=served_large.text(" us", 1),
            baseline=f"at {small.size:,}: {served_small.text(' us', 1)}",
            ratio=growth,
            target="at most 1.5x the time",
            met=growth <= 1.5,
            note="As the service makes it: the log's size asked of the database, the proof from hot tiles. "
            f"Random indices, {ASKED} proofs a run.",
        ),
        Row(
            what="the same, tiles in memory alone",
            ours=bare_large.text(" us", 1),
            baseline=f"at {small.size:,}: {bare_small.text(' us', 1)}",
            ratio=bare_large.median / bare_small.median,
            note="Path lengths alone are as 20 to 14 (1.43x); the rest is memory that no cache holds.",
        ),
        Row(
            what=f"inclusion proof at {large.size:,} entries",
            ours=bare_large.text(" us", 1),
            baseline=f"pymerkle InmemoryTree at {THEIRS // share:,}: {at_theirs.text(' us', 1)}",
            ratio=lead,
            target="at least 2x faster",
            met=lead >= 2,
            note="Both from memory alone; ours makes a reader for each proof, as for each request.",
        ),
    ]


class _Hot:
    """A log in a file with all its tiles in memory."""

    def __init__(self, folder: Path, size: int) -> None:
        self.size = size
        self._engine = create_engine(grown_log(folder / f"{size}.sqlite", size))
        self._session = Session(self._engine)
        self._hot = HotTiles(PLENTY)
        self._indices = [random.Random(number).randrange(size) for number in range(ASKED)]
        head = log.checkpoint(self._session)
        for index in (*range(0, size, 256), *self._indices):
            proof = log.inclusion(self._session, index, size, self._hot)
            verify_inclusion(leaf_hash(leaf(index)), index, size, proof, head.root)

    def served(self) -> None:
        """Make the proofs as a request does."""
        for index in self._indices:
            log.inclusion(self._session, index, self.size, self._hot)

    def bare(self) -> None:
        """Make the proofs without asking the database anything."""
        for index in self._indices:
            node = self._hot.over(_no_tile, self.size)
            prove_inclusion(index, self.size, node, edge=self._hot.edge(node, self.size))

    def close(self) -> None:
        """Let the file go."""
        self._session.close()
        self._engine.dispose()


def _no_tile(level: int, index: int) -> bytes:
    raise SystemExit(f"tile {level}/{index} is not hot")


def _pymerkle(size: int) -> pymerkle.InmemoryTree:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(leaf(number))
    if tree.get_state(1000) != root_of(leaf_hashes_of(leaf(number) for number in range(1000))):
        raise SystemExit("pymerkle gives another root")
    return tree


def _their_work(tree: pymerkle.InmemoryTree, size: int) -> Callable[[], None]:
    indices = [1 + random.Random(number).randrange(size) for number in range(ASKED)]

    def work() -> None:
        for index in indices:
            tree.prove_inclusion(index, size)

    return work


def _in_turn(works: tuple[Callable[[], None], ...], runs: int) -> list[Spread]:
    """Microseconds a proof of each, their runs taking turns."""
    taken = [[timed(work)[0] * 1e6 / ASKED for work in works] for _ in range(runs)]
    return [Spread(tuple(column)) for column in zip(*taken, strict=True)]
