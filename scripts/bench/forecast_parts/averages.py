"""What averaging does: the skill that a month's average seems to have beside the average before.

Scored against the last quote, as the report asks for, that skill is gone; a random walk is measured beside
the real quotes to show how much of it there was to begin with.
"""

from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.real_herbs import ABSENT, daily_herbs
from priceindex.forecast.averages import relative_mae_of_means
from priceindex.forecast.grid import monthly
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places

SEED: Final = 6
YEARS, QUICK_YEARS, WALKS = 40, 5, 100


def rows(*, quick: bool) -> list[Row]:
    """The real quotes and a random walk; `quick` takes a shorter walk."""
    days = np.arange(365 * (QUICK_YEARS if quick else YEARS), dtype=np.int64)
    steps = np.random.default_rng(SEED).standard_normal((WALKS, len(days)))
    walk = _row("a random walk", days, 10_000.0 + np.cumsum(steps, axis=1))
    herbs = daily_herbs()
    if herbs is None:
        return [Row(what="real herbs, monthly means", ours="not measured", note=ABSENT), walk]
    return [_row("real herbs", *herbs), walk]


def _row(what: str, days: Places, values: Floats) -> Row:
    """Error of going on with a quarter of the mean's last change, over both baselines."""
    means, ends = (each.values for each in monthly(days, values, until=int(days[-1]), carried_at_most=2))
    origins = np.arange(1, means.shape[1] - 1, dtype=np.int64)
    forecasts = (means[:, origins] + 0.25 * (means[:, origins] - means[:, origins - 1])).T[:, :, None]
    against_mean, against_quote = (
        float(relative_mae_of_means(forecasts, means, base, origins)[0]) for base in (means, ends)
    )
    return Row(
        what=f"{what}, monthly mean a month ahead: relative MAE",
        ours=f"{against_quote:.3f} over the last quote",
        baseline=f"{against_mean:.3f} over the mean before",
        note=f"the mean's last change goes on by a quarter (Working 1960); {means.shape[0]} series, "
        f"{len(origins)} origins",
    )
