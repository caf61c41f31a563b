"""The real quotes of 亳州 from the raw CSV to a signed release: read, judged, stored, computed, logged."""

import datetime
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from figures.measure import Spread, cpu_timed, timed
from figures.row import Row
from sqlmodel import Session, SQLModel, create_engine

import api.tables  # noqa: F401  registers the tables
from api.index_runs import class_of
from api.quoted_names import known_names
from ledger import registry
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.writing.sequencer import Sequencer
from priceindex import service
from priceindex.families import family_version
from priceindex.intake.taking_in import take_in_body

SECONDS = 5.0
METHOD = "bozhou@2"
ORIGIN = "bench.example/bozhou"
KEY = SigningKey.from_seed(bytes(32))
NOW_MS = 1_767_312_000_000
UNTIL = datetime.date(2025, 12, 31)
FILE = "prices/bozhou_daily_2025.csv"
ROOT = Path(__file__).resolve().parents[3]


def rows(*, quick: bool) -> list[Row]:
    """The figure of the issue; a line that says so where the file is absent."""
    what = "real 亳州 quotes, raw CSV to signed release"
    file = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared")) / "data" / FILE
    if not file.is_file():
        return [Row(what=what, ours="not measured", note=f"DAODI_SHARED holds no data/{FILE}")]
    body = file.read_bytes()
    quotes = body.count(b"\n") - 1
    times = [_published(body) for _ in range(1 if quick else 3)]
    wall, cpu = Spread(tuple(each.wall for each in times)), Spread(tuple(each.cpu for each in times))
    return [
        Row(
            what=what,
            ours=wall.text(" s", 2),
            target=f"< {SECONDS:.0f} s",
            met=wall.median < SECONDS,
            note=f"{METHOD}, {quotes:,} quotes on SQLite with synchronous=FULL; wall seconds "
            "inside a process that is up; "
            f"{cpu.text(' CPU s', 2)}; the release's statement is in a signed checkpoint at the end",
        )
    ]


@dataclass(frozen=True, slots=True)
class _Taken:
    wall: float
    cpu: float


def _published(body: bytes) -> _Taken:
    """Do it all once on a fresh database."""
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        engine = create_engine(f"sqlite:///{folder}/bench.sqlite")
        SQLModel.metadata.create_all(engine)

        @contextmanager
        def writing() -> Iterator[Session]:
            with Session(engine) as session, session.begin():
                session.connection().exec_driver_sql("PRAGMA synchronous=FULL")
                yield session

        def whole() -> None:
            with writing() as session:
                take_in_body(session, body, "bozhou.csv", "kmzyw", NOW_MS, known=known_names())
            with writing() as session:
                run = service.compute(session, family_version(METHOD), class_of(), UNTIL, NOW_MS)
                service.publish(session, run, ORIGIN, KEY, NOW_MS)
            Sequencer(writing, ORIGIN, fixed(KEY)).drain()

        with writing() as session:
            registry.found(session, ORIGIN, KEY, NOW_MS)
        wall, (cpu, _) = timed(lambda: cpu_timed(whole))
        engine.dispose()
    return _Taken(wall, cpu)
