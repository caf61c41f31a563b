"""A whole release from its inputs: every level and cut by day, week and month, counts, series, bundle."""

from collections.abc import Callable

from figures.measure import cpu_timed
from figures.row import Row

from index_parts.one_day import GRADES, market
from priceindex.engine.index_run import IndexRun
from priceindex.engine.run import run
from priceindex.releases.series import digest

DAYS, QUICK_DAYS = 60, 20


def rows(*, quick: bool) -> list[Row]:
    """Processor seconds of each step, and of all of them."""
    inputs = market(QUICK_DAYS if quick else DAYS)
    run(inputs)
    computed, found = cpu_timed(lambda: run(inputs))
    steps: dict[str, Callable[[IndexRun], object]] = {
        "series and digest": lambda told: digest(told.all_series()),
        "bundle": lambda told: told.bundle,
    }
    taken = {"values and counts": computed}
    for name, step in steps.items():
        taken[name] = cpu_timed(lambda step=step: step(found))[0]
    quotes = len(inputs.quotes)
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in taken.items())
    return [
        Row(
            what=f"full run, {quotes:,} quotes, {GRADES} grades, cuts by market and origin",
            ours=f"{sum(taken.values()):.2f} s",
            note=f"processor seconds: {parts}; {len(found.all_series()):,} series",
        )
    ]
