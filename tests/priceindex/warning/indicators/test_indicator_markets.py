"""Markets that leave the others, sources that disagree, sources that move the index alone."""

import math
from statistics import median

import numpy as np
import pytest

from priceindex.warning.indicators.market_spread import market_spread
from priceindex.warning.indicators.source_divergence import source_divergence
from priceindex.warning.indicators.source_dominance import left_out, source_dominance

NAN = float("nan")


def markets(seed: int, periods: int = 40) -> np.ndarray:
    drawn = np.random.default_rng(seed)
    common = np.cumsum(drawn.normal(0, 0.03, periods))
    own = drawn.normal(0, 0.02, (3, periods)) + np.array([[0.0], [0.1], [-0.05]])
    return np.exp(common + own) * 100.0


def slow_spread(prices: np.ndarray, market: int, place: int, window: int, transport: float) -> float:
    """Worst deviation over the bound to any other market, the smaller of the last two periods."""
    worst = []
    for other in range(len(prices)):
        if other == market:
            continue
        logs = [math.log(a / b) for a, b in zip(prices[market], prices[other], strict=True)]
        both = []
        for now in (place - 1, place):
            past = logs[max(0, now - window) : now]
            usual = median(past)
            bound = max(3.0 * median(abs(each - usual) for each in past), transport)
            both.append(abs(logs[now] - usual) / bound)
        worst.append(min(both))
    return max(worst)


@pytest.mark.parametrize("transport", [0.0001, 0.05])
def test_the_spread_score_is_what_a_loop_over_pairs_gives(transport: float) -> None:
    prices = markets(1)
    found = market_spread(prices, transport=transport, window=20, least=13)
    for market in range(3):
        for place in (14, 20, 39):
            assert found.score[market, place] == pytest.approx(
                slow_spread(prices, market, place, 20, transport)
            )
    assert np.isnan(found.score[:, :14]).all()


def test_one_market_that_leaves_the_others_is_named_and_points_at_them() -> None:
    prices = np.full((3, 30), 100.0)
    prices[2, 28:] = 130.0
    found = market_spread(prices, transport=0.05)
    assert found.score[2, 29] == pytest.approx(math.log(1.3) / 0.05)
    assert found.evidence["other"][0, 29] == 2.0
    assert found.evidence["spread"][2, 29] == pytest.approx(math.log(1.3))
    assert found.evidence["bound"][2, 29] == 0.05


def test_a_spread_of_one_week_does_not_count() -> None:
    prices = np.full((2, 30), 100.0)
    prices[1, 28] = 150.0
    assert market_spread(prices).score[1, 28:].tolist() == [0.0, 0.0]


def test_a_difference_that_was_always_there_is_usual() -> None:
    prices = np.stack([np.full(30, 100.0), np.full(30, 180.0)])
    assert market_spread(prices).score[:, 20:].max() == 0.0


def test_a_market_without_a_price_or_without_a_past_has_no_score() -> None:
    prices = markets(2)
    prices[1, 30] = NAN
    found = market_spread(prices)
    assert found.why(1, 30) == ("missing",)
    assert found.why(0, 5) == ("too_short",)


def test_two_sources_diverge_by_the_logarithm_of_their_ratio() -> None:
    found = source_divergence(np.array([[80.0], [100.0]]))
    assert found.score.ravel().tolist() == pytest.approx([math.log(1.25)] * 2)
    assert found.evidence["difference"].ravel().tolist() == pytest.approx([-math.log(1.25), math.log(1.25)])


def test_a_source_is_held_against_the_median_of_the_others() -> None:
    prices = np.array([[100.0], [110.0], [90.0], [200.0]])
    found = source_divergence(prices)
    assert found.evidence["consensus"].ravel().tolist() == [110.0, 100.0, 110.0, 100.0]
    assert found.score.argmax() == 3


def test_a_single_source_diverges_from_nobody() -> None:
    found = source_divergence(np.array([[100.0], [NAN]]))
    assert found.why(0, 0) == ("too_few",)
    assert "missing" in found.why(1, 0)


def test_dominance_is_the_share_of_the_weighted_movement() -> None:
    weights = np.array([[0.5], [0.3], [0.2]])
    changes = np.array([[0.02], [-0.10], [NAN]])
    found = source_dominance(weights, changes)
    assert found.score.ravel().tolist() == pytest.approx([0.01 / 0.04, 0.03 / 0.04, 0.0])
    assert found.evidence["movement"].ravel().tolist() == pytest.approx([0.04 / 0.8] * 3)


def test_a_share_of_nothing_says_nothing() -> None:
    found = source_dominance(np.array([[0.5], [0.5]]), np.array([[0.0001], [0.0]]))
    assert found.why(0, 0) == ("too_small",)


def test_an_index_of_one_source_is_not_called_dominated() -> None:
    found = source_dominance(np.array([[1.0], [0.0]]), np.array([[0.1], [0.1]]))
    assert found.why(0, 0) == ("too_few",)


def test_leaving_a_source_out_gives_the_index_of_the_others() -> None:
    drawn = np.random.default_rng(3)
    weights, changes = drawn.uniform(0.1, 1.0, (3, 4)), drawn.normal(0.0, 0.1, (3, 4))
    found = left_out(weights, changes)
    for period in range(4):
        w, factor = weights[:, period], np.exp(changes[:, period])
        whole = np.prod(factor ** (w / w.sum()))
        for source in range(3):
            rest = np.arange(3) != source
            without = np.prod(factor[rest] ** (w[rest] / w[rest].sum()))
            assert found.evidence["difference"][source, period] == pytest.approx(without / whole - 1.0)
            assert found.score[source, period] == pytest.approx(abs(without / whole - 1.0))


def test_a_source_without_weight_can_be_left_out_and_an_only_one_cannot() -> None:
    found = left_out(np.array([[0.5], [0.5], [NAN]]), np.array([[0.1], [0.1], [0.9]]))
    assert found.score.ravel().tolist() == pytest.approx([0.0, 0.0, 0.0])
    assert left_out(np.array([[1.0], [0.0]]), np.array([[0.1], [0.2]])).why(0, 0) == ("too_few",)
