"""From the trace's sums to quotes of tier trade: named as the book does, and no deal shows."""

import pytest

from api.station import Station
from api.trade_quotes import take_in_week
from priceindex import book
from priceindex.quotes import Cell, Status, Tier
from tests.priceindex.small_market import day
from trace import service as trace_service
from trace.turnover import Turnover

WEEK = "2025-W40"


def line(origin: str | None, sales: int, sellers: int, grade: str | None = "统") -> Turnover:
    """Two kilograms a sale at 85 yuan a kilogram."""
    return Turnover(
        herb="白芍", grade=grade, origin=origin, market="bozhou", grams=2000 * sales, fen=17_000 * sales,
        sales=sales, sellers=sellers,
    )  # fmt: skip


def test_a_weeks_trades_enter_the_book_once_under_the_names_it_uses(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two counties of 安徽 are one origin; 2 + 1 trades of 2 sellers are enough, 2 of 河南 are not."""
    told = [line("341602", 2, 2), line("341621", 1, 1), line("410000", 2, 2), line(None, 9, 3, grade=None)]
    monkeypatch.setattr(trace_service, "turnover", lambda *_args, **_named: told)
    taken = take_in_week(station, WEEK)
    assert (taken.report.written, taken.made.few_trades, taken.made.unnamed) == (1, 1, 1)
    with station.database.read() as session:
        [quote] = book.quotes(session)
    assert quote.cell == Cell("白芍", "统", "安徽", "亳州")
    assert (quote.fen_per_kg, quote.tier, quote.deals, quote.day) == (8500, Tier.TRADE, 3, day("2025-10-05"))
    assert quote.submitter == f"trades {WEEK}"
    assert take_in_week(station, WEEK).report.duplicates == 1


def test_a_price_the_trades_make_no_more_is_withdrawn_and_may_return(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seller falls out of trust: two trades are too few. Trusted again, the same price stands."""
    told = [line("341602", 3, 2), line("410000", 3, 2)]
    monkeypatch.setattr(trace_service, "turnover", lambda *_args, **_named: told)
    assert take_in_week(station, WEEK).withdrawn == 0
    told[1] = line("410000", 2, 1)
    assert take_in_week(station, WEEK).withdrawn == 1
    assert standing(station) == {
        "安徽": (Status.ACCEPTED, ()),
        "河南": (Status.REJECTED, ("trades-withdrawn",)),
    }
    assert take_in_week(station, WEEK).withdrawn == 0
    told[1] = line("410000", 3, 2)
    taken = take_in_week(station, WEEK)
    assert (taken.withdrawn, taken.report.revised) == (0, 1)
    assert {status for status, _ in standing(station).values()} == {Status.ACCEPTED}


def standing(station: Station) -> dict[str, tuple[Status, tuple[str, ...]]]:
    """Status and rules of the week's quotes by origin."""
    with station.database.read() as session:
        return {quote.cell.origin: (quote.status, quote.rules) for quote in book.quotes(session)}
