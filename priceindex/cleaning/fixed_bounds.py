"""Fixed bounds: a relative outside [1/c, c] is looked at again, whatever the others do."""

import numpy as np
from numpy.typing import NDArray

from priceindex.formulas.relatives import Floats


def fixed_bounds(relatives: Floats, cut_off: float) -> NDArray[np.bool_]:
    """Mark plain relatives above c or below 1/c (n,), c > 1.

    >>> fixed_bounds(np.array([0.4, 0.5, 1.0, 2.0, 2.1]), 2.0).tolist()
    [True, False, False, False, True]
    """
    return np.asarray((relatives > cut_off) | (relatives < 1.0 / cut_off))
