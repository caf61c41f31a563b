"""Weights of a combination: inverse errors, half-way to equal, from what had ended."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.method import WeightRule
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.bands import bands
from priceindex.forecast.scoring.combining import WEIGHTED, combine, weights, with_weighted
from priceindex.forecast.scoring.rolling_origin import backtest
from tests.priceindex.forecast.scoring.drawn_walks import made, walks

RULE = WeightRule(origins=12, toward_equal=Decimal("0.5"))
ONE = np.zeros(3, dtype=np.int64)


def off_by(size: float, origins: int = 20, horizon: int = 6) -> Floats:
    return np.full((origins, 3, horizon), float(size))


def test_a_model_half_as_wrong_gets_the_weight_half_way_between_its_due_and_equal() -> None:
    tested = made({"naive": off_by(3), "a": off_by(1), "b": off_by(2)})
    found = weights(tested, ONE, ("a", "b"), RULE)[0]
    due = Fraction(2, 3) * Fraction(1, 2) + Fraction(1, 2) * Fraction(1, 2)
    assert found[:, 0].tolist() == pytest.approx([float(due), 1 - float(due)], abs=1e-4)


def test_full_shrinkage_is_the_plain_mean_and_none_is_inverse_error() -> None:
    tested = made({"naive": off_by(3), "a": off_by(1), "b": off_by(3)})
    equal = weights(tested, ONE, ("a", "b"), RULE.model_copy(update={"toward_equal": Decimal(1)}))[0]
    inverse = weights(tested, ONE, ("a", "b"), RULE.model_copy(update={"toward_equal": Decimal(0)}))[0]
    assert equal[:, 0].tolist() == [0.5, 0.5]
    assert inverse[:, 0].tolist() == pytest.approx([0.75, 0.25], abs=1e-4)


@settings(max_examples=25)
@given(st.lists(st.floats(0.0, 1e3), min_size=2, max_size=5))
def test_weights_add_up_to_one_and_none_falls_below_its_equal_half(sizes: list[float]) -> None:
    names = tuple(f"m{place}" for place in range(len(sizes)))
    tested = made(
        {"naive": off_by(1), **{name: off_by(size) for name, size in zip(names, sizes, strict=True)}}
    )
    found = weights(tested, ONE, names, RULE)[0]
    assert found.sum(axis=0) == pytest.approx(np.ones(6))
    assert found.min() >= 0.5 / len(sizes) - 1e-12


def test_before_anything_has_ended_weights_are_equal() -> None:
    tested = made({"naive": off_by(1, origins=1), "a": off_by(1, origins=1), "b": off_by(9, origins=1)})
    assert weights(tested, ONE, ("a", "b"), RULE)[0][:, 5].tolist() == [0.5, 0.5]


def test_near_and_far_horizons_are_weighted_by_their_own_errors() -> None:
    near_better, far_better = off_by(1), off_by(1)
    near_better[:, :, 4:] = 3.0
    far_better[:, :, :2] = 3.0
    tested = made({"naive": off_by(1), "near": near_better, "far": far_better})
    found = weights(tested, ONE, ("near", "far"), RULE)[0]
    assert found[0, 0] > 0.6
    assert found[0, 5] < 0.4
    assert bands(6).tolist() == [0, 0, 1, 1, 2, 2]


def test_the_combination_is_the_weighted_mean_of_logs() -> None:
    parts = {"a": np.array([[2.0, 8.0]]), "b": np.array([[8.0, 2.0]])}
    found = combine(parts, ("a", "b"), {0: np.array([[0.5, 0.25], [0.5, 0.75]])}, np.array([0]))
    assert found[0].tolist() == pytest.approx([4.0, 2.0 * 2.0**0.5])


def test_a_dropped_fit_leaves_its_weight_to_the_others() -> None:
    parts = {"a": np.array([[np.nan, np.nan]]), "b": np.array([[8.0, np.nan]])}
    found = combine(parts, ("a", "b"), {0: np.full((2, 2), 0.5)}, np.array([0]))
    assert found[0, 0] == pytest.approx(8.0)
    assert np.isnan(found[0, 1])


def test_the_weights_of_an_origin_know_nothing_of_its_future() -> None:
    panel = walks(5, 3, 50)
    changed = panel.values.copy()
    changed[:, 40:] *= 2.0
    members = ("ses", "drift", "theta")
    before, after = (
        with_weighted(backtest(each, 6, 45, ("naive", *members)), ONE, members, RULE)
        for each in (panel, SeriesPanel(values=changed, season=1))
    )
    earlier = before.origins < 40
    np.testing.assert_array_equal(before.of(WEIGHTED)[earlier], after.of(WEIGHTED)[earlier])


def test_the_combination_lies_between_its_members() -> None:
    tested = with_weighted(
        backtest(walks(6, 3, 40), 6, 30, ("naive", "drift", "ses")), ONE, ("drift", "ses"), RULE
    )
    low, high = (pick(tested.of("drift"), tested.of("ses")) for pick in (np.minimum, np.maximum))
    found = tested.of(WEIGHTED)
    assert np.all((found >= low * (1 - 1e-12)) & (found <= high * (1 + 1e-12)))
