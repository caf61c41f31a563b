"""The quotes of one input in columns: what can be judged and written, and the fault of what cannot."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ledger.errors import DaodiError, Location
from priceindex.calendar import day_number, day_of
from priceindex.errors import (
    ConflictingQuote,
    PriceIndexError,
    PriceNotPositive,
    QuoteInFuture,
)
from priceindex.intake.known_names import KnownNames
from priceindex.intake.rules.registry import Marks, Places
from priceindex.intake.tape import keys
from priceindex.quotes import Cell, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The quotes that can be judged, sorted by cell and day, with at most one of each."""

    quotes: Sequence[Quote]
    """As they were told."""
    cell: Places
    day: Places
    fen: Places
    repeated: int
    """Quotes left out because another of the input says the same."""
    faults: tuple[DaodiError, ...]
    """One for every quote that cannot be taken in."""

    @property
    def keys(self) -> Places:
        """The sortable numbers of cell and day."""
        return keys(self.cell, self.day)

    @property
    def cell_ids(self) -> Places:
        """Every cell once, in order."""
        return self.cell[np.flatnonzero(np.diff(self.cell, prepend=-1))]


def sound(
    quotes: Sequence[Quote],
    today: int,
    known: KnownNames,
    ids_of: Callable[[Iterable[Cell]], Mapping[Cell, int]],
) -> Sound:
    """Put quotes in columns, with what is wrong with the rest; `today` is a day number.

    `ids_of` numbers cells that have a name each; it is asked only for cells that are priced well.
    """
    told = [(quote.herb, quote.grade, quote.origin, quote.market) for quote in quotes]
    cells = {name: place for place, name in enumerate(dict.fromkeys(told))}
    number = np.array([cells[name] for name in told], dtype=np.int64)
    dates = {date: day_number(date) for date in {quote.day for quote in quotes}}
    day = np.array([dates[quote.day] for quote in quotes], dtype=np.int64)
    fen = np.array([quote.fen_per_kg for quote in quotes], dtype=np.int64)
    named = [_named(Cell(*name), known) for name in cells]
    unnamed = np.array([cell is None for cell in named], dtype=bool)
    bad = (fen <= 0) | (day > today) | unnamed[number]
    faults = [_fault(quotes[place], today, known) for place in np.flatnonzero(bad).tolist()]
    wanted = [named[place] for place in np.flatnonzero(np.bincount(number[~bad])).tolist()]
    ids = ids_of(cell for cell in wanted if cell is not None)
    numbered = np.array([-1 if cell is None else ids.get(cell, -1) for cell in named], dtype=np.int64)
    rows = np.flatnonzero(~bad)
    return _one_each(quotes, rows, numbered[number], day, fen, faults)


def _named(cell: Cell, known: KnownNames) -> Cell | None:
    """The cell under the names the book keeps; None where one of them is not known."""
    try:
        return known.cell(cell)
    except PriceIndexError:
        return None


def _fault(quote: Quote, today: int, known: KnownNames) -> DaodiError:
    """Return what is wrong with a quote by itself."""
    if quote.fen_per_kg <= 0:
        return PriceNotPositive(at=quote.at, price=f"{quote.fen_per_kg / 100:.2f}")
    if day_number(quote.day) > today:
        return QuoteInFuture(at=quote.at, day=quote.day, today=day_of(today))
    try:
        known.cell(quote.cell, lambda part, value: replace(quote.at, field=part, value=value))
    except PriceIndexError as fault:
        return fault
    raise AssertionError(quote)  # pragma: no cover  its cell was found wanting before


def _one_each(
    quotes: Sequence[Quote], rows: Places, cell: Places, day: Places, fen: Places, faults: list[DaodiError]
) -> Sound:
    """Of every cell and day the first quote; a second one repeats it or is at fault."""
    order = rows[np.lexsort((rows, day[rows], cell[rows]))]
    place = keys(cell[order], day[order])
    first = np.append(np.ones(min(1, len(place)), dtype=bool), np.diff(place) != 0)
    kept = order[first]
    leader = kept[np.cumsum(first) - 1]
    same: Marks = fen[order] == fen[leader]
    faults.extend(
        _conflict(quotes[lead], quotes[row]) for lead, row in zip(leader[~same], order[~same], strict=True)
    )
    return Sound(
        quotes=[quotes[row] for row in kept],
        cell=cell[kept],
        day=day[kept],
        fen=fen[kept],
        repeated=int((same & ~first).sum()),
        faults=tuple(faults),
    )


def _conflict(first: Quote, second: Quote) -> ConflictingQuote:
    prices = [f"{each.fen_per_kg / 100:.2f}" for each in (first, second)]
    where = second.at if second.at.row else Location(field="price", value=prices[1])
    return ConflictingQuote(
        at=where, cell=" ".join(second.cell), day=second.day, first=prices[0], second=prices[1]
    )
