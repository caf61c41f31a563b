"""A price in another money: read as it stands, weighed by the rate of its day, kept in both."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ledger.errors import Location
from priceindex.currency.rate import EXACT, Rate
from priceindex.currency.rate_errors import NoRate
from priceindex.feeds.contract import Reading
from priceindex.feeds.wording import Price, plain, read_numbers, read_price, unit_factor

_KEPT: Final = Decimal("0.000001")
_MASS: Final = re.compile(r"[^/]*/")


@dataclass(frozen=True, slots=True)
class ForeignPrice:
    """A price per kilogram in its own money, and in fen."""

    per_kg: Decimal
    """In the foreign currency; of a range, its geometric middle to six decimals."""
    rate: Rate
    price: Price


def read_foreign(
    text: str, unit: str, when: tuple[str, datetime.date], reading: Reading, at: Location
) -> ForeignPrice:
    """Read a price told in the currency `when` names, for its day; `unit` is its mass part, kg by default.

    The unit may name the money too ("USD/kg"): only what stands behind the stroke counts. Raises
    `UnknownUnit`, `MalformedPrice`, `UnknownCurrency`, `NoRate`.
    """
    currency, day = when
    if reading.rates is None:
        raise NoRate(at=at, currency=currency, day=day, days=reading.rate_days)
    try:
        rate = reading.rates(currency, day, reading.rate_days)
    except NoRate as fault:
        raise NoRate(at=at, **fault.parts) from fault
    mass = unit_factor(_MASS.sub("元/", plain(unit), count=1), at)
    numbers = read_numbers(text, at)
    ends = [EXACT.multiply(number, mass) for number in numbers]
    middle = ends[0] if len(ends) == 1 else EXACT.multiply(*ends).sqrt(EXACT).quantize(_KEPT)
    factor = EXACT.multiply(mass, rate.yuan_per_unit)
    return ForeignPrice(middle.normalize() + 0, rate, read_price(text, factor, at))
