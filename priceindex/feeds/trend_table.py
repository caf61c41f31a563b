"""The shape of 天地网 and its like: a table with a trend word and the changes of a week, a month and a year.

The trend word is kept with the quote and used in no computation. The changes are facts about the source
(`claims`); only where the feed says so do the earlier prices they imply become quotes, then of tier web
and marked with the rule `implied-by-change`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from ledger.errors import DaodiError, Location
from priceindex.errors import EmptyBody
from priceindex.feeds.changes import SPANS, claim, read_change
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.feed_errors import UnknownTrend
from priceindex.feeds.grids import grids_of
from priceindex.feeds.rows import RowReader
from priceindex.quotes import Claim, Quote, ReadResult, Tier

TRENDS: Final = {
    "平": "steady",
    "慢": "slow",
    "快": "fast",
    "缺": "short",
    "畅": "brisk",
    "滞": "stagnant",
    "无": "none",
}
"""Words of the column 走势 -> what they mean: how the goods move, not where the price goes."""
IMPLIED: Final = "implied-by-change"
"""Rule code of a quote that was computed from a stated change."""


class TrendTableShape:
    """Rows of 品名 规格 产地 市场 价格 走势 周涨跌 月涨跌 年涨跌."""

    def read(self, raw: RawBody, reading: Reading) -> ReadResult:
        """Read every row, its trend and what its changes claim; raises as `TableShape.read` does."""
        quotes: list[Quote] = []
        claims: list[Claim] = []
        faults: list[DaodiError] = []
        for grid in grids_of(raw):
            rows = RowReader(grid, reading, Tier.WEB)
            for number, row in grid.rows:
                try:
                    quote, told = _quote(rows, row, number)
                except DaodiError as fault:
                    faults.append(fault)
                    continue
                quotes.append(quote)
                if reading.changes_are_quotes:
                    quotes += [_implied(quote, each) for each in told]
                else:
                    claims += told
        if not quotes and not faults:
            raise EmptyBody(at=Location(file=raw.name), name=raw.name)
        return ReadResult(tuple(quotes), tuple(faults), tuple(claims))


def _quote(rows: RowReader, row: Sequence[str], number: int) -> tuple[Quote, list[Claim]]:
    quote = rows.quote(row, number)
    at = rows.at(number)
    trend = _trend(rows.told(row, "trend"), at)
    claims = []
    for span in SPANS:
        text = rows.told(row, span)
        change = read_change(text, percent=span in rows.columns.percent, at=at(span, text))
        if change is not None:
            claims.append(claim(quote, span, change))
    return (quote if trend is None else replace(quote, trend=trend)), claims


def _trend(text: str, at: Callable[[str, str], Location]) -> str | None:
    if not text:
        return None
    if text not in TRENDS:
        raise UnknownTrend(at=at("trend", text), trend=text[:20], accepted="、".join(TRENDS))
    return text


def _implied(quote: Quote, told: Claim) -> Quote:
    """The earlier price a change implies, as a quote that says how it came about."""
    return replace(
        quote,
        day=told.day,
        fen_per_kg=(told.low_fen_per_kg + told.high_fen_per_kg) // 2,
        low_fen_per_kg=told.low_fen_per_kg,
        high_fen_per_kg=told.high_fen_per_kg,
        tier=Tier.WEB,
        trend=None,
        rules=(IMPLIED,),
    )
