"""A run is stored whole, once, before its targets, under a statement that names every digit."""

import hashlib
import json

import pytest
from sqlalchemy import text
from sqlmodel import Session

from ledger import log
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.forecast.track import reading, storing
from priceindex.forecast.track.canonical_rows import file_of
from priceindex.forecast.track.lateness import begins_ms
from priceindex.forecast.track.track_errors import (
    ForecastTooLate,
    NoForecastYet,
    NothingToForecast,
    UnknownForecast,
)
from tests.priceindex.forecast.track.run_makers import (
    CODE,
    LATER_MS,
    MADE_MS,
    OPERATOR,
    TARGETS,
    begun,
    gone_on,
    node,
    origin_of,
    run_of,
    stored,
)
from tests.priceindex.logged import publics
from tests.priceindex.small_market import SmallMarket, day

TREE = [(Level.COMPOSITE, "all"), (Level.HERB, "白芍")]


def counted(session: Session) -> tuple[int, int, int]:
    tables = ("price_forecast", "price_forecast_series", "ledger_pending")
    return tuple(  # type: ignore[return-value]
        int(session.connection().execute(text(f"select count(*) from {table}")).scalar_one())  # noqa: S608  ours
        for table in tables
    )


def test_the_statement_commits_the_very_bytes_that_are_handed_out(market: SmallMarket) -> None:
    release = begun(market)
    origin = origin_of(release)
    nodes = [
        node(origin, [1010.00004, 1020.0, 1030.0], level=level, name=name, chances=[[0.2, 0.5, 0.3]] * 3)
        for level, name in reversed(TREE)
    ]
    made = stored(market, run_of(release, nodes), MADE_MS).forecast
    assert (made.forecast_id, made.ordinal, made.first_target) == ("bozhou-week-1", 1, day(TARGETS[0]))
    with market.read() as session:
        body = file_of(reading.lines(session, made.forecast_id))
        entry = log.find(session, made.statement_id)
    [public] = publics(market, "forecast")
    assert public["rows_sha256"] == hashlib.sha256(body).hexdigest()
    assert public["input_sha256"] == release.values_sha256
    assert (public["release"], public["code_version"], public["origin_day"]) == (
        release.release_id, CODE, "2025-04-04",
    )  # fmt: skip
    assert entry is not None
    assert (entry.entry.statement.at_ms, entry.entry.statement.refs) == (MADE_MS, (release.statement_id,))
    # Told by hand: values in whole units, chances in basis points, figures with four digits.
    first, top, herb = map(json.loads, body.decode().splitlines())
    assert first["gate"][0]["relative_mae"] == "0.9123"
    assert (top["node"], herb["node"]) == ("all", "白芍")
    assert top["quantiles"][0] == [9900000, 10000000, 10100000, 10200000, 10300000]
    assert top["chances_bp"][0] == [2000, 5000, 3000]
    assert top["targets"] == list(TARGETS)


def test_a_second_run_of_a_release_changes_nothing_and_answers_the_one_that_stands(
    market: SmallMarket,
) -> None:
    release = begun(market)
    first = stored(market, run_of(release, [node(origin_of(release), [1010.0])]), MADE_MS)
    again = stored(market, run_of(release, [node(origin_of(release), [990.0])]), MADE_MS + 1000)
    assert (first.new, again.new) == (True, False)
    assert again.forecast == first.forecast
    assert len(publics(market, "forecast")) == 1
    monthly = run_of(release, [node(origin_of(release, "month"), [1000.0], frequency="month")], "month")
    assert stored(market, monthly, MADE_MS).forecast.forecast_id == "bozhou-month-1"


def test_a_run_whose_targets_have_all_come_is_refused_and_leaves_nothing(market: SmallMarket) -> None:
    release = begun(market)
    run = run_of(release, [node(origin_of(release), [1000.0])])
    midnight = begins_ms(day_number(day(TARGETS[0])))
    with pytest.raises(ForecastTooLate), market.write() as session:
        storing.store(session, run, OPERATOR, midnight, CODE)
    with market.read() as session:
        assert counted(session) == (0, 0, 0)
    assert stored(market, run, midnight - 1).new


def test_a_run_without_series_and_one_from_an_unpublished_release_are_refused(market: SmallMarket) -> None:
    release = begun(market)
    with pytest.raises(NothingToForecast):
        stored(market, run_of(release, []), MADE_MS)
    with pytest.raises(Exception, match=release.release_id):
        stored(market, run_of(release, [node(origin_of(release), [1.0])]), release.published_ms - 1)


def test_what_fails_half_way_leaves_no_row_and_no_statement(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = begun(market)

    def fails(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(storing, "submit", fails)
    with pytest.raises(RuntimeError), market.write() as session:
        storing.store(session, run_of(release, [node(origin_of(release), [1.0])]), OPERATOR, MADE_MS, CODE)
    with market.read() as session:
        assert counted(session) == (0, 0, 0)


@pytest.fixture
def twice(market: SmallMarket) -> SmallMarket:
    """Two runs three weeks apart that share the target of 2 May; the second knows a herb too."""
    first = begun(market)
    stored(market, run_of(first, [node(origin_of(first), [1010.0, 1020.0, 1030.0, 1040.0])]), MADE_MS)
    second = gone_on(market)
    assert day_of(origin_of(second)) == day("2025-04-25")
    again = [
        node(origin_of(second), [1051.0, 1052.0]),
        node(origin_of(second), [7.0], level=Level.HERB, name="白芍"),
    ]
    stored(market, run_of(second, again), LATER_MS)
    return market


def test_the_newest_forecast_of_a_node_is_that_of_the_moment_asked_about(twice: SmallMarket) -> None:
    with twice.read() as session:
        now = reading.newest(session, "bozhou", "composite", "all", "week", as_of_ms=LATER_MS)
        then = reading.newest(session, "bozhou", "composite", "all", "week", as_of_ms=LATER_MS - 1)
        assert (now.forecast.ordinal, then.forecast.ordinal) == (2, 1)
        with pytest.raises(NoForecastYet):
            reading.newest(session, "bozhou", "composite", "all", "week", as_of_ms=MADE_MS - 1)
        with pytest.raises(NoForecastYet):
            reading.newest(session, "bozhou", "herb", "白芍", "week", as_of_ms=LATER_MS - 1)
        with pytest.raises(UnknownForecast):
            reading.lines(session, "bozhou-week-3")


def test_all_vintages_of_a_target_show_how_its_forecast_changed(twice: SmallMarket) -> None:
    with twice.read() as session:
        found = reading.vintages(
            session, "bozhou", "composite", "all", "week", as_of_ms=LATER_MS, target=day("2025-05-02")
        )
        said = [each.series.shown[each.series.targets.index(day_number(day("2025-05-02")))] for each in found]
        assert said == [10400000, 10510000]
        assert len(reading.vintages(session, "bozhou", "composite", "all", "week", as_of_ms=LATER_MS)) == 2
        assert [each.ordinal for each in reading.runs(session, as_of_ms=LATER_MS)] == [2, 1]
        assert reading.nodes(session, "bozhou-week-2") == TREE


def test_a_line_reads_back_as_it_was_said_each_baseline_under_its_own_name(market: SmallMarket) -> None:
    release = begun(market)
    said = node(origin_of(release), [1010.0, 1020.0], chances=[[0.2, 0.5, 0.3], [float("nan")] * 3])
    said.baselines["drift"][:] = 1005.0
    said.quantiles[1, 0] = float("nan")
    stored(market, run_of(release, [said]), MADE_MS)
    with market.read() as session:
        found = reading.series(session, "bozhou-week-1")[0]
        told = reading.told(session, "bozhou-week-1")
    assert list(found.baselines) == ["naive", "seasonal_naive", "drift"]
    assert (found.baselines["naive"][0], found.baselines["drift"][0]) == (10000000, 10050000)
    assert found.chances_bp == ((2000, 5000, 3000), None)
    assert found.quantiles[1][0] is None
    assert (told.gate[0].p_value, told.direction[0].low, told.direction[0].high) == (0.0123, None, 0.09)
    assert (told.left_out, told.fitted) == (("grade/白芍|统",), False)
