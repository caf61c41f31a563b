"""How good chances were: Brier and log scores of each forecast, and the climatology they must beat.

Brier 1950, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, in its
original form: the sum over the classes, so that 0 is perfect and 2 the worst for three classes.
"""

import numpy as np

from priceindex.forecast.panel import Floats


def classes_of(came: Floats) -> Floats:
    """Outcomes -1, 0, 1 as up, flat, down indicators on a new last axis; NaN stays NaN.

    >>> classes_of(np.array([1.0, 0.0])).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    told = np.stack([came > 0.0, came == 0.0, came < 0.0], axis=-1).astype(np.float64)
    return np.where(np.isnan(came)[..., None], np.nan, told)


def brier_scores(chances: Floats, came: Floats) -> Floats:
    """Score of each forecast of up, flat, down, (..., 3), against outcomes -1, 0, 1, (...); NaN if unknown.

    >>> brier_scores(np.array([[0.5, 0.25, 0.25]]), np.array([1.0])).tolist()
    [0.375]
    """
    return np.asarray(((chances - classes_of(came)) ** 2).sum(axis=-1))


def rise_if_changed(chances: Floats) -> Floats:
    """P(up | change) = P(up) / (P(up) + P(down)) of chances of up, flat, down, (..., 3) -> (...).

    NaN where no change is thought possible.

    >>> rise_if_changed(np.array([[0.375, 0.5, 0.125], [0.0, 1.0, 0.0]])).tolist()
    [0.75, nan]
    """
    moving = chances[..., 0] + chances[..., 2]
    out = np.full(moving.shape, np.nan)
    return np.asarray(np.divide(chances[..., 0], moving, out=out, where=moving > 0.0))


def sign_brier_scores(chances: Floats, came: Floats) -> Floats:
    """Score of P(up | change) where a change came; NaN elsewhere.

    Of the two classes one is told: the score is the squared error of P(up | change), half of the
    original's sum.
    """
    moved = ~np.isnan(came) & (came != 0.0)
    return np.where(moved, (rise_if_changed(chances) - (came > 0.0)) ** 2, np.nan)


def log_scores(chances: Floats, came: Floats) -> Floats:
    """Minus the log of the chance given to what came, (...); NaN if unknown. 0 is perfect."""
    told = classes_of(came)
    given = np.where(np.isnan(told).any(axis=-1), np.nan, (chances * told).sum(axis=-1))
    return np.asarray(-np.log(given))


def climatology(ended: Floats) -> Floats:
    """Shares of up, flat, down among outcomes that had ended, (3,); half a case of each is added.

    >>> climatology(np.array([1.0, 0.0, 0.0, np.nan])).tolist()
    [0.3333333333333333, 0.5555555555555556, 0.1111111111111111]
    """
    counts = np.array([(ended > 0.0).sum(), (ended == 0.0).sum(), (ended < 0.0).sum()]) + 0.5
    return np.asarray(counts / counts.sum())
