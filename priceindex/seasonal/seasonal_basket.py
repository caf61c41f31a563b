"""A basket with fixed annual weights 固定年权数: what is out of season keeps its weight, at an imputed price.

    Lowe      Σ p̂^t·q / Σ p̂^0·q        q quantities of a whole year
    Young     Σ s·p̂^t/p̂^0              s value shares of a whole year

Out of season p̂ moves as the products in season do (parental imputation), and the first price of a season
corrects it. Carrying the last price forward is refused here: on Turvey's data it makes the index swing
from 1.00 to 1.44 within a year (PPI Manual 2004, table 22.25).
"""

import numpy as np

from priceindex.cleaning.imputation.panel import Imputed, impute
from priceindex.engine.aggregate import Hierarchy
from priceindex.formulas.relatives import Floats, Places


def in_season_prices(
    prices: Floats, group: Places, hierarchy: Hierarchy, weights: Floats, order: int = 1
) -> Imputed:
    """Prices (months, products), those out of season moved as what is in season, without limit."""
    return impute(prices, group, hierarchy, weights, rule="parental", order=order)


def lowe(prices: Floats, quantities: Floats, reference: int) -> Floats:
    """The cost of a year's quantities in each month over that in the reference month (months,).

    `prices` are filled (months, products); raises ValueError when a product has no price at the reference.

    >>> lowe(np.array([[1.0, 2.0], [2.0, 2.0]]), np.array([2.0, 1.0]), 0).tolist()
    [1.0, 1.5]
    """
    _all_priced(prices[reference])
    cost = np.cumsum(prices * quantities, axis=1)[:, -1]
    return np.asarray(cost / cost[reference])


def young(prices: Floats, shares: Floats, reference: int) -> Floats:
    """The mean of the relatives by a year's value shares, which add up to 1 (months,).

    >>> young(np.array([[1.0, 2.0], [2.0, 2.0]]), np.array([0.5, 0.5]), 0).tolist()
    [1.0, 1.5]
    """
    _all_priced(prices[reference])
    return np.asarray(np.cumsum(prices / prices[reference] * shares, axis=1)[:, -1])


def _all_priced(reference: Floats) -> None:
    if not np.isfinite(reference).all():
        raise ValueError("a product has no price at the reference month")
