"""Carrying forward 沿用: a missing price stays what it was, for listed or regulated prices only.

It pushes every index towards no change, which is why the CPI Manual (2020, paragraph 6.61) would have
it avoided; a family text has to name it, and its use is told as a share.
"""

import numpy as np

from priceindex.formulas.relatives import Floats


def carry_forward(cells: int) -> Floats:
    """Movement of each of so many cells: none.

    >>> carry_forward(2).tolist()
    [1.0, 1.0]
    """
    return np.ones(cells)
