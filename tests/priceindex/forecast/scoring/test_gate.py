"""The gate: nothing replaces naive but shown skill, and chance alone seldom passes."""

from decimal import Decimal

import numpy as np
import pytest

from priceindex.forecast.method import GateRule
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.gate import judge, published
from priceindex.forecast.scoring.rolling_origin import backtest, origins_for
from priceindex.formulas.relatives import Places
from tests.priceindex.forecast.scoring.drawn_walks import made, walks

RULE = GateRule(least_origins=12, origins=26, relative_mae_under=Decimal("0.98"), p_under=Decimal("0.10"))
TRIED = ("naive", "drift", "damped", "theta")


def errors(seed: int, size: float, origins: int = 40, series: int = 4, horizon: int = 3) -> Floats:
    return size * np.random.default_rng(seed).standard_normal((origins, series, horizon))


def one_group(series: int = 4) -> Places:
    return np.zeros(series, dtype=np.int64)


def test_a_clearly_better_model_passes_with_its_figures() -> None:
    naive, better = errors(1, 2.0), errors(2, 1.0)
    verdicts = judge(made({"naive": naive, "good": better}), one_group(), RULE)[0]
    assert [each.model for each in verdicts] == ["good"] * 3
    assert all(each.shown and each.p_value < 0.10 for each in verdicts)
    assert [(each.horizon, each.origins, each.errors) for each in verdicts] == [
        (1, 26, 104),
        (2, 26, 104),
        (3, 26, 104),
    ]


def test_the_relative_mae_is_that_of_the_pooled_errors_of_the_newest_ended_origins() -> None:
    naive, better = errors(1, 2.0), errors(2, 1.0)
    second = judge(made({"naive": naive, "good": better}), one_group(), RULE)[0][1]
    newest = slice(40 - 1 - 26, 39)  # the last origin has not ended two periods ahead
    by_hand = np.abs(better[newest, :, 1]).mean() / np.abs(naive[newest, :, 1]).mean()
    assert second.relative_mae == pytest.approx(by_hand, rel=1e-12)


def test_a_gain_of_one_per_cent_is_not_enough_however_certain() -> None:
    naive = np.abs(errors(3, 1.0)) + 5.0
    verdict = judge(made({"naive": naive, "close": 0.99 * naive}), one_group(), RULE)[0][0]
    assert verdict.p_value < 0.001
    assert (verdict.model, verdict.tried, verdict.shown) == ("naive", "close", False)


def test_a_large_gain_that_may_be_luck_is_not_enough() -> None:
    naive = errors(4, 1.0)
    lucky = naive.copy()
    lucky[30] = 0.0
    naive[30] = 50.0
    verdict = judge(made({"naive": naive, "lucky": lucky}), one_group(), RULE)[0][0]
    assert verdict.relative_mae < 0.98
    assert verdict.p_value > 0.10
    assert verdict.model == "naive"


def test_fewer_origins_than_asked_for_judge_nothing() -> None:
    naive, better = errors(1, 2.0, origins=11), errors(2, 0.1, origins=11)
    verdict = judge(made({"naive": naive, "good": better}), one_group(), RULE)[0][0]
    assert verdict.too_short
    assert (verdict.model, verdict.tried, verdict.shown) == ("naive", "", False)
    assert np.isnan(verdict.relative_mae)


def test_within_a_band_of_horizons_one_model_is_tried() -> None:
    naive, good = errors(1, 2.0, horizon=12), errors(2, 1.0, horizon=12)
    other = errors(5, 1.0, horizon=12)
    tried = [
        each.tried for each in judge(made({"naive": naive, "a": good, "b": other}), one_group(), RULE)[0]
    ]
    assert [len(set(tried[first : first + 4])) for first in (0, 4, 8)] == [1, 1, 1]


def test_a_naive_that_never_errs_cannot_be_beaten() -> None:
    still = np.zeros((30, 4, 3))
    verdict = judge(made({"naive": still, "busy": errors(1, 1.0, origins=30)}), one_group(), RULE)[0][0]
    assert verdict.model == "naive"
    assert verdict.relative_mae == np.inf


def test_a_dropped_fit_counts_as_the_naive_that_is_published_in_its_place() -> None:
    naive, better = errors(1, 2.0), errors(2, 1.0)
    gaps = better.copy()
    gaps[:, :2] = np.nan
    half = judge(made({"naive": naive, "fitted": gaps}), one_group(), RULE)[0][0]
    mixed = better.copy()
    mixed[:, :2] = naive[:, :2]
    assert half == judge(made({"naive": naive, "fitted": mixed}), one_group(), RULE)[0][0]


def test_groups_are_judged_on_their_own_series() -> None:
    naive, better = errors(1, 2.0), errors(2, 1.0)
    better[:, 2:] = 3.0 * naive[:, 2:]
    verdicts = judge(made({"naive": naive, "model": better}), np.array([7, 7, 9, 9]), RULE)
    assert verdicts[7][0].model == "model"
    assert verdicts[9][0].model == "naive"


def test_what_is_published_is_what_passed() -> None:
    naive, better = errors(1, 2.0), errors(2, 1.0)
    better[:, 2:] = 3.0 * naive[:, 2:]
    groups = np.array([7, 7, 9, 9])
    verdicts = judge(made({"naive": naive, "model": better}), groups, RULE)
    found = published(verdicts, groups, {"naive": np.full((4, 3), 1.0), "model": np.full((4, 3), 2.0)})
    assert found.tolist() == [[2.0] * 3, [2.0] * 3, [1.0] * 3, [1.0] * 3]


@pytest.mark.parametrize(("sticky", "at_most"), [(False, 0.13), (True, 0.08)])
def test_walks_nothing_can_forecast_pass_about_as_seldom_as_promised(sticky: bool, at_most: float) -> None:
    panel = walks(17, 150, 70, sticky=sticky, together=0.0)
    tested = backtest(panel, 6, origins_for(26, 6), TRIED)
    verdicts = judge(tested, np.arange(150), RULE)
    assert np.mean([each.shown for lines in verdicts.values() for each in lines]) <= at_most
