"""Sticky series beside their siblings, and which way each went.

Quoted herb prices are step functions: in four weeks of five a quote does not change at all.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.formulas.relatives import Places

_ROUNDING: Final = 1e-12
"""Far above what floats lose, far below any published digit: the unit of a price decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DirectionPanel:
    """Series whose next movement is asked for."""

    panel: SeriesPanel
    group: Places
    """(n,): siblings, such as the grades of one herb, have the same number, from 0."""
    flat_within: float
    """A change by no more than this share counts as none."""

    @property
    def logs(self) -> Floats:
        """Logarithms of the values, (n, T)."""
        return np.asarray(np.log(self.panel.values))

    @property
    def periods(self) -> int:
        """Columns, T."""
        return int(self.panel.values.shape[1])

    def back(self, periods: int) -> "DirectionPanel":
        """As it stood so many periods earlier."""
        return replace(self, panel=self.panel.back(periods))


def signs(panel: DirectionPanel, apart: int) -> Floats:
    """Which way each value stands from that `apart` columns before: -1, 0, 1 as (n, T), NaN where unknown."""
    logs = panel.logs
    moved = np.full(logs.shape, np.nan)
    difference = logs[:, apart:] - logs[:, : max(panel.periods - apart, 0)]
    moved[:, apart:] = way_of(difference, panel.flat_within)
    return moved


def way_of(changes: Floats, flat_within: float) -> Floats:
    """Which way changes of the logarithm go: -1, 0, 1; NaN where unknown.

    A change by just the share that still counts as none is flat.

    >>> way_of(np.log([1.002, 1.001, 0.99, np.nan]), 0.001).tolist()
    [1.0, 0.0, -1.0, nan]
    """
    return np.asarray(np.where(np.abs(changes) <= np.log1p(flat_within) + _ROUNDING, 0.0, np.sign(changes)))


def outcomes(panel: DirectionPanel, horizon: int) -> Floats:
    """Which way each value had gone `horizon` periods after its column: -1, 0, 1, NaN where unknown.

    What counts is where the value stands then: one that rose and fell back is flat.
    """
    came = np.full(panel.panel.values.shape, np.nan)
    came[:, : max(panel.periods - horizon, 0)] = signs(panel, horizon)[:, horizon:]
    return came
