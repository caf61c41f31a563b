"""What the log says of forecasts, against what is stored: nothing edited, dropped or put in afterwards.

The log is asked first, and the stored rows are believed as far as they give its digests. Its order tells
what no stated time can: a forecast that stands after the release which told the value it is about was made
in hindsight, whatever it says.
"""

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger import log
from ledger.canonical import JsonValue
from ledger.errors import DaodiError
from ledger.log import LoggedEntry
from priceindex.calendar import day_number, day_of
from priceindex.errors import StatementDiffers, UnknownRelease
from priceindex.forecast.track.canonical_rows import digest_of
from priceindex.forecast.track.forecast_head import STATEMENT_KIND, Forecast, subject_of
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.log_times import not_before
from priceindex.forecast.track.track_errors import (
    ForecastAltered,
    ForecastBackdated,
    ForecastMissing,
    ForecastUnlogged,
)
from priceindex.releases import release_store
from priceindex.releases.release import STATEMENT_KIND as RELEASE_KIND
from priceindex.releases.release_tables import ReleaseRow
from priceindex.releases.values_digest import digest_in_form


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """The statement of a run and its place in the log."""

    index: int
    made_ms: int
    not_before_ms: int
    """The latest time its signer had stated earlier in the log."""
    public: Mapping[str, JsonValue]

    @property
    def since_ms(self) -> int:
        """When it was made at the earliest: its own time, unless the log's order tells of a later one."""
        return max(self.made_ms, self.not_before_ms)


@dataclass(frozen=True, slots=True)
class Telling:
    """A release through a day: the first by which values until then were public."""

    release_id: str
    last_day: int
    index: int | None
    """Place of its statement in the log; None while it waits."""


def logged_runs(session: Session, family: str, frequency: str) -> dict[str, LoggedRun]:
    """Every run of a family on one grid that the log holds, by its id, in the log's order."""
    own = subject_of(family, frequency)
    stated = [each for each in log.history(session, own) if each.entry.statement.kind == STATEMENT_KIND]
    earliest = not_before(session, stated, [own, f"release/{family}", f"index/{family}"])
    return {
        str(each.entry.statement.public["forecast"]): LoggedRun(
            index=each.index,
            made_ms=each.entry.statement.at_ms,
            not_before_ms=at_ms,
            public=each.entry.statement.public,
        )
        for each, at_ms in zip(stated, earliest, strict=True)
    }


def faults_against_log(forecast: Forecast, lines: list[str], logged: LoggedRun | None) -> list[DaodiError]:
    """What of a stored run is not as the log holds it."""
    if logged is None:
        return [ForecastUnlogged(forecast=forecast.forecast_id)]
    faults: list[DaodiError] = []
    found, said = digest_of(lines), str(logged.public["rows_sha256"])
    if found != said:
        faults.append(ForecastAltered(forecast=forecast.forecast_id, found=found, logged=said))
    if forecast.made_ms != logged.made_ms:
        faults.append(StatementDiffers(part=f"made_ms of {forecast.forecast_id}"))
    differing = [name for name, value in forecast.public().items() if logged.public.get(name) != value]
    if differing:
        faults.append(StatementDiffers(part=f"{', '.join(differing)} of {forecast.forecast_id}"))
    return faults


def missing_runs(logged: Mapping[str, LoggedRun], stored: set[str]) -> list[ForecastMissing]:
    """The runs that the log holds and that are not stored."""
    return [ForecastMissing(forecast=each) for each in logged if each not in stored]


def tellings(session: Session, family: str, as_of_ms: int | None = None) -> list[Telling]:
    """The releases of a family in the order they were published, with their places in the log.

    What the log holds is believed over the stored rows: whoever changed or dropped one would keep forecasts
    waiting for ever. With `as_of_ms` those that were public then.
    """
    until = math.inf if as_of_ms is None else as_of_ms
    logged = [each for each in _logged_releases(session, family) if each.entry.statement.at_ms <= until]
    told = [
        Telling(str(each.entry.statement.public["release"]), _last_day(each), each.index) for each in logged
    ]
    known = {each.release_id for each in told}
    asked = select(ReleaseRow.release_id, ReleaseRow.last_day, ReleaseRow.published_ms)
    rows = session.exec(asked.where(ReleaseRow.family == family).order_by(col(ReleaseRow.ordinal)))
    waiting = [
        Telling(named, last, None) for named, last, at_ms in rows if named not in known and at_ms <= until
    ]
    return told + waiting


def faults_of_values(session: Session, family: str, as_of_ms: int) -> list[StatementDiffers]:
    """Where the published values that forecasts are scored against do not give the digest in the log."""
    logged = [each for each in _logged_releases(session, family) if each.entry.statement.at_ms <= as_of_ms]
    if not logged:
        return []
    public = logged[-1].entry.statement.public
    named = str(public["release"])
    try:
        found = digest_in_form(int(str(public["form"])), release_store.all_series(session, named))
    except UnknownRelease:
        return [StatementDiffers(part=named)]
    return [] if found == public["values_sha256"] else [StatementDiffers(part=f"values of {named}")]


def _logged_releases(session: Session, family: str) -> list[LoggedEntry]:
    """The statements of a family's releases in the log's order."""
    found = log.history(session, f"release/{family}")
    return [each for each in found if each.entry.statement.kind == RELEASE_KIND]


def _last_day(logged: LoggedEntry) -> int:
    return day_number(datetime.date.fromisoformat(str(logged.entry.statement.public["last_day"])))


def first_through(told: list[Telling], day: int) -> Telling | None:
    """The first release through a day; None while none has come so far."""
    return next((each for each in told if each.last_day >= day), None)


def made_after(logged: LoggedRun, told: Telling | None) -> bool:
    """Whether a run entered the log after the release that told the value it is about."""
    return told is not None and told.index is not None and logged.index > told.index


def backdated(
    forecast_id: str, logged: LoggedRun, targets: Iterable[int], told: list[Telling]
) -> ForecastBackdated | None:
    """The first target a run claims to precede, against the order of the log; None where there is none."""
    for day in sorted({day for day in targets if not is_late(day, logged.made_ms)}):
        if is_late(day, logged.since_ms) or made_after(logged, first_through(told, day)):
            return ForecastBackdated(forecast=forecast_id, target=day_of(day))
    return None
