"""Which herbs of the basket are in, by rule: those that make up a share of the quotes or of the turnover.

A review never looks ahead and never changes afterwards. The review at the end of a month counts the usable
quotes of the twelve months that end with it, as they were known at the first moment of the next month in
China. Where none of them was known by then, as in a back-calculation, they count as known at the end of the
day in China on which the first of them was recorded. Under a share of turnover the newest weight set in force
counts, as known at the same moment. What is recorded after that moment changes no review. A review that finds
nothing leaves the herbs as they are; the first one then takes all of them.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import month_of
from priceindex.engine.weights import WeightSet
from priceindex.families import Family
from priceindex.family_text import Selection
from priceindex.formulas.relatives import Floats

REVIEW_MONTHS = 12
"""A review looks at the quotes of so many months, the closing one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a review of the herbs found."""

    effective: datetime.date
    """First day of the month at whose end its herbs enter."""
    as_of_ms: int
    """The moment of the review: what was recorded later did not count."""
    sizes: tuple[tuple[str, int], ...]
    """Quotes, or fen of turnover, of each herb that has any; sorted by herb."""


def selected(rule: Selection, herbs: tuple[str, ...], size: Floats) -> NDArray[np.bool_]:
    """The largest herbs that together make up the rule's share of all; `size` is each herb's (herbs,).

    Herbs of equal size stand in the order of their names. The herb that carries the sum over the share
    is in.

    >>> rule = Selection(rule="share_of_quotes", share="0.85")
    >>> selected(rule, ("a", "b", "c", "d"), np.array([10.0, 60.0, 20.0, 10.0])).tolist()
    [True, True, True, False]
    """
    order = np.lexsort((np.arange(len(herbs)), -size))
    before = np.cumsum(size[order]) - size[order]
    total = float(np.cumsum(size)[-1])
    found = np.zeros(len(herbs), dtype=bool)
    found[order] = (before < float(rule.share) * total) & (size[order] > 0)
    return found


def chosen(rule: Selection, review: Review, herbs: Sequence[str]) -> NDArray[np.bool_] | None:
    """The herbs a review puts in, among `herbs`; None where it found nothing.

    The share is one of all herbs reviewed, also of those that are not among `herbs`.

    >>> day = datetime.date(2025, 12, 1)
    >>> review = Review(effective=day, as_of_ms=0, sizes=(("a", 90), ("b", 10)))
    >>> chosen(Selection(rule="share_of_quotes", share="0.85"), review, ("b", "a")).tolist()
    [False, True]
    """
    if not review.sizes:
        return None
    names = tuple(herb for herb, _ in review.sizes)
    marks = selected(rule, names, np.array([float(size) for _, size in review.sizes]))
    inside = {name for name, mark in zip(names, marks.tolist(), strict=True) if mark}
    return np.array([herb in inside for herb in herbs], dtype=bool)


def review_months(family: Family, first: int, last: int) -> list[int]:
    """The months reviewed at their end, from the month `first` in which the base period ends through `last`.

    None where the family takes all herbs.
    """
    if family.selection.rule == "all" or last < first:
        return []
    yearly = family.selection.reviewed == "yearly"
    later = range(first + 1, last + 1) if yearly else ()
    return [first, *(month for month in later if month % 12 == family.weights.month - 1)]


def turnover_of_herbs(sets: Iterable[WeightSet], month: int) -> dict[str, int]:
    """Fen of each herb in the newest set in force at the end of `month`; the first set before any is."""
    ordered = sorted(sets, key=lambda one: one.effective)
    in_force = [one for one in ordered if month_of(one.effective) <= month]
    by_herb: dict[str, int] = {}
    for used in in_force[-1:] or ordered[:1]:
        for key, fen in used.by_grade().items():
            herb = key.split("|", 1)[0]
            by_herb[herb] = by_herb.get(herb, 0) + fen
    return by_herb
