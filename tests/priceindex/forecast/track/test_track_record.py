"""The track record is made from stored runs and published values, and anybody's arithmetic gives the same."""

import csv
import io
from fractions import Fraction

import pytest

from api.routes.track_answers import track_csv
from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.track_record import Track, track_record
from priceindex.forecast.track.track_steps import StepState, track_steps
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
from tests.priceindex.releases.issuing import DAY_MS, computed, publish
from tests.priceindex.small_market import SmallMarket, day

NUMBERS = ("actual", "value", "naive", "scale", "origin_value", "low_80", "high_80")
CHANCES = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.8, 0.1]]


def record(market: SmallMarket, as_of_ms: int = LATER_MS, frequency: str = "week", **parts: str) -> Track:
    with market.read() as session:
        return track_record(
            session,
            "bozhou",
            frequency,
            forecast_method(),
            as_of_ms=as_of_ms,
            **parts,  # type: ignore[arg-type]
        )


@pytest.fixture
def scored(market: SmallMarket) -> SmallMarket:
    """Three targets that came at 1050, up from 1000 (白芍 rose by a tenth and weighs half)."""
    release = begun(market)
    origin = origin_of(release)
    composite = node(origin, [1010.0, 1030.0, 1060.0], half_width=5.0, chances=CHANCES)
    herb = node(origin, [1000.0] * 3, level=Level.HERB, name="白芍", skill="not_shown", half_width=60.0)
    stored(market, run_of(release, [composite, herb]), MADE_MS)
    gone_on(market)
    return market


def test_each_step_is_scored_against_the_value_of_its_own_friday(scored: SmallMarket) -> None:
    found = record(scored)
    assert found.states == {
        StepState.SCORED: 6, StepState.WAITING: 0, StepState.LATE: 0, StepState.REPEATED: 0,
        StepState.MISSING: 0, StepState.WITHDRAWN: 0,
    }  # fmt: skip
    assert (found.runs, found.targets, found.faults) == (1, 3, ())
    lines = {(line.level, line.step): line for line in found.lines}
    # By hand: naive misses 50 points each time, the forecasts 40, 20 and 10; the scale is 5 points.
    for step, missed in ((1, 40), (2, 20), (3, 10)):
        line = lines[Level.COMPOSITE, step]
        assert line.relative_mae.figure == pytest.approx(float(Fraction(missed, 50)))
        assert line.mase == pytest.approx(missed / 5)
        assert (line.errors, line.nodes, line.relative_mae.origins, line.unskilled) == (1, 1, 1, 0)
    # 1060 lies 10 from 1050: inside the 95 % interval of 10 to each side, outside the 80 % one of 5.
    assert (lines[Level.COMPOSITE, 3].inside_80, lines[Level.COMPOSITE, 3].inside_95) == (0.0, 1.0)
    assert lines[Level.COMPOSITE, 3].msis == pytest.approx(20 / 5)
    # 1010 + 10 lies 30 below: width 20 and 2/0.05 times what is outside, in units of the scale.
    assert lines[Level.COMPOSITE, 1].msis == pytest.approx((20 + 40 * 30) / 5)
    assert lines[Level.COMPOSITE, 1].smape == pytest.approx(float(Fraction(200 * 40, 1010 + 1050)))
    assert lines[Level.HERB, 1].unskilled == 1
    assert lines[Level.HERB, 1].direction is None


def test_chances_are_scored_against_what_came(scored: SmallMarket) -> None:
    lines = {(line.level, line.step): line for line in record(scored).lines}
    told = lines[Level.COMPOSITE, 1].direction
    assert told is not None
    # One outcome, up: (0.6-1)^2 + 0.3^2 + 0.1^2 = 0.26; climatology of it with half a case of each: 1.5/2.5.
    always = (0.6 - 1) ** 2 + 2 * 0.2**2
    assert told.brier_skill.figure == pytest.approx(1 - 0.26 / always)
    [only] = told.reliability["up"]
    assert (only.forecasts, only.share_came) == (1, 1.0)
    assert only.mean_chance == pytest.approx(0.6)
    assert told.reliability["down"][0].share_came == 0.0


def test_until_a_release_reaches_its_target_a_forecast_waits(scored: SmallMarket) -> None:
    found = record(scored, LATER_MS - 1)
    assert found.lines == ()
    assert found.states[StepState.WAITING] == 6


def test_the_first_value_and_the_newest_are_two_vintages(scored: SmallMarket) -> None:
    from tests.priceindex.releases.issuing import correct

    correct(scored, 8000, "2025-04-11", LATER_MS + 1)
    publish(scored, computed(scored, LATER_MS + DAY_MS, day("2025-04-30")), LATER_MS + DAY_MS)
    scored.settle()
    newest = record(scored, LATER_MS + DAY_MS)
    first = record(scored, LATER_MS + DAY_MS, actuals="first")
    errors = [
        line.mase
        for found in (first, newest)
        for line in found.lines
        if (line.level, line.step) == (Level.COMPOSITE, 1)
    ]
    assert errors == [pytest.approx(40 / 5), pytest.approx(10 / 5)]


def test_a_step_made_on_its_target_day_is_late_and_never_scored(market: SmallMarket) -> None:
    release = begun(market)
    run = run_of(release, [node(origin_of(release), [1010.0, 1030.0, 1060.0])])
    stored(market, run, MADE_MS + 7 * 3_600_000)  # an hour into the first Friday
    gone_on(market)
    found = record(market)
    assert (found.states[StepState.LATE], found.states[StepState.SCORED]) == (1, 2)
    assert {line.step for line in found.lines} == {2, 3}


def test_a_target_without_a_published_value_is_told_and_not_scored(market: SmallMarket) -> None:
    release = begun(market)
    gone = node(origin_of(release), [1.0, 2.0, 3.0], level=Level.HERB, name="当归")
    stored(market, run_of(release, [gone]), MADE_MS)
    gone_on(market)
    found = record(market)
    assert (found.states[StepState.MISSING], found.lines) == (3, ())


def test_a_period_that_left_the_index_is_told_as_withdrawn(scored: SmallMarket) -> None:
    from sqlalchemy import text

    from priceindex.releases.point_reading import WITHDRAWN

    last = day_number(day("2025-04-25"))
    with scored.write() as session:
        session.connection().execute(
            text(
                "insert into price_point (series_id, day, vintage, units, status, counts) "
                "select series_id, day, 3, :gone, 'R', counts from price_point "
                "where vintage = 2 and day > :from and day <= :last"
            ),
            {"gone": WITHDRAWN, "from": last - 7, "last": last},
        )
        session.connection().execute(
            text(
                "insert into price_release select 'bozhou-2025-04-30-r1', family, 3, until, last_day, 1, "
                "status, method_id, method_sha256, bundle_sha256, values_sha256, form, kept, "
                "final_after_days, as_of_ms, published_ms, due_ms, statement_id, sealed_statement, "
                "notice_needed, headline, summary "
                "from price_release where ordinal = 2"
            )
        )
    states = record(scored).states
    assert (states[StepState.WITHDRAWN], states[StepState.SCORED]) == (2, 4)


def test_the_table_is_enough_to_compute_the_record_again(scored: SmallMarket) -> None:
    with scored.read() as session:
        steps = track_steps(session, "bozhou", "week", as_of_ms=LATER_MS)
    rows = list(csv.DictReader(io.StringIO(track_csv(steps).decode("utf-8-sig"))))
    assert len(rows) == 6
    for line in record(scored).lines:
        mine = [row for row in rows if (row["level"], int(row["step"])) == (line.level, line.step)]
        mine = [row for row in mine if row["state"] == "scored"]
        exact = [{name: Fraction(row[name]) for name in NUMBERS} for row in mine]
        ours = sum(abs(row["actual"] - row["value"]) / row["origin_value"] for row in exact)
        theirs = sum(abs(row["actual"] - row["naive"]) / row["origin_value"] for row in exact)
        assert line.relative_mae.figure == pytest.approx(float(ours / theirs))
        assert line.mase == pytest.approx(
            float(sum(abs(row["actual"] - row["value"]) / row["scale"] for row in exact)) / len(exact)
        )
        inside = [row["low_80"] <= row["actual"] <= row["high_80"] for row in exact]
        assert line.inside_80 == sum(inside) / len(inside)
    assert rows[0]["forecast"] == "bozhou-week-1"
    assert rows[0]["made"] == "2025-04-10T10:00:00.000Z"


def test_the_same_store_gives_the_same_intervals(market: SmallMarket) -> None:
    assert record(market) == record(market)
    release = begun(market)
    stored(market, run_of(release, [node(origin_of(release), [1010.0] * 3)]), MADE_MS)
    second = gone_on(market)
    stored(market, run_of(second, [node(origin_of(second), [1050.0] * 3, value=1050.0)]), LATER_MS)
    assert [line.relative_mae for line in record(market).lines].__repr__() == [
        line.relative_mae for line in record(market).lines
    ].__repr__()


def test_every_period_tells_its_own_coverage(scored: SmallMarket) -> None:
    periods = {(each.level, each.target): each for each in record(scored).periods}
    assert periods[Level.COMPOSITE, day("2025-04-25")].inside_95 == 1.0
    assert periods[Level.COMPOSITE, day("2025-04-11")].inside_95 == 0.0
    assert periods[Level.HERB, day("2025-04-11")].errors == 1


def test_the_coherent_value_has_a_record_of_its_own(market: SmallMarket) -> None:
    """1050 came from 1000: 1040 was forecast and missed by 10, its coherent value by 30, naive by 50."""
    release = begun(market)
    said = node(origin_of(release), [1040.0, 1040.0], coherent=[1020.0, float("nan")])
    stored(market, run_of(release, [said]), MADE_MS)
    gone_on(market)
    first, second = record(market).lines[:2]
    assert first.relative_mae.figure == pytest.approx(float(Fraction(10, 50)))
    assert first.coherent.figure == pytest.approx(float(Fraction(30, 50)))
    assert second.coherent.origins == 0
