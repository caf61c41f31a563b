r"""What moved the composite between any two days: contributions that add up exactly, along tree and chain.

Within one basket the composite is the link value times a weighted mean of the grades' movements x, with
parental imputation for those that have none (CPI Manual 2020, equation 9.26), so with shares W

    arithmetic  V2 - V1 = Σ L·W·(x2 - x1)
    geometric   V2 - V1 = Σ Lm(V2, V1)·W·(ln x2 - ln x1),   Lm the logarithmic mean
    harmonic    V2 - V1 = Σ V2·V1/L·W·(1/x1 - 1/x2)

and from one basket to the next the parts add up, since each ends where the next begins (equation 9.28).
Nodes above a grade contribute the sum of what is below them. The parts are rounded to whole units of the
last published digit by largest remainder, level by level, so that at every level they add up to the
published change to the last digit.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from priceindex.calendar import day_number
from priceindex.classification import TREE_LEVELS, Level
from priceindex.engine.aggregate import level_weights
from priceindex.engine.chain import Recipe, Segment
from priceindex.engine.engine_errors import DaysInWrongOrder, NotAnIndexDay, ValueNotPublished
from priceindex.engine.index_run import IndexRun
from priceindex.formulas.contribution_paths import exact_parts
from priceindex.formulas.relatives import Floats, Places, group_sums
from priceindex.portable import exp, log
from priceindex.releases.series import UNPUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Index points of the composite's change that come from one node."""

    level: Level
    node: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class _Step:
    """A stretch within one basket, from one row of movements to another."""

    start: Floats
    end: Floats
    """Movements of the grades against the reference (grades,)."""
    part: Segment


def contributions(
    run: IndexRun, first: datetime.date, last: datetime.date, level: Level | None = None
) -> tuple[Contribution, ...]:
    """Take the composite's change from `first` to `last` apart, classes, then herbs, then grades.

    With `level` only the nodes of that level of the tree. Raises `NotAnIndexDay`, `DaysInWrongOrder`
    and `ValueNotPublished`.
    """
    rows = _row(run, first), _row(run, last)
    if rows[0] >= rows[1]:
        raise DaysInWrongOrder(first=first, last=last)
    parts = grade_parts(run, *rows)
    total = change_units(run, first, last)
    wanted = [Level(level)] if level else list(TREE_LEVELS[1:])
    units = _exact(run, parts * float(10**run.family.digits.kept), total)
    return tuple(
        Contribution(level=each, node=node, points=Decimal(int(part)).scaleb(-run.family.digits.kept))
        for each in wanted
        for node, part in zip(run.keys(each), units[each], strict=True)
    )


def change_units(run: IndexRun, first: datetime.date, last: datetime.date) -> int:
    """The composite's published change in units of the last digit; raises as `contributions` does."""
    composite = np.concatenate([told.units[-1][:, 0] for told in run.main.told["day"]])
    ends = [int(composite[_row(run, day)]) for day in (first, last)]
    for day, units in zip((first, last), ends, strict=True):
        if units == UNPUBLISHED:
            raise ValueNotPublished(day=day)
    return ends[1] - ends[0]


def grade_parts(run: IndexRun, first: int, last: int) -> Floats:
    """Index points each grade contributes between two rows of the run's days (grades,), not rounded."""
    recipe = run.main.recipe
    total = np.zeros(recipe.hierarchy.sizes[0])
    for step in _steps(run.main.segments, first, last):
        total += _parts(step, recipe)
    return total


def _row(run: IndexRun, day: datetime.date) -> int:
    days = run.day_numbers
    row = int(np.searchsorted(days, day_number(day)))
    if row == len(days) or int(days[row]) != day_number(day):
        raise NotAnIndexDay(day=day)
    return row


def _steps(segments: tuple[Segment, ...], first: int, last: int) -> list[_Step]:
    """The stretches from row `first` to row `last`, one for each basket on the way."""
    found: list[_Step] = []
    offset = 0
    for place, part in enumerate(segments):
        length = len(part.panel.days)
        start, end = first - offset, last - offset
        offset += length
        if start >= length or end < 0:
            continue
        begun = _moved(part, start) if start >= 0 else np.ones(part.values[0].shape[1])
        if end < length:
            ended = _moved(part, end)
        else:
            ended = segments[place + 1].standing.links[0] / part.standing.links[0]
        found.append(_Step(begun, ended, part))
    return found


def _moved(part: Segment, row: int) -> Floats:
    """Movements of the grades on one day of a segment; 1 where not even the composite has any."""
    moved = part.values[0][row] / part.standing.links[0]
    return np.where(np.isfinite(moved), moved, 1.0)


def _parts(step: _Step, recipe: Recipe) -> Floats:
    """Index points of each grade within one basket."""
    weights = step.part.standing.weights
    whole = float(level_weights(recipe.hierarchy, weights)[-1][0])
    share = weights / (whole or 1.0)
    level = float(step.part.standing.links[-1][0])
    if recipe.order == 1:
        return np.asarray(level * share * (step.end - step.start))
    ends = [level * _mean(moved, share, recipe.order) for moved in (step.start, step.end)]
    if recipe.order == 0:
        grown = log(step.end / step.start)
        return np.asarray(_logarithmic_mean(ends[0], ends[1]) * share * grown)
    return np.asarray(ends[0] * ends[1] / level * share * (1.0 / step.start - 1.0 / step.end))


def _mean(moved: Floats, share: Floats, order: int) -> float:
    """The composite's movement as the weighted mean of its grades', imputed ones included."""
    total = float(np.cumsum(share * (log(moved) if order == 0 else 1.0 / moved))[-1])
    return float(exp(np.array([total]))[0]) if order == 0 else 1.0 / total


def _logarithmic_mean(first: float, last: float) -> float:
    """(b - a) / ln(b / a), and a where both are equal.

    >>> round(_logarithmic_mean(1.0, np.e), 12) == round(float(np.e - 1), 12)
    True
    """
    if abs(last / first - 1) < 1e-9:  # nearer, the quotient loses more digits than the mean differs
        return (first + last) / 2
    return (last - first) / float(log(np.array([last / first]))[0])


def _exact(run: IndexRun, parts: Floats, total: int) -> dict[Level, Places]:
    """Whole units for every node of the tree that add up at each level: from the top down."""
    hierarchy = run.main.recipe.hierarchy
    levels = [parts]
    for parents, size in zip(hierarchy.parents, hierarchy.sizes[1:], strict=True):
        levels.append(group_sums(levels[-1][None, :], parents, size)[0])
    found = {Level.COMPOSITE: np.array([total], dtype=np.int64)}
    for depth in range(len(hierarchy.parents) - 1, -1, -1):
        above, below = TREE_LEVELS[2 - depth], TREE_LEVELS[3 - depth]
        found[below] = _shared_out(found[above], levels[depth], hierarchy.parents[depth])
    return found


def _shared_out(totals: Places, parts: Floats, group: Places) -> Places:
    """Give each group's whole units to its members by largest remainder."""
    found = np.zeros(len(parts), dtype=np.int64)
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(len(totals) + 1))
    for place, total in enumerate(totals.tolist()):
        members = order[bounds[place] : bounds[place + 1]]
        found[members] = exact_parts(total, parts[members].tolist())
    return found
