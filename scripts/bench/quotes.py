"""How long quotes and releases take: 60 grades at 4 markets over 730 days, 175,200 quotes.

Run it as `python scripts/bench/quotes.py [DATABASE_URL]`; without an address it uses a fresh SQLite file.
Each figure stands beside a baseline of the same run: plain inserts of as many rows, or one numpy pass.
"""

import csv
import datetime
import io
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, create_engine

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import api  # noqa: F401  binds `trace`
import priceindex.tables  # noqa: F401  registers the tables
from ledger import registry
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.writing.sequencer import Sequencer
from priceindex import service
from priceindex.families import family
from priceindex.feeds.csv_feed import read_csv
from priceindex.intake.known_names import KnownNames
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote

T = TypeVar("T")
ORIGIN = "bench.example/quotes"
KEY = SigningKey.from_seed(bytes(32))
NOW_MS = 1_767_312_000_000
DAYS = 730
GRADES = 60
MARKETS = ("亳州", "安国", "荷花池", "玉林")
KNOWN = KnownNames(
    herbs={f"药{number}" for number in range(GRADES)},
    markets={name: name for name in MARKETS},
    near_herbs=lambda _: (),
)
UNTIL = datetime.date(2025, 12, 31)


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite"
        engine = create_engine(url)
        SQLModel.metadata.create_all(engine)
        print(f"{'step':<44}{'seconds':>9}{'baseline':>10}{'ratio':>8}")
        measure(engine, quotes())
        engine.dispose()


def measure(engine: Engine, made: list[Quote]) -> None:
    """Take the quotes in, compute, publish, verify; one line each."""
    with writing(engine) as session:
        registry.found(session, ORIGIN, KEY, NOW_MS)
    body = as_csv(made)
    plain_read = timed(lambda: list(csv.reader(io.StringIO(body.decode()))))[0]
    line("read 175,200 rows of CSV", timed(lambda: read_csv(body, "bench.csv", "bench"))[0], plain_read)
    inserts = timed(lambda: plain_inserts(made))[0]
    line("take 175,200 quotes in", timed(lambda: taken(engine, made))[0], inserts)
    line("take the same in again (0 rows)", timed(lambda: taken(engine, made))[0], inserts)
    sums = timed(lambda: numpy_pass(made))[0]
    classes = {quote.herb: "root" for quote in made}
    with Session(engine) as session:
        seconds, run = timed(lambda: service.compute(session, family("herbs"), classes, UNTIL, NOW_MS))
    line("compute every level of 730 days", seconds, sums)
    with writing(engine) as session:
        seconds, release = timed(lambda: service.publish(session, run, ORIGIN, KEY, NOW_MS))
    line("publish", seconds, sums)
    Sequencer(lambda: writing(engine), ORIGIN, fixed(KEY)).drain()
    with Session(engine) as session:
        seconds, found = timed(lambda: service.verify(session, release.release_id))
    line(f"verify {found.values_compared:,} values", seconds, sums)
    if not found.ok:
        raise SystemExit(f"the release does not verify: {found.faults}")


def quotes() -> list[Quote]:
    """Sticky prices that step now and then, the same in every run."""
    randomness = np.random.default_rng(20251231)
    steps = randomness.choice([0.9, 0.95, 1.05, 1.1], size=(DAYS, GRADES, len(MARKETS)))
    moves = np.where(randomness.random(steps.shape) < 0.03, steps, 1.0)
    fen = np.rint(
        np.clip(randomness.integers(1000, 20000, steps.shape[1:]) * np.cumprod(moves, axis=0), 100, None)
    )
    first = UNTIL - datetime.timedelta(days=DAYS - 1)
    return [
        Quote(
            herb=f"药{grade // 2}",
            grade=("统", "选")[grade % 2],
            origin="",
            market=market,
            day=first + datetime.timedelta(days=day),
            fen_per_kg=int(fen[day, grade, place]),
            source="bench",
        )
        for grade in range(GRADES)
        for place, market in enumerate(MARKETS)
        for day in range(DAYS)
    ]


def as_csv(made: list[Quote]) -> bytes:
    """The quotes as a file somebody uploads."""
    rows = [f"{one.herb},{one.grade},{one.market},{one.day},{one.fen_per_kg / 100:.2f}" for one in made]
    return "\n".join(["herb,grade,market,date,price", *rows]).encode()


def taken(engine: Engine, made: list[Quote]) -> None:
    """Take the quotes in, in one transaction."""
    with writing(engine) as session:
        take_in(session, made, "bench", NOW_MS, known=KNOWN)


def plain_inserts(made: list[Quote]) -> None:
    """As many bare rows into a bare table."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/plain.sqlite")
        connection.execute(
            "create table plain (herb, grade, market, day, fen, primary key (herb, grade, market, day))"
        )
        rows = ((one.herb, one.grade, one.market, one.day.isoformat(), one.fen_per_kg) for one in made)
        connection.executemany("insert into plain values (?, ?, ?, ?, ?)", rows)
        connection.commit()
        connection.close()


def numpy_pass(made: list[Quote]) -> float:
    """The least any index must do: read every price once and take its logarithm."""
    return float(np.log(np.array([one.fen_per_kg for one in made], dtype=float)).sum())


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end."""
    with Session(engine) as session, session.begin():
        yield session


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that `work` took, and what it gave."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def line(step: str, seconds: float, baseline: float) -> None:
    """Print one line of the table."""
    print(f"{step:<44}{seconds:>9.2f}{baseline:>10.3f}{seconds / baseline:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
