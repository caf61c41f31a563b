"""Series without their season, in logarithms, and the way back from what is forecast of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.forecasters.decomposition import SeasonalRatios
from priceindex.forecast.forecasters.laid_out import LaidOut
from priceindex.forecast.panel import Floats
from priceindex.portable import exp, log

_EXPONENT: Final = 700.0
"""The largest logarithm whose exponential is a float; what lies beyond it meets the guards anyway."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adjusted:
    """Seasonally adjusted series, as the models take them."""

    laid: LaidOut
    logs: Floats
    """Logarithms of the values over their seasonal factors, (T, n); after its end a series' last stands."""
    ahead: Floats
    """The seasonal factor of each step ahead, (horizon, n)."""

    @property
    def horizon(self) -> int:
        """How many steps are forecast."""
        return len(self.ahead)

    def restored(self, logs: Floats) -> Floats:
        """Forecasts with their season from forecasts (horizon, n) of the adjusted logarithms."""
        return np.asarray(exp(np.clip(logs, -_EXPONENT, _EXPONENT)) * self.ahead)


def adjusted(
    laid: LaidOut,
    ratios: SeasonalRatios | None,
    horizon: int,
    factors_of: Callable[[SeasonalRatios], Floats],
) -> Adjusted:
    """The series without the season that `factors_of` makes of its ratios; as they are without a season."""
    if ratios is None:
        ahead = np.ones((horizon, len(laid.lengths)))
        return Adjusted(laid=laid, logs=log(laid.values), ahead=ahead)
    factors = factors_of(ratios)
    every = np.arange(len(laid.lengths))
    place = np.minimum(np.arange(len(laid.values))[:, None], np.maximum(laid.lengths - 1, 0))
    steps = np.arange(horizon)[:, None] + laid.lengths
    return Adjusted(
        laid=laid,
        logs=log(laid.values / factors[place % laid.season, every]),
        ahead=factors[steps % laid.season, every],
    )
