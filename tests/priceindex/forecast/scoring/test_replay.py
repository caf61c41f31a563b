"""The gate replayed: at each origin only what had ended by then decides."""

from decimal import Decimal

import numpy as np
import pytest

from priceindex.forecast.method import GateRule
from priceindex.forecast.panel import SeriesPanel
from priceindex.forecast.scoring.gate import judge
from priceindex.forecast.scoring.measures import relative_mae
from priceindex.forecast.scoring.replay import through_gate
from priceindex.forecast.scoring.rolling_origin import Backtest, backtest
from tests.priceindex.forecast.scoring.drawn_walks import walks

RULE = GateRule(least_origins=12, origins=26, relative_mae_under=Decimal("0.98"), p_under=Decimal("0.10"))
MODELS = ("naive", "drift", "damped")


def trending(seed: int) -> SeriesPanel:
    """Series with a common trend for a while: something the gate lets through."""
    drifting = np.exp(0.01 * np.minimum(np.arange(70.0), 55.0))
    return SeriesPanel(values=walks(seed, 4, 70).values ** 0.3 * drifting, season=1)


def replayed(panel: SeriesPanel) -> tuple[Backtest, np.ndarray]:
    tested = backtest(panel, 4, 66, MODELS)
    return tested, through_gate(tested, np.zeros(4, dtype=np.int64), RULE)


@pytest.mark.parametrize("planted", [40, 55, 69])
def test_a_planted_future_changes_no_choice_made_before_it(planted: int) -> None:
    panel = trending(1)
    changed = panel.values.copy()
    changed[:, planted:] /= 4.0
    tested, before = replayed(panel)
    _, after = replayed(SeriesPanel(values=changed, season=1))
    earlier = tested.origins < planted
    np.testing.assert_array_equal(before[earlier], after[earlier])


def test_each_origin_publishes_what_a_gate_at_that_origin_lets_through() -> None:
    panel = trending(2)
    tested, found = replayed(panel)
    for place in (20, 45, 60):
        column = int(tested.origins[place])
        then = backtest(panel.back(69 - column), 4, 66, MODELS)
        verdicts = judge(then, np.zeros(4, dtype=np.int64), RULE)[0]
        expected = np.stack([tested.of(each.model)[place, :, each.horizon - 1] for each in verdicts], axis=1)
        np.testing.assert_array_equal(found[place], expected)


def test_the_first_origins_have_nothing_to_go_by_and_publish_naive() -> None:
    tested, found = replayed(trending(3))
    np.testing.assert_array_equal(found[:12], tested.of("naive")[:12])
    assert not np.array_equal(found, tested.of("naive"))


@pytest.mark.parametrize("sticky", [False, True])
def test_through_the_gate_a_walk_costs_next_to_nothing(sticky: bool) -> None:
    """Never materially worse than naive: the guarantee of the gate, on prices nothing can forecast."""
    panel = walks(23, 40, 90, sticky=sticky)
    tested = backtest(panel, 6, 88, MODELS)
    found = through_gate(tested, np.arange(40) // 5, RULE)
    errors, naive = (
        np.abs(each - tested.actuals) / tested.last[:, :, None] for each in (found, tested.of("naive"))
    )
    assert float(relative_mae(errors, naive)) <= 1.02


def test_a_dropped_fit_is_replaced_by_naive() -> None:
    tested = backtest(trending(4), 4, 66, MODELS)
    tested.forecasts[1:, :, 2] = np.nan
    found = through_gate(tested, np.zeros(4, dtype=np.int64), RULE)
    np.testing.assert_array_equal(found[:, 2], tested.of("naive")[:, 2])
