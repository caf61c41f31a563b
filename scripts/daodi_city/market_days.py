"""Market days: two traders sell the rest of their lots week by week, so that there are trades to price.

A week's trades of one cell become a quote only where there are three of them by two sellers; so two herbs,
each held in one grade by two traders of one market, are sold in small parcels until the city stands still.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from daodi_city.almanac import LAST_DAY, is_shut
from daodi_city.pen import CHINA, DatedStep, Deed, Pen
from daodi_city.way import Asking, Way
from trace.steps import LotAmount
from trace.vocabulary import Stage

HERBS = ("白芍", "当归")
"""Herbs whose two lots of a season are of one grade."""
MARKET = "亳州"
SEASON = 2025
"""The harvest sold here: its lots last until the city stands still."""
_SALES = (2, 1)
"""Sales a week of the first and of the second trader: three trades, two sellers."""
_SETTLED = (0.985, 1.0)
"""What share of the board's price a deal is settled at: an assumption of the generator."""
_LEFT = 0.9
"""Share of what is left in a lot that is sold here."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What is left of one lot at its trader."""

    way: Way
    grams: int
    ready: date
    """The day after which all that happened to the lot is on record."""


def sell_by_the_week(rng: np.random.Generator, ways: Sequence[Way], asking: Asking) -> list[DatedStep]:
    """Write the weekly sales of the lots left, of every herb of `HERBS` that was grown."""
    sold: list[DatedStep] = []
    for herb in HERBS:
        stocks = [
            left_over(way)
            for way in ways
            if (way.crop.herb, way.year, way.cast.market) == (herb, SEASON, MARKET)
        ]
        if stocks:
            sold += _sold(rng, stocks, asking)
    return sold


def left_over(way: Way) -> Stock:
    """What the first sale of the bulk left over, and when that sale was on record."""
    lot = way.lots["bulk"]
    [sale] = [
        dated
        for dated in way.pen.written
        if dated.step.stage is Stage.SALE and any(amount.lot == lot for amount in dated.step.lots)
    ]
    gone = sale.step.lots[0].grams or 0
    recorded = datetime.fromtimestamp(sale.recorded_ms / 1000, CHINA).date()
    return Stock(way, round((way.grams["bulk"] - gone) * _LEFT), recorded + timedelta(1))


def _sold(rng: np.random.Generator, stocks: Sequence[Stock], asking: Asking) -> Iterator[DatedStep]:
    weeks = _weeks(max(stock.ready for stock in stocks))
    for stock, sales in zip(stocks, _SALES, strict=True):
        way, grams = stock.way, stock.grams // (sales * len(weeks))
        pen = Pen(rng, f"{way.pen.name}-DAYS")
        for monday in weeks:
            for number in range(sales):
                day = monday + timedelta(1 + 2 * number + int(rng.integers(2)))
                yield pen.write(sale(way, day, grams, asking, rng, MARKET))


def sale(way: Way, day: date, grams: int, asking: Asking, rng: np.random.Generator, market: str) -> Deed:
    """Sell a parcel of a lot at a little under what a market's board asks on the day."""
    asked = asking(way.crop.herb, way.grade, market, day)
    return Deed(
        stage=Stage.SALE,
        who=way.cast.trader,
        day=day,
        lots=(LotAmount(lot=way.lots["bulk"], grams=grams),),
        fields={"channel": "wholesale", "price_fen_per_kg": round(asked * rng.uniform(*_SETTLED))},
    )


def _weeks(ready: date) -> list[date]:
    """Return the Mondays of the weeks of trade that end before the last day, without those of a holiday."""
    first = ready + timedelta(7 - ready.weekday())
    count = (LAST_DAY - first).days // 7
    mondays = [first + timedelta(7 * week) for week in range(count)]
    return [monday for monday in mondays if not any(is_shut(monday + timedelta(day)) for day in range(7))]
