"""The headline of whole months, for indices that publish by the day."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from priceindex.calendar import month_of

_DIGITS: Final = Decimal("0.0001")


def mean_of_days(values: Iterable[tuple[date, Decimal]]) -> Mapping[int, Decimal]:
    """Return the geometric mean of each month's published daily values, to four decimals, half-even.

    Trades are summed over whole months, so the headline they are held against is that of the whole month.

    >>> mean_of_days([(date(1970, 1, 2), Decimal("400")), (date(1970, 1, 9), Decimal("900"))])
    {0: Decimal('600.0000')}
    """
    logs: dict[int, list[float]] = {}
    for day, value in values:
        logs.setdefault(month_of(day), []).append(math.log(value))
    return {
        month: Decimal(math.exp(math.fsum(each) / len(each))).quantize(_DIGITS, ROUND_HALF_EVEN)
        for month, each in sorted(logs.items())
    }
