"""What came: the published values of target days, as of the newest release or as first said.

The value of a target is that of the last day within its period for which one is published: a Friday without
an index day takes the Thursday's. A value from before the period is no actual; there is none then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from sqlmodel import Session, col, select

from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places
from priceindex.releases.observations import heads
from priceindex.releases.point_reading import WITHDRAWN, StoredPoints, newest_ordinal, points_where
from priceindex.releases.release_tables import PointRow, SeriesRow

Actuals = Literal["newest", "first"]
"""Which vintage of a value a forecast is scored against."""
ACTUALS: Final[tuple[Actuals, ...]] = ("newest", "first")
_LONGEST_PERIOD: Final = 31


@dataclass(frozen=True, slots=True)
class NodeActuals:
    """Published values of one node, by day."""

    days: Places
    values: Floats
    """Index points."""
    withdrawn: Places
    """Days that were in the index and are no more."""

    def came(self, starts: Places, targets: Places) -> Floats:
        """The last value within each period from `starts` to `targets`, (h,) each; NaN where there is none.

        >>> NodeActuals(np.array([3, 9]), np.array([10.0, 11.0]), np.array([])).came(
        ...     np.array([1, 8]), np.array([7, 14])).tolist()
        [10.0, 11.0]
        """
        if not len(self.days):
            return np.full(len(targets), np.nan)
        place = np.searchsorted(self.days, targets, side="right") - 1
        within = (place >= 0) & (self.days[place] >= starts)
        return np.where(within, self.values[place], np.nan)

    def gone(self, starts: Places, targets: Places) -> Places:
        """How many days of each period were withdrawn, (h,)."""
        last = np.searchsorted(self.withdrawn, targets, side="right")
        return np.asarray(last - np.searchsorted(self.withdrawn, starts, side="left"), dtype=np.int64)


NOTHING: Final = NodeActuals(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.int64))
"""Of a node that was never published on these days."""


def starts_of(frequency: str, targets: Places) -> Places:
    """First day of the period that ends on each target day.

    >>> starts_of("week", np.array([8])).tolist(), starts_of("month", np.array([30, 58])).tolist()
    ([2], [0, 31])
    """
    if frequency == "week":
        return targets - 6
    months = targets.astype("datetime64[D]").astype("datetime64[M]")
    return np.asarray(months.astype("datetime64[D]").astype(np.int64))


def actuals_of(
    session: Session, family: str, first: int, last: int, *, as_of_ms: int, which: Actuals
) -> Mapping[tuple[str, str], NodeActuals]:
    """The daily values of every node of a family around target days `first` to `last`, by (level, node)."""
    stored = points_where(
        session,
        col(SeriesRow.family) == family,
        col(SeriesRow.frequency) == "day",
        col(PointRow.vintage) <= newest_ordinal(session, family, as_of_ms),
        col(PointRow.day) > first - _LONGEST_PERIOD,
        col(PointRow.day) <= last,
    )
    if not len(stored):
        return {}
    gone = stored.newest().where(stored.newest().units == WITHDRAWN)
    chosen = stored.standing() if which == "newest" else _first(stored)
    chosen = chosen.where(chosen.units > 0)  # an index of nothing is no value: such a store was edited
    digits = {ordinal: head.kept for ordinal, head in heads(session, family).items()}
    kept = np.array([digits[each] for each in chosen.vintages.tolist()], dtype=np.int64)
    values = chosen.units / 10.0**kept
    names = _names(session, family)
    found: dict[tuple[str, str], NodeActuals] = {}
    for series in np.unique(stored.series).tolist():
        mine = chosen.series == series
        found[names[series]] = NodeActuals(chosen.days[mine], values[mine], gone.days[gone.series == series])
    return found


def _first(stored: StoredPoints) -> StoredPoints:
    """Of every series and day the first vintage that told a value."""
    told = stored.where(stored.units > 0)
    first = np.ones(len(told), dtype=np.bool_)
    first[1:] = (told.series[1:] != told.series[:-1]) | (told.days[1:] != told.days[:-1])
    return told.where(first)


def _names(session: Session, family: str) -> dict[int, tuple[str, str]]:
    asked = select(SeriesRow).where(SeriesRow.family == family, SeriesRow.frequency == "day")
    return {row.series_id or 0: (row.level, row.node) for row in session.exec(asked)}
