"""Stale, then a jump 久未报价后跳价: a source is silent for months and comes back at another price.

score_t = |P_t / P_last - 1| where the last quote is older than 60 days, else 0; above 15 % it counts. Such a
quote tells what happened in months as if it had happened today. The rule and both bounds are daodi's own.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, Places, indication, same_periods
from priceindex.warning.indicators.windows import ratio


def stale_then_jump(quotes: Floats, days: Places, *, silent: int = 60) -> Indication:
    """The step after each silence, from quotes (..., T) dated by rising day numbers (T,); NaN: no quote.

    Withheld where nothing is quoted, and at a series' first quote. Evidence: `age` (days since the quote
    before), `step` (signed fraction), `before` (its price). Raises `IndicatorMisshapen`.

    >>> stale_then_jump(np.array([100.0, np.nan, 120.0]), np.array([0, 30, 90])).score.round(6).tolist()
    [nan, nan, 0.2]
    """
    same_periods("stale_then_jump", quotes, days)
    place = _quoted_before(quotes)
    there = np.maximum(place, 0)
    before = np.where(place >= 0, np.take_along_axis(quotes, there, axis=-1), np.nan)
    age = np.where(place >= 0, days - days[there], np.nan)
    step = ratio(quotes, before) - 1.0
    return indication(
        np.where(age > silent, np.abs(step), 0.0),
        {"age": age, "step": step, "before": before},
        {"missing": np.isnan(step)},
    )


def _quoted_before(quotes: Floats) -> Places:
    """The place of the last quote before each period, -1 where there is none."""
    places = np.where(np.isfinite(quotes), np.arange(quotes.shape[-1]), -1)
    latest = np.maximum.accumulate(places, axis=-1)
    none = np.full((*quotes.shape[:-1], 1), -1, dtype=np.int64)
    return np.concatenate([none, latest[..., :-1]], axis=-1)
