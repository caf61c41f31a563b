"""Intervals replayed through time: honest about the future, wider after misses, sane after a jump."""

from decimal import Decimal

import numpy as np
import pytest

from priceindex.forecast.intervals.adaptive import Calibrated, calibrate
from priceindex.forecast.intervals.coverage import covered
from priceindex.forecast.method import IntervalRule, forecast_method
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.rolling_origin import Backtest, backtest
from priceindex.formulas.relatives import Places
from tests.priceindex.forecast.scoring.drawn_walks import walks

RULE = forecast_method().text.intervals
PLAIN = RULE.model_copy(update={"gamma": Decimal(0)})


def offered(
    panel: SeriesPanel, groups: Places | None = None, rule: IntervalRule = RULE, horizon: int = 6
) -> tuple[Backtest, Calibrated]:
    tested = backtest(panel, horizon, panel.values.shape[1], ("naive",))
    pools = np.zeros(len(panel.values), dtype=np.int64) if groups is None else groups
    return tested, calibrate(tested, tested.of("naive"), panel, pools, rule)


def restless_later(seed: int, turn: int = 60) -> SeriesPanel:
    """Walks whose steps are three times as large from `turn` on."""
    logs = np.diff(np.log(walks(seed, 20, 120, together=0.2).values), axis=1)
    logs[:, turn:] *= 3.0
    return SeriesPanel(values=100.0 * np.exp(np.cumsum(logs, axis=1)), season=1)


@pytest.mark.parametrize("planted", [20, 45])
def test_a_planted_future_widens_nothing_offered_before_it(planted: int) -> None:
    panel = walks(1, 6, 60)
    changed = panel.values.copy()
    changed[:, planted:] *= 4.0
    groups = np.array([0, 0, 0, 1, 1, 1])
    tested, before = offered(panel, groups)
    _, after = offered(SeriesPanel(values=changed, season=1), groups)
    earlier = tested.origins < planted
    np.testing.assert_allclose(before.reach[earlier], after.reach[earlier], rtol=1e-12)
    assert np.nanmax(after.now) > np.nanmax(before.now)


@pytest.mark.parametrize("sticky", [False, True])
def test_walks_are_covered_as_promised_at_every_horizon(sticky: bool) -> None:
    """Small seeded version of the figures on real series: 80 % within 0.77-0.87, 95 % within 0.91-0.97."""
    panel = walks(11, 40, 160, sticky=sticky, together=0.2)
    tested, found = offered(panel)
    inner, outer = covered(tested, tested.of("naive"), found.reach)
    assert 0.77 <= inner.overall <= 0.87
    assert 0.91 <= outer.overall <= 0.975
    assert inner.per_horizon.min() >= 0.75
    assert outer.per_horizon.min() >= 0.90


def test_when_prices_turn_restless_adapting_holds_more_than_not_adapting() -> None:
    tested, adapting = offered(restless_later(2))
    _, plain = offered(restless_later(2), rule=PLAIN)
    later = [place for place, column in enumerate(tested.origins) if column > 66]
    shares = []
    for found in (adapting, plain):
        inner, _ = covered(tested, tested.of("naive"), found.reach)
        shares.append(inner.per_target[np.isin(inner.targets, tested.origins[later] + 1)].mean())
    assert shares[0] > shares[1] + 0.01


def test_intervals_never_become_narrower_than_the_plain_conformal_ones() -> None:
    _, adapting = offered(walks(3, 10, 60))
    _, plain = offered(walks(3, 10, 60), rule=PLAIN)
    known = np.isfinite(plain.reach)
    assert np.all(adapting.reach[known] >= plain.reach[known] * (1.0 - 1e-12))


def test_a_miss_h_periods_ahead_is_felt_only_h_periods_later() -> None:
    """All jump at one column: four periods ahead, the first interval to differ starts at that column."""
    values = walks(4, 30, 60, together=0.0).values.copy()
    jumped = values.copy()
    jumped[:, 40:] *= 1.5
    tested, calm = offered(SeriesPanel(values=values, season=1))
    _, shaken = offered(SeriesPanel(values=jumped, season=1))
    differs = np.abs(calm.reach[:, :, 3, 0] - shaken.reach[:, :, 3, 0]).max(axis=1) > 1e-9
    assert tested.origins[differs][0] == 40


def test_a_constant_series_gets_the_width_of_the_pool() -> None:
    values = walks(5, 6, 60, together=0.0).values.copy()
    values[5] = 80.0
    _, found = offered(SeriesPanel(values=values, season=1))
    share = found.now[:, :, 1] / values[:, -1:]
    assert np.all(share[5] > 0.1 * share[:5].mean(axis=0))


def test_one_jump_of_a_sticky_sibling_does_not_open_the_interval_for_a_week_to_half_the_price() -> None:
    """Three classes, two of them moving 1 % a week, the third resting a year and jumping once by 25 %."""
    values = walks(6, 3, 70).values ** 0.5 * 60.0
    values[2] = np.where(np.arange(70) < 50, 600.0, 750.0)
    _, found = offered(SeriesPanel(values=values, season=1))
    assert np.all(found.now[:2, 0, 1] / values[:2, -1] < 0.12)


def test_a_group_with_too_few_scores_takes_those_of_all() -> None:
    """Alone in its group, at rest for eight weeks: its own few scores are all zero."""
    values = walks(7, 9, 20).values.copy()
    values[8] = 50.0
    tested, found = offered(SeriesPanel(values=values, season=1), np.array([0] * 8 + [1]))
    early = tested.origins == 8
    assert np.all(found.reach[early][0, 8, :2] > 0.0)


def test_however_much_is_missed_80_per_cent_never_ask_for_more_than_95() -> None:
    panel = restless_later(2)
    _, adapting = offered(panel, rule=RULE.model_copy(update={"gamma": Decimal(1000)}))
    _, plain = offered(panel, rule=PLAIN)
    known = np.isfinite(plain.reach[..., 1])
    assert np.all(adapting.reach[..., 0][known] <= plain.reach[..., 1][known] * (1.0 + 1e-12))
    assert np.any(adapting.reach[..., 0][known] > 1.05 * plain.reach[..., 0][known])


def test_a_horizon_that_never_ended_borrows_from_the_one_before() -> None:
    panel = walks(8, 12, 10)
    _, found = offered(panel, horizon=12)
    assert np.all(np.isfinite(found.now))
    last_ended = found.now[:, 5]
    np.testing.assert_array_less(last_ended * np.sqrt(12.0 / 6.0) * (1.0 - 1e-9), found.now[:, 11])


def test_without_any_ended_origin_nothing_is_offered() -> None:
    _, found = offered(SeriesPanel(values=np.full((2, 3), 5.0), season=1))
    assert found.reach.shape == (0, 2, 6, 2)
    assert np.isnan(found.now).all()


def test_units_of_the_series_do_not_matter() -> None:
    panel = walks(9, 4, 40)
    scaled = panel.values * np.array([[1.0], [10.0], [0.1], [7.0]])
    _, plain = offered(panel)
    _, in_units = offered(SeriesPanel(values=scaled, season=1))

    def shares(found: Calibrated, values: Floats) -> Floats:
        return found.now / values[:, -1][:, None, None]

    np.testing.assert_allclose(shares(in_units, scaled), shares(plain, panel.values), rtol=1e-9)
