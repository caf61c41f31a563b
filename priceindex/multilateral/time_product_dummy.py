r"""Time product dummy: log prices explained by one effect of the period and one of the product.

.. math:: \ln p_{tn} = \delta_t + \gamma_n + e_{tn}, \qquad I_t = e^{\delta_t}

fitted by least squares with weights W. The product effects are profiled out, so that a system of
periods by periods is left: A = diag(Σ_n W) - (W/w)Wᵀ, c = Σ_n W∘y - (W/w)(Σ_t W∘y) with w_n = Σ_t W_tn,
solved with δ of the first period 0 (Summers 1973; Rao 2005 for the weights; de Haan and Krsinich 2014).
"""

from dataclasses import dataclass

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import Adjustment, Sample, Weighting
from priceindex.multilateral.sampling import sampled
from priceindex.multilateral.series import MultilateralIndex


def time_product_dummy(
    panel: CodedPanel,
    *,
    weighting: Weighting = "share",
    sample: Sample = "all",
    adjustment: Adjustment = "none",
) -> MultilateralIndex:
    """Return the (weighted) time product dummy index of a panel; raises `NotLinked`.

    >>> from priceindex.multilateral.coded_panel import code_panel
    >>> panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0])
    >>> time_product_dummy(panel, weighting="none").levels.round(12).tolist()
    [1.0, 2.0]
    """
    normal = _normal(sampled(panel, sample, by_quantity=weighting != "none"), weighting)
    estimate = np.zeros(len(panel.periods))
    estimate[1:] = np.linalg.solve(normal.matrix[1:, 1:], normal.right[1:])
    if adjustment == "kennedy":
        estimate[1:] -= 0.5 * _variances(normal, estimate)
    return MultilateralIndex(
        method="time_product_dummy",
        levels=np.exp(estimate),
        conventions={"weighting": weighting, "sample": sample, "adjustment": adjustment},
    )


@dataclass(frozen=True, slots=True)
class _Normal:
    """The normal equations after the product effects are profiled out, all of them sums over products."""

    matrix: Floats
    right: Floats
    squares: float
    """Weighted squares of the log prices around their product's weighted mean."""
    freedom: int
    """Observations less what was estimated."""


def _normal(panel: CodedPanel, weighting: Weighting) -> _Normal:
    periods = len(panel.periods)
    matrix, right = np.zeros((periods, periods)), np.zeros(periods)
    squares, observed, products = 0.0, 0, 0
    scale = _period_totals(panel) if weighting == "share" else np.ones(periods)
    for prices, quantities in panel.blocks():
        present = prices > 0
        weights = present.astype(np.float64) if weighting == "none" else prices * quantities / scale[:, None]
        logs = np.log(np.where(present, prices, 1.0))
        of_product = weights.sum(axis=0)
        share = weights / np.where(of_product > 0, of_product, 1.0)
        weighted = weights * logs
        mean = (share * logs).sum(axis=0)
        matrix += np.diag(weights.sum(axis=1)) - share @ weights.T
        right += weighted.sum(axis=1) - weights @ mean
        squares += float((weighted * logs).sum() - of_product @ mean**2)
        observed += int(np.count_nonzero(weights))
        products += int(np.count_nonzero(of_product))
    return _Normal(matrix, right, squares, observed - products - (periods - 1))


def _period_totals(panel: CodedPanel) -> Floats:
    totals = np.zeros(len(panel.periods))
    for prices, quantities in panel.blocks():
        totals += (prices * quantities).sum(axis=1)
    return totals


def _variances(normal: _Normal, estimate: Floats) -> Floats:
    """Return the variance of each estimate but the first; 0 where nothing is left to judge it by."""
    if normal.freedom <= 0:
        return np.zeros(len(estimate) - 1)
    left = max(normal.squares - float(estimate @ normal.right), 0.0)
    inverse = np.linalg.inv(normal.matrix[1:, 1:])
    return np.asarray(left / normal.freedom * np.diag(inverse), dtype=np.float64)
