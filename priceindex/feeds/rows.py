"""One row of a table as a quote: its parts found, its price read in its unit and its money."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter
from typing import Final

from ledger.errors import Location
from priceindex.currency.rate_errors import UnknownCurrency
from priceindex.errors import MalformedDay, MalformedPrice, MissingPart, PartTooLong, UnknownTier
from priceindex.feeds.columns import NEEDED, Columns, columns_of
from priceindex.feeds.contract import Reading
from priceindex.feeds.foreign_price import read_foreign
from priceindex.feeds.grid import Grid
from priceindex.feeds.wording import read_day, read_price, unit_factor
from priceindex.quotes import DOMESTIC, NAME_LIMIT, Quote, Repeated, Tier, is_name

_TIERS: Final = {name: tier for tier in Tier for name in (str(tier), tier.words("zh"), tier.words("en"))}
_HOME_WORDS: Final = frozenset(("", DOMESTIC, "RMB", "人民币"))
CLAIMED_TRADE: Final = "claimed-trade"
"""Rule a row meets that calls its price a trade: only recorded trades go before all quotes unasked."""
POINT_LIMIT: Final = 100
"""Characters of the longest name of a collection point."""
_OFTEN_SAME: Final = ("herb", "grade", "origin", "market", "unit", "tier", "currency", "point")
"""Parts that many rows of a table share: with the same texts there, only day and price are read anew."""
_REMEMBERED: Final = 50_000
"""Different texts of those parts that are remembered, so that no table can fill the memory with them."""


class RowReader:
    """Reads the rows of one table; made once for it, because its headings hold for every row."""

    def __init__(self, grid: Grid, reading: Reading, tier: Tier = Tier.MARKET) -> None:
        """Find the columns; `tier` is of rows that state none. Raises `MissingColumn`."""
        self._name = grid.name
        self._reading = reading
        self._tier = reading.tier or tier
        self.columns: Columns = columns_of(grid.heading, grid.name, _stated(reading))
        self._unit = self.columns.unit or reading.unit
        place = self.columns.place
        self._last = max(place.values())
        self._same = itemgetter(*(place[part] for part in _OFTEN_SAME if part in place))
        self._day_place, self._price_place = place.get("day"), place.get("price")
        self._price_heading = self.columns.heading.get("price", "price")
        self._seen: dict[object, tuple[Repeated, Decimal]] = {}

    def at(self, number: int) -> Callable[[str, str], Location]:
        """Return what gives the place of a part of row `number` and its value."""
        heading = self.columns.heading

        def place(part: str, value: str) -> Location:
            return Location(
                file=self._name, row=number, field=heading.get(part, part), value=value[:NAME_LIMIT]
            )

        return place

    def told(self, row: Sequence[str], part: str) -> str:
        """Return what a row says for a part; empty where it has no such column."""
        place = self.columns.place.get(part)
        return row[place].strip() if place is not None and place < len(row) else ""

    def quote(self, row: Sequence[str], number: int) -> Quote:
        """Read a row; raises what is wrong with it, each with its place."""
        return self._like_before(row, number) or self._whole(row, number)

    def _like_before(self, row: Sequence[str], number: int) -> Quote | None:
        """Read a good row that differs from one read before in day and price only; None of any other."""
        if self._day_place is None or self._price_place is None:
            return None
        try:
            before, factor = self._seen[self._same(row)]
            written = row[self._price_place].strip()
            at = Location(file=self._name, row=number, field=self._price_heading, value=written[:NAME_LIMIT])
            day = read_day(row[self._day_place].strip(), at)
            price = read_price(written, factor, at)
        except (KeyError, IndexError, MalformedDay, MalformedPrice):
            return None  # the whole reading says what is wrong, and in which order
        return before.quote(day, price.fen_per_kg, price.low_fen_per_kg, price.high_fen_per_kg, at)

    def _whole(self, row: Sequence[str], number: int) -> Quote:
        """Read every part of a row, and remember those that others may share."""
        quote = self._read(row, number)
        if quote.currency == DOMESTIC and len(row) > self._last and len(self._seen) < _REMEMBERED:
            unit = self.told(row, "unit") or self._unit
            self._seen[self._same(row)] = (Repeated(quote), unit_factor(unit, quote.at))
        return quote

    def _read(self, row: Sequence[str], number: int) -> Quote:
        at, reading = self.at(number), self._reading
        # Foreign prices are few: the rows of one market's file go the short way.
        currency = self._currency(row, at)
        unit, written = self.told(row, "unit"), self._needed(row, "price", "", at)
        day = self._day(row, at)
        foreign = None
        if currency:
            foreign = read_foreign(
                written, unit or self._unit, (currency, day), reading, at("price", written)
            )
            price = foreign.price
        else:
            price = read_price(
                written, unit_factor(unit or self._unit, at("unit", unit)), at("price", written)
            )
        tier = self._tier_of(row, at)
        quote = Quote(
            herb=self._named(row, "herb", "", at),
            grade=self._named(row, "grade", reading.grade, at),
            origin=self._named(row, "origin", "", at),
            market=self._named(row, "market", reading.market, at),
            day=day,
            fen_per_kg=price.fen_per_kg,
            low_fen_per_kg=price.low_fen_per_kg,
            high_fen_per_kg=price.high_fen_per_kg,
            source=reading.source,
            tier=tier,
            collection_point=self._point(row, at),
            rules=(CLAIMED_TRADE,) if tier is Tier.TRADE else (),
            at=at("price", written),
        )
        if foreign is not None:
            quote = replace(
                quote,
                currency=foreign.rate.currency,
                amount=str(foreign.per_kg),
                rate=str(foreign.rate.yuan_per_unit),
                rate_day=foreign.rate.day,
            )
        return quote if reading.known is None else reading.known.listed(quote, at)

    def _needed(
        self, row: Sequence[str], part: str, otherwise: str, at: Callable[[str, str], Location]
    ) -> str:
        text = self.told(row, part) or otherwise
        if not text and part in NEEDED:
            raise MissingPart(at=at(part, ""), column=self.columns.heading.get(part, NEEDED[part]))
        return text

    def _named(
        self, row: Sequence[str], part: str, otherwise: str, at: Callable[[str, str], Location]
    ) -> str:
        text = self._needed(row, part, otherwise, at)
        if not is_name(text):
            raise PartTooLong(
                at=at(part, text), column=self.columns.heading.get(part, part), limit=NAME_LIMIT
            )
        return text

    def _day(self, row: Sequence[str], at: Callable[[str, str], Location]) -> datetime.date:
        text = self.told(row, "day")
        if not text and self._reading.day is not None:
            return self._reading.day
        return read_day(self._needed(row, "day", "", at), at("day", text))

    def _currency(self, row: Sequence[str], at: Callable[[str, str], Location]) -> str:
        text = (self.told(row, "currency") or self._reading.currency).upper()
        if text in _HOME_WORDS:
            return ""
        if len(text) != len(DOMESTIC) or not text.isascii() or not text.isalpha():
            raise UnknownCurrency(at=at("currency", text), currency=text[:10])
        return text

    def _tier_of(self, row: Sequence[str], at: Callable[[str, str], Location]) -> Tier:
        text = self.told(row, "tier")
        if not text:
            return self._tier
        if text.lower() not in _TIERS:
            raise UnknownTier(at=at("tier", text), tier=text[:40], accepted="、".join(_TIERS))
        return _TIERS[text.lower()]

    def _point(self, row: Sequence[str], at: Callable[[str, str], Location]) -> str | None:
        text = self.told(row, "point")
        if len(text) > POINT_LIMIT or not text.isprintable():
            raise PartTooLong(at=at("point", text), column=self.columns.heading["point"], limit=POINT_LIMIT)
        return text or None


def _stated(reading: Reading) -> list[str]:
    """The parts that hold for every row of a body, so that no column need say them."""
    stated = {"day": reading.day, "market": reading.market, "grade": reading.grade}
    return [part for part, value in stated.items() if value]
