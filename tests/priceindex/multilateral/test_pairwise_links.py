"""Links between periods: additive over products, honest about pairs that share nothing."""

import numpy as np
import pytest
from hypothesis import given, settings

from priceindex.formulas.relatives import Floats
from priceindex.multilateral import coded_panel
from priceindex.multilateral.coded_panel import code_panel
from priceindex.multilateral.conventions import Formula
from priceindex.multilateral.geks import geks
from priceindex.multilateral.multilateral_errors import NotLinked
from priceindex.multilateral.pairwise import links, links_of, pair_sums
from tests.priceindex.multilateral.panels import matrices, panel_of

FORMULAS = ["tornqvist", "fisher", "walsh", "jevons"]


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=15)
@given(pair=matrices())
def test_time_reversal_holds_between_every_two_periods(formula: Formula, pair: tuple[Floats, Floats]) -> None:
    log = links(panel_of(*pair), formula).log
    assert np.allclose(log, -log.T, atol=1e-12)


@pytest.mark.parametrize("formula", [*FORMULAS, "laspeyres", "geometric_laspeyres"])
@settings(max_examples=15)
@given(pair=matrices())
def test_sums_of_parts_add_up_to_those_of_the_whole(formula: Formula, pair: tuple[Floats, Floats]) -> None:
    panel = panel_of(*pair)
    odd = np.arange(len(panel.products)) % 2 == 1
    parts = [pair_sums(panel.of_products(kept), formula) for kept in (odd, ~odd)]
    whole = links(panel, formula)
    joined = links_of(parts[0] + parts[1])
    assert np.allclose(joined.log, whole.log, atol=1e-12)
    assert (joined.matched == whole.matched).all()


def test_blocks_of_products_change_nothing_but_the_last_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.random.default_rng(5)
    panel = panel_of(np.exp(numbers.normal(size=(4, 50))), np.exp(numbers.normal(size=(4, 50))))
    whole = links(panel).log
    monkeypatch.setattr(coded_panel, "BLOCK_WORK", 1)
    monkeypatch.setattr(coded_panel, "LEAST_BLOCK", 7)
    assert np.allclose(links(panel).log, whole, atol=1e-13)


def test_full_shares_differ_from_matched_ones_only_where_something_is_unmatched() -> None:
    full = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 2.0, 1.0], [1, 3, 1, 1])
    assert np.allclose(links(full, "tornqvist", "full").log, links(full).log, atol=1e-15)
    partly = code_panel([1, 1, 1, 2, 2], [1, 2, 3, 1, 2], [1.0, 1.0, 1.0, 2.0, 1.0], [1, 3, 8, 1, 1])
    # Shares over matched products: 1/4 and 2/3. Over all: 1/12 and 2/3 of 1/3 and 1, rescaled.
    assert np.isclose(links(partly).log[0, 1], (1 / 4 + 2 / 3) / 2 * np.log(2))
    assert np.isclose(
        links(partly, "tornqvist", "full").log[0, 1], (1 / 12 + 2 / 3) / (1 / 3 + 1) * np.log(2)
    )


def test_a_pair_without_common_products_is_bridged_by_others_and_named() -> None:
    # 1 and 3 share nothing; both share a product with 2, and prices double each period.
    panel = code_panel([1, 2, 2, 3], ["a", "a", "b", "b"], [1.0, 2.0, 5.0, 10.0], [1, 1, 1, 1])
    found = geks(links(panel))
    assert found.unlinked == ((0, 2),)
    assert np.allclose(found.levels, [1.0, 2.0, 4.0])
    assert links(panel).matched[0, 2] == 0
    assert np.isnan(links(panel).bilateral(0, 2))


def test_a_period_that_shares_nothing_with_any_is_refused() -> None:
    panel = code_panel([1, 2, 3], ["a", "a", "b"], [1.0, 2.0, 5.0])
    with pytest.raises(NotLinked, match="3"):
        geks(links(panel))
