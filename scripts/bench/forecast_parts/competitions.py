"""Series of the forecasting competitions from the shared folder, and the measure they are scored by."""

import csv
import gzip
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from priceindex.forecast.forecasters.naive2 import naive2
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.measures import mase, owa, smape

ROOT: Final = Path(__file__).resolve().parents[3]
SEASON: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Competition:
    """Monthly series and what followed them.

    A 0 stands in the panel as the series' least positive value: prices are never 0, and the engine takes
    none.
    """

    panel: SeriesPanel
    actuals: Floats
    """(n, horizon)."""

    unlifted: Floats
    """The values with their zeros, (n, T)."""

    @property
    def horizon(self) -> int:
        """How many months ahead."""
        return self.actuals.shape[1]

    @property
    def lifted(self) -> int:
        """How many zeros were lifted."""
        return int((self.unlifted <= 0.0).sum())

    def first(self, count: int) -> Self:
        """The first series alone, for a quick look."""
        return replace(
            self,
            panel=self.panel.rows(np.arange(count)),
            actuals=self.actuals[:count],
            unlifted=self.unlifted[:count],
        )

    def smape_and_mase(self, forecasts: Floats) -> tuple[float, float]:
        """Mean sMAPE in percent, and mean MASE against the seasonal naive error inside each series."""
        values = self.panel.values
        scale = np.nanmean(np.abs(values[:, SEASON:] - values[:, :-SEASON]), axis=1, keepdims=True)
        found = smape(self.actuals, forecasts), mase(self.actuals, forecasts, scale)
        return float(found[0]), float(found[1])

    def owa(self, forecasts: Floats, base: Floats | None = None) -> float:
        """Overall weighted average of M4 against `base`, Naive2 where none is named."""
        held = naive2(self.panel, self.horizon) if base is None else base
        return owa(*self.smape_and_mase(forecasts), *self.smape_and_mase(held))


def competition(values: Floats, actuals: Floats) -> Competition:
    """The competition of values (n, T) with leading NaN and what followed; zeros are lifted."""
    least = np.nanmin(np.where(values > 0.0, values, np.nan), axis=1, keepdims=True)
    panel = SeriesPanel(values=np.where(values <= 0.0, least, values), season=SEASON)
    return Competition(panel=panel, actuals=actuals, unlifted=values)


def shared_competition(name: str) -> Competition | None:
    """`m3_monthly_odd` or `tourism_monthly` of the shared folder; None where it is absent."""
    shared = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared"))
    folder = shared / "vectors" / "forecast" / name
    if not folder.is_dir():
        return None
    train, test = _series(folder / "monthly_train.csv.gz"), _series(folder / "monthly_test.csv.gz")
    longest = max(map(len, train.values()))
    values = np.array([[np.nan] * (longest - len(row)) + row for row in train.values()])
    return competition(values, np.array([test[name] for name in train]))


def _series(file: Path) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    with gzip.open(file, "rt") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["unique_id"], []).append(float(row["y"]))
    return found
