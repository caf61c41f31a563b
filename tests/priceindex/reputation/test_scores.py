"""Reputation: what a source did, as known at a moment, and a weight no misdeed or flood can carry away."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote
from priceindex.reputation.measures import Measure, Trials, measures
from priceindex.reputation.scores import REVIEW_BELOW, score, standings, weight_bp
from priceindex.reputation.weights import NEWCOMER_BP, weights_of
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket, quote

DAY_MS = 86_400_000
FIRST = date(2025, 11, 1)
SHARES = st.floats(0, 1)


def told(
    market: SmallMarket, source: str, prices: list[int], *, lag_days: int = 0, first: date = FIRST
) -> None:
    """Tell a price a day, each recorded so many days after its own."""
    for place, fen in enumerate(prices):
        day = first + timedelta(days=place)
        at_ms = ((day - date(1970, 1, 1)).days + lag_days) * DAY_MS + 3_600_000
        tell(market, source, [quote(fen, day.isoformat())], at_ms)


def tell(market: SmallMarket, source: str, quotes: list[Quote], at_ms: int) -> None:
    with market.write() as session:
        take_in(session, quotes, source, at_ms, known=KNOWN, proceed=True)


def share(market: SmallMarket, source: str, measure: Measure) -> float | None:
    with market.read() as session:
        trials = measures(session, NOW_MS)[source][measure]
    return trials.well / trials.of if trials.of else None


def test_a_prompt_source_is_timely_and_a_slow_one_is_not(market: SmallMarket) -> None:
    told(market, "prompt", [8500] * 5)
    told(market, "slow", [8500] * 5, lag_days=9)
    assert share(market, "prompt", Measure.TIMELY) == 1
    assert share(market, "slow", Measure.TIMELY) == 0


def test_one_against_two_disagrees_and_two_against_one_agree(sqlite_market: SmallMarket) -> None:
    for source, fen in (("one", 8500), ("two", 8600), ("off", 10_500)):
        told(sqlite_market, source, [fen] * 5)
    assert share(sqlite_market, "off", Measure.AGREEING) == 0
    with sqlite_market.read() as session:
        weights = weights_of(session, NOW_MS)
    assert weights["off"] < weights["one"] == pytest.approx(weights["two"], abs=200)


def test_with_one_other_source_nobody_is_said_to_disagree(sqlite_market: SmallMarket) -> None:
    told(sqlite_market, "one", [8500] * 5)
    told(sqlite_market, "two", [10_500] * 5)
    assert share(sqlite_market, "one", Measure.AGREEING) is None


def test_a_source_that_corrects_itself_is_revised(sqlite_market: SmallMarket) -> None:
    told(sqlite_market, "test", [8500, 8600])
    tell(sqlite_market, "test", [quote(8700, "2025-11-02")], NOW_MS - 1)
    assert share(sqlite_market, "test", Measure.UNREVISED) == pytest.approx(0.5, abs=0.02)


def test_rows_set_aside_and_refused_count_against_a_source(sqlite_market: SmallMarket) -> None:
    told(sqlite_market, "test", [8500, 17_000])
    assert share(sqlite_market, "test", Measure.SOUND) == pytest.approx(0.5, abs=0.02)
    tell(sqlite_market, "test", [quote(8500, "2025-11-02", herb="白勺")], NOW_MS - 1)
    assert (share(sqlite_market, "test", Measure.SOUND) or 0) < 0.4


def test_a_source_that_leaves_weeks_out_is_incomplete(sqlite_market: SmallMarket) -> None:
    told(sqlite_market, "full", [8500] * 28)
    for start in (0, 21):
        told(sqlite_market, "gaps", [8500] * 7, first=FIRST + timedelta(days=start))
    assert share(sqlite_market, "full", Measure.COMPLETE) == pytest.approx(1)
    assert (share(sqlite_market, "gaps", Measure.COMPLETE) or 0) < 0.7


def test_a_quote_far_from_traded_prices_disagrees_with_them(sqlite_market: SmallMarket) -> None:
    from dataclasses import replace

    from priceindex.quotes import Tier

    deal = replace(quote(8000, "2025-11-01"), tier=Tier.TRADE, deals=12)
    tell(sqlite_market, "trades", [deal], NOW_MS - 5)
    told(sqlite_market, "near", [8500])
    told(sqlite_market, "far", [11_500])
    assert share(sqlite_market, "near", Measure.TRADED) == 1
    assert share(sqlite_market, "far", Measure.TRADED) == 0


def test_a_score_is_what_was_known_at_its_moment(sqlite_market: SmallMarket) -> None:
    told(sqlite_market, "test", [8500, 8500])
    with sqlite_market.read() as session:
        before = standings(session, NOW_MS - 2)
    tell(sqlite_market, "test", [quote(9900, "2025-11-02")], NOW_MS - 1)
    with sqlite_market.read() as session:
        assert standings(session, NOW_MS - 2) == before
        assert standings(session, NOW_MS)[0].score_bp < before[0].score_bp


def test_a_lone_source_has_full_weight_and_a_silent_one_a_newcomers(sqlite_market: SmallMarket) -> None:
    told(sqlite_market, "old", [8500], first=date(2025, 1, 1))
    with sqlite_market.read() as session:
        assert weights_of(session, NOW_MS) == {"old": 10_000}
    told(sqlite_market, "new", [8500])
    with sqlite_market.read() as session:
        assert weights_of(session, NOW_MS)["old"] == NEWCOMER_BP
        assert weights_of(session, 0) == {}


@settings(max_examples=40, deadline=None)
@given(shares=st.lists(SHARES, min_size=3, max_size=6))
def test_no_source_counts_more_than_two_fifths_where_three_quote(shares: list[float]) -> None:
    weights = [weight_bp(each) for each in shares]
    assert max(weights) * 5 <= sum(weights) * 2
    assert min(weights) > 0


@settings(max_examples=40, deadline=None)
@given(well=SHARES, bad=SHARES, flood=st.floats(100, 1e9))
def test_a_flood_of_easy_trials_does_not_buy_off_a_bad_one(well: float, bad: float, flood: float) -> None:
    few = score({Measure.TIMELY: Trials(50, 50), Measure.AGREEING: Trials(50 * bad, 50)})
    many = score({Measure.TIMELY: Trials(flood, flood), Measure.AGREEING: Trials(50 * bad, 50)})
    assert many == pytest.approx(few)
    assert 0 < score({Measure.TIMELY: Trials(well, 1.0)}) < 1


def test_a_source_that_does_everything_badly_is_shown_for_review() -> None:
    assert score({measure: Trials(0, 50) for measure in Measure}) < REVIEW_BELOW
    assert score({measure: Trials(50, 50) for measure in Measure}) > 0.9
