"""What the year of real quotes from 亳州 shows, and what it does not."""

import csv
import datetime
import io

import numpy as np
import pytest

from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.direction.direction_panel import DirectionPanel, signs
from priceindex.forecast.direction.publication import DirectionForecast, direction_forecast
from priceindex.forecast.grid import panel_of, weekly, wide
from priceindex.forecast.method import forecast_method

pytestmark = pytest.mark.shared
RULE = forecast_method().text.direction


@pytest.fixture(scope="module")
def herbs(bozhou: bytes) -> DirectionPanel:
    """37 series of 8 herbs over 44 Fridays; the series of one herb are siblings."""
    lines = list(csv.DictReader(io.StringIO(bozhou.decode())))
    _, of_line = np.unique([f"{x['herb']}|{x['spec']}|{x['origin']}" for x in lines], return_inverse=True)
    herb_of = dict(zip(of_line.tolist(), (line["herb"] for line in lines), strict=True))
    days, prices = wide(
        of_line,
        np.array([day_number(datetime.date.fromisoformat(line["date"])) for line in lines]),
        np.array([float(line["price_yuan_per_kg"]) for line in lines]),
        len(herb_of),
    )
    grid = weekly(days, prices, until=int(days[-1]), carried_at_most=4)
    group = np.unique([herb_of[place] for place in range(len(herb_of))], return_inverse=True)[1]
    return DirectionPanel(panel=panel_of([grid], 1), group=group, flat_within=float(RULE.flat_within))


@pytest.fixture(scope="module")
def told(herbs: DirectionPanel) -> DirectionForecast:
    return direction_forecast(herbs, RULE, np.random.default_rng(6), Level.GRADE)


def test_four_weeks_in_five_bring_no_change_and_four_steps_in_five_repeat_the_last_sign(
    herbs: DirectionPanel,
) -> None:
    steps = signs(herbs, 1)[:, 1:]
    assert (steps == 0.0).mean() == pytest.approx(0.79, abs=0.01)
    runs = [row[row != 0.0] for row in steps]
    repeated = np.concatenate([row[1:] == row[:-1] for row in runs])
    assert repeated.mean() == pytest.approx(0.81, abs=0.03)  # of 482 steps of 47 series: 0.81


def test_the_sign_of_a_change_within_a_week_is_known_better_than_by_climatology(
    told: DirectionForecast,
) -> None:
    assert told.skill[0].sign.low > 0.0
    assert told.skill[0].sign_area > 0.65
    assert told.skill[0].changes > 200


def test_of_the_sign_four_weeks_ahead_no_skill_is_shown(told: DirectionForecast) -> None:
    assert told.skill[3].sign.low < 0.0 < told.skill[3].sign.high


def test_chances_stand_only_where_the_interval_lies_above_nothing(told: DirectionForecast) -> None:
    for step, skill in enumerate(told.skill):
        assert np.isnan(told.chances[:, step]).all() == (skill.three_class.low <= 0.0)
        assert np.isnan(told.rise_if_changed[:, step]).all() == (skill.sign.low <= 0.0)


def test_a_week_ahead_the_sign_is_published_though_up_flat_and_down_are_not(
    told: DirectionForecast,
) -> None:
    of_week = {line.kind: line for line in told.lines if line.step == 1}
    assert [of_week[kind].published for kind in ("up_flat_down", "up_if_changed")] == [False, True]
    assert np.isnan(told.chances[:, 0]).all()
    assert ((told.rise_if_changed[:, 0] > 0.0) & (told.rise_if_changed[:, 0] < 1.0)).all()
    # The figures of the methodology: +0.22 [0.10, 0.37] over 260 changes from 31 origins.
    sign = of_week["up_if_changed"]
    assert (sign.forecasts, sign.origins) == (260, 31)
    assert (sign.brier_skill, sign.low, sign.high) == pytest.approx((0.219, 0.102, 0.369), abs=0.01)


def test_four_weeks_ahead_neither_kind_is_published(told: DirectionForecast) -> None:
    assert not any(line.published for line in told.lines if line.step == 4)
    assert np.isnan(told.rise_if_changed[:, 3]).all()


def test_the_usual_change_of_every_herb_is_some_per_cent(told: DirectionForecast) -> None:
    assert ((told.usual_change > 0.005) & (told.usual_change < 0.2)).all()


def test_what_is_published_adds_up_to_one_for_every_series(told: DirectionForecast) -> None:
    shown = [line.step - 1 for line in told.lines if line.published and line.kind == "up_flat_down"]
    assert shown
    np.testing.assert_allclose(told.chances[:, shown].sum(axis=-1), 1.0, atol=1e-12)
