"""IFPA against hand-computed fractions and a slow loop in plain Python."""

import itertools
import math
from fractions import Fraction
from statistics import stdev

import numpy as np
import pytest

from priceindex.forecast.forecast_errors import IndicatorMisshapen
from priceindex.warning.indicators.ifpa import ifpa

NAN = float("nan")


def years_of(rates: list[Fraction]) -> np.ndarray:
    """Monthly prices that grow by one rate in every month of a year, from December of year 0 on."""
    price = Fraction(100)
    prices = [price]
    for rate in rates:
        for _ in range(12):
            price *= 1 + rate
            prices.append(price)
    return np.array([float(each) for each in prices])


def test_steady_years_give_the_z_of_their_rate_by_hand() -> None:
    rates = [Fraction(each, 100) for each in (1, 2, 3, 2, 1, 4)]
    # In December quarter and year grew at the year's own rate without any spread, so that vCGR is the rate.
    past, now = rates[:5], rates[5]
    weights = [1, 2, 3, 4, 5]
    mean = sum(w * v for w, v in zip(weights, past, strict=True)) / Fraction(15)
    squares = sum(w * (v - mean) ** 2 for w, v in zip(weights, past, strict=True))
    variance = squares / (15 * Fraction(4, 5))
    assert (mean, variance) == (Fraction(9, 500), Fraction(7, 100000))
    found = ifpa(years_of(rates), np.arange(11, 11 + 73))
    assert found.score[-1] == pytest.approx(float(now - mean) / math.sqrt(variance))
    assert found.evidence["z_quarter"][-1] == pytest.approx(found.evidence["z_year"][-1])
    assert found.evidence["years"][-1] == 5.0
    assert found.evidence["growth_year"][-1] == pytest.approx(0.04)


def test_the_sixth_year_is_the_first_that_is_judged() -> None:
    rates = [Fraction(each, 100) for each in (1, 2, 3, 2, 1, 4)]
    found = ifpa(years_of(rates), np.arange(11, 11 + 73))
    assert np.flatnonzero(np.isfinite(found.score)).tolist() == [72]
    assert found.why(60) == ("too_short",)


def slow_ifpa(prices: list[float], months: list[int], gamma: float) -> list[float]:
    """The formulas as printed, month by month."""

    def steadied(place: int, back: int) -> float:
        window = prices[place - back : place + 1] if place >= back else []
        if len(window) < back + 1 or any(each != each for each in window):
            return NAN
        changes = [math.log(b / a) for a, b in itertools.pairwise(window)]
        return ((window[-1] / window[0]) ** (1 / back) - 1) * (1 - stdev(changes))

    def z(place: int, back: int) -> float:
        past = [steadied(each, back) for each in range(place) if months[each] % 12 == months[place] % 12]
        past = [each for each in past if each == each]
        if len(past) < 5:
            return NAN
        total = sum(range(1, len(past) + 1))
        mean = sum(w * v for w, v in enumerate(past, 1)) / total
        squares = sum(w * (v - mean) ** 2 for w, v in enumerate(past, 1))
        return (steadied(place, back) - mean) / math.sqrt(squares / (total * (len(past) - 1) / len(past)))

    return [gamma * z(place, 3) + (1 - gamma) * z(place, 12) for place in range(len(prices))]


def test_random_prices_with_gaps_give_what_a_loop_gives() -> None:
    prices = np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.06, 140)))
    prices[[0, 1, 50, 51]] = NAN
    months = np.arange(7, 147)
    found = ifpa(prices[None, :], months).score[0]
    expected = slow_ifpa(prices.tolist(), months.tolist(), 0.4)
    assert np.isfinite(found).sum() > 40
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def test_the_weight_of_the_quarter_is_a_parameter() -> None:
    prices = np.exp(np.cumsum(np.random.default_rng(6).normal(0, 0.06, 100)))
    months = np.arange(100)
    found = ifpa(prices, months, gamma=1.0)
    assert found.score[-1] == found.evidence["z_quarter"][-1]
    assert ifpa(prices, months, gamma=0.0).score[-1] == found.evidence["z_year"][-1]


def test_prices_that_never_moved_have_no_score() -> None:
    found = ifpa(np.full(100, 5.0), np.arange(100))
    assert np.isnan(found.score).all()
    assert found.why(99) == ("no_spread",)


def test_months_of_another_length_are_refused() -> None:
    with pytest.raises(IndicatorMisshapen):
        ifpa(np.ones(24), np.arange(23))
