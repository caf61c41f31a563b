"""An operator who holds the keys wants a better track record: backdating, repeating, editing what came."""

import pytest

from ledger.entry import Statement, sign_statement
from ledger.keys import SigningKey
from ledger.writing.outbox import submit
from priceindex.errors import StatementDiffers
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track import verification
from priceindex.forecast.track.track_errors import ForecastAltered, ForecastBackdated
from priceindex.forecast.track.track_steps import StepState
from priceindex.releases import release_store
from tests.attacks.test_forecasts_in_hindsight import BAD, GOOD, kinds, record, say
from tests.priceindex.conftest import market
from tests.priceindex.forecast.track.run_makers import (
    CODE,
    LATER_MS,
    MADE_MS,
    begun,
    gone_on,
    node,
    origin_of,
    run_of,
    stored,
)
from tests.priceindex.releases.issuing import computed, correct, publish
from tests.priceindex.small_market import KEY, ORIGIN, SmallMarket, day

__all__ = ["market"]
DAY_MS = 86_400_000


def state(at: SmallMarket, at_ms: int, key: SigningKey = KEY) -> None:
    """Something else that enters the log, dated `at_ms`."""
    said = Statement(id="x:1", kind="notice", subject="x", at_ms=at_ms, public={"a": "b"}, refs=())
    with at.write() as session:
        submit(session, sign_statement(said, ORIGIN, key))
    at.settle()


def test_a_release_held_back_does_not_let_a_forecast_be_backdated_by_weeks(market: SmallMarket) -> None:
    """Prices of 30 April are known, their release waits, and the run claims the 10th."""
    release = begun(market)
    state(market, LATER_MS - DAY_MS)
    stored(market, run_of(release, [node(origin_of(release), GOOD)]), MADE_MS)
    gone_on(market)
    found = record(market)
    assert (found.lines, found.states[StepState.LATE]) == ((), 3)
    assert kinds(found.faults) == {ForecastBackdated}
    with market.read() as session:
        told = verification.verify(session, "bozhou-week-1", forecast_method(), CODE)
    assert (told.late, ForecastBackdated in kinds(told.faults)) == (3, True)


def test_an_honest_forecast_is_scored_whatever_is_stated_after_it(market: SmallMarket) -> None:
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), GOOD)]), MADE_MS)
    state(market, LATER_MS - DAY_MS)
    gone_on(market)
    found = record(market)
    assert (found.states[StepState.SCORED], found.faults) == (3, ())


@pytest.fixture
def repeated(market: SmallMarket) -> SmallMarket:
    """A bad forecast, and a good one of the same origin from a later release."""
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), BAD)]), MADE_MS)
    next_ms = MADE_MS + 3_600_000
    correct(market, 8100, "2025-04-09", MADE_MS + 1)
    again = publish(market, computed(market, next_ms, day("2025-04-10")), next_ms, reason="once more")
    market.settle()
    stored(market, run_of(again, [node(origin_of(release), GOOD)]), next_ms)
    gone_on(market)
    return market


def test_of_one_origin_the_first_run_alone_is_scored(repeated: SmallMarket) -> None:
    """By Thursday the operator knows how Friday will come out, and could say it again and again."""
    found = record(repeated)
    assert found.runs == 2
    assert (found.states[StepState.SCORED], found.states[StepState.REPEATED]) == (3, 3)
    assert {line.errors for line in found.lines} == {1}
    assert found.lines[0].relative_mae.figure > 1


@pytest.mark.parametrize("column", ["told", "made_ms"])
def test_spoiling_the_first_run_does_not_make_another_of_its_origin_count(
    repeated: SmallMarket, column: str
) -> None:
    """One altered character of the bad run must not put the good one in its place."""
    table = "price_forecast_series" if column == "told" else "price_forecast"
    value = "told || ' '" if column == "told" else "made_ms + 1"
    say(repeated, f"update {table} set {column} = {value} where forecast_id = 'bozhou-week-1'")  # noqa: S608  ours
    found = record(repeated)
    assert (found.lines, found.runs, found.states[StepState.REPEATED]) == ((), 1, 3)
    assert kinds(found.faults) == ({ForecastAltered} if column == "told" else {StatementDiffers})


def test_dropping_the_first_run_is_told_and_the_second_is_not_scored(repeated: SmallMarket) -> None:
    say(repeated, "delete from price_forecast_series where forecast_id = 'bozhou-week-1'")
    say(repeated, "delete from price_forecast where forecast_id = 'bozhou-week-1'")
    found = record(repeated)
    assert [type(fault).__name__ for fault in found.faults] == ["ForecastMissing"]
    assert (found.lines, found.states[StepState.REPEATED]) == ((), 3)


@pytest.fixture
def scored(market: SmallMarket) -> SmallMarket:
    """A bad forecast, honestly made, and what came."""
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), BAD)]), MADE_MS)
    gone_on(market)
    return market


def test_editing_the_values_that_came_is_told(scored: SmallMarket) -> None:
    say(scored, "update price_point set units = 9000000 where vintage = 2")
    assert kinds(record(scored).faults) == {StatementDiffers}


def test_a_release_whose_last_day_is_edited_keeps_no_forecast_waiting(scored: SmallMarket) -> None:
    early = "update price_release set last_day = 0 where ordinal = 2"
    say(scored, early)
    found = record(scored)
    assert found.states[StepState.WAITING] == 0
    assert StatementDiffers in kinds(found.faults)


def test_a_release_that_is_dropped_is_told(scored: SmallMarket) -> None:
    with scored.read() as session:
        last = release_store.releases(session, "bozhou")[0].release_id
    say(scored, "update price_release set family = 'anguo', ordinal = 9 where release_id = :last", last=last)
    found = record(scored)
    assert found.states[StepState.WAITING] == 0
    assert StatementDiffers in kinds(found.faults)
