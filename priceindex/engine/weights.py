"""Weights 权数: declared equal, or taken from recorded trades, and always labelled which.

No public turnover table of the herb trade exists, so a weight is either declared or carries its
source and reference period. Weights live at the grade; every node above weighs what its grades do.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from priceindex.classification import Tree
from priceindex.errors import WeightsWrong
from priceindex.formulas.relatives import Floats


@dataclass(frozen=True, slots=True)
class GradeTurnover:
    """What was traded of one grade in the reference period."""

    herb: str
    grade: str
    fen: int
    """Turnover in fen; 0 keeps a grade out of every mean above it."""


@dataclass(frozen=True, slots=True)
class TurnoverTable:
    """Turnover by grade, with where it comes from and for which days."""

    lines: tuple[GradeTurnover, ...]
    source: str
    """Who counted it, for the label: `trades in the log`, a ministry's table, …"""
    first: datetime.date
    last: datetime.date

    def by_grade(self) -> dict[str, int]:
        """Fen by grade key, lines of one grade added up; raises `WeightsWrong` below zero.

        >>> day = datetime.date(2025, 1, 1)
        >>> lines = GradeTurnover("白芍", "统", 3), GradeTurnover("白芍", "统", 4)
        >>> TurnoverTable(lines, "own", day, day).by_grade()
        {'白芍|统': 7}
        """
        total: dict[str, int] = {}
        for line in self.lines:
            if line.fen < 0:
                raise WeightsWrong(
                    why_zh=f"{line.herb} {line.grade} 为负", why_en=f"{line.herb} {line.grade} is negative"
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


def from_turnover(tree: Tree, table: TurnoverTable) -> Floats:
    """The turnover of each grade of the tree in fen; grades without any weigh nothing.

    Raises `WeightsWrong` when no grade of the basket was traded at all.
    """
    by_grade = table.by_grade()
    weights = np.array([float(by_grade.get(key, 0)) for key in tree.grades])
    if not weights.sum() > 0:
        raise WeightsWrong(
            why_zh="篮子中没有任何规格有成交额", why_en="no grade of the basket has any turnover"
        )
    return weights


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
    scale = float(weights.sum() / declared[inside].sum()) if unit != "herb" else 0.0
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
    herbs = np.asarray(tree.herb_of_grade, dtype=np.int64)
    totals = np.bincount(herbs, weights=weights, minlength=len(tree.herbs))
    mean_unit = float(totals[totals > 0].mean())
    admitted = weights.copy()
    for herb in sorted({tree.herb_of_grade[grade] for grade in entering}):
        new = [grade for grade in entering if tree.herb_of_grade[grade] == herb]
        old = [
            grade for grade in np.flatnonzero((herbs == herb) & (weights > 0)).tolist() if grade not in new
        ]
        total = float(totals[herb]) if old else mean_unit
        admitted[old] *= len(old) / (len(old) + len(new))
        admitted[new] = total / (len(old) + len(new))
    return admitted


def base_shares(weights: Floats) -> Floats:
    """Weights as shares that add up to one.

    >>> base_shares(np.array([1.0, 3.0])).tolist()
    [0.25, 0.75]
    """
    return weights / float(weights.sum())
