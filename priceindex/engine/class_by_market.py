"""How prices of each class moved in each market between two days: an analysis, not a published index.

Of every cell that has a price of the same tier on both days the relative is taken, and of a class's cells in
one market the geometric mean (Jevons; CPI Manual 2020, equation 8.9). Nothing is weighted or imputed: where a
class is not quoted in a market there is no figure.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from priceindex.engine.index_run import IndexRun
from priceindex.engine.movers import standing_prices
from priceindex.portable import exp, log


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassInMarket:
    """The prices of one class in one market between two days."""

    part_class: str
    market: str
    change: float
    """Geometric mean movement as a fraction: 0.05 is five per cent dearer."""
    cells: int
    """Cells it was taken over."""
    moved: int
    """How many of them had another price than before."""


def class_by_market(run: IndexRun, first: datetime.date, last: datetime.date) -> tuple[ClassInMarket, ...]:
    """Return every class in every market that has a price on both days, by class and market.

    Raises `NotAnIndexDay`.
    """
    (before, before_tier), (now, now_tier) = standing_prices(run, first), standing_prices(run, last)
    same = np.isfinite(before) & np.isfinite(now) & (before_tier == now_tier)
    tree = run.tree
    grouped: dict[tuple[str, str], list[int]] = {}
    for place in np.flatnonzero(same).tolist():
        herb = tree.herb_of_grade[tree.grade_of_cell[place]]
        part_class = tree.classes[tree.class_of_herb[herb]]
        grouped.setdefault((part_class, tree.cells[place].market), []).append(place)
    found = []
    for (part_class, market), places in sorted(grouped.items()):
        relatives = now[places] / before[places]
        mean = float(exp(np.array([float(np.mean(log(relatives)))]))[0])
        found.append(
            ClassInMarket(
                part_class=part_class,
                market=market,
                change=mean - 1,
                cells=len(places),
                moved=int(np.count_nonzero(relatives != 1)),
            )
        )
    return tuple(found)
