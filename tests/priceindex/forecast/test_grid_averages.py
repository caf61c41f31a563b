"""Averages of a random walk look predictable beside the average before, and are not beside the last quote."""

import numpy as np
import pytest

from priceindex.forecast.averages import relative_mae_of_means
from priceindex.forecast.grid import Gridded, monthly
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places

SERIES, DAYS = 60, 365 * 20
DAYS_A_MONTH = 365.25 / 12


@pytest.fixture(scope="module")
def walk() -> tuple[Gridded, Gridded]:
    """Monthly means and month-ends of random walks quoted every day, seed 6."""
    steps = np.random.default_rng(6).standard_normal((SERIES, DAYS))
    return monthly(np.arange(DAYS), 10_000.0 + np.cumsum(steps, axis=1), until=DAYS - 1, carried_at_most=0)


def extrapolated(means: Floats, origins: Places) -> Floats:
    """The best one can do from averages alone: the last change of the average goes on by a quarter."""
    return (means[:, origins] + 0.25 * (means[:, origins] - means[:, origins - 1])).T[:, :, None]


def test_changes_of_a_random_walks_averages_are_correlated_as_working_found(
    walk: tuple[Gridded, Gridded],
) -> None:
    """(m**2 - 1) / (2 * (2 * m**2 + 1)) for m quotes a period: 0.249 at 30."""
    changes = np.diff(walk[0].values, axis=1)
    found = (changes[:, 1:] * changes[:, :-1]).sum() / (changes**2).sum()
    months = DAYS_A_MONTH**2
    assert found == pytest.approx((months - 1) / (2 * (2 * months + 1)), abs=0.02)


def test_a_random_walks_means_show_skill_only_against_the_mean_before(walk: tuple[Gridded, Gridded]) -> None:
    means, ends = walk[0].values, walk[1].values
    origins = np.arange(1, means.shape[1] - 1)
    forecasts = extrapolated(means, origins)
    assert relative_mae_of_means(forecasts, means, means, origins)[0] < 0.98
    assert relative_mae_of_means(forecasts, means, ends, origins)[0] > 1.3


def test_the_last_quote_beats_the_mean_before_by_the_closed_form(walk: tuple[Gridded, Gridded]) -> None:
    """Variances: from quote to mean (m + 1)(2m + 1) / 6m, from mean to mean (2m**2 + 1) / 3m."""
    means, ends = walk[0].values, walk[1].values
    origins = np.arange(1, means.shape[1] - 1)
    found = relative_mae_of_means(ends[:, origins].T[:, :, None], means, means, origins)[0]
    m = DAYS_A_MONTH
    assert found == pytest.approx(np.sqrt((m + 1) * (2 * m + 1) / 2 / (2 * m**2 + 1)), abs=0.02)


def test_the_last_quote_itself_scores_one_at_every_step(walk: tuple[Gridded, Gridded]) -> None:
    means, ends = walk[0].values, walk[1].values
    origins = np.arange(5, 20)
    forecasts = np.repeat(ends[:, origins].T[:, :, None], 3, axis=2)
    assert relative_mae_of_means(forecasts, means, ends, origins).tolist() == [1.0, 1.0, 1.0]


def test_targets_beyond_the_last_month_do_not_count() -> None:
    means, ends = np.array([[1.0, 2.0]]), np.array([[1.5, 2.5]])
    found = relative_mae_of_means(np.array([[[2.5, 9.0]]]), means, ends, np.array([0]))
    assert found[0] == 1.0
    assert np.isnan(found[1])
