"""The service keeps each family's newest run and adds days to it; what it says is what a full run says."""

import datetime

import pytest

from api import kept_runs
from api.index_runs import compute_run
from api.kept_runs import KeptRuns
from api.station import Station
from priceindex.releases.series import digest
from priceindex.service import IndexRun
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.journeys.small_city import LAST_DAY, load

FAMILY = "herbs"


@pytest.fixture
def loaded(station: Station) -> Station:
    """The quotes of a small city."""
    load(station)
    return station


def computed(station: Station, days_before: int, kept: KeptRuns | None = None) -> IndexRun:
    until = LAST_DAY - datetime.timedelta(days=days_before)
    with station.database.read() as session:
        return compute_run(session, station.vault, FAMILY, until, NOW_MS, kept)


@ON_BOTH_DATABASES
def test_days_are_added_to_the_kept_run_and_nothing_is_computed_anew(
    loaded: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptRuns()
    computed(loaded, 9, kept)
    full = [computed(loaded, days) for days in (5, 0)]

    def refused(*_: object) -> IndexRun:
        raise AssertionError("a full run was made")

    monkeypatch.setattr(kept_runs, "compute", refused)
    for days, expected in zip((5, 0), full, strict=True):
        found = computed(loaded, days, kept)
        assert digest(found.all_series()) == digest(expected.all_series())
        assert found.bundle == expected.bundle


def test_an_earlier_day_is_a_full_run(loaded: Station) -> None:
    kept = KeptRuns()
    computed(loaded, 0, kept)
    assert computed(loaded, 5, kept).bundle == computed(loaded, 5).bundle
