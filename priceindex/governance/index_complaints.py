"""Complaints about an index 指数投诉: anyone may file one, the operator answers within twenty days.

IOSCO asks for a procedure with records (principle 16). The words are for the operator only; that there was a
complaint, about what, how it was answered and when is public and in the log.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, and_, col, or_, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.plain_text import PlainText
from priceindex.governance.governance_errors import IndexComplaintAnswered, UnknownIndexComplaint
from priceindex.governance.governance_tables import IndexComplaintRow
from priceindex.governance.stating import Operator

FILED: Final = "index.complaint.filed"
ANSWERED: Final = "index.complaint.answered"
DUE_DAYS: Final = 20
"""Days for an answer: our own rule, published in the methodology."""
_MS_PER_DAY: Final = 86_400_000


class IndexComplaintCategory(StrEnum):
    """What a complaint is about."""

    VALUE = "value"
    METHOD = "method"
    QUOTE = "quote"
    DELAY = "delay"
    CONDUCT = "conduct"
    OTHER = "other"

    def words(self, language: str) -> str:
        """Name the category for people.

        >>> IndexComplaintCategory.VALUE.words("zh")
        '数值有误'
        """
        zh, en = _CATEGORY_WORDS[self]
        return zh if language == "zh" else en


_CATEGORY_WORDS = {
    IndexComplaintCategory.VALUE: ("数值有误", "a wrong value"),
    IndexComplaintCategory.METHOD: ("编制方法", "the method"),
    IndexComplaintCategory.QUOTE: ("报价失实", "a false quote"),
    IndexComplaintCategory.DELAY: ("发布延误", "a late release"),
    IndexComplaintCategory.CONDUCT: ("人员或利益冲突", "conduct or a conflict of interest"),
    IndexComplaintCategory.OTHER: ("其他", "something else"),
}


class IndexComplaintNew(BaseModel):
    """A complaint as it is filed."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    category: IndexComplaintCategory
    """What it is about."""
    subject: str = Field(max_length=120, pattern=r"^[a-z][a-z0-9-]{0,119}$")
    """The family or the release, such as `bozhou` or `bozhou-2025-12-31`."""
    words: PlainText = Field(min_length=10, max_length=2000)
    """What is wrong, in one's own words; read by the operator only."""
    contact: PlainText | None = Field(default=None, max_length=80)
    """How to reach you; not needed, and read by the operator only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexComplaint:
    """A complaint as it stands; without its words, which are for the operator."""

    complaint_id: str
    category: IndexComplaintCategory
    subject: str
    filed_ms: int
    answer: str | None
    upheld: bool | None
    answered_ms: int | None

    @property
    def due_ms(self) -> int:
        """Until when an answer is owed."""
        return self.filed_ms + DUE_DAYS * _MS_PER_DAY

    def late(self, now_ms: int) -> bool:
        """Whether the answer came, or is still to come, after its day."""
        return (self.answered_ms or now_ms) > self.due_ms


def file_index_complaint(
    session: Session, operator: Operator, new: IndexComplaintNew, at_ms: int, chance: bytes
) -> IndexComplaint:
    """Take a complaint in and state that there is one; `chance` are 16 random bytes for its id."""
    row = IndexComplaintRow(
        complaint_id=f"index-complaint-{chance.hex()}",
        category=str(new.category),
        subject=new.subject,
        words=new.words,
        contact=new.contact,
        filed_ms=at_ms,
    )
    session.add(row)
    session.flush()
    public: dict[str, JsonValue] = {
        "complaint": row.complaint_id,
        "category": row.category,
        "subject": row.subject,
    }
    operator.state(session, FILED, row.complaint_id, f"{FILED}:{row.complaint_id}", public, at_ms)
    return _complaint(row)


def answer_index_complaint(
    session: Session, operator: Operator, complaint_id: str, answer: str, at_ms: int, *, upheld: bool
) -> IndexComplaint:
    """Answer a complaint in public; raises `UnknownIndexComplaint` or `IndexComplaintAnswered`."""
    row = _row(session, complaint_id)
    if row.answered_ms is not None:
        raise IndexComplaintAnswered(
            at=Location(field="complaint", value=complaint_id), complaint=complaint_id
        )
    row.answer, row.upheld, row.answered_ms = answer, upheld, at_ms
    session.add(row)
    session.flush()
    public: dict[str, JsonValue] = {"complaint": complaint_id, "answer": answer, "upheld": upheld}
    operator.state(session, ANSWERED, complaint_id, f"{ANSWERED}:{complaint_id}", public, at_ms)
    return _complaint(row)


def index_complaints(
    session: Session, limit: int | None = None, after: tuple[int, str] | None = None
) -> list[IndexComplaint]:
    """Complaints, the newest first: every one, or at most `limit` after one's (filed_ms, complaint_id)."""
    filed, named = col(IndexComplaintRow.filed_ms), col(IndexComplaintRow.complaint_id)
    newest = select(IndexComplaintRow).order_by(filed.desc(), named).limit(limit)
    if after is not None:
        newest = newest.where(or_(filed < after[0], and_(filed == after[0], named > after[1])))
    return [_complaint(row) for row in session.exec(newest)]


def complaint_words(session: Session, complaint_id: str) -> tuple[str, str | None]:
    """What was written and how to reach who wrote it: for the operator; raises `UnknownIndexComplaint`."""
    row = _row(session, complaint_id)
    return row.words, row.contact


def _row(session: Session, complaint_id: str) -> IndexComplaintRow:
    row = session.get(IndexComplaintRow, complaint_id)
    if row is None:
        at = Location(field="complaint", value=complaint_id[:64])
        raise UnknownIndexComplaint(at=at, complaint=complaint_id[:64])
    return row


def _complaint(row: IndexComplaintRow) -> IndexComplaint:
    return IndexComplaint(
        complaint_id=row.complaint_id,
        category=IndexComplaintCategory(row.category),
        subject=row.subject,
        filed_ms=row.filed_ms,
        answer=row.answer,
        upheld=row.upheld,
        answered_ms=row.answered_ms,
    )
