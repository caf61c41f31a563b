"""Outside regressors: what a file may say, which value stands at a period, and what was known when."""

import datetime
import hashlib

import numpy as np
import pytest

from priceindex.calendar import day_number
from priceindex.forecast.fitted.joined import GridRegressors, Joined
from priceindex.forecast.fitted.models import fit
from priceindex.forecast.fitted.regressors import read_regressors
from priceindex.forecast.fitted.workers import FittedPool
from priceindex.forecast.forecast_errors import RegressorIncomplete, RegressorsMalformed
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.panel import SeriesPanel
from priceindex.forecast.scoring.rolling_origin import backtest
from priceindex.formulas.relatives import Places
from tests.priceindex.forecast.fitted.drawn_prices import to_fit, walk


def month_ends(first: str, count: int) -> Places:
    months = np.arange(np.datetime64(first, "M") + 1, np.datetime64(first, "M") + 1 + count)
    return np.asarray(months.astype("datetime64[D]").astype(np.int64) - 1)


def day(text: str) -> int:
    return day_number(datetime.date.fromisoformat(text))


ENDS = month_ends("2024-01", 12)
AHEAD = month_ends("2025-01", 3)
LATE = day("2030-01-01")


def test_the_digest_is_that_of_the_bytes_handed_in() -> None:
    body = "名称,时期,数值\n种植面积,2024,81.5\n".encode("gb18030")
    assert read_regressors(body).sha256 == hashlib.sha256(body).hexdigest()
    assert read_regressors(body).values["种植面积"][0].value == 81.5


def test_a_year_a_month_and_a_day_stand_where_they_should() -> None:
    """The area of a year stands in its months; days inside a month are averaged; a month is itself."""
    body = b"name,period,value\narea,2024,5\narea,2025,6\n" + b"".join(
        f"rain,2024-{month:02},{month}\nrain,2025-{month:02},{month}\n".encode() for month in range(1, 13)
    )
    window = read_regressors(body).window(ENDS, AHEAD, LATE)
    assert window.names == ("area", "rain")
    assert window.history.T.tolist() == [[5.0] * 12, [float(month) for month in range(1, 13)]]
    assert window.future.tolist() == [[6.0, 1.0], [6.0, 2.0], [6.0, 3.0]]


def test_values_inside_a_period_are_averaged() -> None:
    days = np.array([day("2024-03-01"), day("2024-03-08")])
    body = "name,period,value\nheat,2024-02-28,9\nheat,2024-03-02,10\nheat,2024-03-05,20\nheat,2024-03-09,7\n"
    window = read_regressors(body.encode()).window(days, np.array([day("2024-03-15")]), LATE)
    assert window.history[:, 0].tolist() == [9.0, 15.0]
    assert window.future[:, 0].tolist() == [7.0]


def test_a_month_that_ends_inside_a_week_stands_for_the_weeks_it_covers_the_end_of() -> None:
    days = np.array([day("2024-02-23"), day("2024-03-01")])
    body = b"name,period,value\nrain,2024-02,4\nrain,2024-03,8\n"
    window = read_regressors(body).window(days, np.array([day("2024-03-08")]), LATE)
    assert window.history[:, 0].tolist() == [4.0, 8.0]
    assert window.future[:, 0].tolist() == [8.0]


def test_a_past_origin_has_no_regressors_that_became_known_later() -> None:
    body = b"name,period,value,known\narea,2024,5,2023-12-01\narea,2025,6,2024-12-31\n"
    held = GridRegressors(table=read_regressors(body), days=np.r_[ENDS, AHEAD])
    assert held.at(12, 3) is not None
    assert held.at(11, 1) is not None
    assert held.at(11, 3) is None


def test_what_was_not_known_at_the_origin_is_not_there() -> None:
    body = b"name,period,value,known\narea,2024,5,2023-12-01\narea,2025,6,2024-12-31\n"
    table = read_regressors(body)
    assert table.window(ENDS, AHEAD, day("2024-12-31")).future[0, 0] == 6.0
    with pytest.raises(RegressorIncomplete):
        table.window(ENDS, AHEAD, day("2024-12-30"))


def test_a_value_counts_as_known_when_its_period_is_over_unless_the_file_says_otherwise() -> None:
    table = read_regressors(b"name,period,value\narea,2024,5\narea,2025,6\n")
    with pytest.raises(RegressorIncomplete):
        table.window(ENDS, AHEAD, day("2024-12-31"))


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ("x,2024,1", "2025-01-31"),
        ("x,2024-01,1\nx,2024-03,1\nx,2025,1", "2024-02-29"),
        ("x,2026,1", "2025-01-31"),
    ],
    ids=["nothing ahead", "a gap", "begins too late"],
)
def test_a_regressor_that_does_not_reach_is_refused_by_its_period(rows: str, missing: str) -> None:
    with pytest.raises(RegressorIncomplete, match=missing):
        read_regressors(f"name,period,value\n{rows}\n".encode()).window(ENDS, AHEAD, LATE)


def test_a_regressor_may_begin_after_the_series() -> None:
    body = b"name,period,value\nx,2024-11,1\nx,2024-12,2\nx,2025,3\n"
    window = read_regressors(body).window(ENDS, AHEAD, LATE)
    assert np.isnan(window.history[:10, 0]).all()
    assert window.history[10:, 0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "body",
    [
        "name,period\nx,2024\n",
        "name,period,value\n",
        "name,period,value\n,2024,1\n",
        "name,period,value\nx,2024-13,1\n",
        "name,period,value\nx,2024-1,1\n",
        "name,period,value\nx,soon,1\n",
        "name,period,value\nx,2024,nan\n",
        "name,period,value\nx,2024,1e999\n",
        "name,period,value\nx,2024,many\n",
        "name,period,value\nx,2024,1\nx,2024-05,2\n",
        "name,period,value\nx,2024,1\nx,2024,1\n",
        "name,period,value\n" + "x" * 61 + ",2024,1\n",
        "name,period,value\n" + "".join(f"x{place},2024,1\n" for place in range(13)),
        "name,period,value,known\nx,2024,1,never\n",
        "name,period,value\nx\n",
    ],
)
def test_a_file_that_cannot_be_read_is_refused(body: str) -> None:
    with pytest.raises(RegressorsMalformed):
        read_regressors(body.encode())


def test_regressors_reach_the_fit_of_a_run(pool: FittedPool) -> None:
    rng = np.random.default_rng(5)
    ends, ahead = month_ends("2016-01", 96), month_ends("2024-01", 6)
    x = rng.standard_normal(102)
    lines = [
        f"x,{np.datetime64(int(end), 'D').astype('datetime64[M]')},{value},2015-01-01"
        for end, value in zip(np.r_[ends, ahead], x, strict=True)
    ]
    table = read_regressors("\n".join(["name,period,value,known", *lines]).encode())
    values = walk(6, 96, 0.005) * np.exp(0.4 * x[:96])
    window = table.window(ends, ahead, int(ends[-1]))
    run = pool.fit_many(values[None, :], 12, 6, ["fitted_regression"], window)
    assert np.array_equal(
        run.forecasts["fitted_regression"][0],
        np.asarray(fit("fitted_regression", to_fit(values, 12, 6, window)).forecast),
    )
    joined = Joined(pool=pool, regressors=GridRegressors(table=table, days=np.r_[ends, ahead]))
    tested = backtest(
        SeriesPanel(values=values[None, :], season=1), 2, 4, ("fitted_regression",), forecaster=joined
    )
    off = np.abs(np.log(tested.of("fitted_regression") / tested.actuals))
    assert np.nanmax(off) < 0.1
    assert not joined.dropped


def test_fast_and_fitted_models_answer_together(pool: FittedPool) -> None:
    panel = SeriesPanel(values=np.stack([walk(1), walk(2)]), season=1)
    joined = Joined(pool=pool)
    made = joined(panel, 4, ("fitted_theta", "naive", "fitted_regression"))
    assert list(made) == ["fitted_theta", "naive", "fitted_regression"]
    assert np.array_equal(made["naive"], forecast(panel, 4, ("naive",))["naive"])
    assert np.isfinite(made["fitted_theta"]).all()
    assert np.isnan(made["fitted_regression"]).all()
    assert sum(joined.dropped.values()) == 2
