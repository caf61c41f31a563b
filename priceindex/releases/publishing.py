"""Publishing: a run becomes release rows, a kept bundle and a signed statement, in one transaction."""

import datetime
import zlib
from typing import cast

from sqlmodel import Session, col, func, select

from ledger.entry import sign_statement
from ledger.keys import SigningKey
from ledger.writing.outbox import submit
from priceindex.calendar import china_day, day_number
from priceindex.classification import Level
from priceindex.engine.movers import last_day
from priceindex.engine.run import IndexRun
from priceindex.errors import NothingNew, TooMuchImputed, TrialTooShort
from priceindex.releases.release import (
    STATEMENT_KIND,
    Release,
    ReleaseStatus,
    release_id,
    statement_of,
    summarise,
    summary_text,
)
from priceindex.releases.series import Series, digest, pack
from priceindex.tables import BundleRow, ReleaseRow, ValueRow

TRIAL_DAYS = 183
"""Six months on trial before an index may be called official (guide to Decree 43/22, 2021-10)."""
_MS_PER_DAY = 86_400_000


def publish(
    session: Session,
    run: IndexRun,
    origin: str,
    key: SigningKey,
    at_ms: int,
    *,
    status: ReleaseStatus = ReleaseStatus.TRIAL,
) -> Release:
    """Publish a run: bundle, values and release rows, and the signed statement into the outbox.

    `key` must be registered in the log named `origin`. Raises `TooMuchImputed` when the last day's
    composite may not be published, `NothingNew` when the newest release of that day says the same,
    `TrialTooShort` for an official release before six months of trial, and what the outbox refuses.
    """
    series = run.all_series()
    _check_publishable(run, series[0])
    values_sha256 = digest(series)
    revision = _revision(session, run, values_sha256, status)
    if status is ReleaseStatus.OFFICIAL:
        _check_trial(session, run.family.id, at_ms)
    release = _release(run, series[0], revision, values_sha256, at_ms, status)
    _store(session, run, release, series)
    tops = [one for one in series if one.level in (Level.COMPOSITE, Level.CLASS)]
    submit(session, sign_statement(statement_of(release, tops), origin, key))
    return release


def _check_publishable(run: IndexRun, composite: Series) -> None:
    last = composite.last
    if last.value is None:
        share, limit = last.imputed_bp / 100, float(run.family.missing.suppress_imputed_over) * 100
        raise TooMuchImputed(day=last.day, share=f"{share:.1f} %", limit=f"{limit:.0f} %")


def _revision(session: Session, run: IndexRun, values_sha256: str, status: ReleaseStatus) -> int:
    """How many releases of the same last day there are; raises `NothingNew` if the newest says the same."""
    earlier = session.exec(
        select(ReleaseRow)
        .where(ReleaseRow.family == run.family.id, ReleaseRow.last_day == day_number(run.days[-1]))
        .order_by(col(ReleaseRow.revision))
    ).all()
    if earlier:
        newest = earlier[-1]
        said = (newest.values_sha256, newest.method_sha256, newest.status)
        if said == (values_sha256, run.family.method_sha256, str(status)):
            raise NothingNew(release=newest.release_id)
    return len(earlier)


def _check_trial(session: Session, family: str, at_ms: int) -> None:
    trials = select(func.min(ReleaseRow.published_ms)).where(
        ReleaseRow.family == family, ReleaseRow.status == str(ReleaseStatus.TRIAL)
    )
    since_ms = cast("int | None", session.exec(trials).one())
    if since_ms is None or at_ms - since_ms < TRIAL_DAYS * _MS_PER_DAY:
        since: datetime.date | str = "—" if since_ms is None else china_day(since_ms)
        raise TrialTooShort(family=family, since=since)


def _release(
    run: IndexRun, composite: Series, revision: int, values_sha256: str, at_ms: int, status: ReleaseStatus
) -> Release:
    named = release_id(run.family.id, run.days[-1], revision)
    value = composite.last.value
    if value is None:
        raise TooMuchImputed(day=run.days[-1], share="100 %", limit=run.family.missing.suppress_imputed_over)
    return Release(
        release_id=named,
        family=run.family.id,
        method_id=run.family.method_id,
        method_sha256=run.family.method_sha256,
        status=status,
        revision=revision,
        until=run.inputs.until,
        last_day=run.days[-1],
        bundle_sha256=run.bundle_sha256,
        values_sha256=values_sha256,
        as_of_ms=run.inputs.as_of_ms,
        published_ms=at_ms,
        statement_id=f"{STATEMENT_KIND}:{named}",
        headline=value,
        summary=summarise(run, composite, last_day(run)),
    )


def _store(session: Session, run: IndexRun, release: Release, series: list[Series]) -> None:
    if session.get(BundleRow, release.bundle_sha256) is None:
        packed = zlib.compress(run.bundle, 6)
        session.add(BundleRow(sha256=release.bundle_sha256, size_bytes=len(run.bundle), body=packed))
        session.flush()
    session.add(
        ReleaseRow(
            release_id=release.release_id,
            family=release.family,
            until=day_number(release.until),
            last_day=day_number(release.last_day),
            revision=release.revision,
            status=str(release.status),
            method_id=release.method_id,
            method_sha256=release.method_sha256,
            bundle_sha256=release.bundle_sha256,
            values_sha256=release.values_sha256,
            as_of_ms=release.as_of_ms,
            published_ms=release.published_ms,
            statement_id=release.statement_id,
            headline=format(release.headline, "f"),
            summary=summary_text(release.summary),
        )
    )
    session.flush()
    session.add_all(_value_row(release.release_id, one) for one in series)
    session.flush()


def _value_row(release: str, one: Series) -> ValueRow:
    return ValueRow(
        release_id=release,
        level=str(one.level),
        node=one.node,
        parent=one.parent,
        weight=format(one.weight, "f"),
        last_value=None if one.last.value is None else format(one.last.value, "f"),
        series=pack(one),
    )
