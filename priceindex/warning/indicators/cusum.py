"""CUSUM: small rises that add up.

S_t = max(0, S_{t-1} + clip((r_t - med) / sd, ±4) - k), with r_t = ln P_t - ln P_{t-1} and k = 0.5; an alarm
is raised at h = 3 to 5. Median and robust standard deviation are those of the changes before t, so that the
score knows no future. Source: Page (1954), Biometrika 41 (recalled); the robust
standardisation and the clipping are daodi's own.
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import lagged, past_robust

SLACK: Final = 0.5
"""k: how many standard deviations a rise may have and still not count."""
CLIPPED_AT: Final = 4.0
"""One wild change is worth no more than this."""


def cusum(values: Floats, *, window: int = 60, least: int = 24) -> Indication:
    """The upward CUSUM of positive values (..., T), in standard deviations.

    Changes are standardised by the `window` changes before them; withheld until `least` of these are known,
    where a change is missing, and where the past never changed. A missing change leaves the sum as it is.
    The sum is never reset: that an alarm ends is the business of its rule's lower bound. Evidence: `change`
    (ln), `standardised`, `usual` and `spread`.
    """
    change = np.log(values) - np.log(lagged(values, 1))
    usual, spread, known = past_robust(change, window)
    flat = ~(spread > 0.0)
    standardised = np.clip((change - usual) / np.where(flat, np.nan, spread), -CLIPPED_AT, CLIPPED_AT)
    short = known < least
    return indication(
        _summed(np.where(short, np.nan, standardised)),
        {"change": change, "standardised": standardised, "usual": usual, "spread": spread},
        {"missing": np.isnan(change), "too_short": short, "no_spread": flat & ~short},
    )


def _summed(standardised: Floats) -> Floats:
    sums = np.zeros(standardised.shape)
    running = np.zeros(standardised.shape[:-1])
    for period in range(standardised.shape[-1]):
        now = standardised[..., period]
        running = np.where(np.isfinite(now), np.maximum(0.0, running + now - SLACK), running)
        sums[..., period] = running
    return sums
