r"""Elementary aggregates: one movement from the matched relatives of a grade, without weights.

With $r_i = p_i^t / p_i^0$ over the $n$ matched cells (CPI Manual 2020, chapter 8):

    jevons    exp(mean ln r)        the default: time-reversible, transitive, no upward bias
    dutot     Σ p^t / Σ p^0         only where all cells are priced in one unit; level-dependent
    carli     mean r                reference only: biased upwards, chains badly
    harmonic  1 / mean(1/r)
    cswd      sqrt(carli · harmonic)
    bmw       Σ √r / Σ √(1/r)       Balk, Mehrhoff, Walsh

Every function takes prices now (days, cells), reference prices (cells,), the group of each cell and
the number of groups, and gives (days, groups) with NaN where a group has nothing matched.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from priceindex.formulas.relatives import Floats, Places, group_sums, relatives
from priceindex.portable import exp, log

Formula = Callable[[Floats, Floats, Places, int], Floats]


def _mean(values: Floats, group: Places, count: int) -> Floats:
    matched = group_sums(np.isfinite(values).astype(float), group, count)
    with np.errstate(invalid="ignore"):
        return group_sums(values, group, count) / np.where(matched > 0, matched, np.nan)


def jevons(now: Floats, reference: Floats, group: Places, count: int) -> Floats:
    """Geometric mean of the matched relatives.

    >>> jevons(np.array([[6.0, 1.0]]), np.array([3.0, 2.0]), np.array([0, 0]), 1).tolist()
    [[1.0]]
    """
    return exp(_mean(log(relatives(now, reference)), group, count))


def dutot(now: Floats, reference: Floats, group: Places, count: int) -> Floats:
    """Ratio of the sums of the matched prices.

    >>> dutot(np.array([[6.0, 1.0]]), np.array([3.0, 2.0]), np.array([0, 0]), 1).tolist()
    [[1.4]]
    """
    matched = np.isfinite(relatives(now, reference))
    below = group_sums(np.where(matched, reference, np.nan), group, count)
    above = group_sums(np.where(matched, now, np.nan), group, count)
    return above / np.where(below > 0, below, np.nan)


def carli(now: Floats, reference: Floats, group: Places, count: int) -> Floats:
    """Arithmetic mean of the matched relatives.

    >>> carli(np.array([[6.0, 1.0]]), np.array([3.0, 2.0]), np.array([0, 0]), 1).tolist()
    [[1.25]]
    """
    return _mean(relatives(now, reference), group, count)


def harmonic(now: Floats, reference: Floats, group: Places, count: int) -> Floats:
    """Harmonic mean of the matched relatives.

    >>> harmonic(np.array([[6.0, 1.0]]), np.array([3.0, 2.0]), np.array([0, 0]), 1).tolist()
    [[0.8]]
    """
    return 1.0 / _mean(1.0 / relatives(now, reference), group, count)


def cswd(now: Floats, reference: Floats, group: Places, count: int) -> Floats:
    """Carruthers-Sellwood-Ward-Dalén: geometric mean of Carli and harmonic.

    >>> cswd(np.array([[6.0, 1.0]]), np.array([3.0, 2.0]), np.array([0, 0]), 1).tolist()
    [[1.0]]
    """
    above = carli(now, reference, group, count)
    return np.sqrt(above * harmonic(now, reference, group, count))


def bmw(now: Floats, reference: Floats, group: Places, count: int) -> Floats:
    """Balk-Mehrhoff-Walsh: the sum of square roots of relatives over that of their inverses.

    >>> float(bmw(np.array([[6.0, 1.0]]), np.array([3.0, 2.0]), np.array([0, 0]), 1)[0, 0].round(12))
    1.0
    """
    roots = np.sqrt(relatives(now, reference))
    return _mean(roots, group, count) / _mean(1.0 / roots, group, count)


FORMULAS: Final[Mapping[str, Formula]] = {
    "jevons": jevons,
    "dutot": dutot,
    "carli": carli,
    "harmonic": harmonic,
    "cswd": cswd,
    "bmw": bmw,
}
"""Formula by the name a family text gives it."""
