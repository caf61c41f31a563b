"""Inspections 日常检查: what was looked at, what was found, what it costs, until when it is put right.

The inspector's role is public; the name and the remarks enter the log as salted digests only.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, and_, col, or_, select

from ledger.canonical import JsonValue, parse
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.integrity.integrity_errors import BadInspection
from trace.integrity.integrity_tables import DrawRow, InspectionRow
from trace.integrity.periods import Period
from trace.integrity.regulators import require_regulator
from trace.integrity.statement_ids import (
    canonical_text,
    listed,
    new_id,
    number,
    number_or_none,
    text,
    text_or_none,
)
from trace.parties import party
from trace.profiles import Visibility
from trace.said import Said
from trace.steps import LotId
from trace.tables import LotRow, PartyRow, insert_rows
from trace.vocabulary import Word

KIND: Final = "inspection.found"
MOST_POINTS: Final = 12
"""The most one inspection deducts; our own assumption."""
_DOCUMENT = r"^sha256:[0-9a-f]{64}$"


class Subject(Word):
    """What an inspection looks at (MOFCOM 日常检查 项目 1–5)."""

    SAFETY = "safety", "安全", "safety"
    QUALITY = "quality", "质量", "quality"
    HYGIENE = "hygiene", "卫生", "hygiene"
    PRICE = "price", "价格", "prices"
    OTHER = "other", "其他", "other"


class Outcome(Word):
    """What it found (MOFCOM 日常检查 结果 1–3)."""

    PASSED = "passed", "合格", "passed"
    FAILED = "failed", "不合格", "failed"
    PENDING = "pending", "检查中", "pending"


_GRAVITY: Final = {Outcome.PASSED: 0, Outcome.PENDING: 1, Outcome.FAILED: 2}


class LookedAt(BaseModel):
    """One subject of an inspection with its outcome."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    subject: Subject
    """What was looked at 项目."""
    outcome: Outcome
    """What was found 结果."""


class InspectionNew(BaseModel):
    """An inspection as it is entered."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    party: str = Field(min_length=18, max_length=18)
    """USCC of who was inspected."""
    subjects: tuple[LookedAt, ...] = Field(min_length=1, max_length=5)
    """What was looked at, each subject once."""
    lots: tuple[LotId, ...] = Field(default=(), max_length=100)
    """Lots it looked at 批次号."""
    points: Annotated[int, Field(ge=0, le=MOST_POINTS, strict=True)] = 0
    """Points deducted 扣分."""
    role: PlainText = Field(min_length=1, max_length=60)
    """Role of the inspectors 执行单位, public: such as 市监局药品科."""
    inspectors: PlainText | None = Field(default=None, max_length=120)
    """Their names 执行人: only for the regulator."""
    remarks: PlainText | None = Field(default=None, max_length=400)
    """Remarks: only for the regulator."""
    document: str | None = Field(default=None, pattern=_DOCUMENT)
    """SHA-256 of the report: `sha256:` and 64 hexadecimal digits."""
    due_ms: int | None = Field(default=None, ge=0, le=2**53 - 1)
    """Until when what was found has to be put right: epoch milliseconds, UTC."""
    draw: str | None = Field(default=None, max_length=64)
    """The draw by which the party was picked."""
    follows: str | None = Field(default=None, max_length=64)
    """The inspection this one follows up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """An inspection on record."""

    inspection_id: str
    party: str
    by_party: str
    role: str
    result: Outcome
    subjects: tuple[tuple[Subject, Outcome], ...]
    lots: tuple[str, ...]
    points: int
    document: str | None
    due_ms: int | None
    draw: str | None
    follows: str | None
    found_ms: int


def find(session: Session, declarer: Declarer, new: InspectionNew, by: str | None, at_ms: int) -> str:
    """State what an inspection found; returns its id, which is that of the statement.

    Raises `NotByRegulator`, `UnknownParty`, `BadInspection`.
    """
    require_regulator(session, by, "检查", "inspect")
    party(session, new.party)
    _require_sound(session, new, at_ms)
    public: dict[str, JsonValue] = {
        "party": new.party,
        "by": by or "",
        "role": new.role,
        "result": worst([each.outcome for each in new.subjects]).value,
        "subjects": [{"subject": each.subject.value, "outcome": each.outcome.value} for each in new.subjects],
        "lots": list(new.lots),
        "points": new.points,
        "document": new.document,
        "due_ms": new.due_ms,
        "draw": new.draw,
        "follows": new.follows,
    }
    private = {
        name: value
        for name, value in (("inspectors", new.inspectors), ("remarks", new.remarks))
        if value is not None
    }
    said = declarer.declare(
        session,
        apply_inspection,
        kind=KIND,
        statement_id=new_id("inspection", declarer.randomness),
        subject=f"party/{new.party}",
        public=public,
        at_ms=at_ms,
        by=by,
        private=private,
        visibility=dict.fromkeys(private, Visibility.REGULATOR),
        refs=(new.follows,) if new.follows else (),
    )
    return said.statement_id


def worst(outcomes: list[Outcome]) -> Outcome:
    """Return the gravest of several outcomes.

    >>> worst([Outcome.PASSED, Outcome.PENDING]).value
    'pending'
    """
    return max(outcomes, key=_GRAVITY.__getitem__)


def apply_inspection(session: Session, said: Said) -> None:
    """Write the row of an inspection."""
    public = said.public
    insert_rows(
        session,
        InspectionRow,
        [
            {
                "inspection_id": said.statement_id,
                "party": text(public, "party"),
                "by_party": text(public, "by"),
                "role": text(public, "role"),
                "draw_id": text_or_none(public, "draw"),
                "result": text(public, "result"),
                "subjects": canonical_text(listed(public, "subjects")),
                "lots": canonical_text(listed(public, "lots")),
                "points": number(public, "points"),
                "document": text_or_none(public, "document"),
                "due_ms": number_or_none(public, "due_ms"),
                "follows": text_or_none(public, "follows"),
                "found_ms": said.at_ms,
                "nth": said.nth,
            }
        ],
    )


def inspections(
    session: Session,
    uscc: str | None = None,
    *,
    quarter: Period | None = None,
    area: str = "",
    offset: int = 0,
    limit: int = 100,
    after: str | None = None,
) -> list[Inspection]:
    """List inspections, newest first: of one party, of a period, of parties of an area where given.

    `after` goes on behind one of them; behind one that is not there comes nothing.
    """
    wanted = select(InspectionRow)
    if after is not None:
        named = col(InspectionRow.inspection_id) == after
        last_ms = select(InspectionRow.found_ms).where(named).scalar_subquery()
        last_nth = select(InspectionRow.nth).where(named).scalar_subquery()
        at_ms = col(InspectionRow.found_ms)
        same = and_(at_ms == last_ms, col(InspectionRow.nth) < last_nth)
        wanted = wanted.where(or_(at_ms < last_ms, same))
    if uscc is not None:
        wanted = wanted.where(InspectionRow.party == uscc)
    if quarter is not None:
        found = col(InspectionRow.found_ms)
        wanted = wanted.where(found >= quarter.since_ms, found < quarter.until_ms)
    if area:
        here = select(PartyRow.uscc).where(col(PartyRow.division).startswith(area))
        wanted = wanted.where(col(InspectionRow.party).in_(here))
    newest = wanted.order_by(col(InspectionRow.found_ms).desc(), col(InspectionRow.nth).desc())
    return [_of(row) for row in session.exec(newest.offset(offset).limit(limit))]


def overdue(session: Session, now_ms: int, *, area: str = "", limit: int = 200) -> list[Inspection]:
    """List inspections that found something, whose deadline is over and that nobody followed up.

    `area` begins the GB/T 2260 code of the seat of who was inspected.
    """
    here = select(PartyRow.uscc).where(col(PartyRow.division).startswith(area))
    followed = select(InspectionRow.follows).where(col(InspectionRow.follows).is_not(None))
    rows = session.exec(
        select(InspectionRow)
        .where(
            col(InspectionRow.due_ms) < now_ms,
            col(InspectionRow.result) != Outcome.PASSED.value,
            col(InspectionRow.inspection_id).not_in(followed),
            col(InspectionRow.party).in_(here),
        )
        .order_by(col(InspectionRow.due_ms), col(InspectionRow.nth))
        .limit(limit)
    )
    return [_of(row) for row in rows]


def _require_sound(session: Session, new: InspectionNew, at_ms: int) -> None:
    subjects = [each.subject for each in new.subjects]
    if len(set(subjects)) < len(subjects):
        raise BadInspection(fault_zh="同一检查内容出现两次", fault_en="a subject is named twice")
    if new.points and all(each.outcome is Outcome.PASSED for each in new.subjects):
        raise BadInspection(fault_zh="全部合格却扣了分", fault_en="points are deducted though all passed")
    if new.due_ms is not None and new.due_ms <= at_ms:
        raise BadInspection(fault_zh="整改期限已过", fault_en="the deadline is over already")
    known = set(session.exec(select(LotRow.lot_id).where(col(LotRow.lot_id).in_(new.lots))))
    if unknown := [lot for lot in new.lots if lot not in known]:
        raise BadInspection(fault_zh=f"没有批次 {unknown[0]}", fault_en=f"there is no lot {unknown[0]}")
    if new.draw is not None and session.get(DrawRow, new.draw) is None:
        raise BadInspection(fault_zh=f"没有抽取 {new.draw}", fault_en=f"there is no draw {new.draw}")
    if new.follows is not None:
        before = session.get(InspectionRow, new.follows)
        if before is None or before.party != new.party:
            raise BadInspection(
                fault_zh=f"没有对该主体的检查 {new.follows}",
                fault_en=f"there is no inspection {new.follows} of this party",
            )


def _of(row: InspectionRow) -> Inspection:
    subjects, lots = parse(row.subjects.encode()), parse(row.lots.encode())
    if not isinstance(subjects, list) or not isinstance(lots, list):
        raise TypeError(row.inspection_id)
    return Inspection(
        inspection_id=row.inspection_id,
        party=row.party,
        by_party=row.by_party,
        role=row.role,
        result=Outcome(row.result),
        subjects=tuple(
            (Subject(text(each, "subject")), Outcome(text(each, "outcome")))
            for each in subjects
            if isinstance(each, dict)
        ),
        lots=tuple(str(lot) for lot in lots),
        points=row.points,
        document=row.document,
        due_ms=row.due_ms,
        draw=row.draw_id,
        follows=row.follows,
        found_ms=row.found_ms,
    )
