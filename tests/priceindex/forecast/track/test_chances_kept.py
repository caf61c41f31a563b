"""Chances of both kinds: stored apart, scored apart from stored runs alone, and found out where made up."""

import csv
import io
import json
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from api.routes.track_answers import TrackAnswer, track_csv
from ledger.canonical import canonical
from priceindex.classification import Level
from priceindex.forecast.forecasts import ForecastRun
from priceindex.forecast.method import forecast_method
from priceindex.forecast.scoring.block_bootstrap import SkillInterval
from priceindex.forecast.track import reading, verification
from priceindex.forecast.track.canonical_rows import series_line, series_of
from priceindex.forecast.track.comparing_runs import head_differences
from priceindex.forecast.track.track_errors import ForecastDiffers, ForecastSetDiffers
from priceindex.forecast.track.track_record import Track, TrackLine, track_record
from priceindex.forecast.track.track_steps import track_steps
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

NONE = float("nan")
FLAT = [1000.0] * 3


def record(market: SmallMarket) -> Track:
    with market.read() as session:
        return track_record(session, "bozhou", "week", forecast_method(), as_of_ms=LATER_MS)


def lines(market: SmallMarket) -> dict[tuple[str, int], TrackLine]:
    return {(line.level, line.step): line for line in record(market).lines}


def rising_and_still(market: SmallMarket, rise: list[float]) -> SmallMarket:
    """白芍 is told to rise if it moves, and rises by a tenth; so is 茯苓, which stands still."""
    release = begun(market)
    herbs = [
        node(origin_of(release), FLAT, level=Level.HERB, name=name, rise=rise) for name in ("白芍", "茯苓")
    ]
    stored(market, run_of(release, herbs), MADE_MS)
    gone_on(market)
    return market


def test_up_given_a_change_is_stored_without_up_flat_and_down(market: SmallMarket) -> None:
    release = begun(market)
    said = node(origin_of(release), FLAT, level=Level.HERB, name="白芍", rise=[0.62345, NONE, 1.0])
    stored(market, run_of(release, [said]), MADE_MS)
    with market.read() as session:
        [found] = reading.series(session, "bozhou-week-1")
        told = reading.told(session, "bozhou-week-1")
        row = json.loads(reading.lines(session, "bozhou-week-1")[1])
    assert (found.rise_if_changed_bp, found.chances_bp) == ((6234, None, 10000), (None, None, None))
    assert (row["rise_if_changed_bp"], row["usual_change_bp"]) == ([6234, None, 10000], 510)
    assert found.usual_change_bp == 510
    assert [(each.kind, each.published) for each in told.direction] == [
        ("up_flat_down", False), ("up_if_changed", True),
    ]  # fmt: skip
    assert (told.direction[1].brier_skill, told.direction[1].low, told.direction[1].high) == (0.22, 0.1, 0.37)


def test_a_usual_change_that_is_not_known_is_stored_as_none() -> None:
    said = node(20_000, FLAT, usual_change=NONE)
    assert series_of(series_line(said, 4)).usual_change_bp is None


def test_up_given_a_change_is_scored_where_a_change_came_alone(market: SmallMarket) -> None:
    told = lines(rising_and_still(market, [0.75, 0.75, NONE]))
    score = told["herb", 1].rise_if_changed
    assert score is not None
    # By hand: one rise, told with 3/4; among what came up is (1 + 1/2) of (1 + 1). 茯苓 never moved.
    ours, always = Fraction(1, 16), (1 - Fraction(3, 4)) ** 2
    assert (score.forecasts, score.brier_skill.origins) == (1, 1)
    assert score.brier_skill.figure == pytest.approx(float(1 - ours / always))
    [only] = score.reliability["up_if_changed"]
    assert (only.forecasts, only.mean_chance, only.share_came) == (1, 0.75, 1.0)
    assert set(score.reliability) == {"up_if_changed"}
    assert told["herb", 1].direction is None
    assert told["herb", 3].rise_if_changed is None, "nothing was published three weeks ahead"


def test_a_surer_chance_of_what_came_has_more_skill_than_one_of_the_other_way(market: SmallMarket) -> None:
    told = lines(rising_and_still(market, [0.9, 0.3, 0.75]))
    figures = [
        score.brier_skill.figure for step in (1, 2, 3) if (score := told["herb", step].rise_if_changed)
    ]
    always = Fraction(1, 4) ** 2
    assert figures == pytest.approx(
        [float(1 - Fraction(miss, 10) ** 2 / always) for miss in (1, 7, Fraction(5, 2))]
    )


def test_where_nothing_changed_there_is_nothing_to_score(market: SmallMarket) -> None:
    release = begun(market)
    still = node(origin_of(release), FLAT, level=Level.HERB, name="茯苓", rise=[0.75] * 3)
    stored(market, run_of(release, [still]), MADE_MS)
    gone_on(market)
    assert lines(market)["herb", 1].errors == 1
    assert lines(market)["herb", 1].rise_if_changed is None


def test_the_two_kinds_are_scored_apart(market: SmallMarket) -> None:
    release = begun(market)
    both = node(
        origin_of(release),
        FLAT,
        level=Level.HERB,
        name="白芍",
        rise=[0.75] * 3,
        chances=[[0.2, 0.5, 0.3]] * 3,
    )
    stored(market, run_of(release, [both]), MADE_MS)
    gone_on(market)
    line = lines(market)["herb", 1]
    assert line.direction is not None
    assert line.rise_if_changed is not None
    # Told 0.2, 0.5, 0.3 and up came: 0.64 + 0.25 + 0.09; always 0.6, 0.2, 0.2: 0.16 + 0.04 + 0.04.
    assert line.direction.brier_skill.figure == pytest.approx(1 - 0.98 / 0.24)
    assert line.rise_if_changed.brier_skill.figure == pytest.approx(0.0)


def test_the_interval_needs_more_than_one_origin_and_holds_the_figure(market: SmallMarket) -> None:
    rising_and_still(market, [0.75, 0.75, 0.75])
    one = lines(market)["herb", 1].rise_if_changed
    assert one is not None
    assert isinstance(one.brier_skill, SkillInterval)
    assert math.isnan(one.brier_skill.low)


def test_the_table_holds_what_the_score_is_made_of(market: SmallMarket) -> None:
    rising_and_still(market, [0.9, 0.8, NONE])
    with market.read() as session:
        steps = track_steps(session, "bozhou", "week", as_of_ms=LATER_MS)
    rows = list(csv.DictReader(io.StringIO(track_csv(steps).decode("utf-8-sig"))))
    assert [row["up_if_changed_bp"] for row in rows if row["node"] == "白芍"] == ["9000", "8000", ""]
    moved = [row for row in rows if row["step"] == "1" and row["actual"] != row["origin_value"]]
    misses = [1 - Fraction(row["up_if_changed_bp"]) / 10_000 for row in moved]
    score = lines(market)["herb", 1].rise_if_changed
    assert score is not None
    assert score.brier_skill.figure == pytest.approx(
        float(1 - sum(miss**2 for miss in misses) / Fraction(1, 16))
    )
    answer = TrackAnswer.of(record(market), "en")
    [line] = [each for each in answer.lines if (each.level, each.step) == ("herb", 1)]
    assert line.rise_if_changed is not None
    assert line.rise_if_changed.brier_skill == f"{score.brier_skill.figure:.4f}"
    assert line.direction is None


def honest(market: SmallMarket) -> ForecastRun:
    release = begun(market)
    said = node(origin_of(release), FLAT, level=Level.HERB, name="白芍", rise=[0.6, 0.6, NONE])
    return run_of(release, [said])


def parts_found_out(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch, told: ForecastRun, again: ForecastRun
) -> set[str]:
    """Store what was told, and verify it where the method gives `again`."""
    stored(market, told, MADE_MS)
    monkeypatch.setattr(verification, "forecast_from", lambda *_, **__: again)
    with market.read() as session:
        found = verification.verify(session, "bozhou-week-1", forecast_method(), CODE)
    assert all(isinstance(each, ForecastDiffers) for each in found.faults)
    return {str(each.parts["part"]) for each in found.faults}


def test_an_honest_run_is_the_same_when_made_again(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = honest(market)
    assert parts_found_out(market, monkeypatch, told, told) == set()


@pytest.mark.parametrize(
    ("rise", "usual_change", "part"),
    [
        ([0.9, 0.6, NONE], 0.051, "chance up if changed"),
        ([0.6, 0.6, 0.6], 0.051, "chance up if changed"),
        ([0.6, 0.6, NONE], 0.02, "usual change"),
    ],
)
def test_chances_the_method_does_not_give_are_found_out(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch, rise: list[float], usual_change: float, part: str
) -> None:
    again = honest(market)
    [one] = again.series
    told = replace(again, series=(replace(one, rise_if_changed=np.array(rise), usual_change=usual_change),))
    assert parts_found_out(market, monkeypatch, told, again) == {part}


@pytest.mark.parametrize(
    ("claimed", "part"),
    [({"low": 0.2}, "low"), ({"brier_skill": 0.5}, "brier_skill"), ({"published": False}, "judged")],
)
def test_a_skill_the_method_does_not_find_is_found_out(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch, claimed: dict[str, float], part: str
) -> None:
    again = honest(market)
    three, rise = again.direction
    told = replace(again, direction=(three, replace(rise, **claimed)))  # type: ignore[arg-type]
    assert parts_found_out(market, monkeypatch, told, again) == {part}


@pytest.mark.parametrize(
    ("claimed", "part"),
    [
        ({"relative_mae": 0.1}, "relative_mae"),
        ({"p_value": 0.0001}, "p_value"),
        ({"origins": 520}, "judged"),
        ({"model": "theta"}, "judged"),
    ],
)
def test_a_gate_that_did_not_judge_so_is_found_out(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch, claimed: dict[str, float], part: str
) -> None:
    again = honest(market)
    told = replace(again, gate=(replace(again.gate[0], **claimed),))  # type: ignore[arg-type]
    assert parts_found_out(market, monkeypatch, told, again) == {part}


def test_a_node_said_to_be_too_short_that_is_not_is_found_out(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = honest(market)
    stored(market, replace(again, left_out=("grade/白芍|统", "herb/茯苓")), MADE_MS)
    monkeypatch.setattr(verification, "forecast_from", lambda *_, **__: again)
    with market.read() as session:
        found = verification.verify(session, "bozhou-week-1", forecast_method(), CODE)
    [fault] = found.faults
    assert isinstance(fault, ForecastSetDiffers)
    assert fault.parts["nodes"] == "herb/茯苓"


@pytest.mark.parametrize(
    ("name", "value"),
    [("family", "other"), ("release", "bozhou-1"), ("origin_day", "2025-03-28"), ("kept", 3), ("series", 9)],
)
def test_a_first_line_that_tells_of_another_run_than_its_statement_is_found_out(
    market: SmallMarket, name: str, value: str | int
) -> None:
    stored(market, honest(market), MADE_MS)
    with market.read() as session:
        head = reading.run(session, "bozhou-week-1")
        first, *rest = reading.lines(session, "bozhou-week-1")
    series = [series_of(line) for line in rest]
    assert head_differences(first, series, head, CODE) == []
    if name == "series":
        series = series * 2
    forged = canonical({**json.loads(first), name: value}).decode()
    [fault] = head_differences(forged, series, head, CODE)
    assert fault.parts["part"] == name


def test_a_judgement_left_out_is_found_out(market: SmallMarket, monkeypatch: pytest.MonkeyPatch) -> None:
    again = honest(market)
    told = replace(again, direction=again.direction[:1])
    assert parts_found_out(market, monkeypatch, told, again) == {"brier_skill", "low", "high", "judged"}
