"""Joining series changes levels and never a rate of change within a part."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas.fixed_basket import Basket, lowe, young
from priceindex.formulas.formulas_errors import LinkOutside
from priceindex.formulas.index_forms import Chained, PeriodOnPeriod, chain
from priceindex.formulas.linking import link, rebase, splice, weights_at

LEVELS = st.lists(st.floats(0.1, 10), min_size=3, max_size=15).map(np.array)


@settings(max_examples=40)
@given(levels=LEVELS, at=st.integers(0, 2), level=st.sampled_from([1.0, 100.0, 1000.0]))
def test_rebasing_sets_the_reference_and_keeps_every_rate_of_change(
    levels: np.ndarray, at: int, level: float
) -> None:
    moved = rebase(Chained(levels), at, level=level).levels
    assert moved[at] == pytest.approx(level)
    assert moved[1:] / moved[:-1] == pytest.approx(levels[1:] / levels[:-1])


def test_a_base_of_several_periods_is_their_mean() -> None:
    moved = rebase(Chained(np.array([1.0, 2.0, 4.0])), 1, 2, level=100).levels
    assert moved[1:].mean() == pytest.approx(100)
    assert moved[0] == pytest.approx(float(Fraction(100, 3)))


@settings(max_examples=40)
@given(levels=LEVELS)
def test_a_series_cut_and_linked_again_is_the_same(levels: np.ndarray) -> None:
    whole = PeriodOnPeriod(levels)
    first = chain(PeriodOnPeriod(levels[:2]))
    rest = PeriodOnPeriod(np.array([1.0, *levels[2:]]))
    assert link(first, rest).levels == pytest.approx(chain(whole).levels)


@settings(max_examples=40)
@given(levels=LEVELS, scale=st.floats(0.01, 100), overlap=st.integers(1, 3))
def test_a_splice_of_a_series_with_itself_on_another_scale_is_itself(
    levels: np.ndarray, scale: float, overlap: int
) -> None:
    joined = splice(Chained(levels[:3]), Chained(levels[3 - overlap :] * scale), 2, overlap)
    assert joined.levels == pytest.approx(levels)


def test_an_annual_overlap_compares_mean_with_mean() -> None:
    old, new = Chained(np.array([1.0, 2.0, 4.0])), Chained(np.array([1.0, 1.0, 1.0, 1.5]))
    joined = splice(old, new, 2, 3)
    assert joined.levels.tolist() == pytest.approx([1.0, 2.0, 4.0, 7 / 3 * 1.5])


@settings(max_examples=40)
@given(
    numbers=st.integers(1, 5).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(1, 99), min_size=size, max_size=size), min_size=4, max_size=4
        )
    )
)
def test_young_with_price_updated_weights_is_lowe(numbers: tuple[tuple[int, ...], ...]) -> None:
    before, reference, now, quantity = (np.array(row, dtype=float) for row in numbers)
    prices = Chained(np.array([before, reference]))
    updated = weights_at(before * quantity, prices, 0, 1)
    by_shares = young(Basket(np.ones(len(updated)), updated), reference, now)
    assert by_shares == pytest.approx(lowe(Basket(before, quantity), reference, now), rel=1e-12)


def test_weights_of_a_geometric_mean_stay_as_they_are() -> None:
    levels = Chained(np.array([[1.0, 1.0], [2.0, 3.0]]))
    assert weights_at(np.array([1.0, 2.0]), levels, 0, 1, order=0).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("call", [(5, None), (-1, None), (0, 3)])
def test_a_reference_outside_the_series_is_refused(call: tuple[int, int | None]) -> None:
    with pytest.raises(LinkOutside):
        rebase(Chained(np.ones(3)), *call)


def test_an_overlap_longer_than_what_is_there_is_refused() -> None:
    with pytest.raises(LinkOutside):
        splice(Chained(np.ones(3)), Chained(np.ones(5)), 1, overlap=3)
