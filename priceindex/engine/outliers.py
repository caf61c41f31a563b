"""Prices far from the rest of their class on a day: marked by the family's rule, and always listed."""

import datetime
from dataclasses import dataclass

import numpy as np

from priceindex.calendar import day_of
from priceindex.classification import Tree
from priceindex.cleaning.outlier_rules import flag_by_class
from priceindex.engine.chain import Screen, Segment
from priceindex.engine.panel import Marks, Panel
from priceindex.family_text import Outliers
from priceindex.formulas.relatives import Floats, Places, relatives
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlierFound:
    """A price whose relative was far from those of its class that day."""

    cell: Cell
    day: datetime.date
    fen_per_kg: int
    relative: float
    """Price over the price it is compared with."""
    left_out: bool
    """Whether it was kept out, or only told."""


def screen_by(rule: Outliers, class_of_cell: Places) -> Screen | None:
    """How prices are screened under a family's text; None where the text has no rule."""
    if rule.rule == "none":
        return None

    def screen(panel: Panel, reference: Floats) -> Marks:
        """Mark prices by class and day; those standing in for older ones are judged like fresh ones."""
        moved = relatives(panel.carried, reference)
        larger = np.fmax(panel.carried, reference)
        marked = np.zeros(moved.shape, dtype=bool)
        for row in range(len(moved)):
            if np.isfinite(moved[row]).any():
                marked[row] = flag_by_class(rule, moved[row], class_of_cell, larger[row])
        return marked

    return screen


def found_in(segment: Segment, tree: Tree, *, left_out: bool) -> list[OutlierFound]:
    """The outliers quoted on the days of a segment, by day and cell."""
    whole = segment.whole
    rows, columns = np.nonzero(segment.marked & whole.quoted)
    moved = relatives(whole.carried, segment.standing.reference)[rows, columns]
    prices = whole.fen[rows, columns]
    found = zip(whole.days[rows].tolist(), columns.tolist(), prices.tolist(), moved.tolist(), strict=True)
    return [
        OutlierFound(
            cell=tree.cells[column],
            day=day_of(day),
            fen_per_kg=int(fen),
            relative=relative,
            left_out=left_out,
        )
        for day, column, fen, relative in found
    ]
