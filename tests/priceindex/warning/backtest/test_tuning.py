"""Thresholds from one part of history, judged on another: the budget holds and nothing leaks."""

import numpy as np
import pytest

from priceindex.warning.backtest.comparison import contenders, history, judged_with, out_of_sample
from priceindex.warning.backtest.splits import by_series, by_time
from priceindex.warning.backtest.tuning import tune
from priceindex.warning.indicators.growth import growth

MONTHS = np.arange(300)


def surging_prices(seed: int, rows: int = 12, periods: int = 300, noise: float = 0.03) -> np.ndarray:
    """Sticky prices with a few surges of half a year, each followed by as slow a fall."""
    drawn = np.random.default_rng(seed)
    steps = drawn.normal(0.0, noise, (rows, periods)) * (drawn.random((rows, periods)) < 0.5)
    for row in range(rows):
        for begin in drawn.choice(np.arange(70, periods - 20, 24), size=4, replace=False):
            steps[row, begin : begin + 5] += drawn.uniform(0.05, 0.12)
            steps[row, begin + 7 : begin + 17] -= 0.04
    return np.exp(np.cumsum(steps, axis=1)) * 100.0


PAST = history(surging_prices(1), MONTHS)
QUARTER = growth(PAST.prices, 3).score


@pytest.mark.parametrize("budget", [0.02, 0.05, 0.15])
def test_the_chosen_bounds_keep_the_budget_where_they_were_chosen(budget: float) -> None:
    choice = tune(QUARTER, PAST.events, PAST.judged, budget=budget)
    assert choice is not None
    assert choice.judgement.false_a_year <= budget
    assert choice.bounds[1] < choice.bounds[0]


def test_a_larger_budget_buys_no_less_recall() -> None:
    noisy = history(surging_prices(4, noise=0.08), MONTHS)
    scores = growth(noisy.prices, 3).score
    recalls = []
    for budget in (0.01, 0.03, 0.1, 0.3):
        choice = tune(scores, noisy.events, noisy.judged, budget=budget)
        recalls.append(choice.judgement.recall if choice else 0.0)
    assert recalls == sorted(recalls)
    assert recalls[0] < recalls[-1]


def test_seeking_f1_gives_no_less_f1_and_no_more_recall() -> None:
    recall = tune(QUARTER, PAST.events, PAST.judged)
    by_f1 = tune(QUARTER, PAST.events, PAST.judged, seek="f1")
    assert recall is not None
    assert by_f1 is not None
    assert by_f1.judgement.f1 >= recall.judgement.f1
    assert by_f1.judgement.recall <= recall.judgement.recall


def test_scores_that_never_rise_have_no_bounds() -> None:
    assert tune(np.zeros_like(QUARTER), PAST.events, PAST.judged) is None
    assert tune(np.full_like(QUARTER, np.nan), PAST.events, PAST.judged) is None


def test_prices_of_the_reported_years_do_not_move_the_bounds() -> None:
    early, _ = by_time(PAST.judged, 200)
    other = PAST.prices.copy()
    other[:, 200:] = surging_prices(2)[:, 200:] * 5.0
    changed = history(other, MONTHS)
    one = tune(QUARTER, PAST.events, early)
    two = tune(growth(other, 3).score, changed.events, by_time(changed.judged, 200)[0])
    assert one is not None
    assert two is not None
    assert one.bounds == two.bounds
    assert one.judgement == two.judgement


def test_series_of_the_reported_half_do_not_move_the_bounds() -> None:
    half = np.arange(12) < 6
    one, _ = by_series(PAST.judged, half)
    other = PAST.prices.copy()
    other[6:] = surging_prices(3)[6:]
    changed = history(other, MONTHS)
    first = tune(QUARTER, PAST.events, one)
    second = tune(growth(other, 3).score, changed.events, by_series(changed.judged, half)[0])
    assert first is not None
    assert second is not None
    assert first.bounds == second.bounds


def test_out_of_sample_is_the_judgement_of_the_bounds_chosen_on_the_other_part() -> None:
    quarter = next(rule for rule in contenders(PAST) if rule.name == "3-month growth")
    first, second = by_time(PAST.judged, 200)
    found = out_of_sample(quarter, PAST, [(first, second)])
    assert found is not None
    assert found.outside == judged_with(quarter, found.choices[0].bounds, PAST, second)
    assert found.inside == judged_with(quarter, found.choices[0].bounds, PAST, first)


def test_a_rule_without_bounds_in_the_budget_is_not_judged() -> None:
    quarter = next(rule for rule in contenders(PAST) if rule.name == "3-month growth")
    assert out_of_sample(quarter, PAST, [by_time(PAST.judged, 200)], budget=-1.0) is None


def test_growth_over_three_months_finds_most_surges_of_sticky_prices_out_of_sample() -> None:
    quarter = next(rule for rule in contenders(PAST) if rule.name == "3-month growth")
    half = np.arange(12) < 6
    one, other = by_series(PAST.judged, half)
    found = out_of_sample(quarter, PAST, [(one, other), (other, one)])
    assert found is not None
    assert found.outside.surges > 30
    assert found.outside.recall >= 0.80
    assert found.outside.f1 >= 0.75
    assert found.outside.false_a_year <= 0.15


def test_every_rule_of_the_comparison_is_held_against_the_same_surges() -> None:
    told = [judged_with(rule, rule.bounds, PAST, PAST.judged) for rule in contenders(PAST)]
    assert len(told) == 10
    assert len({each.surges for each in told}) == 1
    assert len({each.series_years for each in told}) == 1
    assert all(each.alarms > 0 for each in told)
