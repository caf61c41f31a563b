"""How far a sticky price goes when it goes: the steps its group has made."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from priceindex.forecast.direction.direction_panel import DirectionPanel, signs
from priceindex.forecast.panel import Floats

LEAST_STEPS: Final = 10
"""Steps a group must have made before its own sizes stand; below, the pool's do."""


def jump_sizes(panel: DirectionPanel, shares: Sequence[float] = (0.1, 0.5, 0.9)) -> Floats:
    """Quantiles of the size of a step, as a share of the price, for each group: (groups, len(shares)).

    A step of a group that made fewer than `LEAST_STEPS` has the pool's sizes; NaN where there is no step.
    """
    moved = np.nan_to_num(signs(panel, 1)) != 0.0
    sizes = np.zeros(moved.shape)
    sizes[:, 1:] = np.expm1(np.abs(np.diff(panel.logs, axis=1)))
    return np.stack(
        [
            _quantiles(sizes[own] if own.sum() >= LEAST_STEPS else sizes[moved], shares)
            for own in (moved & (panel.group == each)[:, None] for each in range(int(panel.group.max()) + 1))
        ]
    )


def _quantiles(sizes: Floats, shares: Sequence[float]) -> Floats:
    return np.quantile(sizes, shares) if len(sizes) else np.full(len(shares), np.nan)
