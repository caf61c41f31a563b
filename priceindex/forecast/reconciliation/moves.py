"""Where a tree adds up: in relatives to the origin or their logarithms, with shares at the origin."""

from typing import Literal

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import shares_of
from priceindex.formulas.relatives import Places

IndexForm = Literal["arithmetic", "geometric"]
"""How an index adds its nodes up: weighted means of relatives (Laspeyres, Lowe, Young), or of their logs."""


def moves(values: Floats, origin: Floats, form: IndexForm) -> Floats:
    """Movement since the origin: values (n, h) over those at the origin (n,), less 1, or in logs.

    >>> moves(np.array([[110.0]]), np.array([100.0]), "arithmetic").round(12).tolist()
    [[0.1]]
    """
    relative = values / origin[:, None]
    return relative - 1.0 if form == "arithmetic" else np.asarray(np.log(relative))


def values_of(moved: Floats, origin: Floats, form: IndexForm) -> Floats:
    """The inverse of `moves`."""
    return np.asarray((1.0 + moved if form == "arithmetic" else np.exp(moved)) * origin[:, None])


def origin_shares(weights: Floats, since_link: Floats, parent: Places, form: IndexForm) -> Floats:
    """Shares of the parent at the origin (n,), from weights at the last link and relatives since then (n,).

    An arithmetic index is Σ w Iₜ/I_L: what a node adds at the origin is its weight times its own relative
    (price-updating, ILO et al. 2020, Consumer Price Index Manual: Concepts and Methods, ch. 8); a geometric
    index keeps its weights as exponents.

    >>> origin_shares(np.ones(3), np.array([1.5, 2.0, 1.0]), np.array([-1, 0, 0]), "arithmetic").tolist()
    [1.0, 0.6666666666666666, 0.3333333333333333]
    """
    return shares_of(weights * since_link if form == "arithmetic" else weights, parent)


def since_link(residuals: Floats, origin_days: Places, link_day: int) -> Floats:
    """Errors (n, o) of the origins (o,) from the day of the last link on: before it other weights held."""
    return residuals[:, origin_days >= link_day]
