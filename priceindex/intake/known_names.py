"""Which herbs and markets a quote may name: handed in by the layer above, for this package lists none.

A name outside the lists is a fault and never a new cell. 白勺 written for 白芍 would otherwise be kept as a
herb of its own that no index ever looks at. What people decided other names to mean comes as `Aliases`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from unicodedata import is_normalized, normalize

from ledger.errors import Location
from priceindex.errors import PartTooLong, UnlistedHerb, UnlistedMarket
from priceindex.feeds.wording import plain
from priceindex.naming.naming_errors import NameNotOurs
from priceindex.quotes import NAME_LIMIT, Cell, Quote, is_name

_SHOWN: Final = 20
"""Characters of a wrong name that a message repeats."""
Placed = Callable[[str, str], Location]
"""Gives the place of a part of a quote, and its value."""


def written_form(name: str) -> str:
    """Return the form a name is looked up by: half-width, without outer blanks, in lower case.

    >>> written_form(" ＢＯＺＨＯＵ ")
    'bozhou'
    """
    return plain(name).lower()


def _nowhere(part: str, value: str) -> Location:
    return Location(field=part, value=value)


def _one_spelling(part: str, name: str, at: Placed) -> str:
    """The one form of a name nobody lists (NFKC): signs that look alike make no second cell.

    Raises `PartTooLong` where that form may not name anything: a full-width bar is a bar.
    """
    if is_normalized("NFKC", name):
        return name
    spelt = normalize("NFKC", name).strip()
    if not spelt or not is_name(spelt):
        raise PartTooLong(at=at(part, name), column=part, limit=NAME_LIMIT)
    return spelt


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """The herbs and markets of the deployment, and what other names mean."""

    herbs: Collection[str]
    """Standard Chinese names; asked for every quote, so a set or mapping."""
    markets: Mapping[str, str]
    """Every way a market is written, in lower case -> the one name the book keeps."""
    near_herbs: Callable[[str], Sequence[str]]
    """Gives the listed herbs that look most like a name."""
    meanings: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    """(part of a cell, written form) -> the name it means; None: decided to be none of ours."""

    def listed(self, quote: Quote, at: Placed) -> Quote:
        """Return the quote under the names the book keeps.

        `at` gives the place of a part of the quote and its value. Raises what `cell` raises.
        """
        cell = self.cell(quote.cell, at)
        if cell == quote.cell:
            return quote
        return replace(quote, herb=cell.herb, grade=cell.grade, origin=cell.origin, market=cell.market)

    def cell(self, told: Cell, at: Placed = _nowhere) -> Cell:
        """Return a cell under the names the book keeps.

        Raises `UnlistedHerb`, `UnlistedMarket`, or `NameNotOurs` for a name somebody decided about.
        """
        return Cell(
            self._herb(told.herb, at),
            self._meant("grade", told.grade, at) or _one_spelling("grade", told.grade, at),
            self._meant("origin", told.origin, at) or _one_spelling("origin", told.origin, at),
            self._market(told.market, at),
        )

    def _herb(self, name: str, at: Placed) -> str:
        if name in self.herbs:
            return name
        meant = self._meant("herb", name, at)
        if meant is None:
            nearest = "、".join(self.near_herbs(name))
            raise UnlistedHerb(at=at("herb", name), name=name[:_SHOWN], nearest=nearest)
        return meant

    def _market(self, name: str, at: Placed) -> str:
        market = self.markets.get(name) or self.markets.get(written_form(name))
        if market is None:
            market = self._meant("market", name, at)
        if market is None:
            known = "、".join(dict.fromkeys(self.markets.values()))
            raise UnlistedMarket(at=at("market", name), name=name[:_SHOWN], known=known)
        return market

    def _meant(self, part: str, name: str, at: Placed) -> str | None:
        """What somebody decided a name to mean; None where nobody did."""
        if not self.meanings:
            return None
        key = (part, written_form(name))
        if key not in self.meanings:
            return None
        meant = self.meanings[key]
        if meant is None:
            raise NameNotOurs(at=at(part, name), name=name[:_SHOWN])
        return meant
