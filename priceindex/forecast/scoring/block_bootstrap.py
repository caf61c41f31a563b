"""How far a skill figure could have come out otherwise: origins are drawn anew in blocks.

Errors of neighbouring origins share part of their targets, so single origins drawn at random would make the
interval too narrow; blocks of consecutive origins keep the dependence. Blocks wrap round from the last origin
to the first, so that every origin is drawn equally often: the circular block bootstrap of Politis and Romano
(1992), "A circular block-resampling procedure for stationary data"; moving blocks: Künsch (1989), Annals of
Statistics 17. Whole cross-sections are drawn: series of one origin stay together.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.measures import mean_known
from priceindex.formulas.relatives import Places

DRAWS: Final = 2_000
LEVEL: Final = 0.90
"""Share of the draws an interval holds: 5 % lie beyond each end, as in the gate's one-sided test at 10 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillInterval:
    """A figure with the percentile interval of its draws; NaN where there is nothing to draw from."""

    figure: float
    low: float
    high: float
    origins: int


def block_length(origins: int, overlap: int) -> int:
    """The block for errors that overlap over `overlap` origins: at least that, at least n^(1/3).

    The cube root is the rate of Hall, Horowitz and Jing (1995), Biometrika 82. At most half the origins.

    >>> block_length(29, 1), block_length(29, 8), block_length(10, 8)
    (4, 8, 5)
    """
    least = math.ceil(math.cbrt(origins) - 1e-9)
    return max(1, min(max(overlap, least), origins // 2))


def drawn_origins(origins: int, block: int, draws: int, generator: Generator) -> Places:
    """Places of origins, (draws, origins): circular blocks one after another, the last cut to length."""
    starts = generator.integers(0, origins, size=(draws, -(-origins // block)))
    places = (starts[:, :, None] + np.arange(block)) % origins
    return np.asarray(places.reshape(draws, -1)[:, :origins], dtype=np.int64)


def relative_mae_interval(
    errors: Floats, naive: Floats, block: int, generator: Generator, draws: int = DRAWS, level: float = LEVEL
) -> SkillInterval:
    """The relative MAE and its interval, from total absolute errors per origin, (o,) or (o, h).

    With more than one horizon the figure is the mean of their relative MAEs. An origin counts at a horizon
    where both errors are known; a draw without any error of naive at a horizon leaves that horizon out.

    >>> errors, naive = np.array([1.0, 2.0, 1.0, 2.0]), np.array([2.0, 4.0, 2.0, 4.0])
    >>> relative_mae_interval(errors, naive, 1, np.random.default_rng(1)).high
    0.5
    """
    if not len(errors):
        return SkillInterval(figure=math.nan, low=math.nan, high=math.nan, origins=0)
    both = np.isfinite(errors) & np.isfinite(naive)
    above = np.where(both, errors, 0.0).reshape(len(errors), -1)
    below = np.where(both, naive, 0.0).reshape(len(errors), -1)
    used = np.flatnonzero(both.reshape(len(errors), -1).any(axis=1))
    if len(used) < 2:
        return SkillInterval(figure=math.nan, low=math.nan, high=math.nan, origins=len(used))
    places = drawn_origins(len(used), block, draws, generator)
    drawn = _mean_ratio(above[used][places].sum(axis=1), below[used][places].sum(axis=1))
    low, high = _middle(drawn, level)
    figure = float(_mean_ratio(above.sum(axis=0)[None], below.sum(axis=0)[None])[0])
    return SkillInterval(figure=figure, low=low, high=high, origins=len(used))


def brier_skill_interval(
    scores: Floats,
    climatology: Floats,
    block: int,
    generator: Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> SkillInterval:
    """The Brier skill 1 - score / climatology's and its interval, from total scores per origin, (o,)."""
    ratio = relative_mae_interval(scores, climatology, block, generator, draws, level)
    return SkillInterval(
        figure=1.0 - ratio.figure, low=1.0 - ratio.high, high=1.0 - ratio.low, origins=ratio.origins
    )


def _middle(drawn: Floats, level: float) -> tuple[float, float]:
    """The ends of the middle `level` of the draws; NaN where no draw gave a figure."""
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return math.nan, math.nan
    low, high = np.quantile(known, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def _mean_ratio(above: Floats, below: Floats) -> Floats:
    """Mean over horizons of the ratio, (draws,)."""
    return mean_known(above / np.where(below > 0.0, below, np.nan), axis=1)
