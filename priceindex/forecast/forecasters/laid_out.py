"""Series laid out for recursions in time: a row a period, every series beginning in the first row."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.panel import Floats, SeriesPanel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOut:
    """The values of a panel turned round, longest series first, so that those still running stand together.

    At period t the first `running[t]` columns are at work; a recursion touches only them, and each series
    sees its own values alone: neither the others nor the NaN before its start change a bit of its forecast.
    """

    values: Floats
    """(T, n): column i holds series i from row 0 on, its last value repeated after its end."""
    lengths: NDArray[np.int64]
    """How many values each series has, (n,), never rising."""
    season: int
    order: NDArray[np.int64]
    """Which row of the panel each column is, (n,)."""

    @property
    def running(self) -> list[int]:
        """How many series have a value in period t, for each of the T periods."""
        return [int(count) for count in self.known.sum(axis=1)]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where values stand, (T, n)."""
        return np.asarray(np.arange(len(self.values))[:, None] < self.lengths)


def lay_out(panel: SeriesPanel) -> LaidOut:
    """The panel's rows as columns; a series without a single value stands as ones of length 0.

    >>> panel = SeriesPanel(values=np.array([[np.nan, 2.0, 3.0], [4.0, 5.0, 6.0]]), season=1)
    >>> lay_out(panel).values.T.tolist()
    [[4.0, 5.0, 6.0], [2.0, 3.0, 3.0]]
    """
    lengths = panel.lengths
    order = np.argsort(-lengths, kind="stable")
    lengths = lengths[order]
    periods = panel.values.shape[1]
    place = np.arange(periods)[:, None] + periods - lengths
    values = panel.values[order, np.minimum(place, periods - 1)]
    return LaidOut(
        values=np.where(np.isnan(values), 1.0, values), lengths=lengths, season=panel.season, order=order
    )


def in_order_sum(values: Floats, axis: int = 0) -> Floats:
    """The sum along an axis, added strictly in order: blocks of another size would round differently."""
    return np.asarray(np.take(np.cumsum(values, axis=axis), -1, axis=axis))
