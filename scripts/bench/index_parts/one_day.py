"""One day of 10,000 quotes more: every level, cut, week and month of a running family told again.

The family is `herbs` with its cuts by market and origin; the day is in the middle of a month, and then the
first of a month, after a link.
"""

import dataclasses
import datetime

import numpy as np
from figures.measure import timed
from figures.row import Row

from priceindex.calendar import day_number, day_of
from priceindex.classification import CLASSES
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.engine.next_day import LaterDays, extended
from priceindex.engine.run import run
from priceindex.families import family
from priceindex.quotes import Cell

QUOTES, GRADES, HERBS, MARKETS = 10_000, 600, 120, 5
ASKED_MS = 50
RUNS = 5
FIRST = datetime.date(2025, 1, 1)
DAYS = {"in the middle of a month": 80, "after a link": 59}
"""Days before the one measured: 2025-03-22 and 2025-03-01."""


def market(days: int) -> Inputs:
    """Every cell quoted once a day by one of three sources, prices walking at random."""
    draw = np.random.default_rng(7)
    cells = tuple(
        sorted(
            Cell(
                f"herb {grade % HERBS:03}",
                f"grade {grade // HERBS}",
                f"origin {copy}",
                f"market {copy % MARKETS}",
            )
            for grade in range(GRADES)
            for copy in range(-(-QUOTES // GRADES))
        )
    )[:QUOTES]
    walk = np.cumsum(draw.normal(0.0, 0.01, (days, QUOTES)), axis=0) + draw.normal(8.0, 1.0, QUOTES)
    cell = np.repeat(np.arange(QUOTES), days)
    quotes = QuoteColumns(
        cell=cell,
        day=np.tile(day_number(FIRST) + np.arange(days), QUOTES),
        source=cell % 3,
        tier=np.ones_like(cell),
        fen=np.rint(np.exp(walk.T.reshape(-1))).astype(np.int64) + 1,
        deals=np.ones_like(cell),
    )
    keys = list(CLASSES)
    return Inputs(
        family=family("herbs"),
        until=FIRST + datetime.timedelta(days=days - 1),
        as_of_ms=0,
        class_of={cell.herb: keys[place % len(keys)] for place, cell in enumerate(cells)},
        themes={},
        weight_sets=(),
        sources=(Source("a"), Source("b"), Source("c")),
        cells=cells,
        quotes=quotes,
        left_out=(),
    )


def rows(*, quick: bool) -> list[Row]:
    """Milliseconds of the extension, beside those of the full run."""
    measured: list[Row] = []
    for when, days in DAYS.items():
        if quick and days != min(DAYS.values()):
            continue
        measured.append(_row(when, days))
    return measured


def _row(when: str, days: int) -> Row:
    whole = market(days + 1)
    last = day_number(whole.until)
    new = whole.quotes.day == last
    before = dataclasses.replace(whole, until=day_of(last - 1), quotes=whole.quotes.taken(~new))
    full, start = timed(lambda: run(before))
    later = LaterDays(until=whole.until, as_of_ms=0, quotes=whole.quotes.taken(new))
    extended(start, later)
    taken = min(timed(lambda: extended(start, later))[0] for _ in range(RUNS)) * 1000
    return Row(
        what=f"one day more, {when}",
        ours=f"{taken:.1f} ms",
        baseline=f"{full * 1000:,.0f} ms, the full run",
        ratio=full * 1000 / taken,
        target=f"≤ {ASKED_MS} ms",
        met=taken <= ASKED_MS,
        note=f"{days} days before it, {GRADES} grades, cuts by market and origin; best of {RUNS}",
    )
