"""The outlier rules a family text can name, and how a release asks them.

A release looks at the relatives of one class of herbs in one period together, on the log scale. The text's
`floor` is an absolute least spread on that scale (see the quartile method). What is marked is never dropped
in silence: the text says whether it is told or left out, and either way it is listed with the release.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.fences import kimber, resistant_fences
from priceindex.cleaning.fixed_bounds import fixed_bounds
from priceindex.cleaning.hidiroglou_berthelot import hidiroglou_berthelot
from priceindex.cleaning.quartile_method import quartile_method
from priceindex.cleaning.robust_z import robust_z
from priceindex.cleaning.tukey import tukey_algorithm
from priceindex.family_text import Outliers
from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import log

Mask = NDArray[np.bool_]
OutlierRule = Callable[[Outliers, Floats, Floats | None], Mask]
"""Takes the text's parameters, plain relatives (n,), and the larger price of each pair or None."""


def _none(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  one form for all
    return np.zeros(relatives.shape, dtype=bool)


def _quartile(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  as above
    return quartile_method(log(relatives), float(rule.cut_off), least=float(rule.floor))


def _resistant_fences(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  as above
    return resistant_fences(log(relatives), float(rule.cut_off), least=float(rule.floor))


def _kimber(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  as above
    return kimber(log(relatives), float(rule.cut_off), least=float(rule.floor))


def _robust_z(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  as above
    return robust_z(log(relatives), float(rule.cut_off), least=float(rule.floor))


def _tukey(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  as above
    return tukey_algorithm(log(relatives), float(rule.cut_off), unmoved=0.0)


def _fixed_bounds(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:  # noqa: ARG001  as above
    return fixed_bounds(relatives, float(rule.cut_off))


def _hidiroglou_berthelot(rule: Outliers, relatives: Floats, larger: Floats | None) -> Mask:
    return hidiroglou_berthelot(
        relatives,
        float(rule.cut_off),
        larger=larger,
        exponent=float(rule.exponent),
        least=float(rule.floor),
    )


OUTLIER_RULES: Final[Mapping[str, OutlierRule]] = {
    "none": _none,
    "quartile": _quartile,
    "resistant_fences": _resistant_fences,
    "kimber": _kimber,
    "robust_z": _robust_z,
    "tukey": _tukey,
    "fixed_bounds": _fixed_bounds,
    "hidiroglou_berthelot": _hidiroglou_berthelot,
}
"""Rule by the name a family text gives it."""


def flag(rule: Outliers, relatives: Floats, larger: Floats | None = None) -> Mask:
    """Mark the relatives of one class in one period that a person should look at (n,).

    `relatives` are plain (price now over reference price; NaN is never marked); `larger` is the larger
    of the two prices, needed only where the text sets an exponent.

    >>> rule = Outliers(rule="quartile", cut_off="4", floor="0.05")
    >>> flag(rule, np.array([1.0, 1.0, 1.0, 1.1, 1.9])).tolist()
    [False, False, False, False, True]
    """
    return OUTLIER_RULES[rule.rule](rule, relatives, larger)


def flag_by_class(rule: Outliers, relatives: Floats, group: Places, larger: Floats | None = None) -> Mask:
    """Mark the relatives of one period (n,), those of each class (`group`, (n,)) among themselves."""
    marked = np.zeros(relatives.shape, dtype=bool)
    if rule.rule == "none" or not len(relatives):
        return marked
    order = np.argsort(group, kind="stable")
    bounds = np.flatnonzero(np.diff(group[order])) + 1
    for places in np.split(order, bounds):
        marked[places] = flag(rule, relatives[places], None if larger is None else larger[places])
    return marked
