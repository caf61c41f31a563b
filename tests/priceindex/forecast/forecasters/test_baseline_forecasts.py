"""Naive, seasonal naive and drift: closed forms."""

import numpy as np
import pytest

from priceindex.forecast.forecast_errors import ForecasterUnknown
from priceindex.forecast.forecasters.forecaster import BASELINES, FAST, MODELS, forecast
from priceindex.forecast.forecasters.naive2 import naive2
from priceindex.forecast.panel import SeriesPanel


def test_naive_stays_and_drift_goes_on_along_the_chord() -> None:
    panel = SeriesPanel(values=np.array([[10.0, 40.0, 16.0]]), season=1)
    found = forecast(panel, 3, BASELINES)
    assert found["naive"].tolist() == [[16.0, 16.0, 16.0]]
    assert found["drift"].tolist() == [[19.0, 22.0, 25.0]]


def test_seasonal_naive_repeats_the_last_season_beyond_one_season_ahead() -> None:
    panel = SeriesPanel(values=np.array([[9.0, 1.0, 2.0, 3.0, 4.0, 5.0]]), season=4)
    assert forecast(panel, 6, ("seasonal_naive",))["seasonal_naive"].tolist() == [[2, 3, 4, 5, 2, 3]]


def test_seasonal_naive_of_less_than_a_season_is_naive() -> None:
    panel = SeriesPanel(values=np.array([[np.nan, 1.0, 2.0, 3.0]]), season=4)
    assert forecast(panel, 2, ("seasonal_naive",))["seasonal_naive"].tolist() == [[3.0, 3.0]]


def test_a_drift_that_would_fall_below_zero_stops_at_the_guard() -> None:
    # R = 15: the upper bound is 16 + 75, the lower one 1² / (1 + 75)
    panel = SeriesPanel(values=np.array([[16.0, 1.0], [1.0, 16.0]]), season=1)
    found = forecast(panel, 40, ("drift",))["drift"]
    assert found[0].min() == pytest.approx(1.0 / 76.0)
    assert found[1].max() == 91.0


def test_the_baselines_come_first_and_every_fast_model_is_a_model() -> None:
    assert FAST[: len(BASELINES)] == BASELINES
    assert MODELS[: len(FAST)] == FAST


def test_a_model_that_does_not_exist_is_refused_by_name() -> None:
    panel = SeriesPanel(values=np.ones((1, 3)), season=1)
    with pytest.raises(ForecasterUnknown, match="prophet"):
        forecast(panel, 1, ("naive", "prophet"))


def test_naive2_carries_the_season_of_a_strictly_seasonal_series_and_nan_where_nothing_is_known() -> None:
    year = np.array([0.5, 1.0, 1.5, 1.0])
    values = np.vstack([100.0 * np.tile(year, 6), np.full(24, np.nan), np.full(24, 7.0)])
    found = naive2(SeriesPanel(values=values, season=4), 5)
    assert found[0] == pytest.approx(100.0 * np.array([0.5, 1.0, 1.5, 1.0, 0.5]))
    assert np.isnan(found[1]).all()
    assert found[2] == pytest.approx(7.0)
