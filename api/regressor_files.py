"""Tables of outside regressors as they come: handed in with a forecast, or laid out for a family beforehand.

The clock forecasts within a minute of a release, so what is to be used every week is laid out in the
service's folder, as `regressors/<family>.csv`. Such a table that falls short is left out and the log says so:
a table nobody renewed must not keep a family from its forecasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from api.settings import Settings
from ledger.errors import DaodiError
from priceindex.calendar import day_number
from priceindex.forecast.fitted.joined import GridRegressors
from priceindex.forecast.fitted.regressors import RegressorTable, read_regressors
from priceindex.forecast.fitted.release_regressors import for_release
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.method import ForecastFrequency, ForecastMethod
from priceindex.releases.release import Release

FOLDER: Final = "regressors"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A table of regressors, and the bytes it was read from."""

    body: bytes
    table: RegressorTable
    laid_out: bool = False
    """Found in the service's folder rather than handed in for this forecast."""

    def over(
        self,
        release: Release,
        series: Sequence[PublishedSeries],
        frequency: ForecastFrequency,
        method: ForecastMethod,
    ) -> GridRegressors:
        """The table over the periods a release's forecast stands on; raises `RegressorIncomplete`."""
        return for_release(self.table, series, frequency, day_number(release.last_day), method)


def taken_from(body: bytes) -> Handed:
    """Read what was handed in; raises `RegressorsMalformed`, or what reading a CSV raises."""
    return Handed(body=body, table=read_regressors(body))


def path_of(settings: Settings, family: str) -> Path:
    """Where a family's table is laid out."""
    return settings.folder / FOLDER / f"{family}.csv"


def laid_out(
    settings: Settings,
    release: Release,
    series: Sequence[PublishedSeries],
    frequency: ForecastFrequency,
    method: ForecastMethod,
) -> Handed | None:
    """The table laid out for a release's family, if there is one and it reaches far enough."""
    path = path_of(settings, release.family)
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        handed = Handed(body=body, table=read_regressors(body, path.name), laid_out=True)
        handed.over(release, series, frequency, method)
    except DaodiError as fault:
        _log.warning("regressors_left_out", file=str(path), frequency=frequency, reason=fault.message("en"))
        return None
    return handed
