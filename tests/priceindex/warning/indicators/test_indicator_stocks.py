"""Hoarding against traced stocks, prices without trade, forecasts left, grain."""

import math
from statistics import mean, stdev

import numpy as np
import pytest

from priceindex.forecast.forecast_errors import IndicatorMisshapen
from priceindex.warning.indicators.grain_ratio import grain_ratio
from priceindex.warning.indicators.interval_breach import NARROWEST, interval_breach
from priceindex.warning.indicators.quote_volume import quote_volume
from priceindex.warning.indicators.stock_cover import LONGEST_DAYS, stock_cover

NAN = float("nan")


def flows(seed: int, periods: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    drawn = np.random.default_rng(seed)
    stock = drawn.uniform(8e6, 1.2e7, periods)
    outflow = drawn.uniform(8e5, 1.2e6, periods)
    return stock, outflow, np.linspace(100.0, 140.0, periods)


def test_cover_is_stock_over_mean_outflow_a_day() -> None:
    stock, outflow, price = np.full(8, 2800.0), np.full(8, 700.0), np.ones(8)
    assert stock_cover(stock, outflow, price).evidence["cover_days"][3:].tolist() == pytest.approx([28.0] * 5)


def test_the_score_is_the_z_of_the_logarithm_of_cover() -> None:
    stock, outflow, price = flows(1)
    found = stock_cover(stock, outflow, price)
    cover = [stock[t] / (outflow[t - 3 : t + 1].mean() / 7.0) for t in range(3, 40)]
    past = [math.log(each) for each in cover[:-1]]
    assert found.score[-1] == pytest.approx((math.log(cover[-1]) - mean(past)) / stdev(past))
    assert found.evidence["usual_days"][-1] == pytest.approx(math.exp(mean(past)))


def test_stock_that_piles_up_while_the_price_rises_passes_two() -> None:
    stock, outflow, price = flows(2)
    stock[-4:] *= 2.0
    outflow[-4:] /= 2.0
    assert stock_cover(stock, outflow, price).score[-1] > 2.0
    assert stock_cover(stock, outflow, price[::-1]).score[-1] == 0.0


def test_where_nothing_flows_out_cover_is_cut_and_not_endless() -> None:
    stock, outflow, price = flows(3)
    outflow[-4:] = 0.0
    found = stock_cover(stock, outflow, price)
    assert found.evidence["cover_days"][-1] == LONGEST_DAYS
    assert found.score[-1] > 2.0


def test_an_empty_store_without_outflow_has_no_cover() -> None:
    stock, outflow, price = flows(4)
    stock[-1], outflow[-4:] = 0.0, 0.0
    assert stock_cover(stock, outflow, price).why(39) == ("missing",)


def test_little_history_gives_no_score() -> None:
    assert stock_cover(*(each[:12] for each in flows(5))).why(11) == ("too_short",)


def test_prices_that_rise_while_trade_dries_up_diverge() -> None:
    drawn = np.random.default_rng(6)
    price = np.exp(np.cumsum(drawn.normal(0, 0.01, 80)))
    volume = drawn.uniform(1e6, 2e6, 80)
    calm = quote_volume(price, volume)
    price[-4:] *= np.array([1.05, 1.10, 1.15, 1.20])
    volume[-4:] = 0.0
    found = quote_volume(price, volume)
    assert found.score[-1] > 2.0
    assert found.evidence["z_volume"][-1] < -0.5
    assert np.nanmax(calm.score) < found.score[-1]


def test_the_divergence_is_the_difference_of_two_z() -> None:
    drawn = np.random.default_rng(7)
    price, volume = np.exp(np.cumsum(drawn.normal(0, 0.02, 60))), drawn.uniform(1e4, 1e6, 60)
    found = quote_volume(price, volume)

    def z(logs: list[float]) -> float:
        changes = [b - a for a, b in zip(logs, logs[4:], strict=False)]
        past = changes[-53:-1]
        return (changes[-1] - mean(past)) / stdev(past)

    sums = [math.log(volume[t - 3 : t + 1].sum()) for t in range(3, 60)]
    expected = z([math.log(each) for each in price]) - z(sums)
    assert found.evidence["divergence"][-1] == pytest.approx(expected)


def test_prices_that_rise_with_trade_do_not_diverge() -> None:
    drawn = np.random.default_rng(8)
    price, volume = np.exp(np.cumsum(drawn.normal(0, 0.02, 60))), drawn.uniform(1e4, 1e6, 60)
    volume[-4:] *= 50.0
    assert quote_volume(price, volume).score[-1] == 0.0


def test_a_value_on_the_bound_scores_one_and_the_median_scores_nothing() -> None:
    lower, middle, upper = np.full(4, 80.0), np.full(4, 100.0), np.full(4, 120.0)
    found = interval_breach(np.array([120.0, 100.0, 80.0, 144.0]), lower, middle, upper)
    assert found.score.tolist() == pytest.approx([1.0, 0.0, 1.0, 2.0])
    assert found.evidence["side"].tolist() == [1.0, 0.0, -1.0, 1.0]


def test_an_interval_of_no_width_is_left_by_any_movement() -> None:
    flat = np.array([100.0])
    assert interval_breach(np.array([101.0]), flat, flat, flat).score[0] == pytest.approx(
        math.log(1.01) / NARROWEST
    )


def test_without_a_stored_forecast_nothing_is_left() -> None:
    none = np.array([NAN])
    assert interval_breach(np.array([101.0]), none, none, none).why(0) == ("missing",)


def test_the_grain_ratio_is_held_against_its_own_median() -> None:
    price = np.array([[20.0] * 12 + [30.0]])
    grain = np.array([2.0] * 12 + [2.4])
    found = grain_ratio(price, grain)
    assert found.evidence["ratio"][0, -1] == pytest.approx(12.5)
    assert found.score[0, -1] == pytest.approx(0.25)
    assert found.why(0, 11) == ("too_short",)


def test_series_of_other_periods_are_refused() -> None:
    with pytest.raises(IndicatorMisshapen):
        grain_ratio(np.ones((1, 4)), np.ones(5))
    with pytest.raises(IndicatorMisshapen):
        stock_cover(np.ones(4), np.ones(4), np.ones(5))
