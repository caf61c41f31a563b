"""What moved the composite on its last day: contributions that add up, and the cells that moved.

With arithmetic weights a node contributes I(link) · W · (x(d) - x(d-1)) index points, W its share of
weight at the link and x its movement since (CPI Manual 2020, equation 9.26). Both days are taken against the
last day's reference; where the day before belonged to another basket, what the change of basket
itself does is told as `link_points`, so that the parts always add up to the whole.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from priceindex.classification import Level
from priceindex.engine.aggregate import level_weights
from priceindex.engine.run import LEVELS_UP, IndexRun
from priceindex.formulas.relatives import Floats, group_sums
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Index points of the composite's change that come from one node."""

    level: Level
    node: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A cell whose price differs from the index day before."""

    cell: Cell
    before_fen_per_kg: int
    now_fen_per_kg: int

    @property
    def change(self) -> float:
        """Movement as a fraction: 0.05 is five per cent dearer."""
        return self.now_fen_per_kg / self.before_fen_per_kg - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """The composite's change on its last day, taken apart."""

    day: datetime.date
    before: datetime.date | None
    change_points: Decimal
    link_points: Decimal
    contributions: tuple[Contribution, ...]
    """Classes, then herbs, then grades; the parts of each level add up to change - link points."""
    movers: tuple[Mover, ...]
    """Largest relative moves first."""


def last_day(run: IndexRun) -> LastDay:
    """Take the last day's change apart; nothing moves when there is one day only.

    Contributions are given for arithmetic families alone: for others the list is empty.
    """
    days = run.days
    if len(days) < 2:
        nothing = Decimal(0)
        return LastDay(
            day=days[-1], before=None, change_points=nothing, link_points=nothing, contributions=(), movers=()
        )
    composite = run.chained.levels[-1][-2:, 0]
    change = float(composite[1] - composite[0])
    levels = _contributions(run) if run.family.aggregation_order == 1 else ()
    told = float(levels[-1][0]) if levels else change
    return LastDay(
        day=days[-1],
        before=days[-2],
        change_points=_points(change, run),
        link_points=_points(change - told, run),
        contributions=tuple(_listed(run, levels)),
        movers=tuple(_movers(run)),
    )


def _points(value: float, run: IndexRun) -> Decimal:
    return Decimal(f"{value:.{run.family.digits.kept}f}")


def _contributions(run: IndexRun) -> tuple[Floats, ...]:
    segment = run.chained.segments[-1]
    hierarchy = run.recipe.hierarchy
    moved = run.recipe.move(run.panel.carried[-2:], segment.reference, segment.weights).levels[0]
    weights = level_weights(hierarchy, segment.weights)
    share = weights[0] / weights[-1][0]
    levels = [(segment.links[-1][0] * share * (moved[1] - moved[0]))]
    for parents, size in zip(hierarchy.parents, hierarchy.sizes[1:], strict=True):
        levels.append(group_sums(levels[-1][None, :], parents, size)[0])
    return tuple(levels)


def _listed(run: IndexRun, levels: tuple[Floats, ...]) -> list[Contribution]:
    found: list[Contribution] = []
    for level in (Level.CLASS, Level.HERB, Level.GRADE):
        if not levels:
            break
        parts = levels[LEVELS_UP.index(level)].tolist()
        found += [
            Contribution(level=level, node=node, points=_points(part, run))
            for node, part in zip(run.tree.keys(level), parts, strict=True)
        ]
    return found


def _movers(run: IndexRun) -> list[Mover]:
    before, now = run.panel.carried[-2], run.panel.carried[-1]
    moved = np.flatnonzero(np.isfinite(before) & np.isfinite(now) & (before != now))
    found = [
        Mover(
            cell=run.tree.cells[place], before_fen_per_kg=int(before[place]), now_fen_per_kg=int(now[place])
        )
        for place in moved.tolist()
    ]
    return sorted(found, key=lambda mover: (-abs(mover.change), mover.cell))
