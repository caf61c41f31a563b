"""How many of the values that came lay inside the intervals, per horizon and per period.

An average over a year hides the week in which everything moved at once: in the worst week only about half of
the herbs lie inside an 80 % interval. Both figures are published.
"""

from dataclasses import dataclass

import numpy as np

from priceindex.forecast.intervals.conformal import LEVELS, intervals
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.measures import inside, mean_known
from priceindex.forecast.scoring.rolling_origin import Backtest
from priceindex.formulas.relatives import Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """Coverage of one level of interval."""

    level: float
    """What the intervals were to hold."""
    overall: float
    """Share inside over all series, origins and horizons."""
    per_horizon: Floats
    """(h,)."""
    targets: Places
    """(w,): the columns that were targets, ascending."""
    per_target: Floats
    """(w,): share inside of all forecasts, at any horizon, of one period."""
    forecasts: int
    origins: int


def covered(tested: Backtest, centres: Floats, reach: Floats) -> tuple[Coverage, Coverage]:
    """Coverage of the inner and the outer intervals that reach (o, n, h, 2) from `centres` (o, n, h)."""
    shape = (-1, tested.horizon)
    quantiles = intervals(centres.reshape(shape), reach.reshape((*shape, 2))).reshape((*centres.shape, 5))
    return (
        _coverage(tested, LEVELS[0], inside(tested.actuals, quantiles[..., 1], quantiles[..., 3])),
        _coverage(tested, LEVELS[1], inside(tested.actuals, quantiles[..., 0], quantiles[..., 4])),
    )


def _coverage(tested: Backtest, level: float, held: Floats) -> Coverage:
    known = np.isfinite(held)
    targets = tested.origins[:, None] + 1 + np.arange(tested.horizon)
    used = np.unique(targets[known.any(axis=1)])
    by_origin = held.transpose(0, 2, 1)
    return Coverage(
        level=level,
        overall=float(mean_known(held)),
        per_horizon=mean_known(held, axis=(0, 1)),
        targets=used,
        per_target=np.array([float(mean_known(by_origin[targets == each])) for each in used]),
        forecasts=int(known.sum()),
        origins=int(known.any(axis=(1, 2)).sum()),
    )
