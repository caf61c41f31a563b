r"""One forecast out of several: weights by how each did lately, pulled half-way toward equal.

Per group of series, never per series: twelve origins of a price that seldom moves say almost nothing.
Per band of horizons. Weight

.. math:: w_m \propto (1 - \lambda) \frac{1/(E_m + \varepsilon)}{\sum_k 1/(E_k + \varepsilon)} + \lambda/M

with E the pooled mean absolute error over the newest ended origins (inverse-error weights: Bates and Granger
1969, "The combination of forecasts", Operational Research Quarterly 20; shrinkage: Diebold and Pauly 1990,
"The use of prior information in forecast combination", Int. J. Forecasting 6). Forecasts are positive and are
averaged in logs; a model without a forecast for a series (a dropped fit) leaves its weight to the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from priceindex.forecast.method import WeightRule
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.bands import band_errors, bands
from priceindex.forecast.scoring.origin_errors import OriginErrors, origin_errors
from priceindex.forecast.scoring.rolling_origin import Backtest
from priceindex.formulas.relatives import Places

WEIGHTED: Final = "weighted"
"""The name under which the weighted combination stands among the models."""
_EPSILON: Final = 1e-6
"""A millionth of the level: a model without any error does not take all the weight by a division by zero."""


def weights(tested: Backtest, groups: Places, members: Sequence[str], rule: WeightRule) -> dict[int, Floats]:
    """The weights (m, h) of the models `members` for each group, from the newest ended origins.

    Rows stand in the order of `members` and add up to 1 at each horizon; equal where nothing has ended.
    """
    now = int(tested.origins[-1]) + 1 if len(tested.origins) else -1
    found = {}
    for group in np.unique(groups):
        errors = origin_errors(tested, np.flatnonzero(groups == group))
        found[int(group)] = weights_by(errors, tested.origins, now, members, rule)
    return found


def weights_by(
    errors: OriginErrors, origins: Places, column: int, members: Sequence[str], rule: WeightRule
) -> Floats:
    """The weights (m, h) of one group that were known by `column`."""
    rows = [errors.models.index(name) for name in members]
    inverse = 1.0 / (band_errors(errors, origins, column, rule.origins)[rows] + _EPSILON)
    shrunk = float(rule.toward_equal)
    shares = (1.0 - shrunk) * inverse / inverse.sum(axis=0) + shrunk / len(rows)
    return np.asarray(shares[:, bands(errors.counts.shape[1])])


def combine(
    made: Mapping[str, Floats], members: Sequence[str], by_group: Mapping[int, Floats], groups: Places
) -> Floats:
    """The weighted geometric mean (n, h) of the forecasts (n, h) of `members`."""
    stacked = np.stack([made[name] for name in members])
    found = np.empty(stacked.shape[1:])
    for group, shares in by_group.items():
        rows = groups == group
        found[rows] = _averaged(stacked[:, rows], shares)
    return found


def _averaged(stacked: Floats, shares: Floats) -> Floats:
    """Weighted geometric mean (n, h) of (m, n, h) over the models present; NaN where none is."""
    known = np.isfinite(stacked)
    present = shares[:, None, :] * known
    logs = (present * np.log(np.where(known, stacked, 1.0))).sum(axis=0)
    total = present.sum(axis=0)
    return np.where(total > 0.0, np.exp(logs / np.where(total > 0.0, total, 1.0)), np.nan)


def with_weighted(tested: Backtest, groups: Places, members: Sequence[str], rule: WeightRule) -> Backtest:
    """The backtest with the weighted combination as one more model, each origin's weights from before."""
    places = [tested.models.index(name) for name in members]
    found = np.empty(tested.actuals.shape)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        errors = origin_errors(tested, rows)
        for place, column in enumerate(tested.origins.tolist()):
            shares = weights_by(errors, tested.origins, column, members, rule)
            found[place, rows] = _averaged(tested.forecasts[places, place][:, rows], shares)
    return replace(
        tested,
        models=(*tested.models, WEIGHTED),
        forecasts=np.concatenate([tested.forecasts, found[None]]),
    )
