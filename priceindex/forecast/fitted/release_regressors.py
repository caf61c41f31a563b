"""Outside regressors for a release: the periods its forecast will stand on, past and ahead."""

from collections.abc import Iterable

import numpy as np

from priceindex.classification import TREE_LEVELS
from priceindex.forecast.fitted.joined import GridRegressors
from priceindex.forecast.fitted.regressors import RegressorTable
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.method import ForecastFrequency, ForecastMethod
from priceindex.forecast.nodes_on_grid import on_grid
from priceindex.forecast.target_days import target_days


def for_release(
    table: RegressorTable,
    series: Iterable[PublishedSeries],
    frequency: ForecastFrequency,
    until: int,
    method: ForecastMethod,
) -> GridRegressors:
    """The regressors as `forecast_run.forecast_release` needs them for the same series, grid and day.

    Raises `RegressorIncomplete` where one does not reach the last step from the newest origin: told to who
    hands the file in, rather than found in the count of dropped fits.
    """
    of_tree = [each for each in series if each.level in TREE_LEVELS]
    ends = on_grid(of_tree, frequency, until, method).ends
    origin = int(ends[-1]) if len(ends) else until
    ahead = target_days(frequency, origin, method.grid(frequency).horizon)
    table.window(ends, ahead, origin)
    return GridRegressors(table=table, days=np.concatenate([ends, ahead]))
