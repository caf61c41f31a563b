r"""Intervals that widen when too much falls outside, and narrow again when calm returns.

Adaptive conformal inference (Gibbs and Candès 2021, "Adaptive conformal inference under distribution shift",
NeurIPS 34): the miss rate asked of the scores moves by

.. math:: \alpha_{t+1} = \alpha_t + \gamma \alpha \tfrac{1}{h} \tfrac{m}{m+9} (\alpha - \mathrm{err}_t)

err is the share of the group's m series outside. The paper has one series and no delay; herbs and horizons
demand more. A forecast h periods ahead is seen to miss only h periods later, so its error is fed back then; a
loop with delay h swings unless its gain falls with h (at a constant gain of 0.2, intervals of M3 18 months
ahead held 14 % instead of 80 %). The error of few series is mostly noise: the gain is full for many,
half for nine, and nothing is fed back of fewer than five. And the rate stays between a quarter of the nominal
α and α itself: one miss does not bring out the widest score ever seen, and a long calm does not make
intervals narrower than plain conformal ones, to be paid for at the next jump.

Scores are in units of the series' restlessness as known *now*, not as it was at their own origin: a first
jump after a long calm would otherwise count as thousands of units for ever. The replay runs through all
origins in order; what it offers at each rests on ended targets only.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.intervals.conformal import LEVELS, bound, rank
from priceindex.forecast.intervals.distance import distance
from priceindex.forecast.intervals.own_scale import credible_scales, own_factors
from priceindex.forecast.method import IntervalRule
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.measures import mean_known
from priceindex.forecast.scoring.rolling_origin import Backtest
from priceindex.formulas.relatives import Places

Marks: TypeAlias = NDArray[np.bool_]
SIZE_OF_HALF_GAIN: Final = 9
"""Series in a group whose errors are fed back at half the full gain."""
LEAST_OF_NOMINAL: Final = 0.25
"""Share of the nominal α below which no rate is asked for: 80 % intervals never ask for more than 95 %."""
LEAST_SERIES: Final = 5
"""Series without which nothing is fed back: the misses of a few are noise, and their few scores could not
tell a widened inner interval from the outer one."""
_MISSES: Final = 1.0 - np.array(LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibrated:
    """How far intervals go, in units of each series; NaN where too few scores were known."""

    reach: Floats
    """(o, n, h, 2): what would have been offered at each past origin, inner and outer."""
    now: Floats
    """(n, h, 2): what is offered at the last column of the panel."""


def calibrate(
    tested: Backtest, centres: Floats, panel: SeriesPanel, groups: Places, rule: IntervalRule
) -> Calibrated:
    """Replay the intervals around `centres` (o, n, h), forecasts made at the origins of `tested`.

    `panel` is the one `tested` was made from; `groups` (n,) pools scores.
    """
    columns = np.append(tested.origins, panel.values.shape[1] - 1)
    scales = credible_scales(panel, columns, groups)
    away = distance(tested.actuals, centres)
    kinds, of_series = np.unique(groups, return_inverse=True)
    steps = 1 + np.arange(tested.horizon)
    of_group = np.bincount(of_series)[:, None, None]
    credible = np.where(of_group < LEAST_SERIES, 0.0, of_group / (of_group + SIZE_OF_HALF_GAIN))
    gains = float(rule.gamma) * _MISSES / steps[:, None] * credible
    missing = np.broadcast_to(_MISSES, (len(kinds), tested.horizon, 2))
    missed = np.full((len(tested.origins), *missing.shape), np.nan)
    reach = np.full((len(columns), *tested.actuals.shape[1:], 2), np.nan)
    for place, column in enumerate(columns.tolist()):
        ended = tested.origins[:place, None] + steps <= column
        before = tested.origins[:place, None] + steps <= (columns[place - 1] if place else -1)
        missing = missing + gains * _fed_back(missed[:place], ended & ~before)
        missing = missing.clip(_MISSES * LEAST_OF_NOMINAL, _MISSES)
        known = np.where(ended[:, None, :], away[:place] / scales[place][:, None], np.nan)
        factors = own_factors(known, groups, float(rule.own_scale))
        units = (factors * scales[place])[:, None, None]
        bounds = _bounds(known / factors[:, None], of_series, missing)
        reach[place] = _grown(bounds, ended.sum(axis=0) < rule.origins)[of_series] * units
        if place < len(tested.origins):
            missed[place] = _missed(away[place], bounds[of_series] * units, of_series, len(kinds))
    return Calibrated(reach=reach[:-1], now=reach[-1])


def _fed_back(missed: Floats, due: Marks) -> Floats:
    """Sum of α - err over the errors (p, g, h, 2) just seen, where `due` (p, h)."""
    errors = np.where(due[:, None, :, None], _MISSES - missed, 0.0)
    return np.asarray(np.where(np.isfinite(errors), errors, 0.0).sum(axis=0))


def _bounds(scores: Floats, of_series: Places, missing: Floats) -> Floats:
    """Bounds (g, h, 2) on the next score, from known scores (p, n, h) and the miss rates asked of them.

    A group with too few scores for the outer interval takes all groups' scores.
    """
    found = np.full(missing.shape, np.nan)
    for ahead in range(missing.shape[1]):
        here = scores[:, :, ahead]
        everyone = np.sort(here[np.isfinite(here)])
        for group in range(len(missing)):
            own = here[:, of_series == group]
            pool = np.sort(own[np.isfinite(own)])
            enough = rank(len(pool), LEVELS[1]) <= len(pool)
            found[group, ahead] = [
                bound(pool if enough else everyone, 1.0 - miss) for miss in missing[group, ahead]
            ]
    return found


def _grown(bounds: Floats, thin: Marks) -> Floats:
    """The bounds offered: at a `thin` horizon never narrower than a random walk grown from the one before.

    The few scores of a horizon that has seldom ended all come from one and the same stretch of time. A random
    walk's reach grows with the square root of the horizon. Those bounds are borrowed, not measured: they are
    not what the adaptation judges.
    """
    found = np.array(bounds)
    for ahead in range(1, found.shape[1]):
        if thin[ahead]:
            borrowed = found[:, ahead - 1] * np.sqrt((ahead + 1) / ahead)
            found[:, ahead] = np.fmax(found[:, ahead], borrowed)
    return found


def _missed(away: Floats, reach: Floats, of_series: Places, groups: int) -> Floats:
    """Share of each group's series that fell outside, (g, h, 2); NaN where nothing is known."""
    known = np.isfinite(away)[..., None] & np.isfinite(reach)
    outside = np.where(
        known, (away[..., None] > np.maximum.accumulate(reach, axis=-1)).astype(np.float64), np.nan
    )
    return np.stack([mean_known(outside[of_series == group], axis=0) for group in range(groups)])
