"""The table with trends and changes: what a change says is checked, and only on demand becomes a quote."""

import csv
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Location
from priceindex.feeds.changes import SPANS, claim, read_change
from priceindex.feeds.claims import check_claims
from priceindex.feeds.contract import Reading
from priceindex.feeds.feed_errors import MalformedChange, UnknownTrend
from priceindex.feeds.shapes import read_body
from priceindex.intake.taking_in import take_in
from priceindex.quotes import ReadResult, Tier
from tests.priceindex.feeds.bodies import raw
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket, day, quote

HEAD = "品名,规格,产地,市场,日期,价格,走势,周涨跌,月涨跌,年涨跌"
NOWHERE = Location()


def read(*lines: str, head: str = HEAD, quotes: bool = False) -> ReadResult:
    reading = Reading(source="test", known=KNOWN, changes_are_quotes=quotes)
    return read_body("trend-table", raw("\n".join((head, *lines)).encode()), reading)


def test_the_trend_is_kept_and_the_changes_are_facts_not_quotes() -> None:
    result = read("白芍,统,安徽,亳州,2025-12-30,65,慢,0.0%,8.33%,-27.78%")
    [only] = result.quotes
    assert (only.trend, only.tier, only.fen_per_kg) == ("慢", Tier.WEB, 6500)
    # 65 / 1.0833 = 60.00 and 65 / 0.7222 = 90.00: the prices of a month and a year ago.
    assert [(str(each.day), each.low_fen_per_kg <= fen <= each.high_fen_per_kg)
            for each, fen in zip(result.claims, (6500, 6000, 9000), strict=True)] == [
        ("2025-12-23", True), ("2025-11-30", True), ("2024-12-30", True),
    ]  # fmt: skip


def test_on_demand_implied_prices_become_web_quotes_that_say_so() -> None:
    result = read("白芍,统,安徽,亳州,2025-12-30,65,慢,,8.33%,", quotes=True)
    assert [(str(each.day), each.fen_per_kg, each.tier, each.rules) for each in result.quotes] == [
        ("2025-12-30", 6500, Tier.WEB, ()),
        ("2025-11-30", 6000, Tier.WEB, ("implied-by-change",)),
    ]
    assert result.claims == ()


@pytest.mark.parametrize(("word", "kind"), [("涨", UnknownTrend)])
def test_a_trend_that_is_none_of_the_trades_is_refused(word: str, kind: type[Exception]) -> None:
    assert [type(each) for each in read(f"白芍,统,安徽,亳州,2025-12-30,65,{word},,,").faults] == [kind]


@pytest.mark.parametrize("text", ["-100%", "-1", "x", "1e99", "inf", "8%%", "--8"])
def test_a_change_prices_cannot_have_is_refused(text: str) -> None:
    with pytest.raises(MalformedChange):
        read_change(text, percent=False, at=NOWHERE)


@pytest.mark.parametrize(
    ("text", "percent", "fraction"),
    [("8.33%", False, "0.0833"), ("8.33", True, "0.0833"), ("0.0833", False, "0.0833"), ("+8%", True, "0.08"),
     ("-", False, None), ("", False, None), ("－6.25％", False, "-0.0625")],
)  # fmt: skip
def test_a_change_is_read_by_its_sign_or_by_its_heading(
    text: str, percent: bool, fraction: str | None
) -> None:
    found = read_change(text, percent=percent, at=NOWHERE)
    assert (None if found is None else found.fraction) == (None if fraction is None else Decimal(fraction))


def test_a_heading_may_say_that_changes_are_percentages() -> None:
    head = HEAD.replace("月涨跌", "月涨跌(%)")
    [each] = read("白芍,统,安徽,亳州,2025-12-30,65,慢,,8.33,", head=head).claims
    assert each.low_fen_per_kg <= 6000 <= each.high_fen_per_kg


@given(before=st.integers(50, 10**7), now=st.integers(50, 10**7))
def test_a_true_change_rounded_as_sites_do_always_holds_the_earlier_price(before: int, now: int) -> None:
    percent = round((Decimal(now) / before - 1) * 100, 2)
    if percent <= -100 or percent >= 10**6:
        return
    change = read_change(f"{percent}%", percent=False, at=NOWHERE)
    assert change is not None
    found = claim(quote(now, "2025-12-30"), "month", change)
    assert found.low_fen_per_kg <= before <= found.high_fen_per_kg


def test_claims_are_compared_with_what_the_source_itself_said(sqlite_market: SmallMarket) -> None:
    said = [quote(6000, "2025-11-28"), quote(6500, "2025-12-23")]
    result = read("白芍,统,安徽,亳州,2025-12-30,65,慢,10%,8.33%,-27.78%")
    with sqlite_market.write() as session:
        take_in(session, said, "test", NOW_MS, known=KNOWN)
        checked = check_claims(session, result.claims, "test")
        other = check_claims(session, result.claims, "elsewhere")
    assert (checked.agreed, len(checked.differed), checked.unknown) == (1, 1, 1)
    assert checked.differed[0].day == day("2025-12-23")
    assert (other.agreed, other.differed, other.unknown) == (0, (), 3)


@pytest.mark.shared
def test_the_real_snapshot_is_read_whole_and_its_implied_prices_are_ours(shared: Path) -> None:
    """2,375 rows; trend counts as domain.md 3.5 found them; the file states the implied prices itself."""
    content = (shared / "data" / "prices" / "zyctd_snapshot_2026-03-29.csv").read_bytes()
    result = read_body("trend-table", raw(content), Reading(source="zyctd"))
    assert (len(result.quotes), result.faults) == (2375, ())
    assert Counter(each.trend for each in result.quotes) == {
        "平": 1850, "慢": 384, "缺": 112, "快": 15, "滞": 5, "畅": 7, "无": 2,
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    stated = [round(Decimal(row[f"implied_price_{span}_ago"]) * 100) for row in rows for span in SPANS]
    missed = [
        (fen, each)
        for fen, each in zip(stated, result.claims, strict=True)
        if not each.low_fen_per_kg - 1 <= fen <= each.high_fen_per_kg + 1
    ]
    assert missed == []
