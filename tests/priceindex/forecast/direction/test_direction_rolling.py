"""Chances rest on what had ended, beat climatology where something can be known, and else stay out."""

from dataclasses import replace

import numpy as np
import pytest

from priceindex.classification import Level
from priceindex.forecast.direction.brier import brier_scores, sign_brier_scores
from priceindex.forecast.direction.covariates import covariates
from priceindex.forecast.direction.direction_panel import DirectionPanel, outcomes
from priceindex.forecast.direction.hurdle import fit_hurdle
from priceindex.forecast.direction.jumps import jump_sizes
from priceindex.forecast.direction.publication import direction_forecast
from priceindex.forecast.direction.rolling import RolledDirection, rolled_direction
from priceindex.forecast.direction.skill import direction_skill
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import SeriesPanel
from tests.priceindex.forecast.direction.sticky_series import GRADES, HERBS, one_way, restless, sticky

RULE = forecast_method().text.direction
STRENGTHS = (0.1, 1.0, 10.0, 100.0, 1000.0)


def rolled(panel: DirectionPanel, horizon: int, origins: int = 52) -> RolledDirection:
    return rolled_direction(panel, horizon, origins=origins, least_steps=60, strengths=STRENGTHS)


@pytest.mark.parametrize("horizon", [1, 4])
def test_an_origin_says_what_it_would_have_said_without_the_future(horizon: int) -> None:
    """The panel cut at an origin gives the same chances, climatology and weights there, bit for bit."""
    panel = sticky(11, 50)
    whole = rolled(panel, horizon)
    for cut in (1, 7, 20):
        short = rolled(panel.back(cut), horizon)
        kept = len(short.origins)
        np.testing.assert_array_equal(short.origins, whole.origins[:kept])
        np.testing.assert_array_equal(short.chances, whole.chances[:kept])
        np.testing.assert_array_equal(short.climatology, whole.climatology[:kept])
        np.testing.assert_array_equal(short.weights, whole.weights[:kept])


def test_a_fit_rests_only_on_targets_that_had_ended() -> None:
    """At column 20 a target of 4 weeks from column 16 has ended, one from column 17 has not."""
    panel = sticky(12, 40)
    known, came = covariates(panel), outcomes(panel, 4)
    scrambled = came.copy()
    scrambled[:, 17:] = 1.0
    again = fit_hurdle(known, scrambled, panel.group, 20, 4, STRENGTHS)
    fitted = fit_hurdle(known, came, panel.group, 20, 4, STRENGTHS)
    np.testing.assert_array_equal(fitted.chances(known, 20), again.chances(known, 20))
    scrambled[:, 16] = 1.0
    other = fit_hurdle(known, scrambled, panel.group, 20, 4, STRENGTHS)
    assert not np.array_equal(fitted.chances(known, 20), other.chances(known, 20))


def test_chances_add_up_to_one_and_none_is_sure() -> None:
    chances = rolled(sticky(13), 2).chances
    np.testing.assert_allclose(chances.sum(axis=-1), 1.0, atol=1e-12)
    assert (chances > 0.0).all()


@pytest.mark.parametrize("horizon", [1, 4])
def test_sticky_series_show_skill_in_both_parts(horizon: int) -> None:
    skill = direction_skill(rolled(sticky(14), horizon), np.random.default_rng(0))
    assert skill.three_class.low > 0.0
    assert skill.sign.low > 0.0
    assert skill.log_skill > 0.0
    assert skill.change_area > 0.55
    assert skill.sign_area > 0.6
    assert skill.shown("up_flat_down", RULE.least_origins)
    assert skill.shown("up_if_changed", RULE.least_origins)


@pytest.mark.parametrize("seed", range(4))
def test_series_about_which_nothing_can_be_known_show_no_skill(seed: int) -> None:
    """And cost next to nothing: the ridge that hears nothing gets the say."""
    skill = direction_skill(rolled(restless(seed), 1), np.random.default_rng(0))
    assert not skill.shown("up_flat_down", RULE.least_origins)
    assert not skill.shown("up_if_changed", RULE.least_origins)
    assert skill.three_class.figure > -0.01


def test_skill_is_one_less_the_ratio_of_total_scores() -> None:
    past = rolled(sticky(15), 3)
    skill = direction_skill(past, np.random.default_rng(0))
    theirs = np.broadcast_to(past.climatology[:, None], past.chances.shape)
    for figure, score in ((skill.three_class.figure, brier_scores), (skill.sign.figure, sign_brier_scores)):
        expected = 1.0 - np.nansum(score(past.chances, past.came)) / np.nansum(score(theirs, past.came))
        assert figure == pytest.approx(expected)
    assert skill.forecasts == int((~np.isnan(past.came)).sum())
    assert skill.changes == int((np.abs(np.nan_to_num(past.came)) > 0).sum())
    assert sum(row.forecasts for row in skill.reliable_up) == skill.forecasts


def test_chances_are_published_only_at_steps_with_skill() -> None:
    told = direction_forecast(sticky(16), RULE, np.random.default_rng(0), Level.GRADE)
    assert [(line.level, line.step, line.kind) for line in told.lines] == [
        (Level.GRADE, step, kind) for step in (1, 2, 3, 4) for kind in ("up_flat_down", "up_if_changed")
    ]
    for line in told.lines:
        assert line.low is not None
        assert line.published == (line.low > 0.0)
        said = told.chances if line.kind == "up_flat_down" else told.rise_if_changed
        assert np.isnan(said[:, line.step - 1]).any() != line.published
    silent = direction_forecast(restless(16), RULE, np.random.default_rng(0), Level.GRADE)
    assert not any(line.published for line in silent.lines)
    assert np.isnan(silent.chances).all()
    assert np.isnan(silent.rise_if_changed).all()


def test_each_kind_is_judged_by_its_own_interval_alone() -> None:
    """Whether a price moves is drawn without memory; which way it goes, once it goes, repeats itself."""
    told = direction_forecast(one_way(3), RULE, np.random.default_rng(0), Level.GRADE)
    three, rise = (line for line in told.lines if line.step == 1)
    assert rise.published
    assert rise.low is not None
    assert 0.0 < rise.low <= (rise.brier_skill or 0.0)
    silenced = replace(told.skill[0], three_class=told.skill[0].sign, sign=told.skill[0].three_class)
    for kind, other in (("up_flat_down", rise), ("up_if_changed", three)):
        assert silenced.shown(kind, RULE.least_origins) == other.published  # type: ignore[arg-type]


def test_up_given_a_change_is_the_share_of_up_among_the_chances_of_a_change() -> None:
    panel = sticky(16)
    told = direction_forecast(panel, RULE, np.random.default_rng(0), Level.GRADE)
    newest = rolled(panel, 1).chances[-1]
    np.testing.assert_allclose(told.rise_if_changed[:, 0], newest[:, 0] / (1.0 - newest[:, 1]))


def test_the_evidence_of_up_given_a_change_is_of_the_changes_that_came() -> None:
    past = rolled(sticky(15), 2)
    moved = ~np.isnan(past.came) & (past.came != 0.0)
    told = direction_forecast(sticky(15), RULE, np.random.default_rng(0), Level.GRADE)
    line = next(each for each in told.lines if (each.step, each.kind) == (2, "up_if_changed"))
    assert (line.forecasts, line.origins) == (moved.sum(), moved.any(axis=1).sum())
    three = next(each for each in told.lines if (each.step, each.kind) == (2, "up_flat_down"))
    assert three.forecasts == (~np.isnan(past.came)).sum()
    assert sum(row.forecasts for row in told.skill[1].reliable_rise) == line.forecasts


def test_the_usual_change_is_the_median_step_of_a_series_own_siblings() -> None:
    panel = sticky(20, 400)
    told = direction_forecast(panel, RULE, np.random.default_rng(0), Level.GRADE)
    steps = np.abs(np.diff(panel.panel.values, axis=1)) / panel.panel.values[:, :-1]
    logs = np.abs(np.diff(np.log(panel.panel.values), axis=1))
    for herb in range(HERBS):
        own = panel.group == herb
        moved = logs[own] > np.log1p(panel.flat_within)
        # A step down of the same log is told as large as one up; the plain share differs by its square.
        np.testing.assert_allclose(told.usual_change[own], np.expm1(np.median(logs[own][moved])), rtol=1e-3)
        np.testing.assert_allclose(told.usual_change[own], np.median(steps[own][moved]), rtol=0.1)


def test_a_pool_that_has_hardly_stepped_is_told_nothing() -> None:
    still = sticky(17, 60)
    quiet = replace(still, panel=SeriesPanel(values=np.full_like(still.panel.values, 5.0), season=1))
    told = direction_forecast(quiet, RULE, np.random.default_rng(0), Level.GRADE)
    assert np.isnan(told.chances).all()
    assert [(line.origins, line.brier_skill, line.published) for line in told.lines] == [(0, None, False)] * 8
    assert np.isnan(told.rise_if_changed).all()
    assert np.isnan(told.usual_change).all()


def test_too_few_origins_show_no_skill_however_good() -> None:
    skill = direction_skill(rolled(sticky(14), 1, origins=RULE.least_origins), np.random.default_rng(0))
    assert skill.three_class.origins == RULE.least_origins - 1
    assert not skill.shown("up_flat_down", RULE.least_origins)
    assert not skill.shown("up_if_changed", RULE.least_origins)


def test_a_series_that_never_stepped_takes_its_chances_from_the_pool() -> None:
    panel = sticky(18)
    values = panel.panel.values.copy()
    values[0] = 40.0
    told = rolled(replace(panel, panel=SeriesPanel(values=values, season=1)), 1)
    assert np.isfinite(told.chances[:, 0]).all()
    assert told.chances[-1, 0, 1] > np.median(told.chances[-1, :, 1])


def test_a_series_that_began_late_has_chances_from_its_second_value_on() -> None:
    panel = sticky(22)
    values = panel.panel.values.copy()
    values[3, :50] = np.nan
    told = rolled(replace(panel, panel=SeriesPanel(values=values, season=1)), 2)
    first = told.origins.tolist().index(51)
    assert np.isnan(told.chances[:first, 3]).all()
    assert np.isfinite(told.chances[first:, 3]).all()
    assert np.isfinite(np.delete(told.chances, 3, axis=1)).all()


def test_the_same_panel_gives_the_same_floats() -> None:
    one, two = (
        direction_forecast(sticky(19, 50), RULE, np.random.default_rng(5), Level.GRADE) for _ in range(2)
    )
    np.testing.assert_array_equal(one.chances, two.chances)
    assert one.lines == two.lines


def test_a_step_is_as_large_as_the_groups_steps_were() -> None:
    sizes = jump_sizes(sticky(20, 400))
    assert sizes.shape == (HERBS, 3)
    np.testing.assert_allclose(sizes[:, 1], np.expm1(0.051), rtol=0.15)
    assert (np.diff(sizes, axis=1) > 0.0).all()


def test_a_group_with_few_steps_takes_the_pools_sizes() -> None:
    panel = sticky(21)
    values = panel.panel.values.copy()
    values[:GRADES] = 40.0
    sizes = jump_sizes(replace(panel, panel=SeriesPanel(values=values, season=1)))
    moved = np.diff(np.log(values), axis=1)
    pool = np.expm1(np.abs(moved[np.abs(moved) > np.log1p(panel.flat_within)]))
    np.testing.assert_allclose(sizes[0], np.quantile(pool, [0.1, 0.5, 0.9]))
