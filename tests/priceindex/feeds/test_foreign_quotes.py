"""Foreign quotes: the rate of the day or the last before it, no digit lost, both moneys kept."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import DaodiError
from priceindex.currency.rate import Rate
from priceindex.currency.rate_errors import MalformedRate, NoRate, RateInFuture, UnknownCurrency
from priceindex.currency.rates import enter, newest_rates, rate_on, rates_of
from priceindex.errors import MalformedPrice, UnknownUnit
from priceindex.feeds.contract import Reading
from priceindex.feeds.shapes import read_body
from priceindex.quotes import Quote, ReadResult
from tests.priceindex.feeds.bodies import raw
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket, day

FRIDAY = day("2025-12-26")
HEAD = "品名,规格,市场,日期,价格,单位,币种"


def fixed(yuan: str) -> Reading:
    """A reading under one rate that always stands."""
    rate = Rate(currency="USD", day=FRIDAY, yuan_per_unit=Decimal(yuan), source="test")
    return Reading(source="test", known=KNOWN, rates=lambda _currency, _day, _days: rate)


def read(row: str, reading: Reading) -> ReadResult:
    return read_body("table", raw(f"{HEAD}\n{row}\n".encode()), reading)


def test_the_rate_of_a_weekend_is_fridays_and_no_older_than_allowed(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session:
        enter(session, "USD", FRIDAY, "7.0851", "CFETS", NOW_MS)
        assert rate_on(session, "USD", FRIDAY + timedelta(days=2)).day == FRIDAY
        assert rate_on(session, "USD", FRIDAY + timedelta(days=3), within_days=3).day == FRIDAY
        for currency, on, days in (("USD", 4, 3), ("USD", -1, 10), ("HKD", 0, 10)):
            with pytest.raises(NoRate):
                rate_on(session, currency, FRIDAY + timedelta(days=on), days)


def test_a_corrected_rate_stands_and_the_old_one_stays_behind(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session:
        for yuan in ("7.0851", "7.0851", "7.0951"):
            enter(session, "USD", FRIDAY, yuan, "CFETS", NOW_MS)
        assert rates_of(session)("USD", FRIDAY, 0).yuan_per_unit == Decimal("7.0951")
        assert [str(each.yuan_per_unit) for each in newest_rates(session)] == ["7.0951"]


@pytest.mark.parametrize(
    ("currency", "on", "yuan", "kind"),
    [
        ("usd", FRIDAY, "7", UnknownCurrency),
        ("CNY", FRIDAY, "1", UnknownCurrency),
        ("USD", FRIDAY, "0", MalformedRate),
        ("USD", FRIDAY, "-7", MalformedRate),
        ("USD", FRIDAY, "7e0", MalformedRate),
        ("USD", FRIDAY, "NaN", MalformedRate),
        ("USD", date(2026, 2, 1), "7", RateInFuture),
    ],
)
def test_a_rate_that_is_none_is_not_entered(
    sqlite_market: SmallMarket, currency: str, on: date, yuan: str, kind: type[DaodiError]
) -> None:
    with sqlite_market.write() as session, pytest.raises(kind):
        enter(session, currency, on, yuan, "test", NOW_MS)


def kept(quote: Quote) -> tuple[object, ...]:
    return quote.currency, quote.amount, quote.rate, quote.rate_day


def test_a_foreign_quote_keeps_its_own_money_its_rate_and_the_rates_day() -> None:
    """12.5 dollars at 7.0851 are 88.56375 yuan; per 500 g twice that."""
    [quote] = read("白芍,统,亳州,2025-12-28,12.5,USD/kg,USD", fixed("7.0851")).quotes
    assert (quote.fen_per_kg, *kept(quote)) == (8856, "USD", "12.5", "7.0851", FRIDAY)
    [quote] = read("白芍,统,亳州,2025-12-28,12.5,斤,usd", fixed("7.0851")).quotes
    assert (quote.fen_per_kg, *kept(quote)) == (17_713, "USD", "25", "7.0851", FRIDAY)


def test_a_foreign_range_stands_for_the_geometric_middle_of_its_ends() -> None:
    """√(10·12) = 10.954451 dollars, at 7 yuan 76.68 (76.6812)."""
    [quote] = read("白芍,统,亳州,2025-12-28,10-12,,USD", fixed("7")).quotes
    assert (quote.low_fen_per_kg, quote.fen_per_kg, quote.high_fen_per_kg) == (7000, 7668, 8400)
    assert quote.amount == "10.954451"


def test_home_money_needs_no_rate() -> None:
    for word in ("", "CNY", "人民币"):
        [quote] = read(f"白芍,统,亳州,2025-12-28,12.5,,{word}", Reading(source="test", known=KNOWN)).quotes
        assert (quote.fen_per_kg, *kept(quote)) == (1250, "CNY", None, None, None)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("12.5,,XX", UnknownCurrency),
        ("12.5,USD/lb,USD", UnknownUnit),
        ("12.5-13-14,,USD", MalformedPrice),
    ],
)
def test_a_foreign_quote_that_is_not_certain_is_refused(row: str, kind: type[DaodiError]) -> None:
    result = read(f"白芍,统,亳州,2025-12-28,{row}", fixed("7"))
    assert [type(each) for each in result.faults] == [kind]


def test_without_a_rate_there_is_no_quote() -> None:
    result = read("白芍,统,亳州,2025-12-28,12.5,,USD", Reading(source="test", known=KNOWN))
    assert [type(each) for each in result.faults] == [NoRate]


@given(
    cents=st.integers(1, 10**9),
    yuan=st.decimals("0.0000000001", "999999999", places=10, allow_nan=False),
)
def test_the_fen_are_those_of_exact_arithmetic_rounded_once(cents: int, yuan: Decimal) -> None:
    exact = Fraction(cents, 100) * Fraction(yuan) * 100
    result = read(f"白芍,统,亳州,2025-12-28,{Decimal(cents) / 100},,USD", fixed(str(yuan)))
    if round(exact) > 10**11:
        assert [type(each) for each in result.faults] == [MalformedPrice]
    else:
        assert [each.fen_per_kg for each in result.quotes] == [round(exact)]
