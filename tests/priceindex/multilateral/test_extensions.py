"""Splices and fixed bases: what they must give where the answer is known without them."""

import numpy as np
import pytest
from hypothesis import given, settings

from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import Splice, SplicedOn
from priceindex.multilateral.fixed_base_extensions import expanding_window, moving_window
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.geks import geks
from priceindex.multilateral.multilateral_errors import WindowMisfit
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.splices import spliced
from priceindex.multilateral.windows import of_links, of_panel, rolling
from tests.priceindex.multilateral.panels import panel_of, panels

EVERY_SPLICE = [
    (splice, on) for splice in ("movement", "window", "half", "mean") for on in ("recomputed", "published")
]


@settings(max_examples=15)
@given(panel=panels(least_periods=3, most_periods=8))
def test_the_movement_splice_of_two_months_is_the_chained_bilateral_index(panel: CodedPanel) -> None:
    compared = links(panel)
    chained = np.exp(np.cumsum([0.0, *np.diagonal(compared.log, 1)]))
    found = spliced(rolling(of_links(compared), len(panel.periods), 2), "movement", "recomputed")
    assert np.allclose(found, chained, rtol=1e-12)


@pytest.mark.parametrize(("splice", "on"), EVERY_SPLICE)
@settings(max_examples=10)
@given(panel=panels(least_periods=3, most_periods=8))
def test_a_new_month_never_changes_what_was_published(
    splice: Splice, on: SplicedOn, panel: CodedPanel
) -> None:
    periods = len(panel.periods)
    whole = spliced(rolling(of_links(links(panel)), periods, 2), splice, on)
    before = spliced(rolling(of_links(links(panel.window(0, periods - 2))), periods - 1, 2), splice, on)
    assert np.allclose(whole[:-1], before, rtol=1e-12)


@pytest.mark.parametrize(("splice", "on"), EVERY_SPLICE)
def test_a_window_as_long_as_the_series_leaves_nothing_to_splice(splice: Splice, on: SplicedOn) -> None:
    windows = np.array([[1.0, 1.5, 0.5, 2.0]])
    assert spliced(windows, splice, on).tolist() == windows[0].tolist()


@pytest.mark.parametrize(("splice", "on"), EVERY_SPLICE)
def test_windows_that_agree_are_spliced_into_the_series_they_come_from(splice: Splice, on: SplicedOn) -> None:
    series = np.exp(np.random.default_rng(3).normal(size=9).cumsum())
    windows = np.array([series[first : first + 4] / series[first] for first in range(6)])
    assert np.allclose(spliced(windows, splice, on), series / series[0], rtol=1e-12)


def test_a_window_out_of_the_matrix_is_the_index_over_that_window() -> None:
    panel = _panel()
    compared = links(panel, "fisher")
    for first in range(4):
        alone = geks(links(panel.window(first, first + 3), "fisher")).levels
        assert np.allclose(of_links(compared)(first, first + 3), alone, rtol=1e-13)


@settings(max_examples=10)
@given(panel=panels(least_periods=4, most_periods=8))
def test_fixed_bases_agree_with_the_full_window_inside_the_first_one(panel: CodedPanel) -> None:
    periods = len(panel.periods)
    levels = of_panel(panel, geary_khamis)
    for extension in (expanding_window, moving_window):
        assert np.allclose(extension(levels, periods, periods), levels(0, periods - 1))
        assert np.allclose(extension(levels, periods, 3)[:3], levels(0, 2))


def test_an_expanding_start_compares_each_first_month_with_what_there_was_then() -> None:
    levels = of_links(links(_panel()))
    found = expanding_window(levels, 8, 4, "expanding")
    assert [found[month] for month in (1, 2, 3)] == [levels(0, month)[-1] for month in (1, 2, 3)]


@pytest.mark.parametrize("width", [1, 9])
def test_a_window_that_does_not_fit_is_refused(width: int) -> None:
    levels = of_links(links(_panel()))
    with pytest.raises(WindowMisfit):
        rolling(levels, 8, width)
    with pytest.raises(WindowMisfit):
        expanding_window(levels, 8, width)


def _panel() -> CodedPanel:
    numbers = np.random.default_rng(11)
    return panel_of(np.exp(numbers.normal(size=(8, 5))), np.exp(numbers.normal(size=(8, 5))))
