"""Whoever owns the database wants a better track record: each way to get one is found out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from ledger.errors import DaodiError
from priceindex.errors import StatementDiffers
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track import verification
from priceindex.forecast.track.track_errors import (
    ForecastAltered,
    ForecastBackdated,
    ForecastMissing,
    ForecastUnlogged,
)
from priceindex.forecast.track.track_record import Track, track_record
from priceindex.forecast.track.track_steps import StepState
from priceindex.forecast.track.verification import ForecastVerification, Recomputation
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
from tests.priceindex.small_market import SmallMarket

__all__ = ["market"]
GOOD, BAD = [1050.0] * 3, [900.0] * 3


def record(at: SmallMarket) -> Track:
    with at.read() as session:
        return track_record(session, "bozhou", "week", forecast_method(), as_of_ms=LATER_MS)


def verified(at: SmallMarket, forecast: str = "bozhou-week-1") -> ForecastVerification:
    with at.read() as session:
        return verification.verify(session, forecast, forecast_method(), CODE)


def say(at: SmallMarket, words: str, **values: object) -> None:
    with at.write() as session:
        session.connection().execute(text(words), values)


def kinds(faults: tuple[DaodiError, ...]) -> set[type[DaodiError]]:
    return {type(each) for each in faults}


@pytest.fixture
def honest(market: SmallMarket) -> SmallMarket:
    """A bad forecast, honestly made, and what came."""
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), BAD)]), MADE_MS)
    gone_on(market)
    return market


def test_a_forecast_stored_after_its_target_under_an_earlier_time_is_not_scored(market: SmallMarket) -> None:
    release = begun(market)
    gone_on(market)
    stored(
        market, run_of(release, [node(origin_of(release), GOOD)]), MADE_MS
    )  # says April 10, written on the 30th
    found = record(market)
    assert (found.lines, found.states[StepState.LATE]) == ((), 3)
    assert kinds(found.faults) == {ForecastBackdated}
    assert ForecastBackdated in kinds(verified(market).faults)


def edited(line: str, change: Callable[[dict[str, Any]], object]) -> str:
    told = json.loads(line)
    change(told)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def test_an_edited_number_is_found_and_the_run_is_not_scored(honest: SmallMarket) -> None:
    assert record(honest).lines != ()
    with honest.read() as session:
        line = str(session.connection().execute(text("select told from price_forecast_series")).scalar_one())
    better = edited(line, lambda told: told.update(quantiles=[[10500000] * 5] * 3))
    say(honest, "update price_forecast_series set told = :better", better=better)
    found = record(honest)
    assert (found.lines, found.runs) == ((), 0)
    assert kinds(found.faults) == {ForecastAltered}
    told = verified(honest)
    assert (kinds(told.faults), told.recomputation) == ({ForecastAltered}, Recomputation.ALTERED)


def test_editing_the_digest_along_with_the_rows_does_not_help(honest: SmallMarket) -> None:
    say(honest, "update price_forecast set told = '{}', rows_sha256 = :made", made="0" * 64)
    assert kinds(record(honest).faults) == {ForecastAltered, StatementDiffers}


@pytest.mark.parametrize("column", ["made_ms", "origin_day", "input_sha256"])
def test_editing_what_a_run_says_of_itself_is_found(honest: SmallMarket, column: str) -> None:
    value = "1" * 64 if column == "input_sha256" else 1
    say(honest, f"update price_forecast set {column} = :value", value=value)  # noqa: S608  a column of ours
    found = record(honest)
    assert (found.lines, kinds(found.faults)) == ((), {StatementDiffers})


def test_a_dropped_run_is_missed_by_its_number(honest: SmallMarket) -> None:
    say(honest, "delete from price_forecast_series")
    say(honest, "delete from price_forecast")
    found = record(honest)
    assert [each.message("en") for each in found.faults] == [
        ForecastMissing(forecast="bozhou-week-1").message("en")
    ]
    with pytest.raises(ForecastMissing):
        verified(honest)


def test_a_run_dropped_and_made_again_better_is_refused_by_the_log(honest: SmallMarket) -> None:
    from ledger.errors import DuplicateStatement
    from priceindex.releases import release_store

    say(honest, "delete from price_forecast_series")
    say(honest, "delete from price_forecast")
    with honest.read() as session:
        release = release_store.releases(session, "bozhou")[-1]
    with pytest.raises(DuplicateStatement):
        stored(honest, run_of(release, [node(origin_of(release), GOOD)]), MADE_MS)


def test_another_run_s_verification_tells_of_the_one_that_was_dropped(honest: SmallMarket) -> None:
    with honest.read() as session:
        from priceindex.releases import release_store

        second = release_store.releases(session, "bozhou")[0]
    stored(honest, run_of(second, [node(origin_of(second), GOOD)]), LATER_MS)
    say(honest, "delete from price_forecast_series where forecast_id = 'bozhou-week-1'")
    say(honest, "delete from price_forecast where forecast_id = 'bozhou-week-1'")
    assert ForecastMissing in kinds(verified(honest, "bozhou-week-2").faults)


def test_a_row_put_in_beside_the_log_is_not_scored(honest: SmallMarket) -> None:
    say(
        honest,
        "insert into price_forecast select 'bozhou-week-2', family, frequency, 2, release_id, 'other@1', "
        "method_sha256, code_version, data_as_of_ms, input_sha256, made_ms, origin_day, first_target, "
        "last_target, kept, series, rows_sha256, 'forecast:bozhou-week-2', told from price_forecast",
    )
    assert kinds(record(honest).faults) == {ForecastUnlogged}
    assert record(honest).runs == 1
