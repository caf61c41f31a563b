"""Storing a run: its lines, its head and its statement in one transaction, before its targets, once.

There is no way to change or remove a stored run, and none to store one under an earlier moment: a correction
is a further run from a further release, and the track record keeps both.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from ledger.entry import Statement, sign_statement
from ledger.writing.outbox import submit
from priceindex.calendar import day_of
from priceindex.forecast.forecasts import ForecastRun
from priceindex.forecast.track.canonical_rows import digest_of, lines_of
from priceindex.forecast.track.forecast_head import (
    STATEMENT_KIND,
    Forecast,
    forecast_id,
    forecast_of,
    statement_id,
)
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.track_errors import ForecastTooLate, NothingToForecast
from priceindex.forecast.track.track_tables import ForecastRow, ForecastSeriesRow
from priceindex.governance.stating import Operator
from priceindex.releases import release_store


@dataclass(frozen=True, slots=True)
class Stored:
    """A run that stands, and whether it was stored just now."""

    forecast: Forecast
    new: bool


def store(session: Session, run: ForecastRun, operator: Operator, made_ms: int, code_version: str) -> Stored:
    """Store a run and state it; a second run of the same release, grid and method changes nothing.

    What stands is answered then: nobody may forecast until it pleases. Steps whose target day had begun
    are stored and never scored. Raises `NothingToForecast` for a run without series, `ForecastTooLate`
    where every target has come, `UnknownRelease`, and what the outbox refuses.
    """
    release = release_store.release(session, run.release_id, public_at_ms=made_ms)
    standing = standing_run(session, run.release_id, run.frequency, run.method.method_id)
    if standing is not None:
        return Stored(standing, new=False)
    if not run.series:
        raise NothingToForecast(release=run.release_id, series=len(run.left_out), frequency=run.frequency)
    targets = {int(day) for one in run.series for day in one.target_days}
    if all(is_late(day, made_ms) for day in targets):
        raise ForecastTooLate(release=run.release_id, last=day_of(max(targets)))
    told, lines = lines_of(run)
    ordinal = newest_ordinal(session, run.family, run.frequency) + 1
    named = forecast_id(run.family, run.frequency, ordinal)
    row = ForecastRow(
        forecast_id=named,
        family=run.family,
        frequency=run.frequency,
        ordinal=ordinal,
        release_id=run.release_id,
        method_id=run.method.method_id,
        method_sha256=run.method.sha256,
        code_version=code_version,
        data_as_of_ms=release.as_of_ms,
        input_sha256=release.values_sha256,
        made_ms=made_ms,
        origin_day=run.origin_day,
        first_target=min(targets),
        last_target=max(targets),
        kept=run.kept,
        series=len(lines),
        rows_sha256=digest_of([told, *lines.values()]),
        statement_id=statement_id(named),
        told=told,
    )
    session.add(row)
    session.flush()
    session.add_all(
        ForecastSeriesRow(forecast_id=named, level=level, node=node, told=line)
        for (level, node), line in lines.items()
    )
    session.flush()
    forecast = forecast_of(row)
    submit(session, sign_statement(_statement(forecast, release.statement_id), operator.origin, operator.key))
    return Stored(forecast, new=True)


def standing_run(session: Session, release_id: str, frequency: str, method_id: str) -> Forecast | None:
    """The run made from a release on one grid by one method; None where there is none."""
    asked = select(ForecastRow).where(
        ForecastRow.release_id == release_id,
        ForecastRow.frequency == frequency,
        ForecastRow.method_id == method_id,
    )
    row = session.exec(asked).first()
    return None if row is None else forecast_of(row)


def newest_ordinal(session: Session, family: str, frequency: str) -> int:
    """How many runs of a family there are on one grid; 0 before the first."""
    asked = select(func.max(col(ForecastRow.ordinal))).where(
        ForecastRow.family == family, ForecastRow.frequency == frequency
    )
    return session.exec(asked).one() or 0


def _statement(forecast: Forecast, release_statement: str) -> Statement:
    return Statement(
        id=forecast.statement_id,
        kind=STATEMENT_KIND,
        subject=forecast.subject,
        at_ms=forecast.made_ms,
        public=forecast.public(),
        refs=(release_statement,),
    )
