"""A million quotes from a CSV file to the quote book: read, judged by every rule, and stored.

Beside it the bare inserts of as many rows into a bare table, and taking the same in again.
"""

import csv
import datetime
import io
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from figures.measure import cpu_timed, timed
from figures.row import Row
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

import api.tables  # noqa: F401  registers the tables
from api.sqlite_engines import write_engine
from priceindex.feeds.csv_feed import read_csv
from priceindex.intake.known_names import KnownNames
from priceindex.intake.taking_in import IntakeReport, take_in
from priceindex.quotes import Quote

SECONDS = 10.0
MILLION = 1_000_000
DAYS = 730
MARKETS = ("亳州", "安国", "荷花池", "玉林")
NOW_MS = 1_767_312_000_000
UNTIL = datetime.date(2025, 12, 31)
SOURCE = "bench"


def rows(*, quick: bool) -> list[Row]:
    """Reading, storing, and storing again; the target is of reading and storing together."""
    grades = 20 if quick else 350
    body = quotes_csv(grades)
    known = KnownNames(
        herbs=frozenset(f"药{number}" for number in range(grades)),
        markets={name: name for name in MARKETS},
        near_herbs=lambda _: (),
    )
    plain_read, _ = timed(lambda: list(csv.reader(io.StringIO(body.decode()))))
    read_seconds, (read_cpu, read) = timed(lambda: cpu_timed(lambda: read_csv(body, "bench.csv", SOURCE)))
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        engine = write_engine(Path(folder) / "bench.sqlite", 5_000)
        SQLModel.metadata.create_all(engine)
        inserts, _ = timed(lambda: plain_inserts(Path(folder), read.quotes))
        stored, (cpu, report) = timed(lambda: cpu_timed(lambda: taken(engine, read.quotes, known)))
        again, _ = timed(lambda: taken(engine, read.quotes, known))
        engine.dispose()
    count = len(read.quotes)
    seconds = (read_cpu + cpu) * MILLION / count
    return [
        Row(
            what=f"{count:,} quotes: read, judged, stored",
            ours=f"{read_cpu + cpu:.1f} CPU s ({count / (read_cpu + cpu):,.0f}/s)",
            baseline=f"bare inserts {inserts:.1f} s",
            target=f"≤ {SECONDS:.0f} s a million",
            met=seconds <= SECONDS,
            note=f"read {read_cpu:.1f}, stored {cpu:.1f} CPU s; wall {read_seconds:.1f} and {stored:.1f} s, "
            f"csv.reader alone {plain_read:.1f} s; {report.written:,} written, {report.flagged:,} flagged, "
            f"{report.quarantined:,} quarantined; SQLite as the service opens it, one transaction",
        ),
        Row(what="  the same in again (nothing new)", ours=f"{again:.1f} s"),
    ]


def quotes_csv(grades: int) -> bytes:
    """Sticky prices that step now and then, as a file somebody uploads; the same in every run."""
    draw = np.random.default_rng(20251231)
    steps = draw.choice([0.9, 0.95, 1.05, 1.1], size=(DAYS, grades, len(MARKETS)))
    moves = np.where(draw.random(steps.shape) < 0.03, steps, 1.0)
    fen = np.rint(np.clip(draw.integers(1000, 20000, steps.shape[1:]) * np.cumprod(moves, axis=0), 100, None))
    first = UNTIL - datetime.timedelta(days=DAYS - 1)
    days = [(first + datetime.timedelta(days=number)).isoformat() for number in range(DAYS)]
    lines = [
        f"药{grade // 2},{'统选'[grade % 2]},{market},{days[day]},{fen[day, grade, place] / 100:.2f}"
        for grade in range(grades)
        for place, market in enumerate(MARKETS)
        for day in range(DAYS)
    ]
    return "\n".join(["herb,grade,market,date,price", *lines]).encode()


def taken(engine: Engine, quotes: tuple[Quote, ...], known: KnownNames) -> IntakeReport:
    """Take the quotes in, in one transaction."""
    with writing(engine) as session:
        return take_in(session, quotes, SOURCE, NOW_MS, known=known, proceed=True)


def plain_inserts(folder: Path, quotes: tuple[Quote, ...]) -> None:
    """As many bare rows into a bare table."""
    connection = sqlite3.connect(folder / "plain.sqlite")
    connection.execute(
        "create table plain (herb, grade, market, day, fen, primary key (herb, grade, market, day))"
    )
    rows = ((one.herb, one.grade, one.market, one.day.isoformat(), one.fen_per_kg) for one in quotes)
    connection.executemany("insert into plain values (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end."""
    with Session(engine) as session, session.begin():
        yield session
