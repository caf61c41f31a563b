"""What the rules of early warning are handed of stored forecasts: foresight alone, of weeks that are over."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from api import warning_facts
from priceindex.calendar import day_number
from priceindex.forecast.track.lateness import begins_ms

FRIDAY = date(2026, 1, 2)
TARGET = day_number(FRIDAY)


@pytest.mark.parametrize(
    ("made_ms", "last_day", "taken"),
    [
        (begins_ms(TARGET) - 1, FRIDAY, True),
        (begins_ms(TARGET), FRIDAY, False),
        (begins_ms(TARGET) + 20 * 3_600_000, FRIDAY, False),
        (begins_ms(TARGET) - 1, date(2026, 1, 1), False),
    ],
)
def test_an_interval_counts_that_was_made_before_the_day_it_is_about_began_and_that_day_is_published(
    monkeypatch: pytest.MonkeyPatch, made_ms: int, last_day: date, *, taken: bool
) -> None:
    made = SimpleNamespace(kept=4, made_ms=made_ms, first_target=FRIDAY, forecast_id="bozhou-week-1")
    said = SimpleNamespace(
        level="herb",
        node="白芍",
        targets=[TARGET],
        quantiles=[(950_000, 970_000, 1_000_000, 1_030_000, 1_050_000)],
    )
    monkeypatch.setattr(warning_facts, "runs", lambda *_, **__: [made])
    monkeypatch.setattr(warning_facts, "series", lambda *_: [said])
    release = cast("Any", SimpleNamespace(family="bozhou", last_day=last_day))
    found = warning_facts._intervals(cast("Any", None), release, made_ms)
    assert [(one.day, one.low, one.median, one.high) for one in found] == (
        [(TARGET, 95.0, 100.0, 105.0)] if taken else []
    )
