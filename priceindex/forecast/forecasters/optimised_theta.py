"""The dynamic optimised Theta model of Fiorucci and others, every series solved at once.

For a given weight of the newest value the one-step errors are linear in the two other parameters, the
starting level and 1 - 1/θ. So these are solved exactly for each weight of a grid, by least squares, and
no search can fail or end somewhere else on another machine.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.forecasters.adjusted import Adjusted
from priceindex.forecast.forecasters.laid_out import LaidOut
from priceindex.forecast.forecasters.running_line import RunningLine, running_lines
from priceindex.forecast.forecasters.theta import theta
from priceindex.forecast.panel import Floats

WEIGHTS: Final = np.linspace(0.1, 0.99, 16)
"""The weights of the newest value that are tried, from bound to bound of the paper."""
LEAST: Final = 6
"""Shorter series have hardly more errors than parameters and are left to the plain Theta method."""
_SKIPPED: Final = 3
"""So many first errors do not count (as in statsforecast): the line before them hangs on two values."""
_ALIKE: Final = 1e-12
"""A determinant below this share of its main product tells the two parameters no longer apart."""


def optimised_theta(series: Adjusted, weights: Floats = WEIGHTS) -> Floats:
    """Forecasts (horizon, n) in logarithms by DOTM, the dynamic optimised Theta model.

    Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016), International Journal of Forecasting 32,
    1151-1161, with θ >= 1.
    """
    first = series.logs[0]
    values = series.logs - first
    lines = running_lines(values)
    fitted = _fitted(_normal_equations(values, series.laid, lines, weights), weights)
    found = first + _carried_on(fitted, lines.after(series.laid.lengths), series)
    return np.where(series.laid.lengths >= LEAST, found, theta(series))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sums:
    """Sums over the errors of one fit for each weight, (g, n) each.

    An error is `rest - fading x start - pull x share`: what is left of a value after smoothing from 0, less
    what is left of the starting level, less the pull of the line by the share 1 - 1/θ.
    """

    fading_fading: Floats
    fading_pull: Floats
    pull_pull: Floats
    fading_rest: Floats
    pull_rest: Floats
    rest_rest: Floats
    level: Floats
    """The level at the end, smoothed from 0."""
    fading: Floats
    """What is left of the starting level at the end, (1 - weight)^length."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fitted:
    """The parameters of least squared error of each series and its level at the end, (n,) each."""

    weight: Floats
    share: Floats
    level: Floats
    fading: Floats
    """(1 - weight)^length."""


def _normal_equations(values: Floats, laid: LaidOut, lines: RunningLine, weights: Floats) -> _Sums:
    """Walk once through all series with every weight."""
    periods, series = values.shape
    kept = np.vstack([np.ones_like(weights), *[1.0 - weights] * periods])
    fading = np.asarray(np.cumprod(kept, axis=0), dtype=np.float64)
    pulled = (1.0 - fading[1:]) / weights
    level, rest, pull, product, *sums = (np.zeros((len(weights), series)) for _ in range(9))
    column = weights[:, None]
    for place, count in enumerate(laid.running):
        left, by, both = rest[:, :count], pull[:, :count], product[:, :count]
        np.subtract(values[place, :count], level[:, :count], out=left)
        if place >= _SKIPPED:
            fade = fading[place][:, None]
            np.multiply(fade, lines.intercept[place - 1, :count], out=by)
            np.multiply(pulled[place][:, None], lines.slope[place - 1, :count], out=both)
            by += both
            for total, one, two in zip(
                sums, (fade, by, fade, by, left), (by, by, left, left, left), strict=True
            ):
                np.multiply(one, two, out=both)
                total[:, :count] += both
        np.multiply(left, column, out=both)
        level[:, :count] += both
    fading_squares = np.cumsum(np.where(np.arange(periods) < _SKIPPED, 0.0, fading[:-1].T ** 2), axis=1)
    fading_pull, pull_pull, fading_rest, pull_rest, rest_rest = sums
    return _Sums(
        fading_fading=fading_squares[:, np.maximum(laid.lengths - 1, 0)],
        fading_pull=fading_pull,
        pull_pull=pull_pull,
        fading_rest=fading_rest,
        pull_rest=pull_rest,
        rest_rest=rest_rest,
        level=level,
        fading=fading[laid.lengths].T,
    )


def _fitted(sums: _Sums, weights: Floats) -> _Fitted:
    """Solve for starting level and share under each weight, the share held to [0, 1]; keep the best."""
    fading = np.maximum(sums.fading_fading, np.finfo(np.float64).tiny)
    product = fading * sums.pull_pull
    determinant = product - sums.fading_pull**2
    apart = determinant > _ALIKE * product
    over = fading * sums.pull_rest - sums.fading_pull * sums.fading_rest
    share = np.clip(np.where(apart, over / np.where(apart, determinant, 1.0), 0.0), 0.0, 1.0)
    start = (sums.fading_rest - share * sums.fading_pull) / fading
    squares = (
        sums.rest_rest
        - 2.0 * (start * sums.fading_rest + share * sums.pull_rest)
        + start * start * sums.fading_fading
        + share * (2.0 * start * sums.fading_pull + share * sums.pull_pull)
    )
    best = squares.argmin(axis=0), np.arange(squares.shape[1])
    fade = sums.fading[best]
    level = sums.level[best] + fade * start[best]
    return _Fitted(weight=weights[best[0]], share=share[best], level=level, fading=fade)


def _carried_on(fitted: _Fitted, line: RunningLine, series: Adjusted) -> Floats:
    """Forecast step by step, each forecast taken as the next value, (horizon, n)."""
    level, fade = fitted.level, fitted.fading
    place = series.laid.lengths.astype(np.float64) + 1.0
    found = np.empty_like(series.ahead)
    for step in range(series.horizon):
        faded = fade * (1.0 - fitted.weight)
        pull = fade * line.intercept + (1.0 - faded) / fitted.weight * line.slope
        found[step] = level + fitted.share * pull
        level = level + fitted.weight * (found[step] - level)
        line = line.with_value(found[step], place)
        fade, place = faded, place + 1.0
    return found
