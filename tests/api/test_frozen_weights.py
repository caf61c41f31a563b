"""Weights of recorded trades: of the year before, never of what comes later, and frozen once published."""

from datetime import date, timedelta

import pytest

from api.index_runs import compute_run, publish_run, traded
from api.kept_runs import KeptRuns
from api.station import Station
from ledger import log
from priceindex.calendar import china_day
from priceindex.engine.weight_store import entered_sets
from priceindex.families import family
from priceindex.service import IndexRun
from tests.api.conftest import NOW_MS
from tests.api.two_vintages import take_in
from trace import service as trace_service
from trace.turnover import Turnover

FAMILY = "herbs-turnover"
TODAY = china_day(NOW_MS)
FIRST = TODAY - timedelta(days=60)
BASE = FIRST.replace(day=1)


@pytest.fixture
def quoted(station: Station) -> Station:
    """Two herbs over two months; 白芍 rises on the last day."""
    for back in range(60, -1, -1):
        day = TODAY - timedelta(days=back)
        lines = (f"白芍,统,安徽,亳州,{day},{50 if not back else 40}", f"当归,统,甘肃,亳州,{day},100")
        take_in(station, list(lines))
    return station


def trades(monkeypatch: pytest.MonkeyPatch, **fen: int) -> None:
    """Let the trace tell these trades of any time."""

    def told(*_: object, **__: object) -> list[Turnover]:
        return [
            Turnover(
                herb=herb, grade="统", origin=None, market=None, grams=1000, fen=value, sales=9, sellers=4
            )
            for herb, value in fen.items()
        ]

    monkeypatch.setattr(trace_service, "turnover", told)


def computed(station: Station) -> IndexRun:
    with station.database.read() as session:
        return compute_run(session, station.vault, FAMILY, TODAY, NOW_MS)


def test_until_a_year_of_trades_is_closed_shares_are_equal_and_say_so(
    quoted: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    trades(monkeypatch)
    found = computed(quoted)
    assert found.inputs.weight_sets == ()
    assert found.weights_words == "declared_equal"


def test_the_base_is_weighed_by_the_twelve_months_before_it(
    quoted: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    trades(monkeypatch, 白芍=300, 当归=100)
    [used] = computed(quoted).inputs.weight_sets
    assert (used.effective, used.last) == (BASE, BASE - timedelta(days=1))
    assert used.first == date(BASE.year - 1, BASE.month, 1)


def test_what_was_published_with_weighs_ever_after(quoted: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the release ten times as much 白芍 is on record: neither the weights nor a value move."""
    trades(monkeypatch, 白芍=300, 当归=100)
    before = computed(quoted)
    publish_run(quoted, FAMILY, TODAY)
    quoted.settle()
    trades(monkeypatch, 白芍=3000, 当归=100)
    after = computed(quoted)
    assert after.inputs.weight_sets[0].by_grade() == {"白芍|统": 300, "当归|统": 100}
    assert after.series("composite", "all").points == before.series("composite", "all").points
    with quoted.database.read() as session:
        assert [one.rule for one in entered_sets(session, FAMILY, 2**53)] == ["turnover"]
        stated = log.find(session, f"weights.entered:{FAMILY}-{BASE.isoformat()}")
    assert stated is not None
    assert stated.entry.statement.public["rule"] == "turnover"


def test_no_set_looks_beyond_its_month(quoted: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three years on: one set for the base and one for each December that follows a year of index."""
    trades(monkeypatch, 白芍=300)
    until = TODAY.replace(year=TODAY.year + 3)
    with quoted.database.read() as session:
        found = traded(session, quoted.vault, family(FAMILY), until, NOW_MS)
    assert all(one.last < one.effective for one in found)
    assert {one.effective.month for one in found[1:]} == {12}
    assert len(found) >= 3


def test_a_kept_run_takes_new_weights_at_once(quoted: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day before was computed with other weights: the run is made anew and says what a full one says."""
    kept = KeptRuns()
    trades(monkeypatch, 白芍=300, 当归=100)
    with quoted.database.read() as session:
        compute_run(session, quoted.vault, FAMILY, TODAY - timedelta(days=1), NOW_MS, kept)
    trades(monkeypatch, 白芍=3000, 当归=100)
    with quoted.database.read() as session:
        found = compute_run(session, quoted.vault, FAMILY, TODAY, NOW_MS, kept)
    assert found.bundle == computed(quoted).bundle
