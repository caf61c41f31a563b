"""All models of the engine for all series at once: laid out, forecast and guarded, some hundred at a time.

Everything is arithmetic on float64 arrays in a fixed order: the same panel gives the same floats, whatever
the chunk, the order of the series or the NaN before their start.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from priceindex.forecast.forecast_errors import ForecasterUnknown
from priceindex.forecast.forecasters import baselines
from priceindex.forecast.forecasters.adjusted import Adjusted, adjusted
from priceindex.forecast.forecasters.damped_trend import damped_trend
from priceindex.forecast.forecasters.decomposition import fixed_factors, moving_factors, seasonal_ratios
from priceindex.forecast.forecasters.guards import bounds, guarded
from priceindex.forecast.forecasters.laid_out import LaidOut, lay_out
from priceindex.forecast.forecasters.level_smoothing import ses
from priceindex.forecast.forecasters.optimised_theta import optimised_theta
from priceindex.forecast.forecasters.theta import theta
from priceindex.forecast.panel import Floats, SeriesPanel

BASELINES: Final[tuple[str, ...]] = ("naive", "seasonal_naive", "drift")
"""What everything else is held against; published with every forecast."""
FAST: Final[tuple[str, ...]] = (*BASELINES, "ses", "theta", "damped", "combination")
"""The models of full speed."""
MODELS: Final[tuple[str, ...]] = (*FAST, "optimised_theta", "wide_combination")
"""Every model of the engine."""
CHUNK: Final = 500
"""Series worked on at once: what the grids need for so many stays in the processor's second cache."""

_BASELINES: Final[dict[str, Callable[[LaidOut, int], Floats]]] = {
    "naive": baselines.naive,
    "seasonal_naive": baselines.seasonal_naive,
    "drift": baselines.drift,
}
_OF_ADJUSTED: Final[dict[str, Callable[[Adjusted], Floats]]] = {
    "ses": ses,
    "theta": theta,
    "damped": damped_trend,
    "optimised_theta": optimised_theta,
}
_COMBINED: Final = ("theta", "damped")
"""Their mean in logarithms is nearer than either on the months of M3."""
_WIDE: Final = ("theta", "damped", "optimised_theta")
"""Their mean in logarithms, with a season that may move.

Held against what else was tried on the last 18 months of the training parts of M3 (the shared half): OWA
0.868, `combination` 0.874, the third member alone 0.892; on the last 24 of Tourism's, against seasonal
naive, 0.947, 0.988 and 1.007. What the competitions hold back was in sight while choosing: see
docs/methodology-forecast.md.
"""


def forecast(
    panel: SeriesPanel, horizon: int, models: Sequence[str] = FAST, *, chunk: int = CHUNK
) -> dict[str, Floats]:
    """Forecasts by every model asked for, each (n, horizon), in the units of the panel.

    All are positive and inside the guards of `priceindex.forecast.forecasters.guards`; a constant series
    is forecast by itself, a series without a value by NaN. Raises `ForecasterUnknown` for a name that is
    not in `MODELS`.

    >>> panel = SeriesPanel(values=np.array([[np.nan, 1.0, 2.0]]), season=1)
    >>> {name: found.tolist() for name, found in forecast(panel, 2, ("naive", "drift")).items()}
    {'naive': [[2.0, 2.0]], 'drift': [[3.0, 4.0]]}
    """
    for name in models:
        if name not in MODELS:
            raise ForecasterUnknown(name=name, known=", ".join(MODELS))
    found = {name: np.empty((len(panel.values), horizon)) for name in models}
    for first in range(0, len(panel.values), chunk):
        rows = np.arange(first, min(first + chunk, len(panel.values)))
        at_work = _Chunk(lay_out(panel.rows(rows)), horizon)
        for name, array in found.items():
            array[rows[at_work.laid.order]] = at_work.forecast(name).T
    return found


class _Chunk:
    """Some series and what models share of them: seasons, adjusted values, members of combinations."""

    def __init__(self, laid: LaidOut, horizon: int) -> None:
        self.laid = laid
        self.horizon = horizon
        self.bounds = bounds(laid)
        self.ratios = seasonal_ratios(laid)
        self._logs: dict[str, Floats] = {}

    def forecast(self, name: str) -> Floats:
        """One model's guarded forecasts, (horizon, n)."""
        found = guarded(self._unguarded(name), self.bounds)
        return np.where(self.laid.lengths > 0, found, np.nan)

    def _unguarded(self, name: str) -> Floats:
        if name in _BASELINES:
            return _BASELINES[name](self.laid, self.horizon)
        if name == "combination":
            return self.fixed.restored(_mean([self._of_fixed(each) for each in _COMBINED]))
        if name == "wide_combination":
            return self.moving.restored(_mean([_OF_ADJUSTED[each](self.moving) for each in _WIDE]))
        return self.fixed.restored(self._of_fixed(name))

    @cached_property
    def fixed(self) -> Adjusted:
        """The series without a season that stays."""
        return adjusted(self.laid, self.ratios, self.horizon, fixed_factors)

    @cached_property
    def moving(self) -> Adjusted:
        """The series without a season that may change over the years."""
        return adjusted(self.laid, self.ratios, self.horizon, moving_factors)

    def _of_fixed(self, name: str) -> Floats:
        """A model's forecasts in logarithms without the season, computed once."""
        if name not in self._logs:
            self._logs[name] = _OF_ADJUSTED[name](self.fixed)
        return self._logs[name]


def _mean(logs: Sequence[Floats]) -> Floats:
    return np.asarray(sum(logs[1:], start=logs[0]) / len(logs))
