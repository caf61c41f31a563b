"""Caps 权数上限: how large one herb or one class may be when weights are set.

As commodity indices do (BCOM: 15 % a commodity, 33 % a group): what is above its cap goes to what is
below, in proportion, until nothing is above. Prices may carry a herb beyond its cap until the weights
are set anew; the rule says so and does not chase prices.
"""

from typing import Final

import numpy as np

from priceindex.classification import Tree
from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import running_sum

ROUNDS: Final = 200
"""Herbs and classes are capped in turn at most so often; each turn brings both nearer."""
_CLOSE: Final = 1e-13


def capped(weights: Floats, tree: Tree, herb_cap: float, class_cap: float) -> Floats:
    """Weights of the grades of which no herb and no class has more than its cap of the sum.

    A cap below an equal share of what is in cannot hold; then the equal share is the cap. Within a
    herb and within a class the proportions stay. The sum stays.
    """
    herbs = np.asarray(tree.herb_of_grade, dtype=np.int64)
    classes = np.asarray(tree.class_of_herb, dtype=np.int64)[herbs]
    found = weights
    for _ in range(ROUNDS):
        before = found
        found = _cap_groups(found, herbs, len(tree.herbs), herb_cap)
        found = _cap_groups(found, classes, len(tree.classes), class_cap)
        if bool(np.all(np.abs(found - before) <= _CLOSE * running_sum(before))):
            break
    return found


def _cap_groups(weights: Floats, group: Places, count: int, cap: float) -> Floats:
    """Cap the groups' sums, each capped group leaving what it has too much to those below.

    >>> _cap_groups(np.array([8.0, 1.0, 1.0]), np.array([0, 1, 2]), 3, 0.5).tolist()
    [5.0, 2.5, 2.5]
    """
    sums = np.bincount(group, weights=weights, minlength=count)
    total = running_sum(sums)
    inside = sums > 0
    limit = max(cap, 1.0 / max(int(inside.sum()), 1)) * total
    if not (sums > limit).any():
        return weights
    held = np.zeros(count, dtype=bool)
    now = sums
    while True:
        over = ~held & (now > limit)
        if not over.any():
            break
        held |= over
        free = running_sum(np.where(held, 0.0, sums))
        left = total - limit * int(held.sum())
        now = np.where(held, limit, sums * (left / free if free > 0 else 0.0))
    scale = np.where(inside, now / np.where(inside, sums, 1.0), 0.0)
    return weights * scale[group]
