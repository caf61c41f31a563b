"""How markets write prices, units and dates, and what we make of them.

Prices arrive as one number or a range ("40-42"), per 公斤 or per 市斤. Anything else is refused with
the reason: guessing at "5-5-6.5" would put a made-up price into an index.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

from ledger.errors import Location, Said
from priceindex.currency.rate import EXACT
from priceindex.errors import MalformedDay, MalformedPrice, UnknownUnit
from priceindex.quotes import PRICE_LIMIT_FEN_PER_KG

_NUMBER: Final = r"(?:\d{1,9}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,6})?"
_ONE: Final = re.compile(rf"([-+]?{_NUMBER})")
_RANGE: Final = re.compile(rf"({_NUMBER})\s*(?:-|~|至|到)\s*({_NUMBER})")
_LONG: Final = re.compile(r"(?<![.\d])0*[1-9]\d{9}")
"""Ten digits or more before the point."""
_LARGEST_EXPONENT: Final = 9
_DASHES: Final = str.maketrans({"—": "-", "–": "-", "−": "-", "〜": "~", "∼": "~", "﹣": "-"})
_DAY: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))"
)

UNITS: Final = {
    "元/公斤": Decimal(1),
    "元/千克": Decimal(1),
    "元/kg": Decimal(1),
    "元/斤": Decimal(2),
    "元/市斤": Decimal(2),
    "元/500g": Decimal(2),
    "元/500克": Decimal(2),
    "元/克": Decimal(1000),
    "元/g": Decimal(1000),
    "元/吨": Decimal("0.001"),
    "元/t": Decimal("0.001"),
}
"""Unit -> how many yuan per kilogram one yuan of it is. 斤 and 市斤 are 500 g."""


_TOO_LARGE: Final = Said(
    zh=f"超过上限 {PRICE_LIMIT_FEN_PER_KG // 100} 元/公斤",
    en=f"it is above the limit of {PRICE_LIMIT_FEN_PER_KG // 100} yuan per kg",
)


@dataclass(frozen=True, slots=True)
class Price:
    """A price as read: the one number used, and the range it came from."""

    fen_per_kg: int
    low_fen_per_kg: int | None = None
    high_fen_per_kg: int | None = None


def plain(text: str) -> str:
    """Text as people mean it: full-width signs narrowed, dashes unified, ends trimmed.

    >>> plain("　４０—４２ ")
    '40-42'
    """
    return unicodedata.normalize("NFKC", text).translate(_DASHES).strip()


def unit_factor(text: str, at: Location) -> Decimal:
    """Yuan per kilogram in one yuan of the unit; an empty unit means 元/公斤. Raises `UnknownUnit`.

    >>> unit_factor("元／市斤", Location())
    Decimal('2')
    """
    factor = _factor(text)
    if factor is None:
        raise UnknownUnit(at=at, unit=text[:40], accepted="、".join(UNITS))
    return factor


def read_price(text: str, factor: Decimal, at: Location) -> Price:
    """Read one price or a range; raises `MalformedPrice` with the reason.

    >>> read_price("40-42", Decimal(1), Location())
    Price(fen_per_kg=4099, low_fen_per_kg=4000, high_fen_per_kg=4200)
    >>> read_price("12.5", Decimal(2), Location())
    Price(fen_per_kg=2500, low_fen_per_kg=None, high_fen_per_kg=None)
    """
    found = _price(text, factor)
    if isinstance(found, Price):
        return found
    raise MalformedPrice(at=at, value=text[:40], why=found)


def read_numbers(text: str, at: Location) -> tuple[Decimal, ...]:
    """Return the one number of a price, or the two ends of its range; raises `MalformedPrice` as above.

    >>> read_numbers("2.80-3", Location())
    (Decimal('2.80'), Decimal('3'))
    """
    read_price(text, Decimal(1), at)
    written = _amount(text)
    both = _RANGE.fullmatch(written)
    return (_yuan(both[1]), _yuan(both[2])) if both else (_yuan(written),)


def read_day(text: str, at: Location) -> datetime.date:
    """Read a date as Chinese spreadsheets write it; raises `MalformedDay`.

    >>> [str(read_day(text, Location())) for text in ("2025年2月27日", "2025/2/27", "20250227")]
    ['2025-02-27', '2025-02-27', '2025-02-27']
    """
    found = _day(text)
    if found is None:
        raise MalformedDay(at=at, value=text[:40])
    return found


# A file repeats its days, units and prices thousands of times: each wording is read once.
_remembered = lru_cache(maxsize=8192)


@_remembered
def _factor(text: str) -> Decimal | None:
    unit = plain(text).replace(" ", "").replace("KG", "kg").replace("Kg", "kg")
    if not unit:
        return Decimal(1)
    return UNITS.get(unit) or UNITS.get(f"元/{unit.removeprefix('/')}")


@_remembered
def _price(text: str, factor: Decimal) -> Price | Said:
    """The price, or why it is none."""
    written = _amount(text)
    if one := _ONE.fullmatch(written):
        fen = _fen(EXACT.multiply(_yuan(one[1]), factor))
        return _TOO_LARGE if abs(fen) > PRICE_LIMIT_FEN_PER_KG else Price(fen)
    if both := _RANGE.fullmatch(written):
        low, high = (EXACT.multiply(_yuan(end), factor) for end in both.groups())
        if not 0 < low <= high:
            return Said(zh="区间须由低到高且大于零", en="a range runs from low to high, above zero")
        if _fen(high) > PRICE_LIMIT_FEN_PER_KG:
            return _TOO_LARGE
        return Price(_fen(EXACT.multiply(low, high).sqrt(EXACT)), _fen(low), _fen(high))
    return _why_none(written.lower())


def _why_none(written: str) -> Said:
    if re.fullmatch(rf"{_NUMBER}(?:[-~]{_NUMBER}){{2,}}", written):
        return Said(
            zh="含有三个以上的数，无法判断区间", en="it has more than two numbers, so the range is unclear"
        )
    if found := re.fullmatch(r"[-+]?\d+(?:\.\d*)?e([-+]?\d{1,9})", written):
        if int(found[1]) > _LARGEST_EXPONENT:
            return _TOO_LARGE
        return Said(zh="是科学记数法，请写出全部数字", en="it has an exponent; write out all of its digits")
    if re.fullmatch(r"[-+~,.\d\s]*", written) and _LONG.search(written.replace(",", "")):
        return _TOO_LARGE
    if re.fullmatch(r"[-+]?\d+\.\d{7,}", written):
        return Said(zh="小数多于六位", en="it has more than six decimals")
    return Said(zh="不是数字", en="it is not a number")


@_remembered
def _day(text: str) -> datetime.date | None:
    written = plain(text).removesuffix(" 00:00:00").removesuffix(" 0:00:00")
    found = _DAY.fullmatch(written)
    if not found:
        return None
    try:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _amount(text: str) -> str:
    """The number or range of a price, without the sign of its money."""
    return plain(text).removesuffix("元").removeprefix("¥").strip()


def _yuan(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _fen(yuan: Decimal) -> int:
    return int(EXACT.multiply(yuan, Decimal(100)).quantize(Decimal(1), ROUND_HALF_EVEN, EXACT))
