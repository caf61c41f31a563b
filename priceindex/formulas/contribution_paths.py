"""Contributions carried up a tree and along a chain, and rounded so that they still add up.

Up the tree, c(top) = Σ W_k · c_k with the arithmetic weights of each level; a child without a
movement takes its parent's, which is the same as leaving it out and rescaling the rest. Along a chain,
c_i = Σ_t c_i^t · I^{t-1} / I^0, which adds up to I^T / I^0 - 1 exactly.
Source: CPI Manual 2020, equations 9.26 and 9.28.
"""

import math
from collections.abc import Sequence

import numpy as np

from priceindex.formulas.contributions import Order, arithmetic_weights
from priceindex.formulas.formulas_errors import ContributionsUnexplained
from priceindex.formulas.index_forms import Chained
from priceindex.formulas.relatives import Floats, Places, group_sums


def top_shares(
    parents: Sequence[Places], movements: Sequence[Floats], weights: Sequence[Floats], order: Order = 1
) -> Floats:
    """Share (bottom nodes,) with which each bottom node's change enters the top's.

    Levels are listed bottom up: `parents[l][i]` is the place of i's parent at level l+1, `movements[l]`
    and `weights[l]` belong to level l and the last level is the top. NaN at the bottom is a movement
    that was missing: the share of such a node, and of every node with nothing but such below it, is 0.
    Movements above may be imputed or not.

    >>> two = [np.array([0, 0])], [np.array([1.1, np.nan]), np.array([1.1])], [np.ones(2), np.ones(1) * 2]
    >>> top_shares(*two).tolist()
    [1.0, 0.0]
    """
    within: list[Floats] = []
    present = np.isfinite(movements[0])
    for depth, group in enumerate(parents):
        above = movements[depth + 1]
        own = arithmetic_weights(weights[depth], movements[depth], above[group], order)
        own = np.where(present, own, 0.0)
        whole = group_sums(own[None, :], group, len(above))[0]
        within.append(own / np.where(whole > 0, whole, 1.0)[group])
        present = whole > 0
    shares = np.ones(len(movements[-1]))
    for part, group in zip(reversed(within), reversed(parents), strict=True):
        shares = part * shares[group]
    return shares


def along_chain(contributions: Floats, series: Chained) -> Floats:
    """Contributions (products,) to the change over the whole chain, from those of each period.

    `contributions` is (periods, products), the first row nought or not used; `series` has one level
    a period.

    >>> parts = np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 0.2]])
    >>> along_chain(parts, Chained(np.array([1.0, 1.1, 1.32]))).round(9).tolist()
    [0.1, 0.22]
    """
    before = series.levels[:-1] / series.levels[0]
    return np.asarray((contributions[1:] * before[:, None]).sum(axis=0))


def exact_parts(total_units: int, parts: Sequence[float]) -> list[int]:
    """Round parts, told in units of the last published digit, so that they add up to the rounded total.

    Largest remainder: every part is rounded down, and the units left over go to the parts that lost
    most, the earlier first among equals. No part moves by a whole unit or more. Raises
    ContributionsUnexplained where the parts differ from the total by a unit or more: then they do not
    belong together.

    >>> exact_parts(10, [3.4, 3.4, 3.4])
    [4, 3, 3]
    """
    if not abs(math.fsum(parts) - total_units) < 1:
        raise ContributionsUnexplained(parts=math.fsum(parts), whole=total_units)
    found = [math.floor(part) for part in parts]
    left = total_units - sum(found)
    by_loss = sorted(range(len(parts)), key=lambda place: found[place] - parts[place])
    for place in by_loss[:left]:
        found[place] += 1
    return found
