"""Publishing: a run becomes a release, its points, a kept bundle and a signed statement, all or nothing."""

import datetime
import zlib
from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger.entry import sign_statement
from ledger.keys import SigningKey
from ledger.writing.outbox import submit
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.engine.index_run import IndexRun
from priceindex.engine.movers import last_day
from priceindex.engine.weight_store import Enterer, freeze
from priceindex.errors import NothingNew, TooMuchImputed
from priceindex.governance.release_checks import require_release
from priceindex.governance.stating import Operator
from priceindex.releases import notices, point_writing, release_store
from priceindex.releases.corrections import Correction, correction, every_change
from priceindex.releases.persons import Person
from priceindex.releases.point_planning import Plan, plan
from priceindex.releases.release import (
    STATEMENT_KIND,
    Release,
    ReleaseStatus,
    release_id,
    statement_of,
    summarise,
    summary_text,
)
from priceindex.releases.release_errors import (
    BehindPublished,
    NothingRevised,
    NoticeNeeded,
    OlderKnowledge,
    SecondPersonNeeded,
)
from priceindex.releases.release_tables import BundleRow, DraftRow, ReleaseRow
from priceindex.releases.series import Series, digest
from priceindex.releases.standing import publishable_status
from priceindex.releases.values_digest import FORM

CONSOLE = Person("daodi", "")
"""Who works where no token is asked for: at the service's own console."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A computation that may become a release, with all that was looked at."""

    run: IndexRun
    status: ReleaseStatus
    revision: int
    series: tuple[Series, ...]
    values_sha256: str
    plan: Plan
    correction: Correction | None

    @property
    def release_id(self) -> str:
        """The id it gets."""
        return release_id(self.run.family.id, self.run.days[-1], self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """How a release comes to be published, beside its numbers."""

    at_ms: int
    person: Person
    reason: str | None = None
    """Why published values change that may not change silently."""
    due_ms: int | None = None
    sealed_statement: str | None = None
    revision: int | None = None
    """The number it was made under; None for the next one."""


def needs_second_person(run: IndexRun, status: ReleaseStatus) -> bool:
    """Whether the family's text asks for two persons for a release of this status."""
    return run.family.publication.four_eyes == "always" or status is ReleaseStatus.OFFICIAL


def publish(
    session: Session,
    run: IndexRun,
    origin: str,
    key: SigningKey,
    at_ms: int,
    *,
    reason: str | None = None,
    person: Person = CONSOLE,
) -> Release:
    """Publish a run at once: what one person may do while the family is on trial.

    `key` must be registered in the log named `origin`; `reason` says why published values change and
    makes the release a correction. Raises what `candidate` raises, `SecondPersonNeeded` where the text
    asks for two, `NothingRevised` for a reason without a change, and what the outbox refuses.
    """
    found = candidate(session, run, at_ms, reason=reason)
    if needs_second_person(run, found.status):
        raise SecondPersonNeeded(family=run.family.id)
    circumstances = Circumstances(at_ms=at_ms, person=person, reason=reason)
    return write_release(session, found, Operator(origin, key), circumstances)


def candidate(
    session: Session, run: IndexRun, at_ms: int, *, reason: str | None = None, revision: int | None = None
) -> Candidate:
    """Look at a computation as if it were published now; nothing is written.

    Raises `TooMuchImputed` when the last day's composite may not be published, `NothingNew` when the
    newest release of that day says the same, `BehindPublished` when later days are published already,
    `OlderKnowledge` when a release made of later knowledge is,
    `NoticeNeeded` when published values change that may not change silently and no `reason` is given,
    `NotPublishing` for a suspended family, and `ChecksFailed`.
    """
    series = tuple(run.all_series())
    status = publishable_status(session, run.family.id, at_ms)
    _require_value(session, run, series[0], status, at_ms)
    values_sha256 = digest(series)
    _require_ahead(session, run)
    number = _require_new(session, run, values_sha256, status) if revision is None else revision
    planned = plan(session, run.family, series, status, at_ms)
    told = correction(session, run.family, planned, series[0].kept, at_ms)
    _require_reason(planned, told, reason)
    require_release(session, run, str(status), at_ms)
    return Candidate(run, status, number, series, values_sha256, planned, told)


def write_release(
    session: Session, found: Candidate, operator: Operator, circumstances: Circumstances
) -> Release:
    """Write a candidate as a release, with its statement and, where values change loudly, its notice."""
    made = _release(found, circumstances)
    by = Enterer(operator.origin, operator.key, made.release_id)
    freeze(session, made.family, found.run.head.weight_sets, by, circumstances.at_ms)
    keep_bundle(session, found.run)
    session.add(_row(made, notice_needed=found.correction is not None))
    session.flush()
    point_writing.write(session, found.run.family.id, found.plan)
    tops = [one for one in found.series if one.level in (Level.COMPOSITE, Level.CLASS)]
    tops = [one for one in tops if one.frequency == "day"]
    submit(session, sign_statement(statement_of(made, tops), operator.origin, operator.key))
    if circumstances.reason is not None:
        told = found.correction or every_change(found.plan, found.series[0].kept)
        notices.state(
            session,
            operator,
            made.family,
            made.release_id,
            told,
            circumstances.reason,
            circumstances.person,
            circumstances.at_ms,
        )
    return made


def keep_bundle(session: Session, run: IndexRun) -> None:
    """Keep the inputs of a run by their digest, once."""
    if session.get(BundleRow, run.bundle_sha256) is None:
        packed = zlib.compress(run.bundle, 6)
        session.add(BundleRow(sha256=run.bundle_sha256, size_bytes=len(run.bundle), body=packed))
        session.flush()


def _require_value(
    session: Session, run: IndexRun, composite: Series, status: ReleaseStatus, at_ms: int
) -> None:
    """Raise why the last day's composite may not be published: `ChecksFailed` or `TooMuchImputed`."""
    last = composite.last
    if last.value is None:
        share, limit = last.imputed_bp / 100, float(run.family.missing.suppress_imputed_over) * 100
        if share <= limit:
            require_release(session, run, str(status), at_ms)
        raise TooMuchImputed(day=last.day, share=f"{share:.1f} %", limit=f"{limit:.0f} %")


def _require_ahead(session: Session, run: IndexRun) -> None:
    newest = release_store.latest(session, run.family.id)
    if newest is not None and run.days[-1] < newest.last_day:
        raise BehindPublished(last=newest.last_day, day=run.days[-1])
    if newest is not None and run.inputs.as_of_ms < newest.as_of_ms:
        known = datetime.datetime.fromtimestamp(run.inputs.as_of_ms / 1000, datetime.UTC)
        raise OlderKnowledge(known=f"{known:%Y-%m-%d %H:%MZ}", release=newest.release_id)


def _require_new(session: Session, run: IndexRun, values_sha256: str, status: ReleaseStatus) -> int:
    """How many releases of the same last day were made; raises `NothingNew` if the newest says the same."""
    family, day = run.family.id, day_number(run.days[-1])
    newest = session.exec(
        select(ReleaseRow)
        .where(ReleaseRow.family == family, ReleaseRow.last_day == day)
        .order_by(col(ReleaseRow.ordinal).desc())
    ).first()
    if newest is not None:
        said = (newest.values_sha256, newest.method_sha256, newest.status)
        if said == (values_sha256, run.family.method_sha256, str(status)):
            raise NothingNew(release=newest.release_id)
    published = select(ReleaseRow.revision).where(ReleaseRow.family == family, ReleaseRow.last_day == day)
    drafted = select(DraftRow.revision).where(DraftRow.family == family, DraftRow.last_day == day)
    return 1 + max([*session.exec(published), *session.exec(drafted)], default=-1)


def _require_reason(planned: Plan, told: Correction | None, reason: str | None) -> None:
    if told is not None and reason is None:
        raise NoticeNeeded(count=told.values, node=told.node, day=day_of(told.first_day))
    if reason is not None and not len(planned.change):
        raise NothingRevised


def _release(found: Candidate, circumstances: Circumstances) -> Release:
    run, composite = found.run, found.series[0]
    value = composite.last.value
    if value is None:
        raise TooMuchImputed(day=run.days[-1], share="100 %", limit=run.family.missing.suppress_imputed_over)
    named = found.release_id
    return Release(
        release_id=named,
        family=run.family.id,
        ordinal=found.plan.ordinal,
        method_id=run.family.method_id,
        method_sha256=run.family.method_sha256,
        status=found.status,
        revision=found.revision,
        until=run.inputs.until,
        last_day=run.days[-1],
        bundle_sha256=run.bundle_sha256,
        values_sha256=found.values_sha256,
        form=FORM,
        kept=composite.kept,
        final_after_days=run.family.publication.final_after_days,
        as_of_ms=run.inputs.as_of_ms,
        published_ms=circumstances.at_ms,
        due_ms=circumstances.due_ms,
        statement_id=f"{STATEMENT_KIND}:{named}",
        sealed_statement=circumstances.sealed_statement,
        headline=value,
        summary=summarise(run, composite, last_day(run)),
    )


_SAME = (
    "release_id", "family", "ordinal", "revision", "method_id", "method_sha256", "bundle_sha256",
    "values_sha256", "form", "kept", "final_after_days", "as_of_ms", "published_ms", "due_ms",
    "statement_id", "sealed_statement",
)  # fmt: skip


def _row(release: Release, *, notice_needed: bool) -> ReleaseRow:
    return ReleaseRow(
        **{name: getattr(release, name) for name in _SAME},
        until=day_number(release.until),
        last_day=day_number(release.last_day),
        status=str(release.status),
        headline=format(release.headline, "f"),
        summary=summary_text(release.summary),
        notice_needed=notice_needed,
    )
