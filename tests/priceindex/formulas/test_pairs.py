"""What two periods have in common, and the two conventions on shares."""

import numpy as np
import pytest

from priceindex.formulas.bilateral import BILATERAL
from priceindex.formulas.formulas_errors import NothingMatched, PairMisshapen
from priceindex.formulas.pairs import Pair

NAN = np.nan
P0, Q0 = np.array([1.0, 2.0, 4.0, 3.0]), np.array([5.0, 5.0, 5.0, NAN])
P1, Q1 = np.array([2.0, 2.0, NAN, 3.0]), np.array([4.0, 6.0, NAN, 9.0])


def test_a_product_counts_where_it_has_a_price_and_a_quantity_in_both_periods() -> None:
    pair = Pair(P0, Q0, P1, Q1)
    assert pair.p0.tolist() == [1.0, 2.0]
    assert pair.relatives.tolist() == [2.0, 1.0]


def test_nought_is_no_price_and_no_quantity() -> None:
    pair = Pair(np.array([1.0, 1.0, 1.0]), np.ones(3), np.array([2.0, 0.0, 1.0]), np.array([1.0, 1.0, 0.0]))
    assert pair.relatives.tolist() == [2.0]


def test_matched_shares_are_of_matched_value_and_full_shares_of_all_that_was_traded() -> None:
    matched, full = Pair(P0, Q0, P1, Q1), Pair(P0, Q0, P1, Q1, shares="full")
    assert matched.shares0.tolist() == pytest.approx([5 / 15, 10 / 15])
    assert full.shares0.tolist() == pytest.approx([5 / 35, 10 / 35])
    assert matched.shares1.tolist() == pytest.approx([8 / 20, 12 / 20])
    assert full.shares1.tolist() == pytest.approx([8 / 47, 12 / 47])


def test_the_convention_changes_what_mixes_both_periods_shares_and_nothing_else() -> None:
    matched, full = Pair(P0, Q0, P1, Q1), Pair(P0, Q0, P1, Q1, shares="full")
    differing = {
        key for key, formula in BILATERAL.items() if abs(formula(matched) / formula(full) - 1) > 1e-12
    }
    assert differing == {
        "harmonic_log_change",
        "mean_share_arithmetic",
        "rao",
        "sato_vartia",
        "theil",
        "tornqvist",
        "walsh_vartia",
    }


def test_periods_without_a_common_product_are_refused() -> None:
    with pytest.raises(NothingMatched):
        Pair(np.array([1.0, NAN]), np.ones(2), np.array([NAN, 1.0]), np.ones(2))


def test_prices_and_quantities_must_be_equally_many() -> None:
    with pytest.raises(PairMisshapen, match=r"\(2,\) \(3,\)"):
        Pair(np.ones(2), np.ones(3), np.ones(2), np.ones(2))
