"""Published series put on one grid: which nodes can be forecast, and which of them are judged together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.classification import Level
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.grid import Gridded, ages_of, monthly, panel_of, weekly
from priceindex.forecast.method import ForecastFrequency, ForecastMethod
from priceindex.forecast.panel import SeriesPanel
from priceindex.forecast.scoring.rolling_origin import LEAST_HISTORY
from priceindex.formulas.relatives import Places

YEARS_FOR_A_SEASON: Final = 2
"""Whole years a series needs before a season is looked for (M4 competition: two full periods)."""


_NOTHING: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NodesOnGrid:
    """n nodes over the same periods; the last period is the origin."""

    nodes: tuple[PublishedSeries, ...]
    panel: SeriesPanel
    ends: Places
    """(T,): last day of each period."""
    age_days: Places
    """(n,): days between the value at the origin and the origin day."""
    groups: Places
    """(n,): the group each node is judged with."""
    group_names: tuple[str, ...]
    left_out: tuple[str, ...]
    """`level/node` of what is too short or too old."""

    @property
    def upper(self) -> Places:
        """Places of composite and classes."""
        return np.flatnonzero([each.level in (Level.COMPOSITE, Level.CLASS) for each in self.nodes])

    @property
    def lower(self) -> Places:
        """Places of all other nodes."""
        return np.setdiff1d(np.arange(len(self.nodes)), self.upper)


def on_grid(
    series: Sequence[PublishedSeries], frequency: ForecastFrequency, until: int, method: ForecastMethod
) -> NodesOnGrid:
    """Put the nodes on the weekly or month-end grid whose last period has ended by day `until`.

    A node without a value in that period, even a carried one, or with fewer than three periods, is left out.
    """
    gridded = [(each, _gridded(each, frequency, until, method)) for each in series]
    able = [(node, grid) for node, grid in gridded if grid.alive.any() and grid.values.size >= LEAST_HISTORY]
    nodes = tuple(node for node, _ in able)
    grids = [grid for _, grid in able]
    names = [group_name(node, series) for node in nodes]
    known = tuple(sorted(set(names)))
    kept = {id(node) for node in nodes}
    return NodesOnGrid(
        nodes=nodes,
        panel=_panel(grids, method.grid(frequency).season),
        ends=max((grid.ends for grid in grids), key=len, default=_NOTHING),
        age_days=np.asarray(ages_of(grids)[:, -1:].ravel(), dtype=np.int64) if grids else _NOTHING,
        groups=np.array([known.index(name) for name in names], dtype=np.int64),
        group_names=known,
        left_out=tuple(f"{each.level}/{each.node}" for each in series if id(each) not in kept),
    )


def group_name(node: PublishedSeries, series: Sequence[PublishedSeries]) -> str:
    """The group a node is judged with: its level, and below the classes the class it belongs to."""
    if node.level in (Level.COMPOSITE, Level.CLASS) or node.parent is None:
        return str(node.level)
    if node.level is Level.HERB:
        return f"{node.level}/{node.parent}"
    return f"{node.level}/{_classes(series).get(node.parent, node.parent)}"


def _classes(series: Sequence[PublishedSeries]) -> Mapping[str, str]:
    return {each.node: each.parent or "" for each in series if each.level is Level.HERB}


def _gridded(
    node: PublishedSeries, frequency: ForecastFrequency, until: int, method: ForecastMethod
) -> Gridded:
    carried = method.grid(frequency).carried_at_most
    if frequency == "week":
        return weekly(node.days, node.values, until=until, carried_at_most=carried)
    return monthly(node.days, node.values, until=until, carried_at_most=carried)[1]


def _panel(grids: Sequence[Gridded], season: int) -> SeriesPanel:
    """The nodes as a panel, without a season while the longest series is too short to tell one."""
    if not grids:
        return SeriesPanel(values=np.empty((0, 1)), season=1)
    longest = max(grid.values.size for grid in grids)
    return panel_of(grids, season if longest >= YEARS_FOR_A_SEASON * season else 1)
