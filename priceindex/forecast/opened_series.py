"""One node looked at closely: fast and fitted models side by side, on its own past alone.

An analysis, not a forecast that is published: it is not stored, not committed before its targets, and the
track record never sees it. Herbs and grades are published without fitted models, whose skill there is seldom
shown; whoever opens one may see that for himself.
"""

from dataclasses import dataclass

import numpy as np

from priceindex.classification import Level
from priceindex.forecast.choosing import Candidates, Choice, choose
from priceindex.forecast.forecasts import GateLine, PublishedSeries
from priceindex.forecast.method import ForecastFrequency, ForecastMethod
from priceindex.forecast.nodes_on_grid import on_grid
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.origin_errors import origin_errors
from priceindex.forecast.scoring.rolling_origin import NAIVE
from priceindex.forecast.target_days import target_days
from priceindex.formulas.relatives import Places

_ONE: Places = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelLine:
    """What one model says of a node, and how it did at its past origins."""

    model: str
    values: Floats
    """(h,) index points; NaN where it gave none."""
    error: Floats
    """(h,): mean absolute error as a share of the value at the origin; NaN where no origin has ended."""
    relative_mae: Floats
    """(h,): the same over naive's; NaN where naive was never wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedSeries:
    """The analysis of one node on one grid."""

    level: Level
    node: str
    frequency: ForecastFrequency
    origin_day: int
    origin_value: float
    age_days: int
    """Days between that value's own day and the origin day."""
    periods: int
    """Periods of history."""
    target_days: Places
    origins: Places
    """(h,): past origins that have ended at each step, on which the errors are."""
    lines: tuple[ModelLine, ...]
    """Naive first, then the models in the order of the method, the weighted combination last."""
    gate: tuple[GateLine, ...]
    """What the gate would say of this node by itself."""
    chosen: Floats
    """(h,) index points: what it would let through."""


def open_series(
    one: PublishedSeries, frequency: ForecastFrequency, until: int, method: ForecastMethod, tried: Candidates
) -> OpenedSeries | None:
    """Try every candidate on a node's own past; None where its history is too short or too old."""
    found = on_grid([one], frequency, until, method)
    if not found.nodes:
        return None
    horizon, origin = method.grid(frequency).horizon, int(found.ends[-1])
    choice = choose(found, _ONE, horizon, method, tried)
    lines, origins = _lines(choice, horizon, method.text.gate.origins)
    return OpenedSeries(
        level=one.level,
        node=one.node,
        frequency=frequency,
        origin_day=origin,
        origin_value=float(found.panel.values[0, -1]),
        age_days=int(found.age_days[0]),
        periods=int(found.panel.lengths[0]),
        target_days=target_days(frequency, origin, horizon),
        origins=origins,
        lines=lines,
        gate=choice.lines,
        chosen=choice.point[0],
    )


def _lines(choice: Choice, horizon: int, newest: int) -> tuple[tuple[ModelLine, ...], Places]:
    """The models' lines, and how many origins their errors are of: the same that the gate looks at."""
    tested = choice.tested
    errors = origin_errors(tested, _ONE)
    mean = np.full((len(tested.models), horizon), np.nan)
    origins = np.zeros(horizon, dtype=np.int64)
    now = int(tested.origins[-1]) + 1 if len(tested.origins) else -1
    for ahead in range(horizon):
        ended = errors.ended(now, tested.origins, ahead, newest)
        origins[ahead] = len(ended)
        if len(ended):
            mean[:, ahead] = errors.pooled(ended, ahead)
    naive = mean[tested.models.index(NAIVE)]
    relative = np.divide(mean, naive, out=np.full_like(mean, np.nan), where=naive > 0.0)
    lines = (
        ModelLine(model=name, values=choice.made[name][0], error=mean[place], relative_mae=relative[place])
        for place, name in enumerate(tested.models)
    )
    return tuple(lines), origins
