"""Contributions to the Fisher index, in the two ways in use: additive and nested.

They differ by little (four digits after the point on the six products of the manual) and neither is
the only right one, so the name says which is told.
"""

import numpy as np

from priceindex.formulas.contributions import basket_contributions, mean_contributions
from priceindex.formulas.crossed_formulas import fisher
from priceindex.formulas.means import arithmetic_mean, logarithmic_mean
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats


def additive(pair: Pair) -> Floats:
    """Through the one basket whose cost moves as Fisher: q̃ = (q⁰ + q¹/Q), Q the Fisher quantity index.

    Source: van IJzeren (1952, 1987); Balk (2008), section 4.2.2.
    """
    return basket_contributions(pair, pair.q0 + pair.q1 / fisher(pair.swapped()))


def nested(pair: Pair) -> Floats:
    """As a geometric mean of relatives: by the mean of the weights that make Laspeyres and Paasche one.

    Source: Reinsdorf, Diewert and Ehemann (2002), section 6; gpindex 0.6.3 (nested_contributions).
    """
    by_old = _geometric_weights(pair.shares0, pair.relatives)
    by_new = _geometric_weights(pair.shares1 / pair.relatives, pair.relatives)
    return mean_contributions(by_old + by_new, pair.relatives, 0)


def _geometric_weights(weights: Floats, relatives: Floats) -> Floats:
    """Weights, adding up to one, with which an arithmetic mean is a geometric one: w · Lm(r, A)."""
    mean = np.full_like(relatives, arithmetic_mean(weights, relatives))
    found = weights * logarithmic_mean(relatives, mean)
    return np.asarray(found / found.sum())
