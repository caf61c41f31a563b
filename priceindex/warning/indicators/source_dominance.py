"""Source dominance 单一来源主导: who moved the index, and whether it would stand without them.

share_s = w_s·|Δ_s| / Σ w·|Δ|, above 0.5 one source made more than half of the movement;
difference_s = exp(mean Δ of the others - mean Δ of all) - 1, by how much the index would differ had the
source been left out, exact for an index that is a geometric mean; above 1 % the index rests on it. Δ are
changes of the logarithm. Either is a ground to hold a release for review. The rule and both bounds are
daodi's own, after the IOSCO principles for price reporting agencies, which guard against a single dominant
submitter (recalled).
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, Mask, indication
from priceindex.warning.indicators.windows import ratio


def source_dominance(weights: Floats, changes: Floats, *, smallest: float = 0.005) -> Indication:
    """Share of the movement each source made, from weights and changes (ln) of its prices, (..., sources, T).

    A missing change or weight is none. Withheld where all sources together moved by less than `smallest`
    (the weighted mean of |change|): a share of nothing says nothing. It is withheld too where fewer than two
    sources have a weight. Evidence: `change`, `weight`, `movement` (that weighted mean) and `difference`, as
    of `left_out`.

    >>> changes = np.log([[1.2], [1.0]])
    >>> source_dominance(np.array([[0.5], [0.5]]), changes).score.tolist()
    [[1.0], [0.0]]
    """
    weight, change = _known(weights, changes)
    moved = weight * np.abs(change)
    movement = ratio(_of_all(moved), _of_all(weight))
    few = _alone(weight)
    small = ~(movement >= smallest)
    return indication(
        ratio(moved, _of_all(moved)),
        {
            "change": changes,
            "weight": weight,
            "movement": movement,
            "difference": left_out(weights, changes).evidence["difference"],
        },
        {"too_few": few, "too_small": small & ~few},
    )


def left_out(weights: Floats, changes: Floats) -> Indication:
    """By what share the index would differ without each source, from weights and changes as above.

    Withheld where fewer than two sources have a weight. Evidence: `difference`, signed (positive: the index
    would be higher without the source).

    >>> changes = np.log([[1.21], [1.0]])
    >>> left_out(np.array([[0.5], [0.5]]), changes).evidence["difference"].round(3).tolist()
    [[-0.091], [0.1]]
    """
    weight, change = _known(weights, changes)
    moved = weight * change
    others = ratio(_of_all(moved) - moved, _of_all(weight) - weight)
    few = _alone(weight)
    difference = np.where(few, np.nan, np.exp(others - ratio(_of_all(moved), _of_all(weight))) - 1.0)
    return indication(np.abs(difference), {"difference": difference}, {"too_few": few})


def _known(weights: Floats, changes: Floats) -> tuple[Floats, Floats]:
    """Weights and changes with nothing in the place of what is missing."""
    known = np.isfinite(weights) & np.isfinite(changes)
    return np.where(known, weights, 0.0), np.where(known, changes, 0.0)


def _of_all(numbers: Floats) -> Floats:
    """The sum over the sources, in each source's place."""
    return np.broadcast_to(numbers.sum(axis=-2, keepdims=True), numbers.shape)


def _alone(weight: Floats) -> Mask:
    """Where fewer than two sources have a weight."""
    return np.broadcast_to((weight > 0.0).sum(axis=-2, keepdims=True) < 2, weight.shape)
