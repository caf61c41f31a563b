"""The whole way from published values to forecasts, on drawn indices whose truth is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.forecast_run import forecast_release
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.forecasts import ForecastRun, PublishedSeries, SeriesForecast
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import Floats, SeriesPanel

FIRST = 20_000
DAYS = 500


def daily(
    level: Level, node: str, parent: str | None, weight: float, values: NDArray[np.float64]
) -> PublishedSeries:
    return PublishedSeries(
        level=level,
        node=node,
        parent=parent,
        weight=weight,
        days=np.arange(FIRST, FIRST + len(values)),
        values=values,
    )


def walk(seed: int, step: float = 0.01) -> NDArray[np.float64]:
    moved = np.random.default_rng(seed).normal(0.0, step, DAYS)
    return 1000.0 * np.exp(np.cumsum(moved))


def market(seed: int = 1) -> list[PublishedSeries]:
    """Two classes with two herbs each; a parent is the mean of its children, whose weights are equal."""
    herbs = [walk(10 * seed + number) for number in range(4)]
    classes = [(herbs[0] + herbs[1]) / 2, (herbs[2] + herbs[3]) / 2]
    return [
        daily(Level.COMPOSITE, "all", None, 1.0, (classes[0] + classes[1]) / 2),
        daily(Level.CLASS, "root", "all", 0.5, classes[0]),
        daily(Level.CLASS, "leaf", "all", 0.5, classes[1]),
        *(
            daily(Level.HERB, name, "root" if number < 2 else "leaf", 0.25, herbs[number])
            for number, name in enumerate(("白芍", "白术", "桑叶", "番泻叶"))
        ),
    ]


def run(series: list[PublishedSeries], until: int = FIRST + DAYS, **more: object) -> ForecastRun:
    return forecast_release("f", "f-1", 4, series, "week", until, forecast_method(), **more)  # type: ignore[arg-type]


def named(made: ForecastRun) -> dict[str, SeriesForecast]:
    return {f"{each.level}/{each.node}": each for each in made.series}


def test_every_node_is_forecast_for_twelve_fridays() -> None:
    made = run(market())
    assert len(made.series) == 7
    for each in made.series:
        assert (each.target_days % 7 == 1).all(), "1970-01-01 was a Thursday"
        assert each.target_days[0] == made.origin_day + 7
        assert len(each.target_days) == 12
    assert made.origin_day <= FIRST + DAYS < made.origin_day + 7


def test_nothing_after_the_day_asked_for_moves_a_forecast() -> None:
    series = market()
    until = FIRST + 400
    changed = [
        replace(each, values=np.where(each.days > until, each.values * 3.0, each.values)) for each in series
    ]
    for one, two in zip(run(series, until).series, run(changed, until).series, strict=True):
        np.testing.assert_array_equal(one.quantiles, two.quantiles)
        np.testing.assert_array_equal(one.coherent, two.coherent)
        np.testing.assert_array_equal(one.chances, two.chances)


def test_coherent_forecasts_add_up_through_the_tree() -> None:
    """Equal weights at the last month's end, so a parent moves by the mean of what its children are worth."""
    made = named(run(market(seed=3)))
    pairs = {"composite/all": ("class/root", "class/leaf"), "class/root": ("herb/白芍", "herb/白术")}
    for parent, children in pairs.items():
        total = sum(made[child].coherent for child in children)
        since = sum(made[child].origin_value for child in children)
        # The drawn parents are plain means of their children's levels, whose weights are by level then.
        assert made[parent].coherent / made[parent].origin_value == pytest.approx(total / since, rel=0.02)


def test_a_market_that_never_moved_is_forecast_by_itself() -> None:
    still = [replace(each, values=np.full(DAYS, 1000.0)) for each in market()]
    made = run(still)
    for each in made.series:
        assert set(each.models) == {"naive"}
        assert "shown" not in each.skill
        np.testing.assert_array_equal(each.quantiles[:, 2], 1000.0)
        np.testing.assert_allclose(each.coherent, 1000.0, rtol=1e-12)
    assert not any(line.published for line in made.direction)


def test_an_index_that_rises_by_the_same_share_each_week_is_not_left_to_naive() -> None:
    rising = 1000.0 * 1.002 ** np.arange(DAYS)
    made = run([daily(Level.COMPOSITE, "all", None, 1.0, rising)])
    composite = made.series[0]
    assert set(composite.skill) == {"shown"}
    np.testing.assert_allclose(
        composite.quantiles[:, 2], composite.origin_value * 1.014 ** np.arange(1, 13), rtol=0.05
    )


def test_a_short_history_says_so_and_publishes_naive() -> None:
    made = run([replace(each, days=each.days[:60], values=each.values[:60]) for each in market()], FIRST + 60)
    assert {status for each in made.series for status in each.skill} == {"too_short"}
    assert {model for each in made.series for model in each.models} == {"naive"}


def test_a_node_whose_last_value_is_too_old_is_left_out_and_named() -> None:
    series = market()
    series[3] = replace(
        series[3], values=np.where(series[3].days > FIRST + DAYS - 60, np.nan, series[3].values)
    )
    made = run(series)
    assert made.left_out == ("herb/白芍",)
    assert "herb/白芍" not in named(made)


def test_quantiles_never_cross_and_are_positive() -> None:
    for each in run(market(seed=5)).series:
        known = each.quantiles[np.isfinite(each.quantiles).all(axis=1)]
        assert (np.diff(known, axis=1) >= 0).all()
        assert (known > 0).all()


def test_the_same_values_in_another_unit_give_the_same_forecasts_in_that_unit() -> None:
    series = market(seed=7)
    scaled = [replace(each, values=each.values * 7.0) for each in series]
    for one, two in zip(run(series).series, run(scaled).series, strict=True):
        assert one.models == two.models
        np.testing.assert_allclose(two.quantiles, one.quantiles * 7.0, rtol=1e-9)
        np.testing.assert_allclose(two.coherent, one.coherent * 7.0, rtol=1e-9)


def test_baselines_stand_beside_every_forecast() -> None:
    for each in run(market()).series:
        assert set(each.baselines) == {"naive", "seasonal_naive", "drift"}
        np.testing.assert_allclose(each.baselines["naive"], each.origin_value, rtol=1e-12)


def test_a_release_without_any_series_gives_a_run_without_any() -> None:
    made = run([])
    assert made.series == ()
    assert made.gate == ()


def test_chances_add_up_to_one_where_they_are_published() -> None:
    rng = np.random.default_rng(11)
    herbs = []
    for number in range(40):
        jumps = np.where(rng.random(DAYS) < 1 / 30, rng.choice([-0.05, 0.05], DAYS), 0.0)
        herbs.append(daily(Level.HERB, f"药{number}", "root", 1 / 40, 1000.0 * np.exp(np.cumsum(jumps))))
    made = run(herbs)
    assert {line.step for line in made.direction} == {1, 2, 3, 4}
    for each in made.series:
        told = each.chances[np.isfinite(each.chances).all(axis=1)]
        np.testing.assert_allclose(told.sum(axis=1), 1.0, rtol=1e-12)


def test_which_way_is_published_where_whether_it_moves_cannot_be_known() -> None:
    """Herbs that move in a tenth of the weeks, at random; four moves of five keep the way of half a year."""
    draw = np.random.default_rng(2)
    herbs = []
    for number in range(40):
        jumps = np.zeros(DAYS)
        weeks = np.arange(0, DAYS, 7)
        turned = np.cumsum(draw.random(len(weeks)) < 1 / 26)
        way = np.where((turned + number) % 2, -0.05, 0.05) * np.where(draw.random(len(weeks)) < 0.2, -1, 1)
        jumps[weeks] = np.where(draw.random(len(weeks)) < 0.1, way, 0.0)
        herbs.append(daily(Level.HERB, f"药{number}", "root", 1 / 40, 1000.0 * np.exp(np.cumsum(jumps))))
    made = run(herbs)
    of_week = {line.kind: line for line in made.direction if line.step == 1}
    assert [of_week[kind].published for kind in ("up_flat_down", "up_if_changed")] == [False, True]
    for each in made.series:
        assert np.isnan(each.chances[0]).all()
        assert 0.0 < each.rise_if_changed[0] < 1.0
        assert np.isnan(each.rise_if_changed[4:]).all(), "to four weeks"
        assert each.usual_change == pytest.approx(np.expm1(0.05))
    composite = run([daily(Level.COMPOSITE, "all", None, 1.0, walk(1))]).series[0]
    assert np.isnan(composite.rise_if_changed).all()
    assert np.isnan(composite.usual_change)


def test_the_origin_is_the_last_friday_that_is_over() -> None:
    friday = day_number(date(2025, 8, 1))
    for until, origin in ((friday, friday), (friday - 1, friday - 7), (friday + 6, friday)):
        days = np.arange(until - 300, until + 1)
        made = run([replace(daily(Level.COMPOSITE, "all", None, 1.0, walk(1)[:301]), days=days)], until)
        assert made.origin_day == origin


def test_a_fitted_model_that_gives_no_number_now_leaves_naive_published() -> None:
    rising = [daily(Level.COMPOSITE, "all", None, 1.0, 1000.0 * 1.002 ** np.arange(DAYS))]

    def fails_today(panel: SeriesPanel, horizon: int, models: Sequence[str]) -> dict[str, Floats]:
        fast = [name for name in models if not name.startswith("fitted_")]
        today = bool(panel.values[0, -1] > rising[0].values[-14])
        exact = panel.values[:, -1:] * 1.002 ** (7 * np.arange(1, horizon + 1))
        lost = np.full(exact.shape, np.nan)
        return forecast(panel, horizon, fast) | {
            name: lost if today else exact for name in models if name not in fast
        }

    made = run(rising, fitted=fails_today).series[0]
    fitted = [step for step, name in enumerate(made.models) if name.startswith("fitted_")]
    assert fitted == []
    assert np.isfinite(made.quantiles[:, 2]).all()
    assert run(rising, fitted=fails_today).fitted


def test_the_fitted_models_are_tried_for_composite_and_classes_alone() -> None:
    seen: set[tuple[int, str]] = set()

    def watched(panel: SeriesPanel, horizon: int, models: Sequence[str]) -> dict[str, Floats]:
        seen.update((len(panel.values), name) for name in models if name.startswith("fitted_"))
        fast = [name for name in models if not name.startswith("fitted_")]
        none = np.full((len(panel.values), horizon), np.nan)
        return forecast(panel, horizon, fast) | {name: none for name in models if name not in fast}

    run(market(), fitted=watched)
    assert {name for _, name in seen} == {"fitted_theta", "fitted_ets", "fitted_components"}
    assert {count for count, _ in seen} == {3}, "one composite and two classes, never the four herbs"
    run(market(), fitted=watched, regressors_sha256="0" * 64)
    assert "fitted_regression" in {name for _, name in seen}


def test_a_lone_composite_has_a_wider_interval_for_95_than_for_80() -> None:
    """Its own few scores cannot tell them apart, so the classes' are taken with them."""
    composite = named(run(market(seed=9)))["composite/all"]
    inner = composite.quantiles[:8, 3] - composite.quantiles[:8, 1]
    outer = composite.quantiles[:8, 4] - composite.quantiles[:8, 0]
    assert (outer > inner * 1.1).all()


def test_the_gates_own_record_is_told_beside_that_of_the_model_it_picked() -> None:
    """On a steady rise drift is right from the start; the gate publishes naive until it has seen enough."""
    made = run([daily(Level.COMPOSITE, "all", None, 1.0, 1000.0 * 1.002 ** np.arange(DAYS))])
    for line in made.gate:
        assert line.relative_mae is not None
        assert line.replayed is not None
        assert line.relative_mae < 0.5
        assert line.relative_mae < line.replayed <= 1.0
    walks = run(market(seed=13))
    for line in walks.gate:
        assert line.replayed is not None
        assert line.replayed > 0.8


def test_a_price_carried_three_weeks_has_a_wider_interval_than_a_fresh_one() -> None:
    """Its next step is the fourth since anybody quoted it: twice as wide, like a random walk's."""
    fresh = market(seed=15)
    until = FIRST + DAYS - 1
    friday = until - (until - 1) % 7
    old = [
        replace(each, values=np.where(each.days > friday - 21, np.nan, each.values))
        if each.node == "桑叶"
        else each
        for each in fresh
    ]
    same = [
        replace(
            each, values=np.where(each.days > friday - 21, each.values[each.days == friday - 21], each.values)
        )
        if each.node == "桑叶"
        else each
        for each in fresh
    ]
    carried, stood = (named(run(each, until))["herb/桑叶"] for each in (old, same))
    assert (carried.age_days, stood.age_days) == (21, 0)
    np.testing.assert_array_equal(carried.quantiles[:, 2], stood.quantiles[:, 2])
    above = (carried.quantiles[:, 3] - carried.quantiles[:, 2]) / (
        stood.quantiles[:, 3] - stood.quantiles[:, 2]
    )
    np.testing.assert_allclose(above, np.sqrt((np.arange(1, 13) + 3) / np.arange(1, 13)), rtol=1e-9)
