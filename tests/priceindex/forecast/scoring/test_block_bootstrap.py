"""Skill figures with the interval of their blocks of origins."""

import numpy as np
import pytest

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.block_bootstrap import (
    block_length,
    brier_skill_interval,
    drawn_origins,
    relative_mae_interval,
)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def autocorrelated(seed: int, n: int = 60) -> Floats:
    noise = rng(seed).standard_normal(n + 7)
    return np.abs(np.convolve(noise, np.ones(8) / 8.0, "valid")) + 0.5


def test_blocks_are_consecutive_origins_that_wrap_round() -> None:
    places = drawn_origins(10, 4, 500, rng())
    assert places.shape == (500, 10)
    for start in (0, 4):
        steps = np.diff(places[:, start : start + 4], axis=1) % 10
        assert np.all(steps == 1)


def test_every_origin_is_drawn_equally_often() -> None:
    counts = np.bincount(drawn_origins(12, 5, 20_000, rng()).ravel(), minlength=12)
    assert np.ptp(counts) / counts.mean() < 0.03


def test_the_figure_is_the_ratio_of_sums() -> None:
    found = relative_mae_interval(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 8.0]), 1, rng())
    assert found.figure == 0.5
    assert found.low <= 0.5 <= found.high


def test_a_ratio_that_is_the_same_at_every_origin_has_no_width() -> None:
    naive = autocorrelated(3)
    found = relative_mae_interval(0.75 * naive, naive, 8, rng())
    assert (found.low, found.high) == pytest.approx((0.75, 0.75))


def test_several_horizons_are_told_by_the_mean_of_their_ratios() -> None:
    errors, naive = np.array([[1.0, 6.0], [1.0, np.nan]]), np.array([[2.0, 6.0], [2.0, 9.0]])
    assert relative_mae_interval(errors, naive, 1, rng()).figure == pytest.approx((0.5 + 1.0) / 2)


def test_the_same_generator_gives_the_same_interval() -> None:
    args = autocorrelated(4), autocorrelated(5), 8
    assert relative_mae_interval(*args, rng(9)) == relative_mae_interval(*args, rng(9))
    assert relative_mae_interval(*args, rng(9)) != relative_mae_interval(*args, rng(10))


def test_blocks_keep_the_dependence_single_origins_lose() -> None:
    args = autocorrelated(4), autocorrelated(5)
    single, blocks = (relative_mae_interval(*args, block, rng()) for block in (1, 8))
    assert blocks.high - blocks.low > 1.2 * (single.high - single.low)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Independent errors of two equally good forecasters: ratio 1 inside the 90 % interval, 150 draws."""
    held = []
    for seed in range(150):
        ours, naive = rng(seed).exponential(size=(2, 80))
        found = relative_mae_interval(ours, naive, 1, rng(seed), draws=400)
        held.append(found.low <= 1.0 <= found.high)
    assert 0.82 <= np.mean(held) <= 0.96


def test_brier_skill_is_one_less_the_ratio_with_its_ends_exchanged() -> None:
    scores, climate = autocorrelated(6), autocorrelated(7)
    ratio = relative_mae_interval(scores, climate, 4, rng())
    skill = brier_skill_interval(scores, climate, 4, rng())
    turned = 1 - ratio.figure, 1 - ratio.high, 1 - ratio.low
    assert (skill.figure, skill.low, skill.high) == pytest.approx(turned)


@pytest.mark.parametrize("origins", [0, 1])
def test_with_no_two_origins_nothing_is_said(origins: int) -> None:
    found = relative_mae_interval(np.ones(origins), np.ones(origins), 1, rng())
    assert np.isnan([found.figure, found.low, found.high]).all()
    assert found.origins == origins


def test_blocks_are_at_least_as_long_as_targets_overlap_and_never_more_than_half() -> None:
    assert [block_length(40, each) for each in (1, 8, 30)] == [4, 8, 20]
    assert block_length(1, 8) == 1
