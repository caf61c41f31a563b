"""What there is to forecast: a family's newest public release, its series, the last whole period."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from priceindex.calendar import day_number, day_of, month_of, month_start
from priceindex.families import family_version
from priceindex.forecast.forecasts import ForecastRun, PublishedSeries
from priceindex.forecast.method import FREQUENCIES, ForecastFrequency, ForecastMethod
from priceindex.forecast.scoring.rolling_origin import Forecaster
from priceindex.forecast.target_days import target_days
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.track_errors import ForecastTooLate, NoReleaseYet
from priceindex.forecast.track.track_tables import ForecastRow
from priceindex.releases import release_store
from priceindex.releases.release import Release
from priceindex.releases.series import UNPUBLISHED, Series
from priceindex.releases.standing import Standing, standing_of

_FRIDAY = 1
"""1970-01-01 was a Thursday: the day numbers of Fridays leave 1 when divided by 7."""
_SILENT = (Standing.SUSPENDED, Standing.TERMINATED)


@dataclass(frozen=True, slots=True)
class DueForecast:
    """A release that completed a period which nobody forecast from yet."""

    family: str
    frequency: ForecastFrequency
    release_id: str
    origin_day: int


def newest_release(session: Session, family: str, at_ms: int) -> Release:
    """The newest public release of a family; raises `NoReleaseYet`."""
    release = release_store.latest(session, family, public_at_ms=at_ms)
    if release is None:
        raise NoReleaseYet(family=family)
    return release


def published_series(session: Session, release: Release) -> list[PublishedSeries]:
    """The daily values of every node of a release, as forecasts are made from them."""
    return [_published(each) for each in daily(release_store.all_series(session, release.release_id))]


def daily(series: Iterable[Series]) -> list[Series]:
    """The daily ones: values of weeks and months are averages or repeats, and are not forecast."""
    return [each for each in series if each.frequency == "day"]


def forecast_from(
    release: Release,
    series: Iterable[PublishedSeries],
    frequency: ForecastFrequency,
    method: ForecastMethod,
    fitted: Forecaster | None = None,
    regressors_sha256: str = "",
    linked: int | None = None,
) -> ForecastRun:
    """Forecast a release's series; the same series always give the same forecasts.

    With `fitted` the method's fitted models are tried for composite and classes too, and the regression where
    `fitted` has outside regressors, whose digest is then told. `linked` is what `track.last_link` says of the
    release.
    """
    from priceindex.forecast.forecast_run import forecast_release  # draws in every model: only where wanted

    return forecast_release(
        release.family,
        release.release_id,
        release.kept,
        list(series),
        frequency,
        day_number(release.last_day),
        method,
        form="geometric" if family_version(release.method_id).aggregation_order == 0 else "arithmetic",
        fitted=fitted,
        regressors_sha256=regressors_sha256,
        linked=linked,
    )


def origin_day(frequency: ForecastFrequency, last_day: int) -> int:
    """Day number of the last Friday, or last day of a month, that is not after a day.

    >>> [day_of(origin_day(each, 20_454)).isoformat() for each in FREQUENCIES]  # a Friday, 2026-01-01 after
    ['2025-12-26', '2025-12-31']
    """
    if frequency == "week":
        return last_day - (last_day - _FRIDAY) % 7
    return day_number(month_start(month_of(day_of(last_day + 1)))) - 1


def require_time_left(
    release: Release, frequency: ForecastFrequency, method: ForecastMethod, at_ms: int
) -> None:
    """Raise `ForecastTooLate` where every target of a forecast from this release has come."""
    origin = origin_day(frequency, day_number(release.last_day))
    last = int(target_days(frequency, origin, method.grid(frequency).horizon)[-1])
    if is_late(last, at_ms):
        raise ForecastTooLate(release=release.release_id, last=day_of(last))


def due_forecasts(
    session: Session, families: Iterable[str], method: ForecastMethod, now_ms: int
) -> list[DueForecast]:
    """The families and grids whose newest public release completed a period without a forecast.

    Families that are suspended or terminated have none, nor have periods whose targets have all come.
    """
    found: list[DueForecast] = []
    for family in families:
        release = release_store.latest(session, family, public_at_ms=now_ms)
        if release is None or standing_of(session, family, now_ms).standing in _SILENT:
            continue
        for frequency in FREQUENCIES:
            origin = origin_day(frequency, day_number(release.last_day))
            last = int(target_days(frequency, origin, method.grid(frequency).horizon)[-1])
            if not is_late(last, now_ms) and not _forecast_from(session, family, frequency, origin):
                found.append(DueForecast(family, frequency, release.release_id, origin))
    return found


def _forecast_from(session: Session, family: str, frequency: str, origin: int) -> bool:
    asked = select(ForecastRow.forecast_id).where(
        ForecastRow.family == family,
        ForecastRow.frequency == frequency,
        col(ForecastRow.origin_day) >= origin,
    )
    return session.exec(asked.limit(1)).first() is not None


def _published(one: Series) -> PublishedSeries:
    values = one.units.astype(np.float64) / 10**one.kept
    return PublishedSeries(
        level=one.level,
        node=one.node,
        parent=one.parent,
        weight=float(one.weight),
        days=one.days,
        values=np.where(one.units == UNPUBLISHED, np.nan, values),
    )
