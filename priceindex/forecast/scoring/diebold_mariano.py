r"""Whether one forecaster's smaller errors are more than luck.

Diebold and Mariano (1995), "Comparing predictive accuracy", J. Business & Economic Statistics 13: the mean of
the loss differential :math:`d_t` over its standard error. Errors h periods ahead overlap, so d is correlated
up to lag h - 1; its long-run variance is that of Newey and West (1987, Econometrica 55), whose Bartlett
weights keep it from turning negative. Small samples: Harvey, Leybourne and Newbold (1997), "Testing the
equality of prediction mean squared errors", Int. J. Forecasting 13, multiply the statistic by
:math:`\sqrt{(n + 1 - 2h + h(h-1)/n)/n}` and take Student's t with n - 1 degrees.

Herbs move together, so errors of one origin are not independent observations: they are averaged over series
first, and n counts origins.
"""

import math
from dataclasses import dataclass

import numpy as np

from priceindex.forecast.panel import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """The outcome of one test."""

    statistic: float
    """Negative where the tested forecaster lost less; NaN where nothing could be tested."""
    p_value: float
    """Probability of a statistic this low were both equally good; 1 where nothing could be tested."""
    origins: int


NOT_TESTED = Tested(statistic=math.nan, p_value=1.0, origins=0)


def diebold_mariano(differential: Floats, overlap: int | None) -> Tested:
    """One-sided test that the mean of `differential` (o,), tested loss less baseline loss, is below zero.

    `overlap` is how many consecutive origins share part of their target (h for origins one period apart);
    None chooses the lags by n as Newey and West (1994) do, 4 (n / 100)^(2/9). NaN origins are dropped. A
    differential that is the same at every origin has no variance: certain where negative, else p = 1.

    >>> diebold_mariano(np.array([-1.0, -2.0, -1.5, -1.2]), 1).p_value < 0.01
    True
    """
    known = differential[np.isfinite(differential)]
    n = len(known)
    if n < 2:
        return NOT_TESTED
    lags = math.floor(4.0 * (n / 100.0) ** (2.0 / 9.0)) if overlap is None else overlap - 1
    variance = long_run_variance(known, min(lags, n - 1))
    mean = float(known.mean())
    if variance <= 0.0:
        return Tested(statistic=math.copysign(math.inf, mean), p_value=0.0 if mean < 0.0 else 1.0, origins=n)
    statistic = mean / math.sqrt(variance / n) * _small_sample(n, min(lags, n - 1) + 1)
    return Tested(statistic=statistic, p_value=_student_below(statistic, n - 1), origins=n)


def long_run_variance(values: Floats, lags: int) -> float:
    r"""Newey–West: :math:`\gamma_0 + 2 \sum_{k=1}^{L} (1 - k/(L+1)) \gamma_k`, autocovariances over n.

    >>> long_run_variance(np.array([1.0, -1.0, 1.0, -1.0]), 0)
    1.0
    """
    centred = values - values.mean()
    covariances = [float(centred[k:] @ centred[: len(centred) - k]) / len(centred) for k in range(lags + 1)]
    weights = [1.0] + [2.0 * (1.0 - k / (lags + 1.0)) for k in range(1, lags + 1)]
    return float(np.dot(weights, covariances))


def _small_sample(n: int, h: int) -> float:
    """The factor of Harvey, Leybourne and Newbold (1997), equation 9."""
    return math.sqrt(max((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n, 0.0))


def _student_below(statistic: float, degrees: int) -> float:
    """Student's distribution function; scipy takes long to import and is needed only here."""
    from scipy.special import stdtr

    return float(stdtr(degrees, statistic))
