"""Reconciliation of trees too large for a full covariance: by the structure of the tree alone, sparse."""

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import NO_PARENT, Hierarchy


def reconcile_by_structure(base: Floats, tree: Hierarchy) -> Floats:
    """WLS-struct: MinT with W = diag(S S'), the errors of the bottom alike and independent, (nodes, h).

    With the 0/1 sums of Athanasopoulos, Hyndman, Kourentzes & Petropoulos (2017), European J. Operational
    Research 262, 60-74, diag(S S') is their diag(S 1); shares weigh by their squares. Each gap is that
    between a node and its own children, so the system has as many entries as the tree has edges.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import splu

    nodes = len(tree.keys)
    below = np.flatnonzero(tree.parent != NO_PARENT)
    above = np.flatnonzero(~tree.is_bottom)
    if not len(above):
        return base.copy()
    row_of = np.full(nodes, NO_PARENT, dtype=np.int64)
    row_of[above] = np.arange(len(above))
    entries = np.concatenate([np.ones(len(above)), -tree.share[below]])
    rows = np.concatenate([row_of[above], row_of[tree.parent[below]]])
    gaps_of = csr_array((entries, (rows, np.concatenate([above, below]))), shape=(len(above), nodes))
    spread = gaps_of.multiply(_variances(tree)[None, :]).tocsr()
    solved = splu((spread @ gaps_of.T).tocsc()).solve(np.asarray(gaps_of @ base))
    return tree.upward(base - np.asarray(spread.T @ solved))


def _variances(tree: Hierarchy) -> Floats:
    """(n,): diag(S S') without S: a node's is the sum of its children's by the squares of their shares."""
    squares = np.where(tree.is_bottom, 1.0, 0.0)
    for place in tree.order[::-1].tolist():
        above = int(tree.parent[place])
        if above != NO_PARENT:
            squares[above] += tree.share[place] ** 2 * squares[place]
    return squares
