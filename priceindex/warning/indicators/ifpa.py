"""IFPA, the indicator of food price anomalies: growth that is abnormal for the time of the year.

    CGR_t   = (P_t / P_{t-k})^{1/k} - 1, for k = 3 months (quarterly, Q) and 12 months (annual, A)
    vCGR_t  = CGR_t · (1 - σ), σ the standard deviation of Δ ln P over those k changes
    z_t     = (vCGR_t - mean_w) / sd_w over the same calendar month of past years
    mean_w  = Σ w·v / Σ w,  sd_w = sqrt(Σ w (v - mean_w)² / (Σ w · (n - 1) / n))
    IFPA_t  = γ · z_Q + (1 - γ) · z_A

At least 0.5 is moderately high, at least 1 abnormally high, at most -1 abnormally low. Eligible from five
past years of the same month on. Source: Baquedano (2015) and the metadata of SDG indicator 2.c.1 (FAO; the
formulas were seen through others who cite them); γ = 0.4 is recalled. Two conventions are daodi's, because
what was seen does not settle them: σ divides by k - 1, and the weights w rise 1, 2, 3, … with the years
observed.
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, Places, indication, same_periods
from priceindex.warning.indicators.windows import lagged, mean_and_sd, ratio

GAMMA: Final = 0.4
"""Weight of the quarterly growth; recalled."""
QUARTER: Final = 3
YEAR: Final = 12
LEAST_YEARS: Final = 5
_TINY: Final = 1e-12
"""Growth rates that differ by rounding alone do not vary."""


def ifpa(
    values: Floats, months: Places, *, gamma: float = GAMMA, least_years: int = LEAST_YEARS
) -> Indication:
    """IFPA of monthly positive values (..., T); `months` (T,) are month numbers that rise by one.

    Only years before the month itself are what it is held against. Evidence: `z_quarter`, `z_year`,
    `growth_quarter`, `growth_year` (compound, a month) and `years`. Raises `IndicatorMisshapen`.
    """
    same_periods("ifpa", values, months)
    quarterly, quarter_growth = _steadied(values, QUARTER)
    annual, year_growth = _steadied(values, YEAR)
    z_quarter, _ = _seasonal_z(quarterly, months)
    z_year, years = _seasonal_z(annual, months)
    unknown = np.isnan(quarterly) | np.isnan(annual)
    short = years < least_years
    unvaried = (np.isnan(z_quarter) | np.isnan(z_year)) & ~unknown & ~short
    return indication(
        gamma * z_quarter + (1.0 - gamma) * z_year,
        {
            "z_quarter": z_quarter,
            "z_year": z_year,
            "growth_quarter": quarter_growth,
            "growth_year": year_growth,
            "years": years,
        },
        {"missing": unknown, "too_short": short, "no_spread": unvaried},
    )


def _steadied(values: Floats, periods: int) -> tuple[Floats, Floats]:
    """The growth rates vCGR and CGR over `periods` months; a month missing in between leaves both unknown."""
    compound = ratio(values, lagged(values, periods)) ** (1.0 / periods) - 1.0
    change = np.log(values) - np.log(lagged(values, 1))
    last = np.stack([lagged(change, back) for back in range(periods)], axis=-1)
    whole = np.isfinite(last).all(axis=-1)
    _, deviation = mean_and_sd(last)
    return np.where(whole, compound * (1.0 - deviation), np.nan), np.where(whole, compound, np.nan)


def _seasonal_z(rates: Floats, months: Places) -> tuple[Floats, Floats]:
    """How far each rate is from those of the same calendar month before, and how many of these there are."""
    scores = np.full(rates.shape, np.nan)
    years = np.zeros(rates.shape)
    for season in range(YEAR):
        places = np.flatnonzero(months % YEAR == season)
        for count, place in enumerate(places):
            mean, spread, known = _weighted(rates[..., places[:count]])
            scores[..., place] = ratio(rates[..., place] - mean, np.where(spread > _TINY, spread, np.nan))
            years[..., place] = known
    return scores, years


def _weighted(rates: Floats) -> tuple[Floats, Floats, Floats]:
    """mean_w, sd_w and n over the last axis, the weights rising with each rate that is known."""
    known = np.isfinite(rates)
    weight = np.where(known, np.cumsum(known, axis=-1), 0).astype(np.float64)
    count = np.asarray(known.sum(axis=-1), dtype=np.float64)
    total = np.asarray(weight.sum(axis=-1))
    mean = ratio(np.asarray((weight * np.where(known, rates, 0.0)).sum(axis=-1)), total)
    squares = (weight * np.where(known, rates - mean[..., None], 0.0) ** 2).sum(axis=-1)
    return mean, np.sqrt(ratio(squares, total * ratio(count - 1.0, count))), count
