"""Chain drift: what chaining month by month gives over a year, beside comparing its ends directly.

Without drift the two agree. The GEKS of the same months, which cannot drift, stands beside them
(CPI Manual 2020, chapter 10; Ivancic, Diewert and Fox 2011).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from priceindex.multilateral.geks import geks_levels
from priceindex.multilateral.pairwise import Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One year's movement three ways; 1 is no change."""

    base: int
    """The month compared with, months since January 1970."""
    month: int
    chained: float
    direct: float
    geks: float

    @property
    def drift(self) -> float:
        """Chained over direct, less one: 0 without drift."""
        return self.chained / self.direct - 1.0


def drifts(links: Links, months: Sequence[int], span: int) -> list[Drift]:
    """Return the drift of every month whose base month `span` earlier was traded too.

    The chain links the months there are; pairs that nothing matches are left out.
    """
    place = {month: at for at, month in enumerate(months)}
    found = []
    for month, last in place.items():
        first = place.get(month - span)
        if first is None:
            continue
        steps = np.diagonal(links.log, 1)[first:last]
        if np.isnan(steps).any() or np.isnan(links.log[first, last]):
            continue
        found.append(
            Drift(
                base=month - span,
                month=month,
                chained=float(np.exp(steps.sum())),
                direct=links.bilateral(first, last),
                geks=float(geks_levels(links.window(first, last))[-1]),
            )
        )
    return found
