"""From forecasts of every node by itself to forecasts that agree through the tree."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import Hierarchy
from priceindex.forecast.reconciliation.min_trace import reconcile
from priceindex.forecast.reconciliation.missing_nodes import filled, without
from priceindex.forecast.reconciliation.moves import IndexForm, moves, values_of
from priceindex.forecast.reconciliation.structural import reconcile_by_structure

LARGEST_FULL: Final = 2_000
"""Nodes up to which the whole covariance is held: 32 MB, and a second or two of one core."""

LEAST_ORIGINS: Final = 4
"""Origins since the last link below which the tree is reconciled by structure.

On 33 Pink Sheet series, 152 origins, MAE relative to naive at 1 month, geometric; arithmetic: bottom 1.001;
1.002 by MinT on the errors of the last 4 origins, 1.011; 1.011 on those of 1, 1.014; 1.012 by structure.
From 4 on MinT is the better at the bottom to 6 months, and the composite's figures are within 0.005.
"""


def mixed_base(naive: Floats, better: Floats, upper: NDArray[np.bool_]) -> Floats:
    """Base forecasts (n, h): `better` for the upper nodes (n,), naive for all others and where it is NaN.

    Better models at the bottom made the bottom worse after MinT, naive there did not (33 Pink Sheet series:
    scripts/bench/forecast_parts/reconciliation.py).
    """
    return np.where(upper[:, None] & ~np.isnan(better), better, naive)


def reconcile_tree(
    tree: Hierarchy, base: Floats, origin: Floats, residuals: Floats, form: IndexForm
) -> Floats:
    """Coherent forecasts (n, h) in index points, from any (n, h), values at the origin (n,) and past errors.

    `residuals` (n, o) are one-step errors of the same base in the space of `moves`, actual less forecast,
    since the last link (`moves.since_link`); with fewer than `LEAST_ORIGINS` columns they tell too little,
    and the tree is reconciled by structure. Nodes without a base forecast, or without a value at the
    origin, are left out of the reconciliation and then filled (`missing_nodes.filled`); they stay NaN where
    they have no value at the origin. Trees above `LARGEST_FULL` nodes are reconciled by structure. Where a
    reconciled relative would not be positive at a step, the sums of the bottom's own forecasts stand there.
    """
    known = (np.isfinite(base) & (base > 0.0)).all(axis=1) & (np.isfinite(origin) & (origin > 0.0))
    smaller, places = without(tree, known)
    given = moves(base[places], origin[places], form)
    if len(places) > LARGEST_FULL or residuals.shape[1] < LEAST_ORIGINS:
        agreed = reconcile_by_structure(given, smaller)
    else:
        agreed = reconcile(given, smaller.summing, residuals[places])
    if form == "arithmetic":
        agreed = np.where((agreed > -1.0).all(axis=0), agreed, smaller.upward(given))
    whole = np.full(base.shape, np.nan)
    whole[places] = agreed
    return values_of(filled(tree, whole), origin, form)
