"""ALPS, the alert for price spikes: how far the price is above its trend and season.

    P̂_t = b·t + Σ_m a_m·1[month = m], fitted by least squares to all that is known at t
    ALPS_t = (P_t - P̂_t) / σ_ε,  σ_ε = sqrt(residual sum of squares / (n - parameters))

Classes: under 0.25 normal, to 1 stress, to 2 alert, from 2 crisis. Eligible: three years of history, 70 % of
them observed, an observation in the last six months. Source: WFP, ALPS (formula and
eligibility seen; the class bounds are recalled). As only months with a price are scored, the third
condition is met by every score. Known weakness: the trend is taken to be straight and inflation is ignored.

Trend and season are fitted by taking the mean of each calendar month out of both sides (Frisch and Waugh,
1933), so that a month costs a few sums and no matrix is solved.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, Places, indication, same_periods
from priceindex.warning.indicators.windows import ratio

LEAST_MONTHS: Final = 36
LEAST_OBSERVED: Final = 0.70
YEAR: Final = 12
_EXACT: Final = 1e-9
"""A fit whose residuals are this small a share of the price is exact but for rounding."""


@dataclass(slots=True)
class _Sums:
    """What least squares needs of the months so far, by series and calendar month: (n, 12) each."""

    count: Floats
    time: Floats
    price: Floats
    time_time: Floats
    time_price: Floats
    price_price: Floats

    def add(self, season: int, when: float, price: Floats, sign: float) -> None:
        """Take a month in (sign 1) or out (sign -1); a missing price is neither."""
        known = np.where(np.isfinite(price), sign, 0.0)
        value = np.where(np.isfinite(price), price, 0.0)
        self.count[:, season] += known
        self.time[:, season] += known * when
        self.price[:, season] += known * value
        self.time_time[:, season] += known * when * when
        self.time_price[:, season] += known * when * value
        self.price_price[:, season] += known * value * value


def alps(values: Floats, months: Places, *, window: int | None = None, logs: bool = False) -> Indication:
    """ALPS of monthly positive values (n, T); `months` (T,) are month numbers that rise by one.

    `window` fits the last so many months alone, None the full history; `logs` fits ln P. Evidence:
    `estimated` (P̂, or e to the fitted logarithm), `spread` (σ_ε) and `observed`, the share of months
    observed. Raises `IndicatorMisshapen`.
    """
    same_periods("alps", values, months)
    prices = np.log(values) if logs else values
    scale = np.ones(len(values)) if logs else _first(values)
    scaled = prices / scale[:, None]
    estimated, spread, observed, span = _fitted(scaled, months, window)
    unknown = np.isnan(values)
    short = span < LEAST_MONTHS
    sparse = observed < LEAST_OBSERVED
    exact = ~(spread > _EXACT)
    level = estimated * scale[:, None]
    return indication(
        ratio(scaled - estimated, spread),
        {
            "estimated": np.exp(level) if logs else level,
            "spread": spread * scale[:, None],
            "observed": observed,
        },
        {"missing": unknown, "too_short": short, "too_sparse": sparse & ~short, "no_spread": exact & ~short},
    )


def _fitted(values: Floats, months: Places, window: int | None) -> tuple[Floats, Floats, Floats, Floats]:
    """Estimate, σ_ε, share observed and months since the first price, after each month: (n, T) each."""
    series, periods = values.shape
    sums = _Sums(*(np.zeros((series, YEAR)) for _ in range(6)))
    found = np.full((4, series, periods), np.nan)
    begun = np.full(series, np.inf)
    for place in range(periods):
        sums.add(int(months[place]) % YEAR, _years(months, place), values[:, place], 1.0)
        if window is not None and place >= window:
            gone = place - window
            sums.add(int(months[gone]) % YEAR, _years(months, gone), values[:, gone], -1.0)
        begun = np.where(np.isfinite(values[:, place]), np.minimum(begun, place), begun)
        begun = begun if window is None else np.maximum(begun, place - window + 1)
        span = np.where(np.isfinite(begun), place - begun + 1, 0.0)
        estimate, spread = _least_squares(sums, int(months[place]) % YEAR, _years(months, place))
        found[:, :, place] = estimate, spread, ratio(sums.count.sum(axis=1), span), span
    return found[0], found[1], found[2], found[3]


def _least_squares(sums: _Sums, season: int, when: float) -> tuple[Floats, Floats]:
    """The fitted value at `when`, and σ_ε, of every series; NaN where either is not determined."""
    safe = np.maximum(sums.count, 1.0)
    within = (sums.time_time - sums.time**2 / safe).sum(axis=1)
    across = (sums.time_price - sums.time * sums.price / safe).sum(axis=1)
    total = (sums.price_price - sums.price**2 / safe).sum(axis=1)
    slope = ratio(across, np.where(within > _EXACT, within, np.nan))
    mean_price = ratio(sums.price[:, season], sums.count[:, season])
    mean_time = ratio(sums.time[:, season], sums.count[:, season])
    freedom = sums.count.sum(axis=1) - (sums.count > 0.0).sum(axis=1) - 1.0
    residual = np.maximum(total - slope * across, 0.0)
    spread = np.sqrt(ratio(residual, np.where(freedom > 0.0, freedom, np.nan)))
    return mean_price + slope * (when - mean_time), spread


def _years(months: Places, place: int) -> float:
    """Years since the first month: small numbers, so that their squares lose nothing."""
    return float(months[place] - months[0]) / YEAR


def _first(prices: Floats) -> Floats:
    """The first known price of each series, 1 where there is none: values near 1 keep their digits."""
    known = np.isfinite(prices)
    first = prices[np.arange(len(prices)), known.argmax(axis=1)]
    return np.where(known.any(axis=1), first, 1.0)
