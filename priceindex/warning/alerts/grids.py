"""The published nodes on one grid: what the indicators of weeks and of months are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from priceindex.forecast.grid import Gridded, monthly, weekly, wide
from priceindex.formulas.relatives import Floats, Places
from priceindex.warning.alerts.facts import Facts, NodeValues

WEEKS_CARRIED = 4
MONTHS_CARRIED = 1
_YEARS = 8
"""Years of past that any indicator looks at: IFPA wants five of the same month before this one."""
_YEAR_DAYS = 366


class Grids:
    """Every node of a family by the week and by the month, made when first asked for."""

    def __init__(self, facts: Facts) -> None:
        """Prepare the grids of `facts`."""
        self.facts = facts

    @cached_property
    def nodes(self) -> tuple[NodeValues, ...]:
        """The nodes that have any value, in the order they were handed in."""
        return tuple(one for one in self.facts.nodes if bool(np.isfinite(one.values).any()))

    @cached_property
    def weeks(self) -> Gridded:
        """(nodes, weeks): the value of each Friday; empty where the family publishes by the month."""
        if self.facts.frequency == "month" or not self.nodes:
            return _nothing(len(self.nodes))
        days, table = self._table
        return weekly(days, table, until=self.facts.until, carried_at_most=WEEKS_CARRIED)

    @cached_property
    def months(self) -> tuple[Gridded, Gridded]:
        """(nodes, months): means, and the values of the months' last days."""
        if not self.nodes:
            return _nothing(0), _nothing(0)
        days, table = self._table
        return monthly(days, table, until=self.facts.until, carried_at_most=MONTHS_CARRIED)

    @cached_property
    def _table(self) -> tuple[Places, Floats]:
        since = self.facts.until - _YEARS * _YEAR_DAYS
        parts = [one.days[(one.days > since) & np.isfinite(one.values)] for one in self.nodes]
        values = [one.values[(one.days > since) & np.isfinite(one.values)] for one in self.nodes]
        rows = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        return wide(rows, _joined(parts), np.concatenate(values), len(parts))


@dataclass(frozen=True, slots=True)
class Subjects:
    """Which nodes a rule looks at: their places among the grid's rows."""

    places: Places
    nodes: tuple[NodeValues, ...]


def subjects(grids: Grids, levels: Sequence[str]) -> Subjects:
    """The nodes of these levels."""
    places = [place for place, one in enumerate(grids.nodes) if one.level in levels]
    return Subjects(np.asarray(places, dtype=np.int64), tuple(grids.nodes[place] for place in places))


def _joined(parts: Sequence[Places]) -> Places:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _nothing(series: int) -> Gridded:
    none = np.empty(0, dtype=np.int64)
    return Gridded(ends=none, values=np.empty((series, 0)), age_days=np.empty((series, 0), dtype=np.int64))
