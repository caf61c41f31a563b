"""Extensions with a fixed base: each month is compared with a base month that moves on once a window.

With w periods in a window the base months b are every (w-1)-th, the first of all included. FBEW, the
expanding window, computes the index over b..t; FBMW, the moving one, over the w periods up to t; either
way I_t = I_b · new_t / new_b (Chessa 2016; Lamboray 2017). The next base month is linked when its window
is full and never touched again.
"""

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.conventions import StartUp
from priceindex.multilateral.windows import LevelsOf, check_window


def expanding_window(
    levels_of: LevelsOf, periods: int, width: int, start_up: StartUp = "first_window"
) -> Floats:
    """Return FBEW, first value 1; raises `WindowMisfit`."""
    series = _started(levels_of, periods, width, start_up)
    for period in range(width, periods):
        base = _base(period, width)
        series[period] = series[base] * levels_of(base, period)[-1]
    return series


def moving_window(
    levels_of: LevelsOf, periods: int, width: int, start_up: StartUp = "first_window"
) -> Floats:
    """Return FBMW, first value 1; raises `WindowMisfit`."""
    series = _started(levels_of, periods, width, start_up)
    for period in range(width, periods):
        first, base = period - width + 1, _base(period, width)
        levels = levels_of(first, period)
        series[period] = series[base] * levels[-1] / levels[base - first]
    return series


def _base(period: int, width: int) -> int:
    """Return the last base month before a period."""
    return (period - 1) // (width - 1) * (width - 1)


def _started(levels_of: LevelsOf, periods: int, width: int, start_up: StartUp) -> Floats:
    """Return the series with its first window filled in: as one index, or month by month."""
    check_window(periods, width)
    series = np.ones(periods)
    if start_up == "first_window":
        series[:width] = levels_of(0, width - 1)
        return series
    for period in range(1, width):
        series[period] = levels_of(0, period)[-1]
    return series
