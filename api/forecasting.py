"""Forecasts at the edge: computed beside the writer, stored through it under the operator's key."""

from importlib.metadata import version
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from api.regressor_files import Handed, laid_out, taken_from
from api.warm_fits import WarmFits
from priceindex.families import family
from priceindex.forecast.forecast_errors import ForecastStands
from priceindex.forecast.forecasts import ForecastRun
from priceindex.forecast.method import ForecastFrequency, forecast_method
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.kept_regressors import keep_regressors
from priceindex.forecast.track.last_link import last_link
from priceindex.forecast.track.making import (
    forecast_from,
    newest_release,
    published_series,
    require_time_left,
)
from priceindex.forecast.track.reading import told
from priceindex.forecast.track.storing import Stored, standing_run, store
from priceindex.governance.stating import Operator
from priceindex.releases.standing import publishable_status

if TYPE_CHECKING:
    from api.station import Station


def code_version() -> str:
    """Return the version of this program, as every forecast names it."""
    return version("daodi")


def make_forecast(
    station: "Station",
    family_id: str,
    frequency: ForecastFrequency,
    regressors: bytes | None = None,
    *,
    fit: bool | None = None,
) -> Stored:
    """Forecast a family from its newest public release; the run that stands where there is one.

    `regressors` is a CSV of outside regressors; without one, that laid out for the family is used. `fit` says
    whether fitted models are tried, as the settings do where it is None. Computing takes seconds and
    holds up no writer. Raises `UnknownFamily`, `NoReleaseYet`, `NotPublishing`, `ForecastTooLate` where
    all its targets have come, `ForecastStands` where the release was forecast without these regressors,
    `FitsSwitchedOff` where nothing could use them, `RegressorsMalformed`, `RegressorIncomplete`, `FitsEnded`,
    and what `priceindex.forecast.track.storing.store` raises.
    """
    chosen, method, at_ms = family(family_id).id, forecast_method(), station.clock()
    handed = None if regressors is None else taken_from(regressors)
    with station.database.read() as session:
        publishable_status(session, chosen, at_ms)
        release = newest_release(session, chosen, at_ms)
        standing = standing_run(session, release.release_id, frequency, method.method_id)
        if standing is not None:
            return _standing(session, standing, handed)
        require_time_left(release, frequency, method, at_ms)
        series, linked = published_series(session, release), last_link(session, release)
    fits = station.fits if fit is not False else WarmFits(processes=0)
    if handed is None and fits.offered:
        handed = laid_out(station.settings, release, series, frequency, method)
    fitted = (
        fits.forecaster() if handed is None else fits.wanted(handed.over(release, series, frequency, method))
    )
    sha256 = "" if handed is None else handed.table.sha256
    run = forecast_from(release, series, frequency, method, fitted, sha256, linked)
    return _stored(station, run, handed)


def _stored(station: "Station", run: ForecastRun, handed: Handed | None) -> Stored:
    """Store a run with the regressors it rests on; another's where one was quicker."""
    operator = Operator(station.settings.origin, station.key)

    def write(session: Session) -> Stored:
        stored = store(session, run, operator, station.clock(), code_version())
        if not stored.new:
            return _standing(session, stored.forecast, handed)
        if handed is not None:
            keep_regressors(session, handed.body, stored.forecast.made_ms)
        return stored

    try:
        return station.writer.submit(write)
    except IntegrityError:
        with station.database.read() as session:
            quicker = standing_run(session, run.release_id, run.frequency, run.method.method_id)
            if quicker is None:
                raise
            return _standing(session, quicker, handed)  # another process of this service was quicker


def _standing(session: Session, standing: Forecast, handed: Handed | None) -> Stored:
    """The run that stands; raises `ForecastStands` where other regressors were handed in than it rests on."""
    if handed is not None and not handed.laid_out:
        used = told(session, standing.forecast_id).regressors_sha256
        if used != handed.table.sha256:
            raise ForecastStands(
                release=standing.release_id, forecast=standing.forecast_id, family=standing.family
            )
    return Stored(standing, new=False)
