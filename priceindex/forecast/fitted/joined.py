"""Fast and fitted models behind one face, as rolling origins ask for them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from priceindex.forecast.fitted.dropped import DropReason, counted
from priceindex.forecast.fitted.fit_input import RegressorWindow
from priceindex.forecast.fitted.models import FITTED
from priceindex.forecast.fitted.regressors import RegressorTable
from priceindex.forecast.fitted.workers import FittedPool
from priceindex.forecast.forecast_errors import RegressorIncomplete
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.formulas.relatives import Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridRegressors:
    """Outside regressors for a panel and all its past origins."""

    table: RegressorTable
    days: Places
    """(T + h,): last days of the panel's periods, from its first column on, and of the steps ahead."""

    def at(self, periods: int, horizon: int) -> RegressorWindow | None:
        """What was known when the panel had so many columns; None where it did not reach so far."""
        ends, ahead = self.days[:periods], self.days[periods : periods + horizon]
        try:
            return self.table.window(ends, ahead, int(ends[-1]))
        except RegressorIncomplete:
            return None


@dataclass(slots=True, kw_only=True, eq=False)
class Joined:
    """A forecaster (`scoring.rolling_origin.Forecaster`) of every model there is, by name.

    Fast models come from the vectorised engine, fitted ones from the pool; a dropped fit is a row of NaN and
    is counted in `dropped`.
    """

    pool: FittedPool
    regressors: GridRegressors | None = None
    dropped: Counter[tuple[str, DropReason]] = field(default_factory=Counter)
    """Fits dropped since the beginning, by model and reason."""

    def __call__(self, panel: SeriesPanel, horizon: int, models: Sequence[str]) -> dict[str, Floats]:
        """Forecasts (n, horizon) by model."""
        fitted = [name for name in models if name in FITTED]
        found = forecast(panel, horizon, [name for name in models if name not in FITTED])
        if fitted:
            periods = panel.values.shape[1]
            window = None if self.regressors is None else self.regressors.at(periods, horizon)
            run = self.pool.fit_many(panel.values, panel.season, horizon, fitted, window)
            self.dropped.update(counted(run.dropped))
            found |= run.forecasts
        return {name: np.asarray(found[name]) for name in models}
