"""The ratio between two grades of one herb 等级比价, such as 选货 over 统货.

When a grade is no longer quoted and another takes its place, the price of the one is not a price of the
other: p̂ = p·k, with k the median of the matched price ratios of both grades over the last twelve months at
the same market. A ratio is not let to change by more than a cap from month to month, so that a single odd
month never passes a change of quality off as a change of price, nor the other way round.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.cleaning.quantiles import median
from priceindex.formulas.relatives import Floats

MONTHS: Final = 12
"""How far back matched months are looked for."""
CAP: Final = 0.05
"""The largest change of a ratio from one month to the next: 5 per cent, our assumption, told with each."""


@dataclass(frozen=True, slots=True)
class GradeRatio:
    """What the other grade costs per unit of this one's price, as of one month."""

    ratio: float
    matched: int
    """How many pairs of prices (one origin in one month each) the median is taken over."""
    capped: bool
    """Whether the cap held the ratio back."""


def grade_ratios(
    own: Floats, other: Floats, months: int = MONTHS, cap: float = CAP
) -> tuple[GradeRatio | None, ...]:
    """The ratio other/own as of each month, None where nothing has been matched within `months`.

    `own` and `other` are monthly prices (months, origins) of the two grades at one market, NaN where
    nothing was quoted. A ratio is compared with the month before; after a gap it starts anew.

    >>> own, other = np.array([[10.0], [10.0], [10.0]]), np.array([[15.0], [15.0], [30.0]])
    >>> [(round(each.ratio, 4), each.capped) for each in grade_ratios(own, other, months=1) if each]
    [(1.5, False), (1.5, False), (1.575, True)]
    """
    pairs = other / own
    found: list[GradeRatio | None] = []
    before: GradeRatio | None = None
    for month in range(len(pairs)):
        before = _as_of(pairs[max(0, month - months + 1) : month + 1], before, cap)
        found.append(before)
    return tuple(found)


def _as_of(window: Floats, before: GradeRatio | None, cap: float) -> GradeRatio | None:
    """The median of a window of pairs, held to within the cap of the ratio before."""
    matched = int(np.isfinite(window).sum())
    if not matched:
        return None
    middle = median(window.reshape(-1))
    if before is None:
        return GradeRatio(middle, matched, capped=False)
    held = min(max(middle, before.ratio / (1.0 + cap)), before.ratio * (1.0 + cap))
    return GradeRatio(held, matched, capped=held != middle)
