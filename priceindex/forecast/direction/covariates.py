"""What is known of each series before its next movement: its own steps, its siblings', the composite's.

Everything looks backward: the covariates of a column use that column and those before it, so that a row of
history says what could have been known then.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.direction.direction_panel import DirectionPanel, signs
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places, group_sums

NEAR: Final = 4
"""Periods over which movements of a series, its siblings and the composite are taken."""
LONG: Final = 8
"""Periods over which a series' own steps are counted."""
FADING: Final = 6.0
"""Periods in which the last step's sign loses two thirds of its say."""


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """What is known at each column: (n, T, 4) each, NaN where a series has no value before it."""

    change: Floats
    """Of whether it will change: log(1 + periods since its last step), its steps in `LONG` periods, share
    of siblings that moved in `NEAR`, absolute movement of the composite in `NEAR`."""
    sign: Floats
    """Of which way: the last step's sign times e**(-periods since / `FADING`), then the movements in `NEAR`
    periods, in logs, of the series, its siblings and the composite."""


def covariates(panel: DirectionPanel) -> Covariates:
    """The covariates of every series at every column.

    A series without a step counts its whole history as the time since, with no sign: what the pool says of
    such a series is its forecast. One without siblings takes what all the series did together.
    The composite is the mean of the logs (Jevons).
    """
    steps = signs(panel, 1)
    known = ~np.isnan(steps)
    stepped = known & (steps != 0.0)
    since, last = _last_step(steps, stepped)
    own = _movement(panel.logs)
    moved = (_in_last(stepped, NEAR) > 0).astype(np.float64)
    together = _mean(own, known)
    change = (
        np.log1p(since),
        _in_last(stepped, LONG),
        _of_siblings(moved, known, panel.group),
        np.abs(together),
    )
    sign = (last * np.exp(-since / FADING), own, _of_siblings(own, known, panel.group), together)
    return Covariates(_stacked(change, known), _stacked(sign, known))


def _last_step(steps: Floats, stepped: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Periods since the last step and its sign; without one, since the first value, and 0."""
    places = np.arange(steps.shape[1])
    newest = np.maximum.accumulate(np.where(stepped, places, -1), axis=1)
    first = np.argmax(~np.isnan(steps), axis=1)[:, None] - 1
    since = places - np.where(newest >= 0, newest, np.maximum(first, 0))
    last = np.where(newest >= 0, np.take_along_axis(steps, np.maximum(newest, 0), axis=1), 0.0)
    return np.maximum(since, 0).astype(np.float64), last


def _in_last(stepped: NDArray[np.bool_], periods: int) -> Floats:
    """How many of the last so many columns, this one included, are true."""
    counted = np.cumsum(stepped, axis=1, dtype=np.int64)
    before = np.zeros_like(counted)
    before[:, periods:] = counted[:, :-periods]
    return (counted - before).astype(np.float64)


def _movement(logs: Floats) -> Floats:
    """Change of the log over `NEAR` columns, or since the first value where that is nearer."""
    first = np.argmax(~np.isnan(logs), axis=1)[:, None]
    from_column = np.maximum(np.arange(logs.shape[1]) - NEAR, first)
    return np.asarray(logs - np.take_along_axis(logs, from_column, axis=1))


def _mean(values: Floats, known: NDArray[np.bool_]) -> Floats:
    """Mean of the known values of each column, (1, T); 0 where there is none."""
    total = np.where(known, values, 0.0).sum(axis=0, keepdims=True)
    return np.asarray(total / np.maximum(known.sum(axis=0, keepdims=True), 1))


def _of_siblings(values: Floats, known: NDArray[np.bool_], group: Places) -> Floats:
    """Mean over the other members of each series' group; over all series where it has none."""
    groups = int(group.max(initial=-1)) + 1
    told = np.where(known, values, 0.0)
    totals = group_sums(told.T, group, groups).T
    others = group_sums(known.T.astype(np.float64), group, groups).T[group] - known
    mean = (totals[group] - told) / np.maximum(others, 1.0)
    return np.where(others > 0.0, mean, _mean(values, known))


def _stacked(columns: tuple[Floats, ...], known: NDArray[np.bool_]) -> Floats:
    told = np.stack([np.broadcast_to(each, known.shape) for each in columns], axis=-1)
    return np.where(known[..., None], told, np.nan)
