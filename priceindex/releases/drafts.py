"""Releases that two persons make: made by one, approved by another, sealed until their moment.

A draft 待发布 keeps the bundle and the digests, not the values: what is published is computed again from
the bundle and must have the digest that was approved. So nothing of it can leak before its time, and
nobody can exchange it after the approval.
"""

import datetime
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from priceindex.calendar import day_number, day_of
from priceindex.engine.index_run import IndexRun
from priceindex.engine.run import run
from priceindex.governance.stating import Operator
from priceindex.releases import bundle as bundles
from priceindex.releases.dominance import Dominance
from priceindex.releases.persons import Person, are_two
from priceindex.releases.publication_calendar import closed_days, due_of
from priceindex.releases.publishing import (
    CONSOLE,
    Candidate,
    Circumstances,
    candidate,
    keep_bundle,
    write_release,
)
from priceindex.releases.release import Release
from priceindex.releases.release_errors import (
    DraftDecided,
    DraftDiffers,
    NamedPersonNeeded,
    OwnRelease,
    UnderEmbargo,
    UnknownDraft,
)
from priceindex.releases.release_tables import BundleRow, DraftRow

SEALED_KIND: Final = "release.sealed"
WITHDRAWN_KIND: Final = "release.withdrawn"
"""A release that was sealed and is not coming."""


class Stage(StrEnum):
    """How far a draft has come."""

    MADE = "made"
    SEALED = "sealed"
    PUBLISHED = "published"
    REFUSED = "refused"

    def words(self, language: str) -> str:
        """Name the stage for people.

        >>> Stage.SEALED.words("zh"), Stage.MADE.words("en")
        ('封存待发', 'made')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    Stage.MADE: ("待核准", "made"),
    Stage.SEALED: ("封存待发", "sealed"),
    Stage.PUBLISHED: ("发布", "published"),
    Stage.REFUSED: ("退回", "refused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A release on its way; nothing of its values."""

    release_id: str
    family: str
    last_day: datetime.date
    status: str
    stage: Stage
    bundle_sha256: str
    values_sha256: str
    due_ms: int
    made_ms: int
    made_by: str
    decided_by: str | None
    reason: str | None
    sealed_statement: str | None
    held: Dominance | None = None
    """Why it waits for a second person although the family's text asks for none."""


def make(
    session: Session,
    run: IndexRun,
    person: Person,
    at_ms: int,
    *,
    reason: str | None = None,
    held: Dominance | None = None,
) -> Draft:
    """Make a draft of a run: the first of two persons. Raises what `candidate` raises.

    `held` says which source dominates it, where that is why it is not published at once.
    """
    found = candidate(session, run, at_ms, reason=reason)
    keep_bundle(session, run)
    due = due_of(run.family.publication, run.days[-1], closed_days(session))
    row = DraftRow(
        release_id=found.release_id,
        family=run.family.id,
        revision=found.revision,
        last_day=day_number(run.days[-1]),
        status=str(found.status),
        bundle_sha256=run.bundle_sha256,
        values_sha256=found.values_sha256,
        stage=Stage.MADE,
        due_ms=due.due_ms,
        made_ms=at_ms,
        made_by=person.name,
        made_token=person.token,
        reason=reason,
        held=None if held is None else held.text(),
    )
    session.add(row)
    session.flush()
    return _draft(row)


def approve(
    session: Session,
    operator: Operator,
    release_id: str,
    values_sha256: str,
    person: Person,
    at_ms: int,
) -> tuple[Draft, Release | None]:
    """Approve a draft: the second of two persons, who names the digest of the values they looked at.

    Before its due moment it is sealed: its digests go into the log and nothing else does. At or after it,
    it is published. Raises `UnknownDraft`, `DraftDecided`, `NamedPersonNeeded` for the console, which
    anybody with the account may be, `OwnRelease`, `DraftDiffers`, and what publishing raises.
    """
    row = _open(session, release_id)
    if person == CONSOLE:
        raise NamedPersonNeeded(release=release_id)
    if not are_two(Person(row.made_by, row.made_token), person):
        raise OwnRelease(release=release_id)
    if values_sha256 != row.values_sha256:
        raise DraftDiffers(release=release_id, found=values_sha256, made=row.values_sha256)
    found = _recomputed(session, row, at_ms)
    row.decided_ms, row.decided_by, row.decided_token = at_ms, person.name, person.token
    released = None
    if at_ms < row.due_ms:
        _seal(session, operator, row, found, at_ms)
    else:
        released = _publish(session, operator, row, found, at_ms)
    session.add(row)
    session.flush()
    return _draft(row), released


def refuse(
    session: Session, operator: Operator, release_id: str, reason: str, person: Person, at_ms: int
) -> Draft:
    """Send a draft back with a reason: by anybody who may publish, its maker too.

    One that is sealed already can be stopped until it is published; its digests are in the log, so the log
    is told that it will not come. Raises `UnknownDraft` and `DraftDecided`.
    """
    row = _row(session, release_id)
    if row.stage not in {Stage.MADE, Stage.SEALED}:
        raise _decided(row)
    if row.stage == Stage.SEALED:
        _withdraw(session, operator, row, reason, at_ms)
    row.stage = Stage.REFUSED
    row.decided_ms, row.decided_by, row.decided_token = at_ms, person.name, person.token
    row.reason = reason
    session.add(row)
    session.flush()
    return _draft(row)


def publish_sealed(session: Session, operator: Operator, release_id: str, now_ms: int) -> Release:
    """Publish a sealed draft whose moment has come; raises `UnderEmbargo` before, and `UnknownDraft`."""
    row = _row(session, release_id)
    if row.stage != Stage.SEALED:
        raise UnknownDraft(at=Location(field="release", value=release_id), release=release_id)
    if now_ms < row.due_ms:
        due = datetime.datetime.fromtimestamp(row.due_ms / 1000, datetime.UTC)
        raise UnderEmbargo(release=release_id, due=f"{due:%Y-%m-%d %H:%MZ}")
    released = _publish(session, operator, row, _recomputed(session, row, now_ms), now_ms)
    session.add(row)
    session.flush()
    return released


def drafts(session: Session, *stages: Stage, family: str | None = None) -> list[Draft]:
    """The drafts in these stages (all without any), the first due first."""
    asked = select(DraftRow).order_by(col(DraftRow.due_ms), col(DraftRow.release_id))
    if stages:
        asked = asked.where(col(DraftRow.stage).in_([str(each) for each in stages]))
    if family is not None:
        asked = asked.where(DraftRow.family == family)
    return [_draft(row) for row in session.exec(asked)]


def draft(session: Session, release_id: str) -> Draft:
    """One draft; raises `UnknownDraft`."""
    return _draft(_row(session, release_id))


def draft_run(session: Session, release_id: str) -> IndexRun:
    """What a draft says, computed again: for who is to approve it. Raises `UnknownDraft`."""
    return _run(session, _row(session, release_id))


def _row(session: Session, release_id: str) -> DraftRow:
    row = session.get(DraftRow, release_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownDraft(at=Location(field="release", value=release_id[:100]), release=release_id[:100])
    return row


def _open(session: Session, release_id: str) -> DraftRow:
    row = _row(session, release_id)
    if row.stage != Stage.MADE:
        raise _decided(row)
    return row


def _decided(row: DraftRow) -> DraftDecided:
    stage = Stage(row.stage)
    return DraftDecided(release=row.release_id, stage_zh=stage.words("zh"), stage_en=stage.words("en"))


def _withdraw(session: Session, operator: Operator, row: DraftRow, reason: str, at_ms: int) -> None:
    public: dict[str, JsonValue] = {
        "release": row.release_id,
        "family": row.family,
        "values_sha256": row.values_sha256,
        "reason": reason,
    }
    named = f"{WITHDRAWN_KIND}:{row.release_id}"
    operator.state(session, WITHDRAWN_KIND, f"release/{row.family}", named, public, at_ms)


def _run(session: Session, row: DraftRow) -> IndexRun:
    kept = session.get(BundleRow, row.bundle_sha256)
    if kept is None:
        raise UnknownDraft(at=Location(field="release", value=row.release_id), release=row.release_id)
    raw = zlib.decompress(kept.body)
    found = bundles.digest(raw)
    if found != row.bundle_sha256:
        raise DraftDiffers(release=row.release_id, found=found, made=row.bundle_sha256)
    return run(bundles.decode(raw), raw)


def _recomputed(session: Session, row: DraftRow, at_ms: int) -> Candidate:
    """What a draft says, computed again and looked at anew; raises `DraftDiffers` for any other digest."""
    found = candidate(session, _run(session, row), at_ms, reason=row.reason, revision=row.revision)
    if found.values_sha256 != row.values_sha256:
        raise DraftDiffers(release=row.release_id, found=found.values_sha256, made=row.values_sha256)
    if str(found.status) != row.status:
        raise DraftDiffers(release=row.release_id, found=str(found.status), made=row.status)
    return found


def _seal(session: Session, operator: Operator, row: DraftRow, found: Candidate, at_ms: int) -> None:
    """Put the digests into the log: whoever trusts it knows later that nothing was exchanged."""
    row.stage, row.sealed_statement = Stage.SEALED, f"{SEALED_KIND}:{row.release_id}"
    family = found.run.family
    public: dict[str, JsonValue] = {
        "release": row.release_id,
        "family": family.id,
        "method": family.method_id,
        "method_sha256": family.method_sha256,
        "status": row.status,
        "revision": row.revision,
        "last_day": day_of(row.last_day).isoformat(),
        "bundle_sha256": row.bundle_sha256,
        "values_sha256": row.values_sha256,
        "due_ms": row.due_ms,
    }
    operator.state(session, SEALED_KIND, f"release/{family.id}", row.sealed_statement, public, at_ms)


def _publish(session: Session, operator: Operator, row: DraftRow, found: Candidate, at_ms: int) -> Release:
    row.stage = Stage.PUBLISHED
    circumstances = Circumstances(
        at_ms=at_ms,
        person=Person(row.made_by, row.made_token),
        reason=row.reason,
        due_ms=row.due_ms,
        sealed_statement=row.sealed_statement,
        revision=row.revision,
    )
    return write_release(session, found, operator, circumstances)


def _draft(row: DraftRow) -> Draft:
    return Draft(
        release_id=row.release_id,
        family=row.family,
        last_day=day_of(row.last_day),
        status=row.status,
        stage=Stage(row.stage),
        bundle_sha256=row.bundle_sha256,
        values_sha256=row.values_sha256,
        due_ms=row.due_ms,
        made_ms=row.made_ms,
        made_by=row.made_by,
        decided_by=row.decided_by,
        reason=row.reason,
        sealed_statement=row.sealed_statement,
        held=None if row.held is None else Dominance.read(row.held),
    )
