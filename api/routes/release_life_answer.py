"""The life of a release 发布 as JSON: drafts, standings, notices, due moments, the revision triangle."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.routes.vocabulary import Named
from api.web.formats import local
from ledger.errors import Language
from priceindex.releases.drafts import Draft
from priceindex.releases.notices import Notice
from priceindex.releases.publication_calendar import DueMoment
from priceindex.releases.standing import StandingLine
from priceindex.releases.triangle import Triangle


class DraftAnswer(BaseModel):
    """A release that was made and is not public yet; none of its values."""

    id: str = Field(description="Id it is published under.", examples=["bozhou-2026-12-31"])
    family: str
    through: date = Field(description="Last day that has a value.")
    status: str
    stage: Named = Field(description="made, sealed, published or refused.")
    input_digest: str
    values_digest: str = Field(description="What the second person approves.")
    due: datetime = Field(description="It is public at this moment and not before.")
    made: datetime
    made_by: str
    decided_by: str | None
    reason: str | None = Field(description="Why published values change, or why it was refused.")
    sealed_statement: str | None = Field(description="Statement that put its digests into the log.")
    held: str | None = Field(description="Which source dominates it, where that is why it waits.")

    @classmethod
    def of(cls, draft: Draft, language: Language) -> "DraftAnswer":
        """Return a draft."""
        return cls(
            id=draft.release_id,
            family=draft.family,
            through=draft.last_day,
            status=draft.status,
            stage=Named(key=draft.stage.value, name=draft.stage.words(language)),
            input_digest=draft.bundle_sha256,
            values_digest=draft.values_sha256,
            due=local(draft.due_ms, 0),
            made=local(draft.made_ms, 0),
            made_by=draft.made_by,
            decided_by=draft.decided_by,
            reason=draft.reason,
            sealed_statement=draft.sealed_statement,
            held=None if draft.held is None else draft.held.words(language),
        )


class DraftsAnswer(BaseModel):
    """Releases on their way, the first due first."""

    drafts: list[DraftAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class StandingAnswer(BaseModel):
    """What a family is from a moment on."""

    family: str
    standing: Named = Field(description="draft, trial, official, suspended or terminated.")
    reason: str = Field(description="Empty where nothing was declared.")
    since: datetime | None
    statement_id: str | None

    @classmethod
    def of(cls, line: StandingLine, language: Language) -> "StandingAnswer":
        """Return a standing."""
        return cls(
            family=line.family,
            standing=Named(key=line.standing.value, name=line.standing.words(language)),
            reason=line.reason,
            since=None if line.since_ms is None else local(line.since_ms, 0),
            statement_id=line.statement_id,
        )


class StandingHistory(StandingAnswer):
    """A family's standing now, and how it came to it."""

    history: list[StandingAnswer] = Field(description="Everything declared, oldest first.")


class NoticeAnswer(BaseModel):
    """A correction notice 更正公告."""

    id: str
    family: str
    release: str = Field(description="The release that corrects, or the wrong one while none does.")
    level: str
    node: str
    first_day: date
    last_day: date
    wrong: str | None = Field(description="Value of the last affected day as it stood.")
    corrected: str | None = Field(description="The same corrected; null while it is not known.")
    values_changed: int = Field(description="Published values the correcting release changes.")
    reason: str = Field(description="As the publisher wrote it.")
    at: datetime
    statement_id: str

    @classmethod
    def of(cls, notice: Notice) -> "NoticeAnswer":
        """Return a notice."""
        return cls(
            id=notice.notice_id,
            family=notice.family,
            release=notice.release_id,
            level=notice.level.value,
            node=notice.node,
            first_day=notice.first_day,
            last_day=notice.last_day,
            wrong=None if notice.wrong is None else str(notice.wrong),
            corrected=None if notice.corrected is None else str(notice.corrected),
            values_changed=notice.values_changed,
            reason=notice.reason,
            at=local(notice.at_ms, 0),
            statement_id=notice.statement_id,
        )


class NoticesAnswer(BaseModel):
    """Correction notices, newest first."""

    notices: list[NoticeAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class DueAnswer(BaseModel):
    """When the release of one period is due."""

    first: date
    last: date
    due: datetime
    moved_from: date | None = Field(description="The closed day it would have been due on.")
    reason: str = Field(description="Why that day is closed.")

    @classmethod
    def of(cls, moment: DueMoment) -> "DueAnswer":
        """Return a due moment."""
        return cls(
            first=moment.first,
            last=moment.last,
            due=local(moment.due_ms, 0),
            moved_from=moment.moved_from,
            reason=moment.reason,
        )


class CalendarAnswer(BaseModel):
    """A family's due moments of the coming year."""

    family: str
    rule: str
    due: list[DueAnswer]


class TriangleColumn(BaseModel):
    """One column of a triangle: a release that changed a row."""

    release: str
    published: datetime


class TriangleRow(BaseModel):
    """One period in every vintage."""

    day: date = Field(description="First day of the period.")
    values: list[str | None] = Field(description="As it stood after each column's release.")
    revision: str | None = Field(description="Newest value less the first, index points.")


class TriangleAnswer(BaseModel):
    """The revision triangle of one series."""

    level: str
    node: str
    frequency: str
    columns: list[TriangleColumn]
    rows: list[TriangleRow]
    mean_absolute_revision: str | None = Field(description="Over the rows, index points.")
    mean_revision: str | None

    @classmethod
    def of(cls, found: Triangle, level: str, node: str, frequency: str) -> "TriangleAnswer":
        """Return a triangle."""
        rows = zip(found.periods, found.values, found.revisions, strict=True)
        mean, lean = found.mean_absolute_revision, found.mean_revision
        return cls(
            level=level,
            node=node,
            frequency=frequency,
            columns=[
                TriangleColumn(release=head.release_id, published=local(head.published_ms, 0))
                for head in found.vintages
            ],
            rows=[
                TriangleRow(
                    day=day,
                    values=[None if value is None else str(value) for value in values],
                    revision=None if revision is None else str(revision),
                )
                for day, values, revision in rows
            ],
            mean_absolute_revision=None if mean is None else format(mean, ".4f"),
            mean_revision=None if lean is None else format(lean, ".4f"),
        )
