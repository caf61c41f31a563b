"""The index over any window of a longer panel: what splices and fixed-base extensions are made from.

For GEKS all windows come out of one matrix of links; Geary-Khamis and the time product dummy are computed
again over each.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import LinkWeights
from priceindex.multilateral.geks import geks_levels
from priceindex.multilateral.multilateral_errors import WindowMisfit
from priceindex.multilateral.pairwise import Links
from priceindex.multilateral.series import MultilateralIndex

LevelsOf: TypeAlias = Callable[[int, int], Floats]
"""Levels of the periods first..last, both in, counted from 0; the first level is 1."""


def of_links(links: Links, weights: LinkWeights = "equal") -> LevelsOf:
    """Return GEKS over any window of the periods that `links` compares."""
    return lambda first, last: geks_levels(links.window(first, last), weights)


def of_panel(panel: CodedPanel, method: Callable[[CodedPanel], MultilateralIndex]) -> LevelsOf:
    """Return `method` over any window of `panel`."""
    return lambda first, last: method(panel.window(first, last)).levels


def rolling(levels_of: LevelsOf, periods: int, width: int) -> Floats:
    """Return the levels of each window of `width` periods: (periods - width + 1, width).

    Raises `WindowMisfit`.
    """
    check_window(periods, width)
    return np.array([levels_of(first, first + width - 1) for first in range(periods - width + 1)])


def check_window(periods: int, width: int) -> None:
    """Raise `WindowMisfit` unless a window of `width` fits into `periods`."""
    if not 2 <= width <= periods:
        raise WindowMisfit(width=width, periods=periods)
