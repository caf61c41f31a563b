"""From quotes at any day to one value a week or a month, each with the age of the quote it rests on.

Nothing is interpolated: a cell is a quote of that period or an earlier one that stands in for it, so
that no cell knows what came after it (a line between two quotes would hand the later one to the past,
and invent momentum). Only periods that have ended by `until` are in the grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import month_numbers
from priceindex.forecast.forecast_errors import DaysNotRising
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.formulas.relatives import Places

NO_AGE = -1
"""Age of a cell without a value."""
_FRIDAY = 1
"""1970-01-01 was a Thursday: the day numbers of Fridays leave 1 when divided by 7."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gridded:
    """One series, or many over the same periods, on a grid."""

    ends: Places
    """Last day of each period (a Friday, or a month's last day), (m,)."""
    values: Floats
    """(m,) or (n, m); NaN before the first quote and where the last one is too old."""
    age_days: Places
    """Days from the quote that stands in a cell to the end of its period; `NO_AGE` where there is none.

    Same shape as `values`.
    """

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which series, (n,), have a value in the newest period: only these can be forecast."""
        rows = np.atleast_2d(self.values)
        return ~np.isnan(rows[:, -1]) if rows.shape[1] else np.zeros(len(rows), dtype=np.bool_)


def weekly(days: Places, values: Floats, *, until: int, carried_at_most: int) -> Gridded:
    """One value a week: the last quote on or before Friday, carried at most so many weeks, then NaN.

    `days` (d,) are rising day numbers; `values` (d,), or (n, d) for many series quoted on some of the
    same days, with NaN where there is no quote. The first week is that of the first quote, the last one
    that whose Friday is not after `until`. Raises `DaysNotRising`.

    >>> grid = weekly(np.array([4, 9]), np.array([10.0, 11.0]), until=30, carried_at_most=1)
    >>> grid.ends.tolist(), grid.values.tolist(), grid.age_days.tolist()
    ([8, 15, 22, 29], [10.0, 11.0, 11.0, nan], [4, 6, 13, -1])
    """
    days, values = _until(days, values, until)
    if not len(days):
        return _empty(values)
    first = int(days[0]) + (_FRIDAY - int(days[0])) % 7
    ends = np.arange(first, until + 1, 7, dtype=np.int64)
    found, quoted = _last_known(days, values, ends)
    return _carried(ends, found, ends - quoted, (ends - quoted) // 7 <= carried_at_most)


def monthly(days: Places, values: Floats, *, until: int, carried_at_most: int) -> tuple[Gridded, Gridded]:
    """Monthly means and month-end values, over the same months.

    A mean is that of the month's quotes; a month without any takes the last quote, as its month-end does,
    for at most `carried_at_most` months, then NaN. Arguments and errors as for `weekly`. Means are to be
    scored against the last quote (`priceindex.forecast.averages`), never against the mean before.

    >>> means, ends = monthly(np.array([0, 30, 31]), np.array([10.0, 20.0, 7.0]), until=60, carried_at_most=0)
    >>> means.values.tolist(), ends.values.tolist(), ends.ends.tolist()
    ([15.0, 7.0], [20.0, 7.0], [30, 58])
    """
    month_after = int(month_numbers(np.array([until + 1]))[0])
    days, values = _until(days, values, int(_month_ends(np.array([month_after - 1]))[0]))
    if not len(days):
        return _empty(values), _empty(values)
    months = month_numbers(days)
    wanted = np.arange(months[0], month_after, dtype=np.int64)
    ends = _month_ends(wanted)
    found, quoted = _last_known(days, values, ends)
    fresh = wanted - month_numbers(quoted.ravel()).reshape(quoted.shape) <= carried_at_most
    at_end = _carried(ends, found, ends - quoted, fresh)
    means = _means(months - months[0], values, at_end.values)
    return Gridded(ends=ends, values=means, age_days=at_end.age_days), at_end


def panel_of(rows: Sequence[Gridded], season: int) -> SeriesPanel:
    """The series of many grids as the forecasters take them: ending together, gaps inside carried over.

    All grids must have been made `until` the same day; a series that is not `alive` raises
    `SeriesMisshapen`, as does a value that is not positive. How old the carried values are stays in
    `ages_of`, in the same places.
    """
    return SeriesPanel(values=_stacked([_filled(np.atleast_2d(each.values)) for each in rows]), season=season)


def ages_of(rows: Sequence[Gridded]) -> Floats:
    """Age in days of the quote behind each cell of `panel_of(rows)`, (n, T); NaN before the first.

    A gap that was carried over keeps ageing, so that a reader sees how old a value is and intervals are
    wider for it (`priceindex.forecast.forecast_run`).
    """
    ends = max((each.ends for each in rows), key=len, default=np.empty(0, dtype=np.int64))
    ages = _stacked([np.where(np.atleast_2d(e.age_days) == NO_AGE, np.nan, e.age_days) for e in rows])
    return ends - _filled(ends - ages)


def wide(rows: Places, days: Places, values: Floats, series: int) -> tuple[Places, Floats]:
    """A long table as `weekly` and `monthly` take it: rising days (d,) and values (series, d) with NaN.

    `rows` tells the series 0..series-1 of each line; of two lines of one series and day the later stands.
    """
    axis, place = np.unique(days, return_inverse=True)
    table = np.full((series, len(axis)), np.nan)
    table[rows, place] = values
    return np.asarray(axis, dtype=np.int64), table


def _until(days: Places, values: Floats, until: int) -> tuple[Places, Floats]:
    """The quotes not after `until`, from the first day on which any series has one."""
    if bool(np.any(np.diff(days) <= 0)):
        raise DaysNotRising(days=len(days))
    seen = days <= until
    days, values = days[seen], values[..., seen]
    known = ~np.isnan(values)
    first = int(np.argmax(known.any(axis=0) if known.ndim == 2 else known)) if known.any() else len(days)
    return days[first:], values[..., first:]


def _last_known(days: Places, values: Floats, ends: Places) -> tuple[Floats, Places]:
    """Value and day of the last quote at each end; NaN and the first day of all where there is none yet."""
    known = np.where(np.isnan(values), 0, np.arange(len(days)))
    newest = np.maximum.accumulate(known, axis=-1)[..., np.searchsorted(days, ends, side="right") - 1]
    return np.take_along_axis(values, newest, axis=-1), days[newest]


def _carried(ends: Places, values: Floats, ages: Places, fresh: NDArray[np.bool_]) -> Gridded:
    kept = fresh & ~np.isnan(values)
    return Gridded(ends=ends, values=np.where(kept, values, np.nan), age_days=np.where(kept, ages, NO_AGE))


def _means(months: Places, values: Floats, at_end: Floats) -> Floats:
    """Mean of each month's quotes, as its last quote plus the mean distance from it: a constant stays one."""
    starts = np.flatnonzero(np.diff(months, prepend=-1))
    known = ~np.isnan(values)
    distance = np.where(known, values - at_end[..., months], 0.0)
    counts = np.add.reduceat(known, starts, axis=-1, dtype=np.int64)
    means = at_end.copy()
    means[..., months[starts]] += np.add.reduceat(distance, starts, axis=-1) / np.maximum(counts, 1)
    return means


def _month_ends(months: Places) -> Places:
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(following.astype(np.int64) - 1)


def _filled(values: Floats) -> Floats:
    """Each gap inside a row takes the value before it; what is missing at either end stays missing."""
    known = ~np.isnan(values)
    places = np.arange(values.shape[1])
    newest = np.maximum.accumulate(np.where(known, places, 0), axis=1)
    last = np.max(np.where(known, places, -1), axis=1, initial=-1)
    return np.where(places <= last[:, None], np.take_along_axis(values, newest, axis=1), np.nan)


def _stacked(rows: Sequence[Floats]) -> Floats:
    """Rows of any length under each other, right-aligned."""
    width = max((each.shape[1] for each in rows), default=0)
    return np.concatenate(
        [np.pad(each, ((0, 0), (width - each.shape[1], 0)), constant_values=np.nan) for each in rows]
        or [np.empty((0, width))]
    )


def _empty(values: Floats) -> Gridded:
    none = np.empty(0, dtype=np.int64)
    shape = (*values.shape[:-1], 0)
    return Gridded(ends=none, values=np.empty(shape), age_days=np.empty(shape, dtype=np.int64))
