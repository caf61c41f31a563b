"""Every pair of grades of a herb at a market, with their ratio month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.quality.grade_prices import HerbPrices
from priceindex.quality.grade_ratios import GradeRatio, grade_ratios
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True)
class PairMonth:
    """What a pair's ratio was as of one month."""

    month: date
    ratio: GradeRatio


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePair:
    """Two grades of one herb at one market: `other` costs `ratio` times what `grade` does."""

    market: str
    grade: str
    other: str
    months: tuple[PairMonth, ...]
    """Oldest first, from the first month in which both were quoted of one origin."""


def grade_pairs(herb: HerbPrices) -> tuple[GradePair, ...]:
    """The pairs of which anything is matched, by market and then by the names of the grades."""
    found = []
    for market in sorted({cell.market for cell in herb.cells}):
        grades = sorted({cell.grade for cell in herb.cells if cell.market == market})
        for grade, other in combinations(grades, 2):
            pair = _pair(herb, market, grade, other)
            if pair.months:
                found.append(pair)
    return tuple(found)


def _pair(herb: HerbPrices, market: str, grade: str, other: str) -> GradePair:
    origins = sorted({cell.origin for cell in herb.cells if cell.market == market})
    own, its = (_by_origin(herb, market, each, origins) for each in (grade, other))
    months = tuple(
        PairMonth(month, ratio)
        for month, ratio in zip(herb.prices.months, grade_ratios(own, its), strict=True)
        if ratio is not None
    )
    return GradePair(market=market, grade=grade, other=other, months=months)


def _by_origin(herb: HerbPrices, market: str, grade: str, origins: Sequence[str]) -> Floats:
    """Monthly prices of one grade at one market (months, origins); NaN where there is no such cell."""
    place_of = {cell: place for place, cell in enumerate(herb.cells)}
    found = np.full((len(herb.prices.fen), len(origins)), np.nan)
    for column, origin in enumerate(origins):
        place = place_of.get(Cell(herb.cells[0].herb, grade, origin, market))
        if place is not None:
            found[:, column] = herb.prices.fen[:, place]
    return found
