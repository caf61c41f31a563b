"""Since when a release's weights hold: the end of the month its own set was linked in, told by its label."""

from datetime import date, timedelta

import pytest

from api.index_runs import publish_run
from api.station import Station
from priceindex.calendar import day_number
from priceindex.engine.weight_store import Enterer, freeze
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.forecast.track.last_link import last_link
from priceindex.forecast.track.making import newest_release
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.test_frozen_weights import BASE, FAMILY, TODAY, trades
from tests.api.two_vintages import take_in


def linked(station: Station, family: str) -> int | None:
    with station.database.read() as session:
        return last_link(session, newest_release(session, family, NOW_MS))


@ON_BOTH_DATABASES
def test_the_weights_of_a_release_hold_from_the_end_of_their_month(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    for back in range(60, -1, -1):
        day = TODAY - timedelta(days=back)
        take_in(station, [f"白芍,统,安徽,亳州,{day},40", f"当归,统,甘肃,亳州,{day},100"])
    trades(monkeypatch, 白芍=300, 当归=100)
    publish_run(station, FAMILY, TODAY)
    publish_run(station, "bozhou", TODAY)
    month_after = date(BASE.year + BASE.month // 12, BASE.month % 12 + 1, 1)
    assert linked(station, FAMILY) == day_number(month_after) - 1
    assert linked(station, "bozhou") is None
    later = WeightSet(
        rule="turnover",
        source="another count, not of this release",
        first=BASE,
        last=TODAY,
        effective=month_after,
        lines=(GradeTurnover("白芍", "统", 3),),
    )
    by = Enterer(station.settings.origin, station.key, "operator")
    station.writer.submit(lambda session: freeze(session, FAMILY, [later], by, NOW_MS))
    assert linked(station, FAMILY) == day_number(month_after) - 1
