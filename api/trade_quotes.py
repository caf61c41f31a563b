"""The trades of a week as quotes: summed in the trace, handed to the price index as its highest tier.

Only sums over a cell leave the trace, and only those of several trades and sellers leave here.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from api.index_runs import CHINA
from api.quoted_names import known_names
from api.station import Station
from ledger.private.private_vault import Vault
from priceindex.errors import UnlistedHerb, UnlistedMarket
from priceindex.family_text import Trades
from priceindex.feeds.traced_trades import SOURCE, TradedCell, TradeQuotes, ended_week, trade_quotes
from priceindex.feeds.trade_withdrawals import withdraw
from priceindex.intake.taking_in import IntakeReport, take_in
from priceindex.naming.aliases import known_here
from priceindex.naming.naming_errors import NameNotOurs
from priceindex.quotes import Cell
from trace import service as trace_service
from trace.divisions import division
from trace.integrity.source_trust import untrusted_sources
from trace.turnover import sellers

_PROVINCE_DIGITS: Final = 2
_ENDINGS: Final = ("壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "省", "市")
"""What the name of a province ends with that markets leave out: 安徽省 is quoted as 安徽."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTakenIn:
    """What became of a week's trades."""

    made: TradeQuotes
    report: IntakeReport
    withdrawn: int
    """Prices of the week that its trades make no more."""


def take_in_week(station: Station, week: str) -> WeekTakenIn:
    """Take the trades of an ISO week in as quotes; again, it adds only what has changed since.

    A price that the trades make no more is withdrawn.

    Raises `MalformedWeek`, `WeekNotOver`.
    """
    now_ms = station.clock()
    monday, sunday = ended_week(week, now_ms)
    with station.database.read() as session:
        traded = list(traded_cells(session, station.vault, monday, sunday, now_ms))
    made = trade_quotes(traded, sunday, Trades())
    return station.writer.submit(lambda session: _keep(session, made, week, sunday, now_ms))


def _keep(session: Session, made: TradeQuotes, week: str, sunday: date, now_ms: int) -> WeekTakenIn:
    """Write the week's quotes, and withdraw those of it that its trades make no more."""
    submitter = f"trades {week}"
    report = take_in(
        session, made.quotes, SOURCE, now_ms, known=known_names(), proceed=True, submitter=submitter
    )
    names = known_here(session, known_names(), SOURCE, now_ms)
    still = set[Cell]()
    for quote in made.quotes:
        with suppress(UnlistedHerb, UnlistedMarket, NameNotOurs):  # faults that the report tells
            still.add(names.cell(quote.cell))
    return WeekTakenIn(
        made=made, report=report, withdrawn=withdraw(session, sunday, still, now_ms, submitter)
    )


def traded_cells(
    session: Session, vault: Vault, monday: date, sunday: date, now_ms: int
) -> Iterator[TradedCell]:
    """Give what was traded in each cell from one day through another, without untrusted sources."""
    since_ms, until_ms = _start_ms(monday), _start_ms(sunday + timedelta(days=1))
    untrusted = untrusted_sources(session, sellers(session, since_ms, until_ms), now_ms)
    without = [each.party for each in untrusted]
    for sums in trace_service.turnover(session, vault, since_ms, until_ms, without=without):
        if sums.grams > 0:
            yield TradedCell(
                cell=Cell(sums.herb, sums.grade or "", origin_name(sums.origin), sums.market or ""),
                grams=sums.grams,
                fen=sums.fen,
                trades=sums.sales,
                sellers=sums.sellers,
            )


def origin_name(code: str | None) -> str:
    """Name the province of a GB/T 2260 code as markets do; empty without one.

    >>> origin_name("341602"), origin_name("450000"), origin_name(None)
    ('安徽', '广西', '')
    """
    if not code:
        return ""
    name = division(code[:_PROVINCE_DIGITS] + "0000").name_zh
    ending = next((each for each in _ENDINGS if name.endswith(each)), "")
    return name.removesuffix(ending)


def _start_ms(day: date) -> int:
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1000)
