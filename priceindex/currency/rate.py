"""An exchange rate, and the arithmetic that loses no digit of it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

CODE: Final = re.compile(r"[A-Z]{3}")
"""The form of an ISO 4217 code."""
EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough for every product of a price, a unit and a rate: nothing is rounded on the way to the fen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one unit of a currency was worth on a day, and who says so."""

    currency: str
    """ISO 4217."""
    day: date
    yuan_per_unit: Decimal
    source: str
