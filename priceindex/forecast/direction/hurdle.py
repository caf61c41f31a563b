"""The hurdle of a sticky price: first whether it will change at all, then which way.

Two pooled logits a horizon, of a change and of its sign, on the covariates of
`priceindex.forecast.direction.covariates` (Mullahy 1986, "Specification and testing of some modified count
data models", J. Econometrics 33, for the two parts), each fitted at several strengths of ridge.

A slope is held the tighter the less often it was really measured. A row of history is one series at one
column; a covariate that all series share was seen once a column, not once a row, and targets of h periods
overlap h times. So the ridge of a slope is strength * horizon * number of series that share the covariate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.direction.covariates import Covariates
from priceindex.forecast.direction.logistic import Logits, fit_logits
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places

MOST_SERIES: Final = 200
"""Series a fit rests on: of more, every second, third, ... is taken; ten slopes need no more."""


@dataclass(frozen=True, slots=True)
class HurdleFit:
    """The logits of one horizon as they could be fitted at one column, one of each kind a strength."""

    change: Logits
    """Whether the value will stand elsewhere."""
    sign: Logits
    """Whether it will stand higher, given that."""

    def chances(self, known: Covariates, column: int) -> Floats:
        """Chance of a change, and of up given a change, by strength, from one column: (2, strengths, n).

        NaN where a series has no value before the column.
        """
        told = (self.change.chances(known.change[:, column]), self.sign.chances(known.sign[:, column]))
        return np.stack(told)


def fit_hurdle(
    known: Covariates,
    came: Floats,
    group: Places,
    column: int,
    horizon: int,
    strengths: Sequence[float],
    *,
    before: HurdleFit | None = None,
) -> HurdleFit:
    """Fit one horizon as it could have been at `column`: on targets that had ended by then.

    `came` are the outcomes at that horizon, (n, T), and `group` the siblings, (n,). The fit of the column
    `before` saves steps of the search.
    """
    thin = slice(None, None, -(-len(came) // MOST_SERIES))
    ended = slice(0, max(column - horizon + 1, 0))
    told = came[thin, ended]
    change, sign = known.change[thin, ended], known.sign[thin, ended]
    seen = ~np.isnan(told) & ~np.isnan(sign[..., 0])
    moved = seen & (told != 0.0)
    changed, up = (told[seen] != 0.0).astype(np.float64), (told[moved] > 0.0).astype(np.float64)
    ridges = horizon * np.array(strengths)[:, None] * _shared_by(group[thin])
    starts = (None, None) if before is None else (before.change.weights, before.sign.weights)
    return HurdleFit(
        change=fit_logits(change[seen], changed, ridges, start=starts[0]),
        sign=fit_logits(sign[moved], up, ridges, start=starts[1]),
    )


def three_classes(change: Floats, up: Floats) -> Floats:
    """P(up), P(flat), P(down) from the chance of a change and of up given one; the last axis is new.

    >>> three_classes(np.array(0.5), np.array(0.75)).tolist()
    [0.375, 0.5, 0.125]
    """
    return np.stack([change * up, 1.0 - change, change * (1.0 - up)], axis=-1)


def _shared_by(group: Places) -> Floats:
    """How many series share each of the four covariates: two are a series' own, then siblings', all's."""
    siblings = len(group) / max(len(np.unique(group)), 1)
    return np.array([1.0, 1.0, siblings, float(len(group))])
