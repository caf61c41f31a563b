"""How the errors of the nodes move together: their covariance, shrunk toward its diagonal."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats

LEAST_VARIANCE: Final = 1e-6
"""Variance a node is given at least, as a part of the median of the positive ones.

A constant series has errors of zero; taken at its word it could never be moved, nor the sum above it.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shrunk:
    """A covariance matrix and how far it was shrunk."""

    covariance: Floats
    """(n, n), positive definite unless `intensity` is 0."""
    intensity: float
    """λ: 0 leaves the sample covariance, 1 its diagonal alone."""


def shrunk_covariance(residuals: Floats) -> Shrunk:
    """λ diag(W) + (1 - λ) W of one-step errors (n, o), NaN where a node had none.

    W is taken about zero: base forecasts are held to be unbiased (Wickramasuriya, Athanasopoulos & Hyndman
    2019, J. American Statistical Association 114, §2.4). λ is that of Schäfer & Strimmer (2005),
    Statistical Applications in Genetics and Molecular Biology 4(1), article 32: Σ var(rᵢⱼ) / Σ rᵢⱼ² over
    the pairs, within 0 and 1. Missing errors count as 0 on the scale of each node, which keeps the matrix
    positive semidefinite and draws the correlations of short histories toward 0. With fewer than two
    origins λ is 1.
    """
    known = np.isfinite(residuals)
    filled = np.where(known, residuals, 0.0)
    counts = np.maximum(known.sum(axis=1), 1)
    variance = _floored(np.sum(filled * filled, axis=1) / counts)
    deviation = np.sqrt(variance)
    origins = int(known.any(axis=0).sum())
    if origins < 2:
        return Shrunk(covariance=np.diag(variance), intensity=1.0)
    scaled = filled[:, known.any(axis=0)] / deviation[:, None]
    correlation = scaled @ scaled.T / origins
    intensity = _intensity(scaled, correlation)
    correlation = (1.0 - intensity) * correlation
    np.fill_diagonal(correlation, 1.0)
    return Shrunk(covariance=correlation * np.outer(deviation, deviation), intensity=intensity)


def _intensity(scaled: Floats, correlation: Floats) -> float:
    """λ from errors of unit variance (n, o): the variance of each correlation against its square."""
    origins = scaled.shape[1]
    squares = scaled * scaled
    spread = (squares @ squares.T / origins - correlation * correlation) / (origins - 1)
    off = ~np.eye(len(scaled), dtype=np.bool_)
    signal = float(np.sum(correlation[off] ** 2))
    return 1.0 if signal == 0.0 else float(np.clip(np.sum(spread[off]) / signal, 0.0, 1.0))


def _floored(variance: Floats) -> Floats:
    """Variances with `LEAST_VARIANCE` of their median as the least; ones where all are zero."""
    positive = variance[variance > 0.0]
    if not len(positive):
        return np.ones_like(variance)
    return np.maximum(variance, LEAST_VARIANCE * float(np.median(positive)))
