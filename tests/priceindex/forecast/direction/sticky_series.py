"""Generated sticky prices with the manners of quoted herbs: long rests, small steps, runs of one sign.

The figures of real quotes they follow (issue's report, section 0.1): four weeks in five without a change, a
median step of 5 %, four consecutive steps in five of the same sign, the more so the nearer they stand.
"""

import numpy as np

from priceindex.forecast.direction.direction_panel import DirectionPanel
from priceindex.forecast.panel import SeriesPanel

HERBS, GRADES = 8, 5


def sticky(seed: int, periods: int = 80, *, herbs: int = HERBS, grades: int = GRADES) -> DirectionPanel:
    """Series of `grades` siblings in each of `herbs` groups; each herb drifts up or down for weeks on end."""
    draw = np.random.default_rng(seed)
    turns = draw.random((herbs, periods)) < 1.0 / 20.0
    way = np.where(draw.random((herbs, 1)) < 0.5, 1.0, -1.0) * np.where(
        np.cumsum(turns, axis=1) % 2, -1.0, 1.0
    )
    busy = np.repeat(_runs(draw, herbs, periods), grades, axis=0)
    group = np.repeat(np.arange(herbs), grades)
    moved = draw.random((herbs * grades, periods)) < np.where(busy, 0.38, 0.07)
    against = np.where(draw.random(moved.shape) < 0.1, -1.0, 1.0)
    size = 0.051 * np.exp(0.5 * draw.standard_normal(moved.shape))
    logs = np.cumsum(np.where(moved, way[group] * against * size, 0.0), axis=1)
    return DirectionPanel(
        panel=SeriesPanel(values=50.0 * np.exp(logs), season=1), group=group, flat_within=0.001
    )


def restless(seed: int, periods: int = 80, *, series: int = 40) -> DirectionPanel:
    """Series whose every step is drawn by itself: nothing about the next one can be known."""
    draw = np.random.default_rng(seed)
    moved = draw.random((series, periods)) < 0.2
    logs = np.cumsum(np.where(moved, 0.05 * np.sign(draw.standard_normal(moved.shape)), 0.0), axis=1)
    return DirectionPanel(
        panel=SeriesPanel(values=50.0 * np.exp(logs), season=1),
        group=np.arange(series) // 5,
        flat_within=0.001,
    )


def one_way(seed: int, periods: int = 80, *, series: int = 40) -> DirectionPanel:
    """Series that move at random moments, but keep their way for half a year: only the sign can be known."""
    draw = np.random.default_rng(seed)
    moved = draw.random((series, periods)) < 0.2
    turns = np.cumsum(draw.random((series // 5, periods)) < 1.0 / 26.0, axis=1) + draw.integers(
        0, 2, (series // 5, 1)
    )
    way = np.repeat(np.where(turns % 2, -1.0, 1.0), 5, axis=0)
    logs = np.cumsum(np.where(moved, 0.05 * way, 0.0), axis=1)
    return DirectionPanel(
        panel=SeriesPanel(values=50.0 * np.exp(logs), season=1),
        group=np.arange(series) // 5,
        flat_within=0.001,
    )


def _runs(
    draw: np.random.Generator, herbs: int, periods: int
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Which herbs are in a busy spell: spells of about 10 weeks busy, 20 quiet."""
    busy = np.zeros((herbs, periods), dtype=np.bool_)
    busy[:, 0] = draw.random(herbs) < 1.0 / 3.0
    for week in range(1, periods):
        turn = draw.random(herbs) < np.where(busy[:, week - 1], 0.1, 0.05)
        busy[:, week] = busy[:, week - 1] ^ turn
    return busy
