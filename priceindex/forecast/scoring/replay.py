"""What the gate would have published at each past origin, knowing nothing of what came later.

At an origin only targets that had already ended count for its verdict. The gate's own record is this replay,
not the record of the model that turned out best.
"""

from collections.abc import Iterator

import numpy as np

from priceindex.forecast.method import GateRule
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.gate import judge_by
from priceindex.forecast.scoring.origin_errors import OriginErrors, origin_errors
from priceindex.forecast.scoring.rolling_origin import NAIVE, Backtest
from priceindex.formulas.relatives import Places


def through_gate(tested: Backtest, groups: Places, rule: GateRule) -> Floats:
    """The forecasts (o, n, h) the gate would have published, origin by origin; naive for a dropped fit."""
    naive = tested.of(NAIVE)
    found = np.empty(tested.actuals.shape)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        errors = origin_errors(tested, members)
        for place, ahead, model in _choices(errors, tested, rule):
            found[place, members, ahead] = tested.forecasts[model, place, members, ahead]
    return np.where(np.isfinite(found), found, naive)


def _choices(errors: OriginErrors, tested: Backtest, rule: GateRule) -> Iterator[tuple[int, int, int]]:
    """Place of the origin, 0-based horizon, place of the model chosen there."""
    for place, column in enumerate(tested.origins.tolist()):
        for verdict in judge_by(errors, tested.origins, column, rule):
            yield place, verdict.horizon - 1, tested.models.index(verdict.model)
