"""Accuracy on published competitions (the shared half of M3, Tourism) and on seeded series without them."""

from pathlib import Path

import numpy as np
import pytest

from priceindex.forecast.forecasters.forecaster import MODELS, forecast
from priceindex.forecast.forecasters.naive2 import naive2
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.measures import mase, owa, smape
from tests.priceindex.forecast.competition_files import read


def scores(panel: SeriesPanel, actuals: Floats, forecasts: Floats) -> tuple[float, float]:
    scale = np.nanmean(np.abs(panel.values[:, 12:] - panel.values[:, :-12]), axis=1, keepdims=True)
    return float(smape(actuals, forecasts)), float(mase(actuals, forecasts, scale))


def owas(panel: SeriesPanel, actuals: Floats, base: Floats) -> dict[str, float]:
    horizon = actuals.shape[1]
    held = scores(panel, actuals, base)
    found = forecast(panel, horizon, MODELS)
    return {name: owa(*scores(panel, actuals, each), *held) for name, each in found.items()}


@pytest.mark.shared
def test_m3_months_are_forecast_as_well_as_asked(shared: Path) -> None:
    panel, actuals = read(shared / "vectors" / "forecast" / "m3_monthly_odd")
    found = owas(panel, actuals, naive2(panel, 18))
    assert found["combination"] <= 0.825
    assert found["wide_combination"] <= 0.81
    assert found["optimised_theta"] <= 0.81
    assert found["combination"] < min(found["theta"], found["damped"])


@pytest.mark.shared
def test_tourism_months_are_forecast_better_than_by_statsforecasts_theta(shared: Path) -> None:
    """Its Theta: OWA 0.9587 against the same base on the same series (statsforecast 2.1.1)."""
    panel, actuals = read(shared / "vectors" / "forecast" / "tourism_monthly")
    found = owas(panel, actuals, forecast(panel, 24, ("seasonal_naive",))["seasonal_naive"])
    assert found["wide_combination"] < 0.9587
    assert found["wide_combination"] < found["combination"]


def test_on_drawn_trends_with_seasons_the_combinations_beat_naive2_clearly() -> None:
    draw = np.random.default_rng(2026)
    slope = 0.01 * np.cumsum(draw.normal(0.0, 0.15, (150, 138)), axis=1)
    wave = draw.uniform(0.05, 0.3, (150, 1)) * np.sin(
        2.0 * np.pi * (np.arange(138) + draw.integers(0, 12, (150, 1))) / 12
    )
    values = 100.0 * np.exp(np.cumsum(slope, axis=1) + wave + draw.normal(0.0, 0.06, (150, 138)))
    panel, actuals = SeriesPanel(values=values[:, :120], season=12), values[:, 120:]
    found = owas(panel, actuals, naive2(panel, 18))
    assert found["combination"] < 0.9
    assert found["wide_combination"] < 0.9
    assert found["naive"] > 1.3
