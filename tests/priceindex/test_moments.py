"""What was recorded after a moment changes nothing decided by it: the base month, and every review."""

import dataclasses
import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex import service
from priceindex.engine.gathering import gather
from priceindex.engine.inputs import Inputs
from priceindex.engine.moments import start_ms
from priceindex.engine.selection import Review
from priceindex.errors import MalformedBundle, MalformedFamily
from priceindex.families import Family, family, read_family
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote, Tier
from priceindex.releases import bundle
from tests.priceindex.small_market import CLASS_OF, KNOWN, SmallMarket, daily, day, quote

COMMON = family("common")
FOREVER_MS = start_ms(day("2030-01-01"))
DAY_MS = 86_400_000
HERBS = ("白芍", "茯苓", "当归")


@contextmanager
def fresh() -> Iterator[SmallMarket]:
    market = SmallMarket("sqlite://")
    yield market
    market.engine.dispose()


def record(market: SmallMarket, quotes: list[Quote], at_ms: int, source: str = "test") -> None:
    with market.write() as session:
        told = [dataclasses.replace(each, source=source) for each in quotes]
        take_in(session, told, source, at_ms, known=KNOWN, proceed=True)


def known(market: SmallMarket, until: str, as_of_ms: int = FOREVER_MS, chosen: Family = COMMON) -> Inputs:
    with market.read() as session:
        return gather(session, chosen, CLASS_OF, day(until), as_of_ms)


def sizes(found: Inputs) -> dict[str, dict[str, int]]:
    return {f"{each.effective:%Y-%m}": dict(each.sizes) for each in found.reviews}


def test_a_review_counts_what_was_recorded_when_its_month_was_over() -> None:
    """The base month is January 2025; each review is at midnight in China after its month."""
    with fresh() as market:
        record(market, daily([800] * 9, "2025-01-02", "白芍"), start_ms(day("2025-01-31")))
        record(market, daily([500] * 2, "2025-01-02", "茯苓"), start_ms(day("2025-02-01")))
        record(market, daily([300] * 20, "2025-01-02", "当归"), start_ms(day("2025-02-01")) + 1)
        record(market, daily([300] * 5, "2025-12-20", "当归"), start_ms(day("2026-01-01")) + 1)
        assert sizes(known(market, "2026-01-10")) == {
            "2025-01": {"白芍": 9, "茯苓": 2},
            "2025-12": {"白芍": 9, "茯苓": 2, "当归": 20},
        }


def test_what_is_calculated_back_is_reviewed_by_the_first_day_of_recording() -> None:
    loaded = start_ms(day("2026-06-15")) + 9 * 3_600_000
    with fresh() as market:
        record(market, daily([800] * 9, "2025-01-02", "白芍"), loaded)
        record(market, daily([500] * 2, "2025-01-02", "茯苓"), loaded + 3_600_000)
        record(market, daily([300] * 20, "2025-01-02", "当归"), loaded + DAY_MS)
        found = known(market, "2025-02-10")
    assert sizes(found) == {"2025-01": {"白芍": 9, "茯苓": 2}}
    assert found.reviews[0].as_of_ms == start_ms(day("2026-06-16"))


def test_a_quote_told_later_of_an_earlier_month_does_not_move_the_base() -> None:
    """Twenty days of March, then one of February at half the price: March stays what it was."""
    march = daily([8000 + 10 * place for place in range(20)], "2025-03-01")
    herbs = family("herbs")
    told = start_ms(day("2025-03-21"))
    with fresh() as market:
        record(market, march, told)
        record(market, daily([500] * 20, "2025-03-01", "茯苓"), told)
        before = computed(market, herbs)
        record(market, [quote(4000, "2025-02-10")], told + DAY_MS + 1)
        after = computed(market, herbs)
    assert after == before


def computed(market: SmallMarket, chosen: Family) -> dict[datetime.date, object]:
    with market.read() as session:
        run = service.compute(session, chosen, CLASS_OF, day("2025-03-20"), FOREVER_MS)
    return {point.day: point.value for point in run.series("composite", "all").points}


BATCH = st.tuples(
    st.sampled_from(HERBS), st.integers(0, 500), st.integers(1, 40), st.integers(0, 900), st.booleans()
)


@settings(max_examples=25, deadline=None)
@given(batches=st.lists(BATCH, min_size=1, max_size=7))
def test_quotes_recorded_after_a_review_change_no_past_review(
    batches: list[tuple[str, int, int, int, bool]],
) -> None:
    first = day("2024-03-01")
    told = sorted(batches, key=lambda each: each[3])
    seen: dict[datetime.date, Review] = {}
    base: datetime.date | None = None
    with fresh() as market:
        for place, (herb, start, length, after, other) in enumerate(told):
            at_ms = start_ms(first + datetime.timedelta(days=after)) + place
            begins = (first + datetime.timedelta(days=after - start - length)).isoformat()
            record(market, daily([700 + place] * length, begins, herb), at_ms, "b" if other else "a")
            found = known(market, "2026-06-30", at_ms)
            if base is not None:
                assert found.base_month == base
            reviews = {each.effective: each for each in found.reviews}
            for month, review in seen.items():
                assert reviews.get(month, review) == review
            seen |= {month: review for month, review in reviews.items() if over(review, at_ms)}
            if at_ms >= start_ms(first + datetime.timedelta(days=told[0][3] + 1)):
                base = found.base_month


def over(review: Review, at_ms: int) -> bool:
    return review.as_of_ms < at_ms and bool(review.sizes)


def test_a_bundle_says_what_each_review_counted() -> None:
    with fresh() as market:
        record(market, daily([800] * 40, "2025-01-02", "白芍"), start_ms(day("2025-01-31")))
        found = known(market, "2025-02-10")
    again = bundle.decode(bundle.encode(found))
    assert (again.base_month, again.reviews) == (day("2025-01-01"), found.reviews)


def trade(deals: int, on: str) -> Quote:
    return dataclasses.replace(quote(9000, on), tier=Tier.TRADE, deals=deals)


def test_a_price_of_too_few_trades_does_not_enter_and_is_listed() -> None:
    with fresh() as market:
        at_ms = start_ms(day("2025-02-01"))
        record(market, daily([8000] * 20, "2025-01-02"), at_ms)
        record(market, [trade(2, "2025-01-12"), trade(3, "2025-01-19")], at_ms, "trades")
        found = known(market, "2025-01-31", chosen=family("herbs"))
    [out] = found.left_out
    assert (out.day, out.rules) == (day("2025-01-12"), ("few-trades",))
    used = found.quotes.tier == Tier.TRADE.rank
    assert found.quotes.deals[used].tolist() == [3]


def test_a_bundle_with_a_price_of_too_few_trades_is_refused() -> None:
    with fresh() as market:
        record(market, [trade(3, "2025-01-12")], start_ms(day("2025-02-01")))
        found = known(market, "2025-01-31", chosen=family("herbs"))
    few = dataclasses.replace(found, quotes=dataclasses.replace(found.quotes, deals=found.quotes.deals - 1))
    with pytest.raises(MalformedBundle):
        bundle.decode(bundle.encode(few))


@pytest.mark.parametrize(("old", "new"), [("enter = true", "enter = false"), ('"trade", ', "")])
def test_a_text_that_contradicts_itself_on_trades_is_refused(old: str, new: str) -> None:
    text = family("herbs").text.decode()
    assert old in text
    with pytest.raises(MalformedFamily) as refused:
        read_family(text.replace(old, new, 1).encode())
    assert refused.value.at.field == "trades/enter"
