"""What an outlier rule must obey whatever the relatives are."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.cleaning.hidiroglou_berthelot import hidiroglou_berthelot
from priceindex.cleaning.outlier_rules import OUTLIER_RULES, flag, flag_by_class
from priceindex.cleaning.quantiles import quantile
from priceindex.cleaning.quartile_method import quartile_method
from priceindex.family_text import Outliers
from priceindex.formulas.relatives import Floats

RELATIVES = st.lists(st.floats(0.2, 5), min_size=1, max_size=30).map(np.array)
SYMMETRIC = [name for name in OUTLIER_RULES if name not in ("fixed_bounds", "none")]
MEASURED = [name for name in SYMMETRIC if name != "tukey"]
"""The Tukey algorithm marks the tails by rank, however small they are."""


def rule(name: str, **parts: str) -> Outliers:
    return Outliers.model_validate({"rule": name, **parts})


def test_every_rule_a_family_text_may_name_exists() -> None:
    named = get_args(Outliers.model_fields["rule"].annotation)
    assert set(named) <= set(OUTLIER_RULES)


@settings(max_examples=50)
@given(values=RELATIVES, share=st.floats(0, 1))
def test_quantiles_are_numpys_linear_ones(values: Floats, share: float) -> None:
    assert quantile(np.sort(values), share) == pytest.approx(float(np.quantile(values, share)), rel=1e-12)


@pytest.mark.parametrize("name", [name for name in OUTLIER_RULES if name != "fixed_bounds"])
@given(size=st.integers(1, 20), level=st.floats(0.2, 5))
@settings(max_examples=15)
def test_prices_that_all_move_alike_hold_no_outlier(name: str, size: int, level: float) -> None:
    assert not flag(rule(name), np.full(size, level)).any()


@pytest.mark.parametrize("name", MEASURED)
def test_a_tenfold_price_among_unmoved_ones_is_marked_and_a_fifth_more_is_not(name: str) -> None:
    relatives = np.array([1.0] * 30 + [1.15, 10.0, 0.1])
    assert flag(rule(name), relatives).nonzero()[0].tolist() == [31, 32]


@pytest.mark.parametrize("name", [name for name in OUTLIER_RULES if name != "none"])
def test_a_missing_relative_is_never_marked_and_changes_no_mark(name: str) -> None:
    relatives = np.array([1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 30.0])
    holed = np.insert(relatives, 3, np.nan)
    found = flag(rule(name), holed)
    assert not found[3]
    assert np.delete(found, 3).tolist() == flag(rule(name), relatives).tolist()


@pytest.mark.parametrize("name", SYMMETRIC)
@settings(max_examples=25)
@given(values=RELATIVES, seed=st.integers(0, 2**31))
def test_the_order_of_the_relatives_changes_no_mark(name: str, values: Floats, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(values))
    assert flag(rule(name), values[order]).tolist() == flag(rule(name), values)[order].tolist()


@pytest.mark.parametrize("name", [*MEASURED, "fixed_bounds"])
@settings(max_examples=25)
@given(values=st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 4.0, 16.0]), min_size=1, max_size=30))
def test_going_back_marks_what_going_forth_marked(name: str, values: list[float]) -> None:
    """On the log scale up and down are alike: powers of two, so that both ways are exact."""
    there = np.array(values)
    assert flag(rule(name), 1.0 / there).tolist() == flag(rule(name), there).tolist()


@settings(max_examples=25)
@given(values=RELATIVES, cut_off=st.floats(1, 6))
def test_a_wider_fence_marks_no_more(values: Floats, cut_off: float) -> None:
    narrow, wide = quartile_method(values, cut_off), quartile_method(values, cut_off + 1)
    assert not (wide & ~narrow).any()


def test_without_a_least_spread_every_price_that_moves_would_be_an_outlier() -> None:
    relatives = np.array([1.0] * 20 + [1.01, 0.99])
    assert flag(rule("quartile", floor="0"), relatives).sum() == 2
    assert not flag(rule("quartile", floor="0.05"), relatives).any()


def test_a_fence_may_be_nearer_below_than_above() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 9.0, -5.0])
    both, below = quartile_method(values, 5.0), quartile_method(values, 5.0, lower=4.0)
    assert not both.any()
    assert values[below].tolist() == [-5.0]


def test_an_exponent_looks_at_dear_goods_first_and_in_any_unit() -> None:
    relatives = np.array([1.0, 1.0, 1.01, 0.99, 1.02, 0.98, 1.1, 1.1])
    fen = np.array([1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e2, 1e6])
    found = hidiroglou_berthelot(relatives, 4.0, larger=fen, exponent=0.4)
    assert found.tolist() == [False] * 7 + [True]
    assert hidiroglou_berthelot(relatives, 4.0, larger=fen / 100, exponent=0.4).tolist() == found.tolist()


def test_an_exponent_without_prices_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the prices"):
        flag(rule("hidiroglou_berthelot", exponent="0.5"), np.ones(3))


def test_each_class_is_judged_among_itself() -> None:
    steady, wild = [1.0, 1.0, 1.0, 1.01, 1.9], [0.4, 1.9, 1.0, 2.5, 0.6]
    relatives = np.array([part for pair in zip(steady, wild, strict=True) for part in pair])
    group = np.array([7, 3] * 5)
    found = flag_by_class(rule("quartile"), relatives, group)
    assert found.nonzero()[0].tolist() == [8]
    assert not flag_by_class(rule("none"), relatives, group).any()
