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

    Columns are added in a fixed order, so the digits do not depend on how many threads there are.

    >>> group_sums(np.array([[1.0, np.nan, 4.0]]), np.array([1, 1, 0]), 3).tolist()
    [[4.0, 1.0, 0.0]]
    """
    order = np.argsort(group, kind="stable")
    sums = np.zeros((values.shape[0], count))
    if not len(order):
        return sums
    present, starts = np.unique(group[order], return_index=True)
    filled = np.where(np.isfinite(values), values, 0.0)[:, order]
    sums[:, present] = np.add.reduceat(filled, starts, axis=1)
    return sums
