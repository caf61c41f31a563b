"""The past of every period: medians and spreads of what came before, however many rows are taken at once."""

import math
from statistics import mean, median, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.warning.indicators import windows
from priceindex.warning.indicators.windows import lagged, past_mean, past_median, past_robust

NUMBERS = st.lists(st.one_of(st.floats(-100, 100), st.just(math.nan)), min_size=1, max_size=25)


def before(values: list[float], place: int, window: int) -> list[float]:
    return [each for each in values[max(0, place - window) : place] if each == each]


@given(NUMBERS, st.integers(1, 8))
def test_every_statistic_is_that_of_the_known_values_before(values: list[float], window: int) -> None:
    middle, known = past_median(np.array(values), window)
    _, spread, _ = past_robust(np.array(values), window)
    average, deviation, _ = past_mean(np.array(values), window)
    for place in range(len(values)):
        past = before(values, place, window)
        assert known[place] == len(past)
        centre = median(past) if past else math.nan
        away = median(abs(each - centre) for each in past) if past else math.nan
        assert middle[place] == pytest.approx(centre, nan_ok=True)
        assert spread[place] == pytest.approx(1.4826022185 * away, nan_ok=True)
        assert average[place] == pytest.approx(mean(past) if len(past) > 1 else math.nan, nan_ok=True)
        expected = stdev(past) if len(past) > 1 else math.nan
        assert deviation[place] == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_how_many_rows_are_taken_at_once_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(1).normal(size=(2, 3, 40))
    whole = past_robust(values, 7)
    monkeypatch.setattr(windows, "_CELLS_AT_ONCE", 1)
    for one, two in zip(whole, past_robust(values, 7), strict=True):
        assert np.array_equal(one, two, equal_nan=True)


def test_nothing_lies_before_the_first_period() -> None:
    assert np.isnan(lagged(np.ones((2, 3)), 5)).all()
    assert np.isnan(past_median(np.ones(3), 2)[0][0])
