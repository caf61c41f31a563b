"""The chances that would have been told at each past origin, and those of the newest.

At each origin the logits are fitted on targets that had ended, and the strengths of ridge weigh by how they
did at origins whose targets had ended: the aggregating algorithm of Vovk and Zhdanov 2009, "Prediction with
expert advice for the Brier game", J. Machine Learning Research 10, with its learning rate of 1. A group of
siblings at one origin counts as one case, shared out over the periods its target overlaps with others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from priceindex.forecast.direction.brier import climatology
from priceindex.forecast.direction.covariates import Covariates, covariates
from priceindex.forecast.direction.direction_panel import DirectionPanel, outcomes, signs
from priceindex.forecast.direction.hurdle import fit_hurdle, three_classes
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places, group_sums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RolledDirection:
    """Chances of one horizon at o origins, oldest first; the newest is the panel's last column."""

    horizon: int
    origins: Places
    """(o,): columns."""
    chances: Floats
    """(o, n, 3): P(up), P(flat), P(down); NaN for a series with fewer than two values then."""
    climatology: Floats
    """(o, 3): the pool's shares among targets that had ended by then."""
    came: Floats
    """(o, n): -1, 0, 1; NaN where the target has not ended."""
    weights: Floats
    """(o, 2, strengths): the say of each strength on whether and which way."""


def rolled_direction(
    panel: DirectionPanel, horizon: int, *, origins: int, least_steps: int, strengths: Sequence[float]
) -> RolledDirection:
    """Roll over at most the last `origins` columns before which the pool had made `least_steps` steps.

    No origin at all where it has not made them yet.
    """
    known, came = covariates(panel), outcomes(panel, horizon)
    columns = _columns(panel, horizon, origins, least_steps)
    told = _told(known, came, panel.group, columns, horizon, strengths)
    weights = _weights(told, came[:, columns].T, panel.group, columns, horizon)
    mixed = (told * weights[..., None]).sum(axis=2)
    return RolledDirection(
        horizon=horizon,
        origins=columns,
        chances=three_classes(mixed[:, 0], mixed[:, 1]),
        climatology=np.array([climatology(came[:, : c - horizon + 1]) for c in columns]).reshape(-1, 3),
        came=came[:, columns].T,
        weights=weights,
    )


def _columns(panel: DirectionPanel, horizon: int, origins: int, least_steps: int) -> Places:
    steps = np.cumsum((np.abs(np.nan_to_num(signs(panel, 1))) > 0.0).sum(axis=0))
    enough = np.flatnonzero((steps >= least_steps) & (np.arange(panel.periods) > horizon))
    return np.asarray(enough[-origins:], dtype=np.int64)


def _told(
    known: Covariates, came: Floats, group: Places, columns: Places, horizon: int, strengths: Sequence[float]
) -> Floats:
    """What each strength said at each origin: (o, 2, strengths, n)."""
    told = np.empty((len(columns), 2, len(strengths), len(group)))
    fitted = None
    for place, column in enumerate(columns.tolist()):
        fitted = fit_hurdle(known, came, group, column, horizon, strengths, before=fitted)
        told[place] = fitted.chances(known, column)
    return told


def _weights(told: Floats, came: Floats, group: Places, columns: Places, horizon: int) -> Floats:
    """The say of each strength at each origin, (o, 2, strengths), from losses known by then."""
    losses = _losses(told, came, group) / horizon
    weights = np.empty(losses.shape)
    for place, column in enumerate(columns.tolist()):
        lost = losses[columns + horizon <= column].sum(axis=0)
        favour = np.exp(lost.min(axis=1, keepdims=True) - lost)
        weights[place] = favour / favour.sum(axis=1, keepdims=True)
    return weights


def _losses(told: Floats, came: Floats, group: Places) -> Floats:
    """Brier loss of each strength at each origin, (o, 2, strengths), a group of siblings as one case."""
    happened = np.stack([np.where(np.isnan(came), np.nan, came != 0.0), came > 0.0], axis=1)
    counted = ~np.isnan(came)[:, None] & np.stack([np.ones_like(came), came], axis=1).astype(bool)
    errors = np.where(counted[:, :, None], 2.0 * (told - happened[:, :, None]) ** 2, np.nan)
    rows, groups = errors.reshape(-1, len(group)), int(group.max(initial=-1)) + 1
    cases = group_sums(np.isfinite(rows).astype(np.float64), group, groups)
    means = group_sums(rows, group, groups) / np.maximum(cases, 1.0)
    return np.asarray(means.sum(axis=1).reshape(told.shape[:3]))
