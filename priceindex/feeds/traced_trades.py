"""Recorded trades as the best quotes there are: a price a week for a cell, never from so few that one shows.

The volume-weighted mean price (VWAP) of a week is the value of its trades over their mass. Trades are
grouped by herb, grade, origin, market and ISO week; a cell with fewer trades or sellers than a family text's
`[trades]` asks for gives no quote at all. The bounds are ours, so that no single deal can be read off.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Location
from priceindex.calendar import china_day
from priceindex.family_text import Trades
from priceindex.feeds.feed_errors import MalformedWeek, WeekNotOver
from priceindex.quotes import Cell, Quote, Tier

SOURCE: Final = "traced-trades"
"""The source these quotes are kept under."""
_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_SUNDAY: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedCell:
    """What a week's trades of one cell come to."""

    cell: Cell
    grams: int
    fen: int
    """What was paid for them together."""
    trades: int
    sellers: int
    """Distinct sellers, or the least there can have been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeQuotes:
    """The quotes of a week's trades, and how much of them stays unsaid."""

    quotes: tuple[Quote, ...]
    few_trades: int
    """Cells with too few trades for a price that hides the single deal."""
    few_sellers: int
    """Cells with trades enough, of too few sellers."""
    unnamed: int
    """Cells whose lots state no grade, or that were sold outside the markets."""


def week_of(text: str) -> tuple[datetime.date, datetime.date]:
    """Return Monday and Sunday of an ISO week (ISO 8601); raises `MalformedWeek`.

    >>> [str(day) for day in week_of("2026-W12")]
    ['2026-03-16', '2026-03-22']
    """
    found = _WEEK.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        monday = datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as fault:
        raise MalformedWeek(at=Location(field="week", value=text[:20]), value=text[:20]) from fault
    return monday, monday + datetime.timedelta(days=_SUNDAY - 1)


def ended_week(text: str, now_ms: int) -> tuple[datetime.date, datetime.date]:
    """Return Monday and Sunday of a week that has ended in China; raises `MalformedWeek`, `WeekNotOver`."""
    monday, sunday = week_of(text)
    if sunday >= china_day(now_ms):
        raise WeekNotOver(at=Location(field="week", value=text), week=text, last=last_ended_week(now_ms))
    return monday, sunday


def last_ended_week(now_ms: int) -> str:
    """Return the last ISO week that has ended in China, such as 2026-W12.

    >>> last_ended_week(0)
    '1969-W52'
    """
    today = china_day(now_ms)
    year, week, _ = (today - datetime.timedelta(days=today.isoweekday())).isocalendar()
    return f"{year}-W{week:02d}"


def trade_quotes(traded: Iterable[TradedCell], sunday: datetime.date, rule: Trades) -> TradeQuotes:
    """Return a week's quotes of tier trade, dated on its Sunday: the day from which the week is known."""
    quotes: list[Quote] = []
    few_trades = few_sellers = unnamed = 0
    for each in gathered(traded):
        if not each.cell.grade or not each.cell.market:
            unnamed += 1
        elif each.trades < rule.trades:
            few_trades += 1
        elif each.sellers < rule.sellers:
            few_sellers += 1
        else:
            quotes.append(_quote(each, sunday))
    return TradeQuotes(quotes=tuple(quotes), few_trades=few_trades, few_sellers=few_sellers, unnamed=unnamed)


def gathered(traded: Iterable[TradedCell]) -> Sequence[TradedCell]:
    """Return one line a cell, sorted: lines of one cell, such as of two counties of one origin, are added.

    Who sold in both cannot be told from the sums, so of the sellers the larger number stands: the least
    there can be.
    """
    sums: dict[Cell, TradedCell] = {}
    for each in traded:
        so_far = sums.get(each.cell)
        sums[each.cell] = each if so_far is None else _added(so_far, each)
    return [sums[cell] for cell in sorted(sums)]


def _added(first: TradedCell, second: TradedCell) -> TradedCell:
    return TradedCell(
        cell=first.cell,
        grams=first.grams + second.grams,
        fen=first.fen + second.fen,
        trades=first.trades + second.trades,
        sellers=max(first.sellers, second.sellers),
    )


def _quote(traded: TradedCell, day: datetime.date) -> Quote:
    return Quote(
        herb=traded.cell.herb,
        grade=traded.cell.grade,
        origin=traded.cell.origin,
        market=traded.cell.market,
        day=day,
        fen_per_kg=vwap(traded.fen, traded.grams),
        source=SOURCE,
        tier=Tier.TRADE,
        deals=traded.trades,
    )


def vwap(fen: int, grams: int) -> int:
    """Value over mass in fen per kilogram, rounded half-even in whole numbers.

    >>> vwap(12_500, 1_000), vwap(5, 2_000), vwap(7, 2_000)
    (12500, 2, 4)
    """
    whole, rest = divmod(1000 * fen, grams)
    return whole + (2 * rest > grams or (2 * rest == grams and whole % 2 == 1))
