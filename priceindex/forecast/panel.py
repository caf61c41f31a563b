"""Many series over the same periods, as the forecasters take them: rows of one array, ending together."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecast_errors import SeriesMisshapen

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesPanel:
    """Positive values of n series in T periods; the last column is the origin all forecasts start from.

    NaN stands only before a series' first value: gaps inside are filled on the grid
    (`priceindex.forecast.grid`), never here. Raises `SeriesMisshapen` for anything else.
    """

    values: Floats
    """(n, T), right-aligned."""
    season: int
    """Periods a year: 12 months, 52 weeks; 1 where no season is looked for."""

    def __post_init__(self) -> None:
        """Refuse what no forecaster may meet."""
        known = ~np.isnan(self.values)
        whole = self.values.ndim == 2 and self.values.shape[1] > 0 and self.season >= 1
        if not whole or not bool(np.all(np.isfinite(self.values[known]) & (self.values[known] > 0.0))):
            raise SeriesMisshapen(shape="x".join(map(str, self.values.shape)), season=self.season)
        if bool(np.any(known[:, :-1] & ~known[:, 1:])):
            raise SeriesMisshapen(shape="x".join(map(str, self.values.shape)), season=self.season)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many values each series has, (n,)."""
        return np.asarray((~np.isnan(self.values)).sum(axis=1), dtype=np.int64)

    def back(self, periods: int) -> "SeriesPanel":
        """The panel as it stood `periods` earlier, for an origin in the past.

        >>> SeriesPanel(values=np.array([[1.0, 2.0, 3.0]]), season=1).back(1).values.tolist()
        [[1.0, 2.0]]
        """
        return replace(self, values=self.values[:, : self.values.shape[1] - periods])

    def rows(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "SeriesPanel":
        """Some of the series, in the order asked for."""
        return replace(self, values=self.values[chosen])
