"""What an indicator says: a score for every period, the numbers behind it, and why there is none.

A score at period t is computed from what was known at t alone. Where a rule of the indicator is not met the
score is NaN and `withheld` names the reason; nothing is guessed in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecast_errors import IndicatorMisshapen

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Reason: TypeAlias = Literal["missing", "too_short", "too_sparse", "no_spread", "too_few", "too_small"]
"""missing: no value now or then; too_short: not enough past; too_sparse: too many gaps in it; no_spread: the
past never varied, so nothing can be measured in it; too_few: too few sources, markets or quotes now;
too_small: a movement too small to be shared out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Indication:
    """Scores of n subjects in T periods (or of one, (T,)), higher is worse, with their evidence."""

    score: Floats
    """NaN where the indicator is not eligible."""
    evidence: Mapping[str, Floats] = field(default_factory=dict)
    """Named numbers of the same shape as the score, to be shown beside it."""
    withheld: Mapping[Reason, Mask] = field(default_factory=dict)
    """Where a reason stands against a score; of the same shape."""

    def why(self, *place: int) -> tuple[Reason, ...]:
        """The reasons that there is no score at one place, in the order in which they were looked at.

        >>> none = Indication(score=np.array([np.nan]), withheld={"missing": np.array([True])})
        >>> none.why(0)
        ('missing',)
        """
        return tuple(reason for reason, mask in self.withheld.items() if bool(mask[place]))


def indication(score: Floats, evidence: Mapping[str, Floats], withheld: Mapping[Reason, Mask]) -> Indication:
    """An indication whose score is NaN wherever a reason stands against it.

    >>> indication(np.array([1.0]), {}, {"missing": np.array([True])}).score.tolist()
    [nan]
    """
    against = np.zeros(score.shape, dtype=np.bool_)
    for mask in withheld.values():
        against |= mask
    return Indication(score=np.where(against, np.nan, score), evidence=evidence, withheld=withheld)


def same_periods(indicator: str, *arrays: Floats | Places | Mask) -> None:
    """Raise `IndicatorMisshapen` unless all arrays have the same number of periods (the last axis)."""
    if len({array.shape[-1:] for array in arrays}) != 1 or min(array.ndim for array in arrays) == 0:
        raise IndicatorMisshapen(
            indicator=indicator, shapes=", ".join("x".join(map(str, array.shape)) for array in arrays)
        )
