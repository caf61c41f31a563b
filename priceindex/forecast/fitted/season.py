"""Taking the season out before a fit and putting it back after, as the vectorised engine does it."""

from dataclasses import dataclass

from priceindex.forecast.forecasters.adjusted import adjusted
from priceindex.forecast.forecasters.decomposition import fixed_factors, seasonal_ratios
from priceindex.forecast.forecasters.laid_out import lay_out
from priceindex.forecast.panel import Floats, SeriesPanel


@dataclass(frozen=True, slots=True, eq=False)
class Seasonless:
    """A series without its season, and the factors of the steps ahead."""

    logs: Floats
    """(T,): logarithms of the values divided by their factors."""
    ahead: Floats
    """(h,): factors to multiply forecasts by; ones where no season was found."""


def without_season(values: Floats, season: int, horizon: int) -> Seasonless:
    """Divide by the factors of classical decomposition where the 90 % test of M4 finds a season.

    `values` (T,) without gaps. Fitting the adjusted series rather than a seasonal model follows the Theta
    and Comb benchmarks of M4 (Makridakis, Spiliotis & Assimakopoulos 2020, Int. J. Forecasting 36).
    """
    laid = lay_out(SeriesPanel(values=values[None, :], season=season))
    found = adjusted(laid, seasonal_ratios(laid), horizon, fixed_factors)
    return Seasonless(found.logs[:, 0], found.ahead[:, 0])
