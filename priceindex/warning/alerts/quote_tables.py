"""A release's quotes as tables by week: one row for each cell and source that ever quoted it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from priceindex.forecast.grid import Gridded, weekly, wide
from priceindex.formulas.relatives import Floats, Places
from priceindex.quotes import Cell
from priceindex.warning.alerts.facts import Facts, QuotesSeen
from priceindex.warning.indicators.windows import median

_WEEKS = 156
"""Weeks of quotes that are looked at: a year to judge, and as long before it for what is usual."""
_CARRIED = 4


@dataclass(frozen=True)
class QuoteTables:
    """The quotes of `facts`, put on grids when first asked for."""

    facts: Facts
    quotes: QuotesSeen

    @cached_property
    def recent(self) -> QuotesSeen:
        """The quotes of the last weeks alone."""
        late = self.quotes.day > self.facts.until - 7 * _WEEKS
        columns = {name: getattr(self.quotes, name)[late] for name in ("cell", "source", "day", "fen")}
        return QuotesSeen(cells=self.quotes.cells, sources=self.quotes.sources, **columns)

    @cached_property
    def _pairs(self) -> tuple[Places, Places]:
        """The distinct (cell, source) codes, and which of them each quote is of."""
        codes = self.recent.cell * len(self.quotes.sources) + self.recent.source
        found, place = np.unique(codes, return_inverse=True)
        return found, np.asarray(place, dtype=np.int64)

    @property
    def cell_of(self) -> Places:
        """The cell of each row of `weeks`."""
        return self._pairs[0] // len(self.quotes.sources)

    @property
    def source_of(self) -> Places:
        """The source of each row of `weeks`."""
        return self._pairs[0] % len(self.quotes.sources)

    @cached_property
    def weeks(self) -> Gridded:
        """(pairs, weeks): the quote standing on each Friday, fen per kilogram."""
        codes, place = self._pairs
        days, table = wide(place, self.recent.day, self.recent.fen, len(codes))
        return weekly(days, table, until=self.facts.until, carried_at_most=_CARRIED)

    @cached_property
    def by_source(self) -> tuple[Places, Floats]:
        """Cells (c,) with their prices (c, sources, weeks); NaN where a source does not quote one."""
        cells, row = np.unique(self.cell_of, return_inverse=True)
        table = np.full((len(cells), len(self.quotes.sources), len(self.weeks.ends)), np.nan)
        table[row, self.source_of] = self.weeks.values
        return np.asarray(cells, dtype=np.int64), table

    @cached_property
    def by_cell(self) -> tuple[Places, Floats]:
        """Cells (c,) with the median of their sources' prices (c, weeks)."""
        cells, table = self.by_source
        return cells, median(np.moveaxis(table, 1, -1))

    def cell(self, place: int) -> Cell:
        """One cell by its number."""
        return self.quotes.cells[place]

    def weights(self) -> Floats:
        """The weight of each row of `weeks` in the composite: its grade's, shared among the grade's cells."""
        grades = {one.node: one.weight for one in self.facts.nodes if one.level == "grade"}
        keys = [f"{cell.herb}|{cell.grade}" for cell in self.quotes.cells]
        cells = np.unique(self.cell_of)
        sharing: dict[str, int] = {}
        for place in cells.tolist():
            sharing[keys[place]] = sharing.get(keys[place], 0) + 1
        of_cell = {place: grades.get(keys[place], 0.0) / sharing[keys[place]] for place in cells.tolist()}
        return np.asarray([of_cell[place] for place in self.cell_of.tolist()])


def tables_of(facts: Facts) -> QuoteTables | None:
    """The tables of a family's quotes; None where none were handed in."""
    if facts.quotes is None or not len(facts.quotes.day):
        return None
    return QuoteTables(facts, facts.quotes)
