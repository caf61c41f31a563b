"""Which herbs and markets a quote may name: handed in by the layer above, for this package lists none.

A name outside the lists is a fault and never a new cell. 白勺 written for 白芍 would otherwise be kept as a
herb of its own that no index ever looks at.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.errors import Location
from priceindex.errors import UnlistedHerb, UnlistedMarket
from priceindex.feeds.wording import plain
from priceindex.quotes import Quote

_SHOWN: Final = 20
"""Characters of a wrong name that a message repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """The herbs and markets of the deployment."""

    herbs: Collection[str]
    """Standard Chinese names; asked for every quote, so a set or mapping."""
    markets: Mapping[str, str]
    """Every way a market is written, in lower case -> the one name the book keeps."""
    near_herbs: Callable[[str], Sequence[str]]
    """Gives the listed herbs that look most like a name."""

    def listed(self, quote: Quote, at: Callable[[str, str], Location]) -> Quote:
        """Return the quote under its market's one name.

        `at` gives the place of a part of the quote and its value. Raises `UnlistedHerb`, `UnlistedMarket`.
        """
        if quote.herb not in self.herbs:
            nearest = "、".join(self.near_herbs(quote.herb))
            raise UnlistedHerb(at=at("herb", quote.herb), name=quote.herb[:_SHOWN], nearest=nearest)
        market = self.markets.get(quote.market) or self.markets.get(plain(quote.market).lower())
        if market is None:
            known = "、".join(dict.fromkeys(self.markets.values()))
            raise UnlistedMarket(at=at("market", quote.market), name=quote.market[:_SHOWN], known=known)
        return quote if market == quote.market else replace(quote, market=market)
