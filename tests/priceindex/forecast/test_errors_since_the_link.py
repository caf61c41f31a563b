"""Errors from before the last link are of another tree: they may not weigh in the reconciliation."""

from datetime import date

import numpy as np
import pytest

from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.coherence import coherent
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.method import forecast_method
from priceindex.forecast.nodes_on_grid import NodesOnGrid, on_grid
from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import TreeNode, build
from priceindex.forecast.reconciliation.moves import moves, values_of
from priceindex.forecast.reconciliation.reconciling import LEAST_ORIGINS, reconcile_tree
from priceindex.forecast.reconciliation.structural import reconcile_by_structure
from priceindex.forecast.scoring.rolling_origin import Backtest, backtest

FIRST, DAYS, ORIGINS, HORIZON = day_number(date(2024, 1, 1)), 400, 20, 4


def drawn(seed: int) -> Floats:
    return np.asarray(1000.0 * np.exp(np.random.default_rng(seed).normal(0.0, 0.01, DAYS).cumsum()))


def market() -> NodesOnGrid:
    """A composite over two herbs' classes."""
    one, other = drawn(1), drawn(2)
    told = (
        (Level.COMPOSITE, "all", None, 1.0, (one + other) / 2),
        (Level.CLASS, "root", "all", 0.5, one),
        (Level.CLASS, "leaf", "all", 0.5, other),
    )
    days = np.arange(FIRST, FIRST + DAYS)
    series = [
        PublishedSeries(level=level, node=node, parent=parent, weight=weight, days=days, values=values)
        for level, node, parent, weight, values in told
    ]
    return on_grid(series, "week", FIRST + DAYS, forecast_method())


def reconciled(found: NodesOnGrid, tested: Backtest, replayed: Floats, linked: int | None) -> Floats:
    point = found.panel.values[:, -1:] * np.array([[1.02], [0.99], [1.01]]) * np.ones((3, HORIZON))
    return coherent(found, point, tested, replayed, "arithmetic", linked)


def test_errors_before_the_link_change_nothing_and_those_after_it_do() -> None:
    found = market()
    tested = backtest(found.panel, HORIZON, ORIGINS, ("naive",))
    link = int(found.ends[tested.origins[8]])
    replayed = tested.of("naive") * 1.01
    before, after = replayed.copy(), replayed.copy()
    before[:8, 1] *= 1.3
    after[8:12, 1] *= 1.3
    plain = reconciled(found, tested, replayed, link)
    assert reconciled(found, tested, before, link) == pytest.approx(plain, rel=1e-12)
    assert reconciled(found, tested, after, link) != pytest.approx(plain, rel=1e-6)
    assert reconciled(found, tested, before, None) != pytest.approx(
        reconciled(found, tested, replayed, None), rel=1e-6
    )


def test_after_a_link_of_lately_the_tree_is_reconciled_by_its_structure() -> None:
    found = market()
    tested = backtest(found.panel, HORIZON, ORIGINS, ("naive",))
    newest = int(found.ends[tested.origins[-1]])
    noisy = tested.of("naive") * np.exp(np.random.default_rng(3).normal(0, 0.05, (ORIGINS, 3, 4)))
    one, other = (
        reconciled(found, tested, made, newest - 7 * (LEAST_ORIGINS - 2))
        for made in (tested.of("naive"), noisy)
    )
    assert one == pytest.approx(other, rel=1e-12)
    enough = reconciled(found, tested, noisy, newest - 7 * (LEAST_ORIGINS - 1))
    assert enough != pytest.approx(one, rel=1e-6)


def test_too_few_errors_leave_the_structure_alone() -> None:
    tree = build(
        [TreeNode(key="all", parent=None, weight=1.0)]
        + [TreeNode(key=name, parent="all", weight=1.0) for name in ("a", "b", "c")]
    )
    origin = np.array([100.0, 90.0, 100.0, 110.0])
    base = origin[:, None] * np.array([[1.03], [0.98], [1.01], [1.0]])
    errors = 0.05 * np.random.default_rng(4).standard_normal((4, LEAST_ORIGINS - 1))
    expected = values_of(reconcile_by_structure(moves(base, origin, "geometric"), tree), origin, "geometric")
    assert reconcile_tree(tree, base, origin, errors, "geometric") == pytest.approx(expected, rel=1e-12)
