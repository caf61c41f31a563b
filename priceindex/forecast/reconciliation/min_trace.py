"""MinT: the coherent forecasts nearest to the given ones, measured by how their errors move together."""

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecast_errors import TreeMisshapen
from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.shrinkage import shrunk_covariance


def reconcile(base: Floats, summing: Floats, residuals: Floats) -> Floats:
    """S (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ with W the shrunk covariance of the one-step errors, (nodes, h).

    `base` (nodes, h), `summing` S (nodes, bottom) with a unit row for each bottom node, `residuals`
    (nodes, o), NaN where a node had no forecast. Additive: relatives to the origin for arithmetic indices,
    their logarithms for geometric ones. Wickramasuriya, Athanasopoulos & Hyndman (2019), J. American
    Statistical Association 114, 804-819. Raises `TreeMisshapen` for an S without its unit rows.
    """
    return project(base, summing, shrunk_covariance(residuals).covariance)


def project(base: Floats, summing: Floats, covariance: Floats) -> Floats:
    """The same with W (nodes, nodes) handed in; W may be singular.

    In the form ŷ - W C'(C W C')⁺ C ŷ, where C ŷ are the gaps between each sum and its parts: what is
    coherent already has no gaps and comes back as it went in, and W is never inverted (ibid., equation 10,
    and its equivalence to the other form). Adding the bottom up again at the end makes the result coherent
    to rounding whatever the numbers were.
    """
    bottom = _bottom_rows(summing)
    above = np.ones(len(summing), dtype=np.bool_)
    above[bottom] = False
    gaps_of = np.zeros((int(above.sum()), len(summing)))
    gaps_of[:, bottom] = -summing[above]
    gaps_of[np.arange(len(gaps_of)), np.flatnonzero(above)] = 1.0
    spread = covariance @ gaps_of.T
    moved = base - spread @ _solved(gaps_of @ spread, gaps_of @ base)
    return np.asarray(summing @ moved[bottom])


def _bottom_rows(summing: Floats) -> NDArray[np.int64]:
    """For each column of S the last row that is its unit vector: a lone child stands below its parent."""
    places, columns = np.nonzero((summing == 1.0) & (np.count_nonzero(summing, axis=1) == 1)[:, None])
    rows = np.full(summing.shape[1], -1, dtype=np.int64)
    rows[columns] = places
    if bool(np.any(rows < 0)):
        raise TreeMisshapen(fault_zh="汇总矩阵缺少底层节点", fault_en="S lacks a row for a bottom node")
    return rows


def _solved(matrix: Floats, right: Floats) -> Floats:
    """The least solution of a symmetric positive semidefinite system, after bringing its diagonal to 1.

    Directions without variance (eigenvalues at rounding level) are left alone: their gaps are closed by
    adding up the bottom.
    """
    if not len(matrix):
        return right
    diagonal = np.sqrt(np.diag(matrix))
    scale = 1.0 / np.where(diagonal > 0.0, diagonal, 1.0)
    roots, vectors = np.linalg.eigh(matrix * np.outer(scale, scale))
    kept = roots > len(roots) * np.finfo(np.float64).eps * max(float(roots[-1]), 0.0)
    vectors = vectors[:, kept]
    return np.asarray(
        scale[:, None] * (vectors @ ((vectors.T @ (scale[:, None] * right)) / roots[kept, None]))
    )
