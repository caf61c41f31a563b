"""A slow look at an old release is written after a newer one came: it must not undo what that one says."""

from datetime import timedelta
from typing import Any

import pytest

from api import warning_work
from api.index_runs import publish_run
from api.station import Station
from priceindex.warning.watching import watch
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.warned_station import DAY_MS, HEADINGS, LAST_DAY, NOON_MS, opened, publish_risen, take_in


@ON_BOTH_DATABASES
def test_a_look_that_was_overtaken_by_a_release_changes_nothing(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_risen(station)

    def overtaken(*given: Any) -> Any:
        found = watch(*given)
        station.clock = lambda: NOON_MS + DAY_MS
        day = LAST_DAY + timedelta(days=1)
        take_in(
            station, [HEADINGS, f"白芍,统,安徽,亳州,{day},52.0", f"当归,统,甘肃,亳州,{day},100.0"], "fair"
        )
        publish_run(station, "bozhou", day)
        return found

    monkeypatch.setattr(warning_work, "watch", overtaken)
    assert warning_work.watch_family(station, "bozhou").happened == {}
    assert opened(station) == []
    monkeypatch.setattr(warning_work, "watch", watch)
    assert [named for named, _ in station.watch_due()] == ["bozhou"]
    assert opened(station)
