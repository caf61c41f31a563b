"""Coverage per horizon and per period, counted by hand."""

import numpy as np
import pytest

from priceindex.forecast.intervals.coverage import covered
from priceindex.forecast.scoring.rolling_origin import Backtest


def two_origins() -> tuple[Backtest, np.ndarray]:
    """Two series, two origins, two periods ahead, all forecast 100; reach 5 inside, 20 outside."""
    actuals = np.array([[[104.0, 110.0], [100.0, 130.0]], [[103.0, np.nan], [150.0, np.nan]]])
    tested = Backtest(
        models=("naive",),
        forecasts=np.full((1, 2, 2, 2), 100.0),
        actuals=actuals,
        last=np.full((2, 2), 100.0),
        origins=np.array([6, 7]),
    )
    reach = np.empty((2, 2, 2, 2))
    reach[..., 0], reach[..., 1] = 5.0, 20.0
    return tested, reach


def test_shares_inside_are_counted_per_horizon_and_per_target() -> None:
    tested, reach = two_origins()
    inner, outer = covered(tested, tested.of("naive"), reach)
    assert inner.overall == pytest.approx(3 / 6)
    assert inner.per_horizon.tolist() == pytest.approx([3 / 4, 0.0])
    assert outer.per_horizon.tolist() == pytest.approx([3 / 4, 1 / 2])
    assert inner.targets.tolist() == [7, 8]
    assert inner.per_target.tolist() == pytest.approx([1.0, 1 / 4])
    assert (inner.forecasts, inner.origins, inner.level) == (6, 2, pytest.approx(0.8))


def test_a_forecast_without_an_interval_is_neither_inside_nor_outside() -> None:
    tested, reach = two_origins()
    reach[0] = np.nan
    inner, _ = covered(tested, tested.of("naive"), reach)
    assert (inner.forecasts, inner.overall, inner.origins) == (2, 0.5, 1)
    assert inner.targets.tolist() == [8]
