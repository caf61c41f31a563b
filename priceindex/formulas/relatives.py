"""Price relatives 比价: what a thing costs now over what the same thing cost at the reference.

A missing price is NaN here, and a relative exists only where both prices do: nothing is matched
with anything but itself. Arrays are (days, cells); the reference is one price per cell.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def relatives(now: Floats, reference: Floats) -> Floats:
    """Return now / reference, NaN where either is missing.

    >>> relatives(np.array([[3.0, 5.0]]), np.array([2.0, np.nan])).tolist()
    [[1.5, nan]]
    """
    return now / reference


def group_sums(values: Floats, group: Places, count: int) -> Floats:
    """Add up the columns of each group, missing values as nothing; (days, cells) -> (days, count).

    Every sum is taken one after the other in the order of the columns, so its bits do not depend on
    threads or on the processor.

    >>> group_sums(np.array([[1.0, np.nan, 4.0]]), np.array([1, 1, 0]), 3).tolist()
    [[4.0, 1.0, 0.0]]
    """
    sums = np.empty((values.shape[0], count))
    for row, line in enumerate(values):
        sums[row] = np.bincount(group, weights=np.where(np.isfinite(line), line, 0.0), minlength=count)
    return sums
