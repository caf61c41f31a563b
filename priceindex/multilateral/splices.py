r"""A series that is never revised, though each month brings a new window: the new window is spliced on.

With w periods in a window, `new` the levels of the newest and `old` those it is linked to, aligned so that
new[k] and old[k+1] are the same period, the series moves from its last value by

.. math:: f(l) = \frac{new_{w-1} / new_l}{old_{w-1} / old_{l+1}}

relative to old_{w-1}; movement is l = w-2, window l = 0, half the middle, mean the geometric mean over all l
(Krsinich 2016; de Haan 2015; Diewert and Fox 2020). On published: old is the published series itself (WISP,
HASP; Chessa 2019), so what was published and what is computed anew cannot drift apart.
"""

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.conventions import HalfPosition, Splice, SplicedOn
from priceindex.multilateral.multilateral_errors import WindowMisfit


def spliced(
    windows: Floats,
    splice: Splice = "mean",
    on: SplicedOn = "published",
    half: HalfPosition = "middle",
) -> Floats:
    """Return the series that the windows give, first value 1.

    `windows` (n, w) holds the levels of n windows, each one period later than the one before; the series
    has n + w - 1 values, the first w of them those of the first window.

    >>> spliced(np.array([[1.0, 2.0, 4.0], [1.0, 2.0, 2.0]]), "movement").tolist()
    [1.0, 2.0, 4.0, 4.0]
    """
    places = _places(windows.shape[1], splice, half)
    series = np.empty(len(windows) + windows.shape[1] - 1)
    series[: windows.shape[1]] = windows[0] / windows[0, 0]
    for step in range(1, len(windows)):
        last = step + windows.shape[1] - 2
        old = series[step - 1 : last + 1] if on == "published" else windows[step - 1]
        new = windows[step]
        moved = np.log(new[-1] / new[places]) - np.log(old[-1] / old[places + 1])
        series[last + 1] = series[last] * np.exp(moved.mean())
    return series


def _places(width: int, splice: Splice, half: HalfPosition) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the places of the new window that are linked at."""
    if width < 2:
        raise WindowMisfit(width=width, periods=width)
    middle = (width - 1) // 2 - (half == "one_earlier")
    single = {"movement": width - 2, "window": 0, "half": max(middle, 0)}
    return np.arange(width - 1) if splice == "mean" else np.array([single[splice]])
