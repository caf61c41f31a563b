"""Coverage on the shared half of M3 and of the real quotes of 亳州 at every origin; skill of their index."""

import csv
import datetime
import io
from pathlib import Path

import numpy as np
import pytest

from priceindex.calendar import day_number
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.grid import panel_of, weekly, wide
from priceindex.forecast.intervals.adaptive import calibrate
from priceindex.forecast.intervals.conformal import intervals
from priceindex.forecast.intervals.coverage import covered
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.measures import coverage, msis, relative_mae
from priceindex.forecast.scoring.replay import through_gate
from priceindex.forecast.scoring.rolling_origin import Backtest, backtest, origins_for
from priceindex.forecast.scoring.scales import change_scale
from tests.priceindex.forecast.competition_files import read

pytestmark = pytest.mark.shared
RULES = forecast_method().text


@pytest.fixture(scope="module")
def herbs(bozhou: bytes) -> SeriesPanel:
    """37 series over 44 Fridays."""
    lines = list(csv.DictReader(io.StringIO(bozhou.decode())))
    names, of_line = np.unique([line["kmzyw_code"] for line in lines], return_inverse=True)
    days = np.array([day_number(datetime.date.fromisoformat(line["date"])) for line in lines])
    prices = np.array([float(line["price_yuan_per_kg"]) for line in lines])
    grid = weekly(*wide(of_line, days, prices, len(names)), until=int(days.max()), carried_at_most=4)
    return panel_of([grid], 1)


def relative_errors(tested: Backtest, forecasts: Floats) -> Floats:
    return np.abs(forecasts - tested.actuals) / tested.last[:, :, None]


def test_m3_is_covered_at_each_horizon_and_sharper_than_the_report_asks(shared: Path) -> None:
    """The issue's range 0.91-0.97; the report's mean scaled interval score for the same series is 7.81."""
    panel, actuals = read(shared / "vectors" / "forecast" / "m3_monthly_odd")
    tested = backtest(panel, 18, origins_for(RULES.intervals.origins, 18), ("naive", "combination"))
    one_pool = np.zeros(len(actuals), dtype=np.int64)
    reach = calibrate(tested, tested.of("combination"), panel, one_pool, RULES.intervals).now
    quantiles = intervals(forecast(panel, 18, ("combination",))["combination"], reach)
    each = coverage(actuals, quantiles[..., 0], quantiles[..., 4], axis=0)
    scale = change_scale(panel.values, 12)[:, None]
    assert each.min() >= 0.91
    assert each.max() <= 0.97
    assert float(msis(actuals, quantiles[..., 0], quantiles[..., 4], scale)) < 7.81


def test_real_herbs_are_covered_over_all_origins(herbs: SeriesPanel) -> None:
    tested = backtest(herbs, 12, 44, ("naive",))
    found = calibrate(tested, tested.of("naive"), herbs, np.zeros(37, dtype=np.int64), RULES.intervals)
    inner, _ = covered(tested, tested.of("naive"), found.reach)
    assert 0.77 <= inner.overall <= 0.87
    assert inner.per_target.min() < 0.7  # in the worst week much less: published, not hidden


def test_through_the_gate_single_herbs_are_no_worse_than_naive(herbs: SeriesPanel) -> None:
    tested = backtest(herbs, 12, 44, ("naive", "drift", "damped", "wide_combination"))
    found = through_gate(tested, np.zeros(37, dtype=np.int64), RULES.gate)
    naive = relative_errors(tested, tested.of("naive"))
    assert float(relative_mae(relative_errors(tested, found), naive)) <= 1.02
    assert float(relative_mae(relative_errors(tested, tested.of("drift")), naive)) > 1.02


def test_their_composite_is_forecast_better_than_naive_one_to_eight_weeks_ahead(herbs: SeriesPanel) -> None:
    index = 1000.0 * np.exp(np.log(herbs.values / herbs.values[:, :1]).mean(axis=0, keepdims=True))
    tested = backtest(SeriesPanel(values=index, season=1), 8, 44, ("naive", "combination"))
    ratios = relative_mae(
        *(relative_errors(tested, tested.of(name)) for name in ("combination", "naive")), axis=(0, 1)
    )
    assert ratios.mean() < 1.0
