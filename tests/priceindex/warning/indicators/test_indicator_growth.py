"""Growth over months and days, CUSUM, volatility, breadth: against typed numbers and slow loops."""

import math
from fractions import Fraction
from statistics import median

import numpy as np
import pytest

from priceindex.forecast.forecast_errors import IndicatorMisshapen
from priceindex.warning.indicators.breadth import breadth, breadth_of_counts
from priceindex.warning.indicators.cusum import cusum
from priceindex.warning.indicators.growth import growth, growth_over_days
from priceindex.warning.indicators.volatility import volatility

NAN = float("nan")


def walk(seed: int, periods: int = 120, rows: int = 1) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(0.0, 0.05, (rows, periods))
    return np.exp(np.cumsum(steps, axis=1)) * 100.0


def test_growth_is_the_price_over_an_earlier_one_less_one() -> None:
    prices = [40, 50, 60, 45]
    expected = [float(Fraction(now, then) - 1) for now, then in zip(prices[1:], prices, strict=False)]
    found = growth(np.array(prices, dtype=float), 1)
    assert found.score[1:].tolist() == pytest.approx(expected)
    assert found.why(0) == ("missing",)


def test_a_move_over_days_starts_from_the_last_price_on_or_before() -> None:
    days = np.array([0, 20, 31, 60, 100])
    prices = np.array([10.0, 20.0, 15.0, 30.0, 60.0])
    found = growth_over_days(prices, days, 30, late_at_most=9)
    # day 31: from day 0; day 60: from day 20 (10 days late: too old); day 100: from day 60 (10 days late)
    assert found.score.tolist() == pytest.approx([NAN, NAN, 0.5, NAN, NAN], nan_ok=True)
    assert growth_over_days(prices, days, 30, late_at_most=10).score[3:].tolist() == pytest.approx([0.5, 1.0])


def test_a_month_move_is_the_same_on_dated_and_on_even_prices() -> None:
    prices = walk(1)[0]
    dated = growth_over_days(prices, np.arange(120) * 7, 28, late_at_most=0)
    assert np.array_equal(dated.score, growth(prices, 4).score, equal_nan=True)


def test_days_and_prices_of_different_lengths_are_refused() -> None:
    with pytest.raises(IndicatorMisshapen):
        growth_over_days(np.ones(3), np.array([1, 2]))


def slow_cusum(prices: list[float], window: int, least: int) -> list[float]:
    changes = [NAN] + [math.log(now / then) for now, then in zip(prices[1:], prices, strict=False)]
    total, found = 0.0, []
    for place, change in enumerate(changes):
        past = [each for each in changes[max(0, place - window) : place] if each == each]
        if change != change or len(past) < least:
            found.append(NAN)
            continue
        usual = median(past)
        spread = median(abs(each - usual) for each in past) * 1.4826022185
        total = max(0.0, total + min(4.0, max(-4.0, (change - usual) / spread)) - 0.5)
        found.append(total)
    return found


def test_cusum_is_what_a_loop_over_the_months_gives() -> None:
    prices = walk(2)[0]
    found = cusum(prices, window=30, least=10).score
    assert found.tolist() == pytest.approx(slow_cusum(prices.tolist(), 30, 10), nan_ok=True)


def test_cusum_of_typed_changes() -> None:
    # Changes 0.2, 0.1, 0.3, 0.2: median 0.2, MAD 0.05; then +0.5 is clipped at 4, and 4 - 0.5 stay.
    prices = np.exp(np.cumsum([0.0, 0.2, 0.1, 0.3, 0.2, 0.5]))
    found = cusum(prices, window=4, least=4)
    assert found.score[-1] == pytest.approx(3.5)
    assert found.evidence["usual"][-1] == pytest.approx(0.2)
    assert found.evidence["spread"][-1] == pytest.approx(0.05 * 1.4826022185)


def test_cusum_says_nothing_of_a_past_that_never_moved() -> None:
    found = cusum(np.full(40, 7.0))
    assert np.isnan(found.score).all()
    assert found.why(39) == ("no_spread",)
    assert found.why(10) == ("too_short",)


def test_volatility_is_what_a_loop_gives() -> None:
    prices = walk(4)[0].tolist()
    sigmas: list[float] = []
    variance = NAN
    for now, then in zip(prices[1:], prices, strict=False):
        square = math.log(now / then) ** 2
        variance = square if variance != variance else 0.94 * variance + 0.06 * square
        sigmas.append(math.sqrt(variance))
    found = volatility(np.array(prices), window=200, least=5)
    assert found.evidence["volatility"][1:].tolist() == pytest.approx(sigmas)
    assert found.score[60] == pytest.approx(sigmas[59] / median(sigmas[:59]))
    assert found.evidence["standardised"][60] == pytest.approx(math.log(prices[60] / prices[59]) / sigmas[58])


def test_volatility_rises_when_changes_become_wilder() -> None:
    calm, wild = np.tile([1.0, 1.01], 60), np.tile([1.0, 1.10], 10)
    score = volatility(np.concatenate([calm, wild])).score
    assert score[119] == pytest.approx(1.0)
    assert score[-1] > 5.0


def test_volatility_of_a_flat_series_is_withheld() -> None:
    assert volatility(np.full(60, 5.0)).why(59) == ("no_spread",)


def test_breadth_counts_the_nodes_that_rose() -> None:
    before = [100.0, 100.0, 100.0, 100.0, 100.0, 100.0, NAN]
    after = [101.0, 99.0, 100.05, 110.0, 120.0, NAN, 5.0]
    found = breadth(np.array([before, after]).T, 1)
    assert found.score[1] == pytest.approx(3 / 5)
    assert {name: float(found.evidence[name][1]) for name in ("up", "down", "known", "net")} == pytest.approx(
        {"up": 3.0, "down": 1.0, "known": 5.0, "net": 0.4}
    )


def test_breadth_of_few_nodes_says_nothing() -> None:
    assert breadth_of_counts(np.array([4.0]), np.array([0.0]), np.array([4.0])).why(0) == ("too_few",)
