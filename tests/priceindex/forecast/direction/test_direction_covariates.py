"""Steps, outcomes and covariates are those of the words, and none knows what comes later."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.direction.covariates import covariates
from priceindex.forecast.direction.direction_panel import DirectionPanel, outcomes, signs
from priceindex.forecast.panel import Floats, SeriesPanel
from tests.priceindex.forecast.direction.sticky_series import sticky


def panel(*rows: list[float], group: list[int] | None = None, flat_within: float = 0.001) -> DirectionPanel:
    return DirectionPanel(
        panel=SeriesPanel(values=np.array(rows), season=1),
        group=np.array(group if group is not None else [0] * len(rows)),
        flat_within=flat_within,
    )


def same(left: Floats, right: Floats) -> None:
    np.testing.assert_array_equal(left, right)


def test_a_change_within_the_share_is_flat() -> None:
    told = signs(panel([1000.0, 1000.9, 1002.0, 1000.9]), 1)
    same(told, np.array([[np.nan, 0.0, 1.0, -1.0]]))


def test_an_outcome_is_where_the_value_stands_at_the_end_not_on_the_way() -> None:
    same(outcomes(panel([10.0, 12.0, 10.0, 9.0]), 2), np.array([[0.0, -1.0, np.nan, np.nan]]))


def test_outcomes_further_than_the_panel_reaches_are_unknown() -> None:
    assert np.isnan(outcomes(panel([10.0, 12.0]), 2)).all()
    assert np.isnan(outcomes(panel([10.0, 12.0]), 5)).all()


def test_the_covariates_of_a_change_by_hand() -> None:
    """Two siblings; the first steps up at 2 and down at 4, the second at 4 only; then nine weeks of rest."""
    first, second = [10.0, 10.0, 11.0, 11.0, 10.0] + [10.0] * 9, [50.0] * 4 + [60.0] * 10
    told = covariates(panel(first, second)).change
    assert np.isnan(told[:, 0]).all()
    np.testing.assert_allclose(np.expm1(told[0, :, 0])[1:], [1, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    same(told[0, 1:, 1], np.array([0, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 0, 0.0]))
    same(told[0, 1:, 2], np.array([0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0.0]))
    composite = np.log(np.array([first, second])).mean(axis=0)
    np.testing.assert_allclose(told[0, 8, 3], abs(composite[8] - composite[4]), atol=1e-12)
    np.testing.assert_allclose(told[0, 6, 3], abs(composite[6] - composite[2]), atol=1e-12)


def test_the_covariates_of_the_sign_by_hand() -> None:
    """The last step's sign fades with e**(-weeks / 6); a sibling's movement is that of the others."""
    told = covariates(panel([8.0, 8.0, 10.0, 10.0, 10.0], [4.0] * 4 + [2.0], [3.0] * 5)).sign
    np.testing.assert_allclose(told[0, 2:, 0], np.exp(-np.arange(3) / 6.0))
    np.testing.assert_allclose(
        told[1, 4], [-1.0, np.log(0.5), np.log(1.25) / 2, np.log(0.625) / 3], atol=1e-12
    )
    same(told[2, 1:, 0], np.zeros(4))


def test_movements_are_those_of_four_weeks_or_of_the_history_where_it_is_shorter() -> None:
    told = covariates(panel([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 96.0])).sign
    np.testing.assert_allclose(np.exp(told[0, 1:, 1]), [2, 4, 8, 16, 16, 24])


def test_a_series_that_never_stepped_counts_its_whole_history() -> None:
    told = covariates(panel([np.nan, 5.0, 5.0, 5.0, 5.0])).change
    assert np.isnan(told[0, :2]).all()
    np.testing.assert_allclose(np.expm1(told[0, 2:, 0]), [1, 2, 3])


def test_a_series_without_siblings_takes_what_all_did() -> None:
    told = covariates(panel([5.0, 5.0], [8.0, 9.0], [2.0, 2.0], group=[0, 1, 1]))
    assert told.change[0, 1, 2] == pytest.approx(1 / 3)
    assert told.change[1, 1, 2] == 0.0
    assert told.change[2, 1, 2] == 1.0


@settings(max_examples=15)
@given(st.integers(0, 500), st.integers(1, 28), st.floats(0.2, 5.0))
def test_a_later_value_moves_no_covariate_before_it(seed: int, column: int, factor: float) -> None:
    drawn = sticky(seed, 30, herbs=3, grades=3)
    values = drawn.panel.values.copy()
    values[:, column:] *= factor
    other = DirectionPanel(
        panel=SeriesPanel(values=values, season=1), group=drawn.group, flat_within=drawn.flat_within
    )
    for told, again in zip(
        (covariates(drawn).change, covariates(drawn).sign),
        (covariates(other).change, covariates(other).sign),
        strict=True,
    ):
        same(told[:, :column], again[:, :column])


@settings(max_examples=15)
@given(st.integers(0, 500), st.integers(1, 25))
def test_a_panel_cut_short_has_the_same_covariates_as_far_as_it_goes(seed: int, cut: int) -> None:
    drawn = sticky(seed, 30, herbs=3, grades=3)
    same(covariates(drawn.back(cut)).change, covariates(drawn).change[:, : 30 - cut])
    same(covariates(drawn.back(cut)).sign, covariates(drawn).sign[:, : 30 - cut])
