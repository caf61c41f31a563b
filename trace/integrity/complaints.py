"""Complaints 投诉: filed by anyone about a pack, lot or party, answered by it, decided by a regulator.

What was written and how to reach who wrote it are private: the log shows that a complaint was filed, of which
kind, about what, and what came of it. Only an upheld complaint weighs on a score.
"""

from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from ledger.canonical import JsonValue
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.integrity.integrity_errors import BadComplaint, ComplaintClosed, UnknownComplaint
from trace.integrity.integrity_tables import ComplaintRow
from trace.integrity.regulators import require_regulator
from trace.integrity.statement_ids import new_id, number, text, text_or_none
from trace.parties import party
from trace.profiles import Visibility
from trace.said import Said
from trace.steps import FieldValue, LotId
from trace.tables import LotRow, PartyRow, StepRow, insert_rows
from trace.vocabulary import Word

FILED: Final = "complaint.filed"
ANSWERED: Final = "complaint.answered"
DECIDED: Final = "complaint.decided"
_SEEN_BY: Final = {
    "words": Visibility.PARTNER,
    "contact": Visibility.REGULATOR,
    "code": Visibility.REGULATOR,
}
_UNDECIDED: Final = ("filed", "answered")
_Wanted = TypeVar("_Wanted")
POINTS: Final = range(2, 6)
"""What an upheld complaint costs (MOFCOM 诚信评价: 扣分 2-5)."""


class Category(Word):
    """What a complaint is about."""

    COUNTERFEIT = "counterfeit", "假冒或套用追溯码", "counterfeit or copied code"
    QUALITY = "quality", "质量问题", "quality"
    LABEL = "label", "标签与实物不符", "label differs from the goods"
    WEIGHT = "weight", "短斤少两", "short weight"
    PRICE = "price", "价格问题", "price"
    SERVICE = "service", "服务问题", "service"
    OTHER = "other", "其他", "other"


class ComplaintNew(BaseModel):
    """A complaint as it is filed."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    category: Category
    """What it is about."""
    words: PlainText = Field(min_length=5, max_length=1000)
    """What happened, in one's own words; read by the regulator and the party only."""
    code: str | None = Field(default=None, min_length=8, max_length=64, pattern=r"^[0-9A-Za-z-]+$")
    """The trace code on the pack."""
    lot: LotId | None = None
    """The lot, where no code is at hand."""
    party: str | None = Field(default=None, min_length=18, max_length=18)
    """USCC of who it is about, where it is not the maker of the lot."""
    contact: PlainText | None = Field(default=None, max_length=80)
    """How to reach who complains; read by the regulator only, and not asked for."""


class DecisionNew(BaseModel):
    """What a regulator decides on a complaint."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    upheld: bool
    """Whether the complaint is upheld 成立."""
    points: Annotated[int, Field(ge=0, le=POINTS.stop - 1, strict=True)] = 0
    """Points deducted: 2 to 5 where it is upheld, else none."""
    reason: PlainText = Field(min_length=2, max_length=400)
    """Why, public for ever: no names of persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint on record, without what is private."""

    complaint_id: str
    category: Category
    lot: str | None
    party: str | None
    status: str
    """filed, answered, upheld or rejected."""
    points: int
    filed_ms: int
    answered_ms: int | None
    decided_ms: int | None


def file_complaint(
    session: Session, declarer: Declarer, new: ComplaintNew, at_ms: int, *, lot_of_code: str | None = None
) -> str:
    """State a complaint under the operator's key, since who complains has none; returns its id.

    `lot_of_code` is the lot behind `new.code`, which only who holds the code keys can look up.
    Raises `BadComplaint` where it is about nothing on record, `UnknownParty`.
    """
    lot = lot_of_code or new.lot
    about = _about(session, new, lot)
    private: dict[str, FieldValue] = {"words": new.words}
    if new.contact is not None:
        private["contact"] = new.contact
    if new.code is not None:
        private["code"] = new.code  # who reads it off the log could print it
    complaint_id = new_id("complaint", declarer.randomness)
    public: dict[str, JsonValue] = {"category": new.category.value, "lot": lot, "party": about}
    declarer.declare(
        session,
        apply_filed,
        kind=FILED,
        statement_id=complaint_id,
        subject=complaint_id,
        public=public,
        at_ms=at_ms,
        by=None,
        private=private,
        visibility=_SEEN_BY,
    )
    return complaint_id


def answer(session: Session, declarer: Declarer, complaint_id: str, words: str, by: str, at_ms: int) -> str:
    """State the answer of the party it is about; its words are private. Returns the statement's id.

    Raises `UnknownComplaint` for a complaint about another party too, `ComplaintClosed`.
    """
    row = _row(session, complaint_id)
    if row.party != by:
        raise UnknownComplaint(complaint=complaint_id)
    if row.status != "filed":
        raise ComplaintClosed(complaint=complaint_id, done_zh="答复或裁定", done_en="answered or decided")
    said = declarer.declare(
        session,
        apply_answered,
        kind=ANSWERED,
        statement_id=f"{complaint_id}/answer",
        subject=complaint_id,
        public={"complaint": complaint_id, "party": by},
        at_ms=at_ms,
        by=by,
        private={"words": words},
        visibility={"words": Visibility.PARTNER},
        refs=(complaint_id,),
    )
    return said.statement_id


def decide(
    session: Session, declarer: Declarer, complaint_id: str, decision: DecisionNew, by: str | None, at_ms: int
) -> str:
    """State what the regulator decides; returns the statement's id.

    Raises `NotByRegulator`, `UnknownComplaint`, `ComplaintClosed`, `BadComplaint` for wrong points.
    """
    require_regulator(session, by, "裁定投诉", "decide on complaints")
    row = _row(session, complaint_id)
    if row.status not in _UNDECIDED:
        raise ComplaintClosed(complaint=complaint_id, done_zh="裁定", done_en="decided")
    if decision.upheld != (decision.points in POINTS) or (not decision.upheld and decision.points):
        raise BadComplaint(
            fault_zh="成立的投诉扣 2–5 分，不成立的不扣分",
            fault_en="an upheld complaint costs 2 to 5 points and a rejected one none",
        )
    said = declarer.declare(
        session,
        apply_decided,
        kind=DECIDED,
        statement_id=f"{complaint_id}/decision",
        subject=complaint_id,
        public={
            "complaint": complaint_id,
            "by": by or "",
            "outcome": "upheld" if decision.upheld else "rejected",
            "points": decision.points,
            "reason": decision.reason,
        },
        at_ms=at_ms,
        by=by,
        refs=(complaint_id,),
    )
    return said.statement_id


def apply_filed(session: Session, said: Said) -> None:
    """Write the row of a complaint."""
    insert_rows(
        session,
        ComplaintRow,
        [
            {
                "complaint_id": said.statement_id,
                "category": text(said.public, "category"),
                "lot": text_or_none(said.public, "lot"),
                "party": text_or_none(said.public, "party"),
                "status": "filed",
                "points": 0,
                "filed_ms": said.at_ms,
                "answered_ms": None,
                "decided_ms": None,
                "nth": said.nth,
            }
        ],
    )


def apply_answered(session: Session, said: Said) -> None:
    """Write that the party answered."""
    row = _row(session, text(said.public, "complaint"))
    row.status, row.answered_ms = "answered", said.at_ms
    session.add(row)
    session.flush()


def apply_decided(session: Session, said: Said) -> None:
    """Write what was decided."""
    row = _row(session, text(said.public, "complaint"))
    row.status, row.decided_ms = text(said.public, "outcome"), said.at_ms
    row.points = number(said.public, "points")
    session.add(row)
    session.flush()


def complaints(
    session: Session,
    *,
    uscc: str | None = None,
    status: str | None = None,
    limit: int = 100,
    after: str | None = None,
) -> list[Complaint]:
    """List complaints, newest first, about one party or of one status where given.

    `after` goes on behind one of them; raises `UnknownComplaint`.
    """
    wanted = select(ComplaintRow)
    if after is not None:
        last, filed = _row(session, after), col(ComplaintRow.filed_ms)
        same = and_(filed == last.filed_ms, col(ComplaintRow.nth) < last.nth)
        wanted = wanted.where(or_(filed < last.filed_ms, same))
    if uscc is not None:
        wanted = wanted.where(ComplaintRow.party == uscc)
    if status is not None:
        wanted = wanted.where(ComplaintRow.status == status)
    rows = session.exec(
        wanted.order_by(col(ComplaintRow.filed_ms).desc(), col(ComplaintRow.nth).desc()).limit(limit)
    )
    return [_of(row) for row in rows]


def to_decide(session: Session, *, area: str = "", offset: int = 0, limit: int = 100) -> list[Complaint]:
    """List complaints nobody decided yet, the oldest first.

    `area` begins the GB/T 2260 code of the seat of whom they are about; those about nobody are everywhere.
    """
    oldest = _waiting(select(ComplaintRow), area).order_by(col(ComplaintRow.filed_ms), col(ComplaintRow.nth))
    return [_of(row) for row in session.exec(oldest.offset(offset).limit(limit))]


def count_to_decide(session: Session, *, area: str = "") -> int:
    """Count the complaints `to_decide` would list."""
    return session.exec(_waiting(select(func.count()).select_from(ComplaintRow), area)).one()


def _waiting(wanted: SelectOfScalar[_Wanted], area: str) -> SelectOfScalar[_Wanted]:
    wanted = wanted.where(col(ComplaintRow.status).in_(_UNDECIDED))
    if not area:
        return wanted
    here = select(PartyRow.uscc).where(col(PartyRow.division).startswith(area))
    return wanted.where(col(ComplaintRow.party).is_(None) | col(ComplaintRow.party).in_(here))


def complaint(session: Session, complaint_id: str) -> Complaint:
    """Return one complaint; raises `UnknownComplaint`."""
    return _of(_row(session, complaint_id))


def _about(session: Session, new: ComplaintNew, lot: str | None) -> str | None:
    """Return whom it is about: the party named, else who made the lot."""
    if new.party is not None:
        return party(session, new.party).uscc
    if lot is None:
        raise BadComplaint(
            fault_zh="请写明追溯码、批次号或主体", fault_en="name a trace code, a lot or a party"
        )
    maker = session.exec(
        select(StepRow.party)
        .join(LotRow, col(LotRow.made_step) == col(StepRow.step_id))
        .where(LotRow.lot_id == lot)
    ).first()
    if maker is None:
        raise BadComplaint(fault_zh=f"没有批次 {lot}", fault_en=f"there is no lot {lot}")
    return maker


def _row(session: Session, complaint_id: str) -> ComplaintRow:
    row = session.get(ComplaintRow, complaint_id, populate_existing=True)
    if row is None:
        raise UnknownComplaint(complaint=complaint_id)
    return row


def _of(row: ComplaintRow) -> Complaint:
    return Complaint(
        complaint_id=row.complaint_id,
        category=Category(row.category),
        lot=row.lot,
        party=row.party,
        status=row.status,
        points=row.points,
        filed_ms=row.filed_ms,
        answered_ms=row.answered_ms,
        decided_ms=row.decided_ms,
    )
