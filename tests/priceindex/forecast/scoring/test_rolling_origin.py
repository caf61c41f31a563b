"""A backtest sees at each origin what stood there, and nothing after."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.forecasters.forecaster import FAST, forecast
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.rolling_origin import LEAST_HISTORY, backtest, origins_for
from tests.priceindex.forecast.scoring.drawn_walks import walks


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 38))
def test_a_planted_future_moves_no_forecast_made_before_it(seed: int, planted: int) -> None:
    panel = walks(seed, 3, 40)
    changed = panel.values.copy()
    changed[:, planted:] *= 3.0
    before = backtest(panel, 4, 40, FAST)
    after = backtest(SeriesPanel(values=changed, season=1), 4, 40, FAST)
    earlier = before.origins < planted
    np.testing.assert_array_equal(before.forecasts[:, earlier], after.forecasts[:, earlier])
    np.testing.assert_array_equal(before.last[earlier], after.last[earlier])
    assert not np.array_equal(before.forecasts[:, ~earlier], after.forecasts[:, ~earlier])


def test_every_origin_is_forecast_in_one_call_over_all_series() -> None:
    asked = []

    def counting(panel: SeriesPanel, horizon: int, models: Sequence[str]) -> dict[str, Floats]:
        asked.append(panel.values.shape)
        return forecast(panel, horizon, models)

    backtest(walks(1, 7, 30), 5, 9, ("naive",), forecaster=counting)
    assert asked == [(7, columns) for columns in range(21, 30)]


def test_forecasts_and_actuals_stand_at_the_same_targets() -> None:
    panel = SeriesPanel(values=np.arange(1.0, 11.0)[None, :], season=1)
    tested = backtest(panel, 3, 4, ("naive",))
    assert tested.origins.tolist() == [5, 6, 7, 8]
    assert tested.last[:, 0].tolist() == [6.0, 7.0, 8.0, 9.0]
    assert tested.of("naive")[0, 0].tolist() == [6.0, 6.0, 6.0]
    np.testing.assert_array_equal(
        tested.actuals[:, 0], [[7, 8, 9], [8, 9, 10], [9, 10, np.nan], [10, np.nan, np.nan]]
    )


@pytest.mark.parametrize(("ended", "horizon", "step"), [(26, 12, 1), (7, 18, 1), (5, 7, 3), (4, 1, 2)])
def test_enough_origins_are_asked_for_at_every_horizon(ended: int, horizon: int, step: int) -> None:
    tested = backtest(walks(2, 1, 90), horizon, origins_for(ended, horizon, step), ("naive",), step=step)
    assert np.isfinite(tested.actuals[:, 0]).sum(axis=0).min() == ended


def test_a_young_series_takes_part_once_it_has_a_history() -> None:
    values = np.full((2, 12), 5.0)
    values[1, :6] = np.nan
    tested = backtest(SeriesPanel(values=values, season=1), 2, 12, ("naive",))
    young = np.isfinite(tested.of("naive")[:, 1, 0])
    assert tested.origins[young].tolist() == list(range(6 + LEAST_HISTORY - 1, 11))


def test_a_panel_without_past_origins_gives_an_empty_record() -> None:
    tested = backtest(SeriesPanel(values=np.ones((2, 3)), season=1), 2, 5, ("naive",))
    assert tested.forecasts.shape == (1, 0, 2, 2)


def test_some_models_can_be_taken_from_a_record_in_another_order() -> None:
    tested = backtest(walks(3, 2, 20), 2, 5, ("naive", "drift"))
    assert np.array_equal(tested.of_models(("drift", "naive")).of("naive"), tested.of("naive"))
