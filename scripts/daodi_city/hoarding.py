"""Goods kept back, an invented story: traders sell a herb month by month, and stop when its price is to rise.

Of the next harvest nothing is sold but what had been agreed: it lies in traced storage, so that the stock
would last out of all proportion while the price rises.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from daodi_city.market_days import left_over, sale
from daodi_city.pen import DatedStep, Pen
from daodi_city.stories import HOARDED
from daodi_city.way import Asking, Way

SEASON = 2024
"""The harvest that is sold, and then is not."""
_MONTHS = tuple(date(2025, month, 11) for month in range(1, 13))
"""The months of regular trade: the last is that before the price rises."""
_SOLD = 0.9
"""Share of what was left in store that is sold before trade stops."""


def sell_until_it_rises(rng: np.random.Generator, ways: Sequence[Way], asking: Asking) -> Iterator[DatedStep]:
    """Write the monthly sales of every lot of the herb's earlier season."""
    for way in ways:
        if (way.crop.herb, way.year) != (HOARDED, SEASON):
            continue
        stock, pen = left_over(way), Pen(rng, f"{way.pen.name}-KEPT")
        days = [day for day in _MONTHS if day > stock.ready]
        for day in days:
            on = day + timedelta(int(rng.integers(0, 6)))
            grams = round(stock.grams * _SOLD / len(days))
            yield pen.write(sale(way, on, grams, asking, rng, way.cast.market))
