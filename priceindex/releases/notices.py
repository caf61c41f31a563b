"""Correction notices 更正公告: what was wrong, what is right, since when, and why; stated in the log."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from ledger.canonical import JsonValue
from ledger.keyset import Sorted, page_after
from ledger.plain_text import PlainText
from priceindex.calendar import day_number, day_of
from priceindex.classification import COMPOSITE, Level
from priceindex.governance.stating import Operator
from priceindex.releases import release_store
from priceindex.releases.corrections import Correction
from priceindex.releases.persons import Person
from priceindex.releases.release_errors import OutsideSeries
from priceindex.releases.release_tables import NoticeRow

STATEMENT_KIND: Final = "index.notice"
_NEWEST_FIRST: Final = (
    Sorted(col(NoticeRow.at_ms), newest_first=True),
    Sorted(col(NoticeRow.notice_id), newest_first=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One correction notice."""

    notice_id: str
    family: str
    release_id: str
    """The release that corrects, or the one found wrong while no correction is published."""
    level: Level
    node: str
    first_day: datetime.date
    last_day: datetime.date
    wrong: Decimal | None
    """Value of the last affected day as it stood."""
    corrected: Decimal | None
    """The same corrected; None while it is not known, or where none is published any more."""
    values_changed: int
    """How many published values the correcting release changes; 0 for a notice without one."""
    reason: str
    at_ms: int
    statement_id: str


class NoticeNew(BaseModel):
    """What is found wrong with a published release."""

    model_config = ConfigDict(extra="forbid")

    level: Level = Level.COMPOSITE
    node: str = Field(COMPOSITE, max_length=100)
    first_day: datetime.date
    last_day: datetime.date
    reason: PlainText = Field(min_length=1, max_length=500, description="In words the public reads.")


def notices(
    session: Session,
    family: str | None = None,
    *,
    as_of_ms: int,
    release_id: str | None = None,
    limit: int = 100,
    after: tuple[int, str] | None = None,
) -> list[Notice]:
    """The notices public at a moment, newest first; of one family or release when it is named.

    `after` is time and id of the last one seen.
    """
    asked = select(NoticeRow).where(NoticeRow.at_ms <= as_of_ms)
    if family is not None:
        asked = asked.where(NoticeRow.family == family)
    if release_id is not None:
        asked = asked.where(NoticeRow.release_id == release_id)
    return [_notice(row) for row in session.exec(page_after(asked, _NEWEST_FIRST, after, limit))]


def announce(
    session: Session, operator: Operator, release_id: str, new: NoticeNew, person: Person, at_ms: int
) -> Notice:
    """Say that a published release is wrong, before or without a corrected one.

    Raises `UnknownRelease`, `UnknownNode` and `OutsideSeries`.
    """
    release = release_store.release(session, release_id)
    series = release_store.values(session, release_id, new.level, new.node)
    first, last = day_number(new.first_day), day_number(new.last_day)
    inside = np.flatnonzero((series.days >= first) & (series.days <= last))
    if not len(inside):
        raise OutsideSeries(release=release_id, node=new.node, first=new.first_day, last=new.last_day)
    told = Correction(
        values=0,
        level=str(new.level),
        node=new.node,
        first_day=first,
        last_day=last,
        wrong=series.points[int(inside[-1])].value,
        corrected=None,
    )
    return state(session, operator, release.family, release_id, told, new.reason, person, at_ms)


def state(
    session: Session,
    operator: Operator,
    family: str,
    release_id: str,
    told: Correction,
    reason: str,
    person: Person,
    at_ms: int,
) -> Notice:
    """Write a notice and put its statement into the outbox."""
    number = session.exec(select(func.count()).select_from(NoticeRow).where(NoticeRow.family == family)).one()
    notice_id = f"{family}-n{number + 1}"
    row = NoticeRow(
        notice_id=notice_id,
        family=family,
        release_id=release_id,
        level=told.level,
        node=told.node,
        first_day=told.first_day,
        last_day=told.last_day,
        wrong=_text(told.wrong),
        corrected=_text(told.corrected),
        values_changed=told.values,
        reason=reason,
        by_name=person.name,
        at_ms=at_ms,
        statement_id=f"{STATEMENT_KIND}:{notice_id}",
    )
    operator.state(session, STATEMENT_KIND, f"index/{family}", row.statement_id, _public(row), at_ms)
    session.add(row)
    session.flush()
    return _notice(row)


def _public(row: NoticeRow) -> dict[str, JsonValue]:
    return {
        "notice": row.notice_id,
        "family": row.family,
        "release": row.release_id,
        "level": row.level,
        "node": row.node,
        "first_day": day_of(row.first_day).isoformat(),
        "last_day": day_of(row.last_day).isoformat(),
        "wrong": row.wrong,
        "corrected": row.corrected,
        "values_changed": row.values_changed,
        "reason": row.reason,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        notice_id=row.notice_id,
        family=row.family,
        release_id=row.release_id,
        level=Level(row.level),
        node=row.node,
        first_day=day_of(row.first_day),
        last_day=day_of(row.last_day),
        wrong=None if row.wrong is None else Decimal(row.wrong),
        corrected=None if row.corrected is None else Decimal(row.corrected),
        values_changed=row.values_changed,
        reason=row.reason,
        at_ms=row.at_ms,
        statement_id=row.statement_id,
    )
