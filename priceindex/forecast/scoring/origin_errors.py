"""Errors of a backtest by group, model, origin and horizon: all that the gate and the weights look at.

A forecast a model could not give (a dropped fit) counts as naive's, which would be published in its place.
Errors are divided by the value at the origin, so that an index of 2,000 points weighs no more than one of 90,
and averaged over the group's series at each origin before anything else: the cross-section is dependent.
"""

from dataclasses import dataclass

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.rolling_origin import NAIVE, Backtest
from priceindex.formulas.relatives import Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OriginErrors:
    """Mean absolute errors, relative to the value at the origin, of one group of series."""

    models: tuple[str, ...]
    means: Floats
    """(m, o, h): over the series for which every model has an error; NaN where there is none."""
    counts: Places
    """(o, h): how many series that is."""
    series: int
    """Series that appear at all."""
    step: int
    """Columns from one origin to the next."""

    @property
    def naive(self) -> Floats:
        """The baseline's errors, (o, h)."""
        return np.asarray(self.means[self.models.index(NAIVE)])

    def totals(self, model: str) -> Floats:
        """Sums of one model's errors over the series, (o, h): what the block bootstrap draws."""
        return np.asarray(self.means[self.models.index(model)] * self.counts)

    def pooled(self, chosen: Places, horizon: int) -> Floats:
        """Mean absolute error of each model over all errors at some origins, (m,)."""
        weights = self.counts[chosen, horizon]
        return np.asarray((self.means[:, chosen, horizon] * weights).sum(axis=1) / weights.sum())

    def ended(self, column: int, origins: Places, horizon: int, newest: int) -> Places:
        """Places of the newest origins whose target at 0-based `horizon` was known by `column`."""
        over = (origins + 1 + horizon <= column) & (self.counts[:, horizon] > 0)
        return np.flatnonzero(over)[-newest:]


def origin_errors(tested: Backtest, members: Places) -> OriginErrors:
    """The errors of the series in the rows `members`."""
    last = tested.last[:, members, None]
    made = tested.forecasts[:, :, members]
    stood_in = np.where(np.isfinite(made), made, tested.of(NAIVE)[:, members])
    errors = np.abs(stood_in - tested.actuals[:, members]) / last
    known = np.isfinite(errors).all(axis=0)
    counts = known.sum(axis=1)
    totals = np.where(known, errors, 0.0).sum(axis=2)
    return OriginErrors(
        models=tested.models,
        means=np.where(counts > 0, totals / np.maximum(counts, 1), np.nan),
        counts=counts,
        series=len(np.unique(np.nonzero(known)[1])),
        step=tested.step,
    )
