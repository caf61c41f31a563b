r"""How restless a series is, in its own history and in how its forecasts went: two factors of its interval.

What a short or sticky series says of itself is pulled toward its group by credibility (Bühlmann 1967,
"Experience rating and credibility", ASTIN Bulletin 4): with n of its own observations and weight k for the
group, the series' own mean gets n/(n+k). So a series that never changed has the group's scale, and needs no
case of its own. Evidence for k = 26 changes and 12 origins: real herbs weekly keep their coverage with
intervals less than half as wide as with zeros replaced only; M3 monthly loses nothing.
"""

from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.formulas.relatives import Places

CHANGES_OF_GROUP: Final = 26
"""Changes of its own after which a series' scale counts as much as its group's."""
ORIGINS_OF_GROUP: Final = 12
"""Origins of its own after which a series' scores count as much as its group's."""
_LEAST_RELATIVE: Final = 1e-6
"""Where nothing anywhere ever changed, a change is a millionth of the level."""


def credible_scales(panel: SeriesPanel, columns: Places, groups: Places) -> Floats:
    """Mean absolute change of each series as known at each of `columns`, in its own units, (c, n).

    As a share of its level a series is pulled toward its group and a group toward all. NaN before a series'
    first value.
    """
    changes = np.abs(np.diff(panel.values, axis=1))
    known = np.isfinite(changes)
    totals = np.pad(np.cumsum(np.where(known, changes, 0.0), axis=1), ((0, 0), (1, 0)))
    counts = np.pad(np.cumsum(known, axis=1), ((0, 0), (1, 0)))
    found = np.empty((len(columns), len(groups)))
    for place, column in enumerate(columns.tolist()):
        level = panel.values[:, column]
        found[place] = _pulled(totals[:, column] / level, counts[:, column], groups) * level
    return found


def own_factors(scores: Floats, groups: Places, exponent: float) -> Floats:
    """How much wider than its group's a series' scores were, (n,), to the `exponent`.

    `scores` (o, n, h) with NaN where unknown. Each horizon's scores are taken relative to the group's mean;
    a series without any has 1. The exponent of a half keeps half of what a series says (in logs).
    """
    found = np.ones(scores.shape[1])
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        found[rows] = _factors(scores[:, rows])
    return np.asarray(found**exponent)


def _factors(scores: Floats) -> Floats:
    """The factors of one group's series."""
    known = np.isfinite(scores)
    filled = np.where(known, scores, 0.0)
    count = known.sum(axis=(0, 1))
    usual = filled.sum(axis=(0, 1)) / np.maximum(count, 1)
    used = known & (usual > 0.0)
    relative = np.where(used, filled / np.where(usual > 0.0, usual, 1.0), 0.0)
    own = relative.sum(axis=(0, 2)) / np.maximum(used.sum(axis=(0, 2)), 1)
    origins = used.any(axis=2).sum(axis=0)
    return np.asarray((origins * own + ORIGINS_OF_GROUP) / (origins + ORIGINS_OF_GROUP))


def _pulled(totals: Floats, counts: Places, groups: Places) -> Floats:
    """Mean relative change of each series, pulled toward that of its group, itself pulled toward all."""
    found = np.empty(len(groups))
    sums = np.where(np.isfinite(totals), totals, 0.0)
    overall = max(sums.sum() / max(int(counts.sum()), 1), _LEAST_RELATIVE)
    for group in np.unique(groups):
        rows = groups == group
        of_group = _credible(sums[rows].sum(), counts[rows].sum(), overall)
        found[rows] = _credible(totals[rows], counts[rows], of_group)
    return found


def _credible(total: Floats, count: Places, usual: Floats) -> Floats:
    """A mean of `count` changes that add up to `total`, pulled toward the `usual` one."""
    return (total + CHANGES_OF_GROUP * usual) / (count + CHANGES_OF_GROUP)
