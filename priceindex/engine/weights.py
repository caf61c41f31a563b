"""Weights 权数: declared equal, taken from recorded trades or entered, and always labelled which.

No public turnover table of the herb trade exists, so a weight is either declared or carries its
source and reference period. Weights live at the grade; every node above weighs what its grades do.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from priceindex.classification import Tree
from priceindex.errors import WeightsWrong
from priceindex.formulas.relatives import Floats
from priceindex.portable import running_sum


@dataclass(frozen=True, slots=True)
class GradeTurnover:
    """What was traded of one grade in the reference period."""

    herb: str
    grade: str
    fen: int
    """Turnover in fen; 0 keeps a grade out of every mean above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSet:
    """Weights by grade with where they come from, for which days, and when they are linked in."""

    rule: Literal["turnover", "entered"]
    source: str
    """Who counted it, for the label: `trades in the log`, a ministry's table, …"""
    first: datetime.date
    last: datetime.date
    """The reference period the values were counted over."""
    effective: datetime.date
    """First day of the month at whose end the set is linked in."""
    lines: tuple[GradeTurnover, ...]

    @property
    def words(self) -> str:
        """The label every release carries: rule, source and reference period."""
        return f"{self.rule}: {self.source}, {self.first}/{self.last}"

    def by_grade(self) -> dict[str, int]:
        """Fen by grade key, lines of one grade added up; raises `WeightsWrong` below zero.

        >>> day = datetime.date(2025, 1, 1)
        >>> lines = GradeTurnover("白芍", "统", 3), GradeTurnover("白芍", "统", 4)
        >>> told = WeightSet(rule="entered", source="own", first=day, last=day, effective=day, lines=lines)
        >>> told.by_grade()
        {'白芍|统': 7}
        """
        total: dict[str, int] = {}
        for line in self.lines:
            if line.fen < 0:
                raise WeightsWrong(
                    why_zh=f"{line.herb} {line.grade} 为负",
                    why_en=f"{line.herb} {line.grade} is negative",
                )
            key = f"{line.herb}|{line.grade}"
            total[key] = total.get(key, 0) + line.fen
        return total


def declared_equal(tree: Tree, unit: str) -> Floats:
    """One unit of weight for each herb, split evenly over its grades; or one for each grade."""
    if unit == "grade":
        return np.ones(len(tree.grades))
    herbs = np.asarray(tree.herb_of_grade, dtype=np.int64)
    return 1.0 / np.bincount(herbs, minlength=len(tree.herbs))[herbs]


def from_set(keys: Sequence[str], weights: WeightSet) -> Floats:
    """The value of each grade named in fen; grades without any weigh nothing.

    Raises `WeightsWrong` when no grade of the basket has any value at all.
    """
    by_grade = weights.by_grade()
    found = np.array([float(by_grade.get(key, 0)) for key in keys])
    if not (found > 0).any():
        raise WeightsWrong(
            why_zh="篮子中没有任何规格有成交额", why_en="no grade of the basket has any turnover"
        )
    return found


def admit(weights: Floats, declared: Floats, entering: Sequence[int], tree: Tree, unit: str) -> Floats:
    """Let grades into a running basket at a link; returns the enlarged weights.

    `weights` are the grades' present (price-updated) weights, 0 for those not in yet; `declared` the
    weights the rule states for all. What enters keeps its declared proportion to what is in: a new
    herb gets the mean weight of a unit there, and a new grade of a herb that is in shares that
    herb's weight, so that no herb gains weight by being quoted in more grades.
    """
    inside = weights > 0
    if not inside.any():
        first = np.zeros_like(weights)
        first[list(entering)] = declared[list(entering)]
        return _respread(first, tree) if unit == "herb" else first
    scale = running_sum(weights) / running_sum(declared[inside]) if unit != "herb" else 0.0
    admitted = weights.copy()
    if unit != "herb":
        admitted[list(entering)] = declared[list(entering)] * scale
        return admitted
    return _admit_by_herb(admitted, entering, tree)


def _respread(weights: Floats, tree: Tree) -> Floats:
    """Give every herb that has a grade inside one unit, evenly over those grades."""
    herbs = np.asarray(tree.herb_of_grade, dtype=np.int64)
    inside = weights > 0
    counts = np.bincount(herbs, weights=inside.astype(float), minlength=len(tree.herbs))[herbs]
    return np.where(inside, 1.0 / np.where(counts > 0, counts, 1.0), 0.0)


def _admit_by_herb(weights: Floats, entering: Sequence[int], tree: Tree) -> Floats:
    """A new herb gets the mean weight of those in; a new grade an equal part of its herb's weight."""
    herbs = np.asarray(tree.herb_of_grade, dtype=np.int64)
    count = len(tree.herbs)
    totals = np.bincount(herbs, weights=weights, minlength=count)
    mean_unit = running_sum(totals[totals > 0]) / int((totals > 0).sum())
    new = np.zeros(len(weights), dtype=bool)
    new[list(entering)] = True
    old = (weights > 0) & ~new
    news = np.bincount(herbs, weights=new, minlength=count)
    olds = np.bincount(herbs, weights=old, minlength=count)
    grown = np.where(news[herbs] > 0, olds[herbs] / np.maximum(olds + news, 1.0)[herbs], 1.0)
    total = np.where(olds > 0, totals, mean_unit)
    part = total / np.maximum(olds + news, 1.0)
    return np.where(new, part[herbs], weights * grown)


def leave(weights: Floats, leaving: NDArray[np.bool_], tree: Tree, unit: str) -> Floats:
    """Take grades out of a running basket at a link; returns the smaller weights.

    Under `herb` a herb keeps its weight as long as any of its grades is in, spread over those in the
    proportion they have; otherwise what a grade weighed goes with it.
    """
    left = np.where(leaving, 0.0, weights)
    if unit != "herb" or not leaving.any():
        return left
    herbs = np.asarray(tree.herb_of_grade, dtype=np.int64)
    before = np.bincount(herbs, weights=weights, minlength=len(tree.herbs))
    after = np.bincount(herbs, weights=left, minlength=len(tree.herbs))
    scale = np.where(after > 0, before / np.where(after > 0, after, 1.0), 0.0)
    return left * scale[herbs]


def base_shares(weights: Floats) -> Floats:
    """Weights as shares that add up to one.

    >>> base_shares(np.array([1.0, 3.0])).tolist()
    [0.25, 0.75]
    """
    return weights / running_sum(weights)
