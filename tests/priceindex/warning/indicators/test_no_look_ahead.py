"""No indicator knows the future: whatever comes later, what was said stands to the last bit."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.warning.indicators.alps import alps
from priceindex.warning.indicators.breadth import breadth
from priceindex.warning.indicators.cusum import cusum
from priceindex.warning.indicators.grain_ratio import grain_ratio
from priceindex.warning.indicators.growth import growth, growth_over_days
from priceindex.warning.indicators.identical_quotes import identical_quotes
from priceindex.warning.indicators.ifpa import ifpa
from priceindex.warning.indicators.indication import Indication
from priceindex.warning.indicators.interval_breach import interval_breach
from priceindex.warning.indicators.market_spread import market_spread
from priceindex.warning.indicators.quote_volume import quote_volume
from priceindex.warning.indicators.round_numbers import round_numbers
from priceindex.warning.indicators.source_divergence import source_divergence
from priceindex.warning.indicators.source_dominance import left_out, source_dominance
from priceindex.warning.indicators.stale_share import stale_share_published
from priceindex.warning.indicators.stale_then_jump import stale_then_jump
from priceindex.warning.indicators.stock_cover import stock_cover
from priceindex.warning.indicators.volatility import volatility

PERIODS = 96
NUMBERS = np.arange(PERIODS, dtype=np.int64)


def until(numbers: np.ndarray, prices: np.ndarray) -> np.ndarray:
    return numbers[: prices.shape[1]]


SCORES: dict[str, Callable[[np.ndarray], Indication]] = {
    "growth": growth,
    "growth_over_days": lambda prices: growth_over_days(prices, until(NUMBERS * 7, prices), 28),
    "ifpa": lambda prices: ifpa(prices, until(NUMBERS, prices), least_years=3),
    "alps": lambda prices: alps(prices, until(NUMBERS, prices)),
    "alps_window": lambda prices: alps(prices, until(NUMBERS, prices), window=48, logs=True),
    "cusum": cusum,
    "volatility": volatility,
    "breadth": lambda prices: breadth(prices, 2, least=2),
    "market_spread": market_spread,
    "source_divergence": source_divergence,
    "source_dominance": lambda prices: source_dominance(prices, np.log(prices)),
    "left_out": lambda prices: left_out(prices, np.log(prices)),
    "stale_share_published": stale_share_published,
    "stale_then_jump": lambda prices: stale_then_jump(prices, until(NUMBERS * 70, prices)),
    "identical_quotes": lambda prices: identical_quotes(np.round(prices / 50.0), least=1),
    "round_numbers": lambda prices: round_numbers(np.round(prices), grid=2, least=3, least_quotes=1),
    "stock_cover": lambda prices: stock_cover(prices, prices[::-1], prices),
    "quote_volume": lambda prices: quote_volume(prices, prices[::-1] * 1e5),
    "interval_breach": lambda prices: interval_breach(prices, prices * 0.9, prices[::-1], prices * 1.1),
    "grain_ratio": lambda prices: grain_ratio(prices, prices[0]),
}


def drawn_prices(seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed)
    steps = drawn.normal(0.0, 0.06, (3, PERIODS)) * (drawn.random((3, PERIODS)) < 0.6)
    prices = 100.0 * np.exp(np.cumsum(steps, axis=1))
    prices[drawn.random((3, PERIODS)) < 0.05] = np.nan
    return prices


@pytest.mark.parametrize("name", sorted(SCORES))
@given(seed=st.integers(0, 10_000), cut=st.integers(1, PERIODS - 1), cut_off=st.booleans())
@settings(max_examples=12)
def test_what_comes_later_changes_nothing_that_was_said(
    name: str, seed: int, cut: int, *, cut_off: bool
) -> None:
    prices = drawn_prices(seed)
    before = SCORES[name](prices)
    other = prices.copy()
    other[:, cut:] = drawn_prices(seed + 1)[:, cut:] * 3.0
    after = SCORES[name](prices[:, :cut] if cut_off else other)
    assert np.array_equal(before.score[..., :cut], after.score[..., :cut], equal_nan=True)
    for numbers in before.evidence:
        one, two = before.evidence[numbers][..., :cut], after.evidence[numbers][..., :cut]
        assert np.array_equal(one, two, equal_nan=True), numbers
    for reason in before.withheld:
        assert np.array_equal(before.withheld[reason][..., :cut], after.withheld[reason][..., :cut]), reason


@pytest.mark.parametrize("name", sorted(SCORES))
def test_scores_evidence_and_reasons_have_one_shape_and_every_silence_has_a_reason(name: str) -> None:
    found = SCORES[name](drawn_prices(11))
    against = np.zeros(found.score.shape, dtype=bool)
    for mask in found.withheld.values():
        assert mask.shape == found.score.shape
        against |= mask
    assert all(numbers.shape == found.score.shape for numbers in found.evidence.values())
    assert np.array_equal(np.isnan(found.score), against)
    assert np.isfinite(found.score).any()
    assert not np.isinf(found.score).any()
