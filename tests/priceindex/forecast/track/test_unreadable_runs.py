"""A run of another format stays in the store as it was committed: told singly, and in nobody's way."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from priceindex.forecast.method import forecast_method
from priceindex.forecast.track import canonical_rows, reading
from priceindex.forecast.track.track_errors import ForecastUnreadable
from priceindex.forecast.track.track_record import Track, track_record
from priceindex.forecast.track.track_steps import StepState
from priceindex.forecast.track.verification import verify
from priceindex.releases.release import Release
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
from tests.priceindex.small_market import SmallMarket, day

__all__ = ["market"]
Change = Callable[[dict[str, Any]], object]
MUCH_LATER_MS = LATER_MS + 40 * 86_400_000
CHANGES: dict[str, tuple[str, Change]] = {
    "of no format": ("_first", lambda told: told.pop("format")),
    "of format 2": ("_first", lambda told: told.update(format=2)),
    "of format true": ("_first", lambda told: told.update(format=True)),
    "without a field of a node": ("series_line", lambda told: told.pop("rise_if_changed_bp")),
    "with a field of another shape": ("series_line", lambda told: told.update(chances_bp=None)),
}


def store_other(market: SmallMarket, patch: pytest.MonkeyPatch, release: Release, name: str) -> None:
    """Store and commit a run whose lines are of another format."""
    part, change = CHANGES[name]
    write = getattr(canonical_rows, part)

    def other(*given: object) -> str:
        told = json.loads(write(*given))
        change(told)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    with patch.context() as patched:
        patched.setattr(canonical_rows, part, other)
        stored(market, run_of(release, [node(origin_of(release), [1050.0] * 3)]), MADE_MS)


def record(at: SmallMarket, at_ms: int = MUCH_LATER_MS) -> Track:
    with at.read() as session:
        return track_record(session, "bozhou", "week", forecast_method(), as_of_ms=at_ms)


@pytest.mark.parametrize("name", CHANGES)
def test_a_run_of_another_format_is_told_and_the_others_are_scored(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    store_other(market, monkeypatch, begun(market), name)
    second = gone_on(market)
    stored(market, run_of(second, [node(origin_of(second), [1100.0] * 3)]), LATER_MS)
    found = record(market)
    assert [type(fault) for fault in found.faults] == [ForecastUnreadable]
    assert "bozhou-week-1" in found.faults[0].message("en")
    assert (found.runs, found.states[StepState.WAITING]) == (1, 3)
    with market.read() as session:
        asked = (session, "bozhou", "composite", "all", "week")
        [read] = reading.vintages(*asked, as_of_ms=MUCH_LATER_MS)
        [fault] = reading.unreadable(*asked, as_of_ms=MUCH_LATER_MS)
        assert reading.newest(*asked, as_of_ms=MUCH_LATER_MS) == read
        with pytest.raises(ForecastUnreadable):
            reading.newest(*asked, as_of_ms=LATER_MS - 1)
        with pytest.raises(ForecastUnreadable):
            verify(session, "bozhou-week-1", forecast_method(), CODE)
    assert (read.forecast.ordinal, fault.message("en")) == (2, found.faults[0].message("en"))


def test_nothing_of_an_origin_is_scored_whose_first_run_cannot_be_read(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = begun(market)
    store_other(market, monkeypatch, release, "of format 2")
    next_ms = MADE_MS + 3_600_000
    correct(market, 8100, "2025-04-09", MADE_MS + 1)
    again = publish(market, computed(market, next_ms, day("2025-04-10")), next_ms, reason="once more")
    market.settle()
    stored(market, run_of(again, [node(origin_of(release), [1050.0] * 3)]), next_ms)
    gone_on(market)
    found = record(market, LATER_MS)
    assert (found.lines, found.states[StepState.REPEATED]) == ((), 3)


def test_the_first_line_names_its_format(market: SmallMarket) -> None:
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), [1050.0] * 3)]), MADE_MS)
    with market.read() as session:
        assert json.loads(reading.lines(session, "bozhou-week-1")[0])["format"] == 1
