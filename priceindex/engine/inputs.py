"""The inputs of a computation: everything a run depends on, and nothing else.

The quotes are columns and not objects: a year of one market is a few arrays. Whoever has the same
inputs gets the same values to the last published digit.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from priceindex.engine.selection import Review
from priceindex.engine.weights import WeightSet
from priceindex.families import Family
from priceindex.formulas.relatives import Places
from priceindex.quotes import Cell

Themes = Mapping[str, Mapping[str, int]]
"""Theme key -> herb -> the calendar year in which it was put on the list."""
FULL_WEIGHT_BP = 10_000
"""The weight of a source nothing is held against, in basis points."""


@dataclass(frozen=True, slots=True)
class Source:
    """One that quotes, and how much its word weighs in a year among several of the same tier."""

    name: str
    weight_bp: int = FULL_WEIGHT_BP
    """Reputation in basis points, 1..10000, as it was known when the year began."""
    year: int = 0
    """The calendar year of its quotes this is about, so that past years never change; 0: any year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A quote in the period that did not enter, and the rules that kept it out."""

    cell: Cell
    day: datetime.date
    fen_per_kg: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteColumns:
    """The usable quotes, one entry each, sorted by (cell, day, source); all columns are equally long."""

    cell: Places
    """Place in `Inputs.cells`."""
    day: Places
    """Days since 1970-01-01."""
    source: Places
    """Place in `Inputs.sources`."""
    tier: Places
    """Rank of the tier (`Tier.rank`): 0 trade, 1 market, 2 web, 3 judgement."""
    fen: Places
    """Whole fen per kilogram."""
    deals: Places
    """How many trades stand behind it; 1 for a quote."""

    def __len__(self) -> int:
        """How many quotes there are."""
        return len(self.cell)

    def taken(self, places: Places | slice) -> "QuoteColumns":
        """The quotes at these places, in that order."""
        return QuoteColumns(
            cell=self.cell[places],
            day=self.day[places],
            source=self.source[places],
            tier=self.tier[places],
            fen=self.fen[places],
            deals=self.deals[places],
        )


def joined(parts: Sequence[QuoteColumns]) -> QuoteColumns:
    """The quotes of all parts together, sorted by (cell, day, source)."""
    whole = QuoteColumns(
        cell=np.concatenate([part.cell for part in parts]),
        day=np.concatenate([part.day for part in parts]),
        source=np.concatenate([part.source for part in parts]),
        tier=np.concatenate([part.tier for part in parts]),
        fen=np.concatenate([part.fen for part in parts]),
        deals=np.concatenate([part.deals for part in parts]),
    )
    return whole.taken(np.lexsort((whole.source, whole.day, whole.cell)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything a computation depends on."""

    family: Family
    until: datetime.date
    as_of_ms: int
    """Quotes recorded later than this were not looked at."""
    class_of: Mapping[str, str]
    """Class key of every herb of the cells."""
    themes: Themes
    """Only themes the family names or cuts by."""
    weight_sets: tuple[WeightSet, ...]
    """By effective month; empty where weights are declared equal."""
    sources: tuple[Source, ...]
    """Sorted by name and year."""
    cells: tuple[Cell, ...]
    """Sorted, without repetition; every cell has a quote."""
    quotes: QuoteColumns
    left_out: tuple[LeftOut, ...]
    base_month: datetime.date | None = None
    """First day of the base month where the text says `first_month`; None: that of the first quote."""
    reviews: tuple[Review, ...] = ()
    """By month; one for each review due, none where the family takes all herbs."""

    @property
    def days(self) -> Places:
        """The index days: those on which at least one cell was quoted, ascending."""
        return np.unique(self.quotes.day)
