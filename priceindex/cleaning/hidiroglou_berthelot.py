"""Hidiroglou and Berthelot (1986): relatives made symmetric about their median, dear goods looked at first.

    z = x/m - 1 where x >= m,   1 - m/x where x < m          m the median relative
    e = z·(larger/median larger)^u,   0 <= u <= 1            larger = the larger of the two prices

The quartile method is then applied to e. Dividing by the median price, which the paper does not, changes
no flag and makes the least spread mean the same in fen and in yuan.
"""

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.quantiles import median
from priceindex.cleaning.quartile_method import quartile_method
from priceindex.formulas.relatives import Floats
from priceindex.portable import exp, log


def symmetric(relatives: Floats) -> Floats:
    """How far each relative is from the median one, equally far for k times and for a k-th (n,).

    >>> symmetric(np.array([0.5, 1.0, 2.0])).tolist()
    [-1.0, 0.0, 1.0]
    """
    middle = median(relatives)
    return np.asarray(np.where(relatives >= middle, relatives / middle - 1.0, 1.0 - middle / relatives))


def hidiroglou_berthelot(
    relatives: Floats,
    cut_off: float,
    *,
    larger: Floats | None = None,
    exponent: float = 0.0,
    least: float = 0.0,
) -> NDArray[np.bool_]:
    """Mark plain relatives (n,); `larger` is the larger price of each pair, in any unit.

    Raises ValueError when an exponent above 0 comes without prices.

    >>> hidiroglou_berthelot(np.array([0.98, 1.0, 1.0, 1.02, 3.0]), 4.0, least=0.01).tolist()
    [False, False, False, False, True]
    """
    away = symmetric(relatives)
    if exponent > 0:
        if larger is None:
            raise ValueError("an exponent above 0 needs the prices behind the relatives")
        away = away * exp(exponent * log(larger / median(larger)))
    return quartile_method(away, cut_off, least=least)
