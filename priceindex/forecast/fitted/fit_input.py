"""What one fit takes in: one series with its season, how far ahead, and outside regressors."""

from dataclasses import dataclass

import numpy as np

from priceindex.forecast.fitted.dropped import DropReason, FitDropped
from priceindex.forecast.panel import Floats

LEAST_VALUES = 12
"""Values below which no model is fitted: a damped trend alone has five parameters."""
LEAST_SEASONS = 3
"""Whole seasons needed before a seasonal part is fitted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegressorWindow:
    """Outside regressors of one series over its periods and the steps ahead."""

    names: tuple[str, ...]
    history: Floats
    """(T, k), aligned with the values; NaN before a regressor's first value."""
    future: Floats
    """(h, k)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitInput:
    """One series to fit."""

    values: Floats
    """(T,) positive; NaN before the first value and, for models that take them, in gaps."""
    season: int
    """Periods a year; 1 where no season is looked for."""
    horizon: int
    regressors: RegressorWindow | None = None

    @property
    def since_first(self) -> Floats:
        """The values from the first one known on."""
        known = np.flatnonzero(~np.isnan(self.values))
        return self.values[known[0] :] if len(known) else self.values[:0]

    def usable(self, *, gaps: bool) -> Floats:
        """The values from the first on, if a model can be fitted to them; raises `FitDropped`."""
        values = self.since_first
        known = values[~np.isnan(values)]
        if len(known) < LEAST_VALUES:
            raise FitDropped(DropReason.TOO_SHORT, f"{len(known)} < {LEAST_VALUES}")
        if known.min() == known.max():
            raise FitDropped(DropReason.CONSTANT)
        if not gaps and len(known) < len(values):
            raise FitDropped(DropReason.GAP, str(len(values) - len(known)))
        return values

    @property
    def seasonal_length(self) -> int:
        """Periods of the season where the history holds enough of them, else 1."""
        enough = len(self.since_first) >= LEAST_SEASONS * self.season
        return self.season if self.season > 1 and enough else 1
