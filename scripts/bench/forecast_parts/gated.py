"""A backtest of every model of the method's text, with what the gate would have published as one more."""

from dataclasses import replace
from typing import Final

import numpy as np

from priceindex.forecast.forecasters.forecaster import BASELINES
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import SeriesPanel
from priceindex.forecast.scoring.block_bootstrap import SkillInterval, block_length, relative_mae_interval
from priceindex.forecast.scoring.combining import WEIGHTED, with_weighted
from priceindex.forecast.scoring.origin_errors import OriginErrors, origin_errors
from priceindex.forecast.scoring.replay import through_gate
from priceindex.forecast.scoring.rolling_origin import NAIVE, Backtest, backtest
from priceindex.formulas.relatives import Places

GATED: Final = "gated"
EXTRA: Final = ("combination", "damped")
"""Models shown beside those the gate may choose from."""
_SEED: Final = 20_260_101


def all_origins(panel: SeriesPanel, horizon: int, groups: Places) -> Backtest:
    """Every origin the panel has, every model; `gated`, the product's candidates judged by group, is last.

    The fitted models the product also tries for composite and classes are not among them.
    """
    rules = forecast_method().text
    named = (*BASELINES, *rules.models.tried, *rules.models.weighted, *EXTRA)
    single = tuple(dict.fromkeys(name for name in named if name != WEIGHTED))
    tested = backtest(panel, horizon, panel.values.shape[1], single)
    tested = with_weighted(tested, groups, rules.models.weighted, rules.weights)
    passed = through_gate(tested.of_models((NAIVE, *rules.models.tried, WEIGHTED)), groups, rules.gate)
    return replace(
        tested, models=(*tested.models, GATED), forecasts=np.concatenate([tested.forecasts, passed[None]])
    )


def errors_of(tested: Backtest) -> OriginErrors:
    """The errors of all series."""
    return origin_errors(tested, np.arange(tested.last.shape[1]))


def skill(errors: OriginErrors, model: str) -> SkillInterval:
    """Mean over the horizons of the relative MAE, with its interval over blocks of origins."""
    origins, horizon = errors.counts.shape
    block = block_length(origins, horizon)
    return relative_mae_interval(
        errors.totals(model), errors.totals(NAIVE), block, np.random.default_rng(_SEED)
    )


def each_horizon(errors: OriginErrors, model: str) -> str:
    """Its relative MAE at each horizon, in words."""
    ours, naive = np.nansum(errors.totals(model), axis=0), np.nansum(errors.totals(NAIVE), axis=0)
    return " ".join(f"{ratio:.3f}" for ratio in ours / naive)
