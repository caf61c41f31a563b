"""Verifying a stored forecast: as it stands in the log, before its targets, and the same when made again."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from ledger import log
from ledger.errors import DaodiError
from priceindex.calendar import day_number
from priceindex.errors import StatementDiffers, UnknownArchive
from priceindex.forecast.fitted.joined import Joined
from priceindex.forecast.fitted.release_regressors import for_release
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.method import ForecastMethod
from priceindex.forecast.track import reading
from priceindex.forecast.track.canonical_rows import StoredSeries, Told, lines_of, series_of, told_of
from priceindex.forecast.track.comparing_runs import differences, head_differences, told_differences
from priceindex.forecast.track.forecast_head import Forecast, statement_id
from priceindex.forecast.track.kept_regressors import kept_regressors
from priceindex.forecast.track.last_link import last_link
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.logged_runs import (
    backdated,
    faults_against_log,
    logged_runs,
    missing_runs,
    tellings,
)
from priceindex.forecast.track.making import forecast_from, published_series
from priceindex.forecast.track.stored_lines import series_in, told_in
from priceindex.forecast.track.track_errors import (
    ForecastAltered,
    ForecastMissing,
    UnknownForecast,
)
from priceindex.releases import release_store
from priceindex.releases.release import Release
from priceindex.releases.values_digest import digest_in_form

FAULTS_LISTED: Final = 20


class Recomputation(StrEnum):
    """Whether a forecast could be made again here."""

    DONE = "done"
    OTHER_METHOD = "other_method"
    REGRESSORS = "regressors"
    FITTED = "fitted"
    ALTERED = "altered"

    def words(self, language: str) -> str:
        """Say it to people.

        >>> Recomputation.DONE.words("en")
        'computed again'
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    Recomputation.DONE: ("已复算", "computed again"),
    Recomputation.OTHER_METHOD: (
        "未复算：方法文本已换版，须用当时的程序版本",
        "not computed again: made by another text of the method; use the program of then",
    ),
    Recomputation.REGRESSORS: (
        "未复算：用到了外部变量，而当时的表不在此处",
        "not computed again: it rests on outside regressors, whose table is not kept here",
    ),
    Recomputation.FITTED: (
        "未复算：用到了拟合模型，而此处没有启用",
        "not computed again: it tried fitted models, which are not offered here",
    ),
    Recomputation.ALTERED: (
        "未复算：存储的数据与账本不符",
        "not computed again: what is stored is not what the log holds",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastVerification:
    """What a verification found."""

    forecast: Forecast
    log_index: int | None
    """Where its statement stands in the log; None while it is not integrated."""
    steps: int
    """Forecasts of one node for one target."""
    late: int
    """Of these, those whose target day had begun."""
    recomputation: Recomputation
    values: int
    """Values that were computed again and compared."""
    faults: tuple[DaodiError, ...]

    @property
    def ok(self) -> bool:
        """Whether everything agreed."""
        return not self.faults


def verify(
    session: Session,
    forecast_id: str,
    method: ForecastMethod,
    version: str,
    fitted: Joined | None = None,
) -> ForecastVerification:
    """Verify a run against the log, its targets' time, and its own inputs.

    `version` is this program's; `fitted` knows the fitted models, for runs that tried them. Tells besides of
    every other run of the family and grid that the log holds and that is not stored. Raises
    `ForecastMissing` for a run of which there is only its statement, `UnknownForecast` for none at all,
    `ForecastUnreadable` for one that is as the log holds it and of another format.
    """
    forecast = _forecast(session, forecast_id)
    lines = reading.lines(session, forecast_id)
    logged = logged_runs(session, forecast.family, forecast.frequency)
    own = logged.get(forecast_id)
    faults = faults_against_log(forecast, lines, own)
    stored = {each.forecast_id for each in reading.all_runs(session, forecast.family, forecast.frequency)}
    faults += missing_runs(logged, stored)
    altered = any(isinstance(each, ForecastAltered) for each in faults)
    series = [] if altered else series_in(forecast_id, lines[0], lines[1:])
    faults += [] if altered else head_differences(lines[0], series, forecast, forecast.code_version)
    if own is not None:
        targets = (day for each in series for day in each.targets)
        early = backdated(forecast_id, own, targets, tellings(session, forecast.family))
        faults += [] if early is None else [early]
    recomputation, values, differing = (
        (Recomputation.ALTERED, 0, [])
        if altered
        else _again(session, forecast, lines, series, method, version, fitted)
    )
    made_ms = forecast.made_ms if own is None else own.since_ms
    return ForecastVerification(
        forecast=forecast,
        log_index=None if own is None else own.index,
        steps=sum(len(each.targets) for each in series),
        late=sum(is_late(day, made_ms) for each in series for day in each.targets),
        recomputation=recomputation,
        values=values,
        faults=tuple([*faults, *differing][:FAULTS_LISTED]),
    )


def _forecast(session: Session, forecast_id: str) -> Forecast:
    try:
        return reading.run(session, forecast_id)
    except UnknownForecast:
        if log.find(session, statement_id(forecast_id)) is None:
            raise
        raise ForecastMissing(forecast=forecast_id) from None


def _again(
    session: Session,
    forecast: Forecast,
    lines: list[str],
    series: list[StoredSeries],
    method: ForecastMethod,
    version: str,
    fitted: Joined | None,
) -> tuple[Recomputation, int, list[DaodiError]]:
    """Make the forecast again from the release's public values and compare."""
    release = release_store.release(session, forecast.release_id)
    values = release_store.all_series(session, forecast.release_id)
    if digest_in_form(release.form, values) != forecast.input_sha256:
        return Recomputation.DONE, 0, [StatementDiffers(part=f"values of {release.release_id}")]
    if (method.method_id, method.sha256) != (forecast.method_id, forecast.method_sha256):
        return Recomputation.OTHER_METHOD, 0, []
    told = told_in(forecast.forecast_id, lines[0])
    if told.fitted and fitted is None:
        return Recomputation.FITTED, 0, []
    published = published_series(session, release)
    try:
        by = _forecaster(session, told, fitted, (release, published), forecast, method)
    except UnknownArchive:
        return Recomputation.REGRESSORS, 0, []
    except StatementDiffers as differs:
        return Recomputation.DONE, 0, [differs.with_traceback(None)]
    sha256 = told.regressors_sha256
    linked = last_link(session, release)
    run = forecast_from(release, published, forecast.frequency, method, by, sha256, linked)
    first, rest = lines_of(run)
    found = [series_of(line) for line in rest.values()]
    versions = version if version == forecast.code_version else f"{forecast.code_version} → {version}"
    compared, differing = differences(series, found, versions)
    judged, misjudged = told_differences(told, told_of(first), versions)
    return Recomputation.DONE, compared + judged, [*misjudged, *differing]


def _forecaster(
    session: Session,
    told: Told,
    fitted: Joined | None,
    source: tuple[Release, list[PublishedSeries]],
    forecast: Forecast,
    method: ForecastMethod,
) -> Joined | None:
    """Who made a run: the fast models alone, the fitted ones too, or these with the regressors of then.

    Raises `UnknownArchive` where the regressors are not kept here, `StatementDiffers` where others are.
    """
    if not told.fitted or fitted is None or not told.regressors_sha256:
        return fitted if told.fitted else None
    table = kept_regressors(session, told.regressors_sha256)
    release, published = source
    until = day_number(release.last_day)
    return replace(fitted, regressors=for_release(table, published, forecast.frequency, until, method))
