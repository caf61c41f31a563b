"""Whether a model may be published instead of naive: only on shown skill, judged on origins that have ended.

The rule is deliberately slow. Single herb prices are step functions on which most models lose to "the same as
now"; what the gate lets through should stay better, and what it holds back is published as naive, with the
words that no skill was shown.

Of several candidates the one with the least error over a band of horizons is picked, and it alone is tested
at each step. The best of all at every step would pass too often: on simulated random walks, which nothing can
forecast, 13 % of the steps of single series at p < 0.10 with four candidates; picked by band 10 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from priceindex.forecast.method import GateRule
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.bands import band_errors, bands
from priceindex.forecast.scoring.diebold_mariano import diebold_mariano
from priceindex.forecast.scoring.origin_errors import OriginErrors, origin_errors
from priceindex.forecast.scoring.rolling_origin import NAIVE, Backtest
from priceindex.formulas.relatives import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate says of one group of series at one horizon."""

    model: str
    """What is to be published; `naive` where nothing passed."""
    horizon: int
    """Periods ahead, from 1."""
    tried: str
    """The model the figures are of: the best of its band, whether it passed or not; "" if too short."""
    relative_mae: float
    """Pooled mean absolute error of `tried` over naive's; NaN where too short."""
    p_value: float
    """Of the one-sided Diebold–Mariano test of `tried` against naive; NaN where too short."""
    origins: int
    """Ended origins looked at."""
    series: int
    errors: int
    """Errors pooled: series times origins, less the unknown."""
    shown: bool
    """Whether skill was shown."""
    too_short: bool
    """Whether too few origins have ended to judge: a handful of overlapping errors says nothing."""


def judge(tested: Backtest, groups: Places, rule: GateRule) -> dict[int, tuple[Verdict, ...]]:
    """The verdict for each group and horizon 1..h, from the newest origins that have ended.

    `groups` (n,) puts each series into a pool; `tested` must hold naive among its models.
    """
    now = int(tested.origins[-1]) + 1 if len(tested.origins) else -1
    found = {}
    for group in np.unique(groups):
        errors = origin_errors(tested, np.flatnonzero(groups == group))
        found[int(group)] = judge_by(errors, tested.origins, now, rule)
    return found


def judge_by(errors: OriginErrors, origins: Places, column: int, rule: GateRule) -> tuple[Verdict, ...]:
    """The verdicts of one group as they stood when `column` was the last known."""
    candidates = [place for place, name in enumerate(errors.models) if name != NAIVE]
    in_band = band_errors(errors, origins, column, rule.origins)[candidates]
    best = [candidates[place] for place in in_band.argmin(axis=0)] if candidates else []
    found = []
    for ahead, band in enumerate(bands(errors.counts.shape[1])):
        ended = errors.ended(column, origins, ahead, rule.origins)
        found.append(_verdict(errors, best[band] if best else None, ended, ahead, rule))
    return tuple(found)


def _verdict(
    errors: OriginErrors, candidate: int | None, ended: Places, ahead: int, rule: GateRule
) -> Verdict:
    """The verdict at 0-based horizon `ahead`, on the origins at the places `ended`."""
    too_short = len(ended) < rule.least_origins
    tried = candidate is not None and not too_short
    relative, p_value = (
        _against_naive(errors, candidate or 0, ended, ahead) if tried else (math.nan, math.nan)
    )
    shown = relative < float(rule.relative_mae_under) and p_value < float(rule.p_under)
    name = errors.models[candidate or 0] if tried else ""
    return Verdict(
        model=name if shown else NAIVE,
        horizon=ahead + 1,
        tried=name,
        relative_mae=relative,
        p_value=p_value,
        origins=len(ended),
        series=errors.series,
        errors=int(errors.counts[ended, ahead].sum()),
        shown=shown,
        too_short=too_short,
    )


def _against_naive(errors: OriginErrors, candidate: int, ended: Places, ahead: int) -> tuple[float, float]:
    """Pooled relative MAE and p-value of one model; a naive without any error cannot be beaten."""
    pooled = errors.pooled(ended, ahead)
    naive = float(pooled[errors.models.index(NAIVE)])
    differential = (errors.means[candidate] - errors.naive)[ended, ahead]
    relative = float(pooled[candidate]) / naive if naive > 0.0 else math.inf
    return relative, diebold_mariano(differential, ahead // errors.step + 1).p_value


def published(
    verdicts: Mapping[int, tuple[Verdict, ...]], groups: Places, made: Mapping[str, Floats]
) -> Floats:
    """The forecasts (n, h) that the verdicts let through, out of every model's (n, h) in `made`."""
    found = np.array(made[NAIVE])
    for group, lines in verdicts.items():
        members = groups == group
        for ahead, verdict in enumerate(lines):
            found[members, ahead] = made[verdict.model][members, ahead]
    return found
