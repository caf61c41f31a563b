"""A week that was published and not forecast is told: leaving out is a way to choose, too."""

from datetime import date

from priceindex.calendar import day_number
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.lateness import begins_ms
from priceindex.forecast.track.track_record import track_record
from tests.priceindex.conftest import market
from tests.priceindex.forecast.track.run_makers import (
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
ORIGIN = date(2025, 4, 25)
"""Last Friday of the second release, which goes through 30 April."""
TOO_LATE_MS = begins_ms(day_number(date(2025, 5, 2)))
"""The Friday after has begun."""


def told(market: SmallMarket, at_ms: int, frequency: str = "week") -> tuple[date, ...]:
    with market.read() as session:
        return track_record(session, "bozhou", frequency, forecast_method(), as_of_ms=at_ms).unforecast


def test_an_origin_nobody_forecast_from_is_told_once_its_first_target_has_begun(market: SmallMarket) -> None:
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), [1050.0] * 3)]), MADE_MS)
    gone_on(market)
    assert told(market, TOO_LATE_MS - 1) == ()
    assert told(market, TOO_LATE_MS) == (ORIGIN,)


def test_an_origin_that_was_forecast_from_is_not(market: SmallMarket) -> None:
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), [1050.0] * 3)]), MADE_MS)
    second = gone_on(market)
    stored(market, run_of(second, [node(origin_of(second), [1050.0] * 3)]), LATER_MS)
    assert told(market, TOO_LATE_MS) == ()


def test_a_family_that_was_never_forecast_left_out_nothing(market: SmallMarket) -> None:
    begun(market)
    gone_on(market)
    assert told(market, TOO_LATE_MS) == ()
    assert told(market, TOO_LATE_MS, "month") == ()
