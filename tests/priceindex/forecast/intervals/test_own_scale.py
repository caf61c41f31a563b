"""How restless a series is: its own word as far as it goes, its group's for the rest."""

import numpy as np
import pytest

from priceindex.forecast.intervals.own_scale import (
    CHANGES_OF_GROUP,
    ORIGINS_OF_GROUP,
    credible_scales,
    own_factors,
)
from priceindex.forecast.panel import SeriesPanel
from tests.priceindex.forecast.scoring.drawn_walks import walks

ONE = np.zeros(3, dtype=np.int64)


def panel_with_a_constant() -> SeriesPanel:
    values = walks(3, 3, 60).values.copy()
    values[2] = 40.0
    return SeriesPanel(values=values, season=1)


def test_by_hand_a_scale_is_the_credibility_weighted_mean_of_own_and_group() -> None:
    panel = SeriesPanel(values=np.array([[100.0, 110.0, 100.0], [100.0, 100.0, 100.0]]), season=1)
    found = credible_scales(panel, np.array([2]), np.zeros(2, dtype=np.int64))[0]
    group = (0.2 + 26 * 0.05) / (4 + 26) if CHANGES_OF_GROUP == 26 else np.nan  # alone, the group is all
    assert found.tolist() == pytest.approx(
        [100.0 * (0.2 + 26 * group) / (2 + 26), 100.0 * (26 * group) / (2 + 26)]
    )


def test_a_constant_series_has_a_share_of_its_groups_restlessness() -> None:
    panel = panel_with_a_constant()
    found = credible_scales(panel, np.array([59]), ONE)[0] / panel.values[:, -1]
    assert 0.0 < found[2] < found[:2].min()
    assert found[2] > 0.2 * found[:2].mean()


def test_with_a_long_history_a_series_speaks_for_itself() -> None:
    panel = walks(5, 2, 3000, together=0.0)
    panel = SeriesPanel(values=np.vstack([panel.values[0], panel.values[1] ** 0.1]), season=1)
    own = np.abs(np.diff(panel.values, axis=1)).mean(axis=1)
    assert credible_scales(panel, np.array([2999]), ONE[:2])[0] == pytest.approx(own, rel=0.1)


def test_the_scale_at_a_column_knows_nothing_after_it() -> None:
    panel = walks(4, 3, 50)
    changed = panel.values.copy()
    changed[:, 30:] *= 5.0
    columns = np.array([10, 29])
    np.testing.assert_allclose(
        credible_scales(panel, columns, ONE),
        credible_scales(SeriesPanel(values=changed, season=1), columns, ONE),
        rtol=1e-12,
    )


def test_a_market_in_which_nothing_ever_moved_has_a_tiny_scale_not_none() -> None:
    still = SeriesPanel(values=np.full((3, 9), 70.0), season=1)
    found = credible_scales(still, np.array([8]), ONE)
    assert np.all((found > 0.0) & (found < 0.001))


def test_series_with_wider_scores_get_wider_intervals_by_half_in_logs() -> None:
    scores = np.ones((2000, 2, 3))
    scores[:, 1] = 4.0
    found = own_factors(scores, np.zeros(2, dtype=np.int64), 0.5)
    assert found[1] / found[0] == pytest.approx(2.0, rel=0.02)


def test_few_scores_say_little_and_none_say_nothing() -> None:
    scores = np.ones((1, 3, 2))
    scores[:, 1] = 4.0
    scores[:, 2] = np.nan
    found = own_factors(scores, ONE, 1.0)
    assert found.tolist() == pytest.approx(
        [
            (0.4 + ORIGINS_OF_GROUP) / (1 + ORIGINS_OF_GROUP),
            (1.6 + ORIGINS_OF_GROUP) / (1 + ORIGINS_OF_GROUP),
            1.0,
        ]
    )
    assert own_factors(np.empty((0, 3, 2)), ONE, 0.5).tolist() == [1.0, 1.0, 1.0]
