"""Regressors handed in beside a release reach its forecast, and one that falls short is refused at once."""

import numpy as np
import pytest

from priceindex.classification import COMPOSITE, Level
from priceindex.forecast.fitted.joined import Joined
from priceindex.forecast.fitted.models import REGRESSION
from priceindex.forecast.fitted.regressors import read_regressors
from priceindex.forecast.fitted.release_regressors import for_release
from priceindex.forecast.fitted.workers import FittedPool
from priceindex.forecast.forecast_errors import RegressorIncomplete
from priceindex.forecast.forecast_run import forecast_release
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import Floats
from priceindex.forecast.target_days import target_days
from priceindex.formulas.relatives import Places

FIRST_END, WEEKS = 19_727, 80
"""Friday 2024-01-05 is the last day of the first week."""
ENDS = FIRST_END + 7 * np.arange(WEEKS)
UNTIL = int(ENDS[-1])


def composite(x: Floats) -> PublishedSeries:
    """A composite that is nothing but its regressor and a little noise, told every Friday."""
    noise = 0.002 * np.random.default_rng(2).standard_normal(WEEKS)
    return PublishedSeries(
        level=Level.COMPOSITE,
        node=COMPOSITE,
        parent=None,
        weight=1.0,
        days=ENDS,
        values=1_000.0 * np.exp(0.2 * x[:WEEKS] + np.cumsum(noise)),
    )


def table_of(x: Floats, days: Places) -> bytes:
    lines = [
        f"policy,{np.datetime64(int(day), 'D')},{value},2023-01-01"
        for day, value in zip(days, x, strict=True)
    ]
    return "\n".join(["name,period,value,known", *lines]).encode()


def test_a_composite_driven_by_a_known_regressor_is_forecast_by_it(pool: FittedPool) -> None:
    method = forecast_method()
    ahead = target_days("week", UNTIL, method.text.week.horizon)
    x = np.random.default_rng(1).standard_normal(WEEKS + len(ahead))
    table = read_regressors(table_of(x, np.r_[ENDS, ahead]))
    series = [composite(x)]
    joined = Joined(pool=pool, regressors=for_release(table, series, "week", UNTIL, method))
    run = forecast_release(
        "city", "city/1", 2, series, "week", UNTIL, method, fitted=joined, regressors_sha256=table.sha256
    )
    [told] = run.series
    assert set(told.models) == {REGRESSION}
    assert set(told.skill) == {"shown"}
    moved = np.log(told.quantiles[:, 2] / told.origin_value)
    assert moved == pytest.approx(0.2 * (x[WEEKS:] - x[WEEKS - 1]), abs=0.03)
    assert run.regressors_sha256 == table.sha256


def test_a_regressor_that_does_not_reach_the_last_step_is_refused_at_once() -> None:
    x = np.random.default_rng(1).standard_normal(WEEKS + 3)
    ahead = target_days("week", UNTIL, 3)
    with pytest.raises(RegressorIncomplete):
        for_release(
            read_regressors(table_of(x, np.r_[ENDS, ahead])), [composite(x)], "week", UNTIL, forecast_method()
        )
