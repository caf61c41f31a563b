"""What would have been forecast at earlier origins, and what came: the evidence every choice is made on.

Rolling-origin evaluation (Tashman 2000, "Out-of-sample tests of forecasting accuracy", Int. J. Forecasting
16): at each origin the forecaster sees the panel up to that column and nothing after. One call an
origin, over all series at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.formulas.relatives import Places

Forecaster: TypeAlias = Callable[[SeriesPanel, int, Sequence[str]], dict[str, Floats]]
LEAST_HISTORY: Final = 3
"""Values a series needs at an origin to take part there."""
NAIVE: Final = "naive"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backtest:
    """Forecasts of m models at o origins for n series to h periods ahead, beside what came.

    Origins stand in time order, `step` columns apart.
    """

    models: tuple[str, ...]
    forecasts: Floats
    """(m, o, n, h); NaN where the series was too short at the origin."""
    actuals: Floats
    """(o, n, h); NaN where the target lies beyond the panel or before the series."""
    last: Floats
    """(o, n): the value at the origin."""
    origins: Places
    """(o,): the column of each origin in the panel."""
    step: int = 1
    """Columns from one origin to the next."""

    @property
    def horizon(self) -> int:
        """Periods ahead."""
        return int(self.actuals.shape[2])

    def of(self, model: str) -> Floats:
        """The forecasts of one model, (o, n, h)."""
        return np.asarray(self.forecasts[self.models.index(model)])

    def of_models(self, names: Sequence[str]) -> "Backtest":
        """The record of some of the models, in the order asked for."""
        places = [self.models.index(name) for name in names]
        return replace(self, models=tuple(names), forecasts=self.forecasts[places])


def origins_for(ended: int, horizon: int, step: int = 1) -> int:
    """How many origins to ask `backtest` for so that `ended` of them have ended at every horizon.

    >>> origins_for(26, 12)
    37
    """
    return ended + -(-(horizon - 1) // step)


def backtest(
    panel: SeriesPanel,
    horizon: int,
    origins: int,
    models: Sequence[str],
    *,
    step: int = 1,
    forecaster: Forecaster = forecast,
) -> Backtest:
    """Forecast from the last `origins` columns that have a next one, `step` apart.

    The last origins have not ended at the longer horizons: `origins_for` tells how many to ask for. Origins
    before the third column of the panel do not exist and are left out; with none left the arrays are empty.
    """
    last = panel.values.shape[1] - 2
    columns = np.arange(last, LEAST_HISTORY - 2, -step, dtype=np.int64)[:origins][::-1]
    width = panel.values.shape[1]
    targets = columns[:, None] + 1 + np.arange(horizon)
    ahead = panel.values[:, np.minimum(targets, width - 1)]
    actuals = np.where(targets[:, None, :] < width, ahead.transpose(1, 0, 2), np.nan)
    forecasts = np.full((len(models), len(columns), len(panel.values), horizon), np.nan)
    for place, column in enumerate(columns):
        then = panel.back(width - 1 - int(column))  # the forecaster is never handed a later column
        able = then.lengths >= LEAST_HISTORY
        if not able.any():
            continue
        made = forecaster(then.rows(able), horizon, models)
        for model, name in enumerate(models):
            forecasts[model, place, able] = made[name]
    return Backtest(
        models=tuple(models),
        forecasts=forecasts,
        actuals=actuals,
        last=panel.values[:, columns].T,
        origins=columns,
        step=step,
    )
