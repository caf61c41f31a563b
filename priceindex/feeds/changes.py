"""Stated changes: "up 8.3 % in a month" says what the price was a month ago, up to rounding."""

import datetime
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from ledger.errors import Location
from priceindex.currency.rate import EXACT
from priceindex.feeds.feed_errors import MalformedChange
from priceindex.feeds.wording import plain
from priceindex.quotes import Claim, Quote

SPANS: Final = {"week": 7, "month": 30, "year": 365}
"""Days a stated change looks back. An assumption: no site says which day it compares with."""
_FINEST: Final = 4
"""Decimals of a change as a fraction: sites print a percentage with two at most."""
_LARGEST: Final = 10**6
_NONE: Final = frozenset(("", "-", "--"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stated change as a fraction, and how far rounding may have moved it."""

    fraction: Decimal
    half_unit: Decimal


def read_change(text: str, *, percent: bool, at: Location) -> Change | None:
    """Read a change; None where there is none. `percent`: the heading says that numbers are percentages.

    Raises `MalformedChange` for what is no number, or -100 % and below.

    >>> read_change("-6.25%", percent=False, at=Location())
    Change(fraction=Decimal('-0.0625'), half_unit=Decimal('0.00005'))
    """
    written = plain(text)
    if written in _NONE:
        return None
    digits = written.removesuffix("%").removeprefix("+").strip()
    try:
        number = Decimal(digits)
    except ArithmeticError as fault:
        raise MalformedChange(at=at, value=text[:20]) from fault
    if not number.is_finite() or abs(number) > _LARGEST:
        raise MalformedChange(at=at, value=text[:20])
    scale = 2 if percent or written.endswith("%") else 0
    fraction = number.scaleb(-scale, EXACT)
    decimals = min(max(0, -int(number.as_tuple().exponent)) + scale, _FINEST)
    if fraction <= -1:
        raise MalformedChange(at=at, value=text[:20])
    return Change(fraction=fraction, half_unit=Decimal(5).scaleb(-decimals - 1))


def claim(quote: Quote, span: str, change: Change) -> Claim:
    """Return what `change` over a span of `SPANS` says the price of a quote's cell was."""
    low = EXACT.divide(Decimal(quote.fen_per_kg), 1 + change.fraction + change.half_unit)
    high = EXACT.divide(
        Decimal(quote.fen_per_kg), max(1 + change.fraction - change.half_unit, change.half_unit)
    )
    return Claim(
        cell=quote.cell,
        day=quote.day - datetime.timedelta(days=SPANS[span]),
        low_fen_per_kg=int(low.to_integral_value(ROUND_FLOOR)),
        high_fen_per_kg=int(high.to_integral_value(ROUND_CEILING)),
        at=quote.at,
    )
