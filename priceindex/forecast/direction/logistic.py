"""Logistic regression with ridges, by Newton's method: chances of yes and no from a few covariates.

The penalised likelihood is that of le Cessie and van Houwelingen 1992, "Ridge estimators in logistic
regression", Applied Statistics 41: the level is free, and the covariates are standardised first so that one
strength fits them all. Several ridges are fitted at once on the same rows.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats

HALF: Final = 0.5
"""Weight of one made-up yes and one made-up no at the covariates' mean: chances never reach 0 or 1."""
_STEPS: Final = 60
_SMALL: Final = 1e-7
"""A Newton step so short that the next would be near its square."""
_FLAT: Final = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Logits:
    """Models fitted on the same rows: log odds = level + sum of slope * (covariate - centre) / scale."""

    centre: Floats
    scale: Floats
    """(k,) each: mean and standard deviation of the covariates they were fitted on."""
    weights: Floats
    """(ridges, k + 1): the level, then the slopes on standardised covariates."""

    def chances(self, covariates: Floats) -> Floats:
        """Chance of yes by each model for rows of covariates, (m, k) -> (ridges, m)."""
        standard = (covariates - self.centre) / self.scale
        return chance_of(self.weights[:, :1] + self.weights[:, 1:] @ standard.T)

    @property
    def slopes(self) -> Floats:
        """Change of the log odds with one unit of each covariate, (ridges, k)."""
        return np.asarray(self.weights[:, 1:] / self.scale)


def chance_of(log_odds: Floats) -> Floats:
    """The chance that belongs to log odds, without overflow.

    >>> chance_of(np.array([-800.0, 0.0, 800.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    return _chance(log_odds, np.exp(-np.abs(log_odds)))


def fit_logits(
    covariates: Floats, came: Floats, ridges: Floats, *, prior: float = HALF, start: Floats | None = None
) -> Logits:
    """The models of greatest penalised likelihood for rows (m, k) and what came, (m,) of 0.0 and 1.0.

    Half the sum of each row of `ridges`, (ridges, k), times the squared standardised slopes is taken from the
    log likelihood; `prior` is the weight of the made-up pair. Without a row the chance is one half. A search
    may `start` from weights found on fewer rows. Raises numpy's `LinAlgError` where there is no ridge and a
    covariate never varies.
    """
    centre = covariates.mean(axis=0) if len(covariates) else np.zeros(covariates.shape[1])
    spread = covariates.std(axis=0) if len(covariates) else np.ones(covariates.shape[1])
    scale = np.where(spread > _FLAT, spread, 1.0)
    design = np.ones((len(covariates) + 2, covariates.shape[1] + 1))
    design[:-2, 1:] = (covariates - centre) / scale
    design[-2:, 1:] = 0.0
    cases = _Cases(
        design=design,
        came=np.concatenate([came, [0.0, 1.0]])[:, None],
        counts=np.concatenate([np.ones(len(covariates)), [prior, prior]])[:, None],
        penalty=np.concatenate([np.zeros((len(ridges), 1)), ridges], axis=1),
    )
    weights = np.zeros(cases.penalty.shape) if start is None else start
    return Logits(centre=centre, scale=scale, weights=_highest(cases, weights))


@dataclass(frozen=True, slots=True, eq=False)
class _Cases:
    """Rows with a leading 1, what came of them, how often each counts, and the penalties, (ridges, k + 1)."""

    design: Floats
    came: Floats
    counts: Floats
    penalty: Floats

    def at(self, weights: Floats) -> tuple[Floats, Floats]:
        """Chances of the rows, (m, ridges), and the penalised likelihoods, (ridges,)."""
        log_odds = self.design @ weights.T
        small = np.exp(-np.abs(log_odds))
        likelihood = self.came * log_odds - np.maximum(log_odds, 0.0) - np.log1p(small)
        height = (self.counts * likelihood).sum(axis=0) - 0.5 * (self.penalty * weights**2).sum(axis=1)
        return _chance(log_odds, small), height


def _highest(cases: _Cases, weights: Floats) -> Floats:
    """Climb by Newton steps; a step that would lead down is halved, for each ridge by itself."""
    size = weights.shape[1]
    products = (cases.design[:, :, None] * cases.design[:, None, :]).reshape(-1, size * size).T
    diagonal = cases.penalty[:, :, None] * np.eye(size)
    chance, height = cases.at(weights)
    for _ in range(_STEPS):
        slope = (cases.counts * (cases.came - chance)).T @ cases.design - cases.penalty * weights
        bend = (products @ (cases.counts * chance * (1.0 - chance))).T.reshape(-1, size, size) + diagonal
        step = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        tried = weights + step
        chance, reached = cases.at(tried)
        while bool((lower := reached < height - _FLAT * (1.0 + np.abs(height))).any()):
            step[lower] /= 2.0
            tried = weights + step
            chance, reached = cases.at(tried)
        weights, height = tried, reached
        if float(np.abs(step).max()) <= _SMALL:
            break
    return weights


def _chance(log_odds: Floats, small: Floats) -> Floats:
    return np.asarray(np.where(log_odds >= 0.0, 1.0, small) / (1.0 + small))
