"""Declarations 声明 of the operator: independence, conflicts, coverage, submitters, reviews, audits.

Each is public, signed into the log, holds from a day to a day, and ends with a reason; none is changed.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session, and_, col, or_, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.plain_text import PlainText
from priceindex.calendar import day_number, day_of
from priceindex.governance.governance_errors import DeclarationEnded, DeclarationWrong, UnknownDeclaration
from priceindex.governance.governance_tables import DeclarationRow
from priceindex.governance.stating import Operator

DECLARED: Final = "index.declared"
ENDED: Final = "index.declaration.ended"
EVERYTHING: Final = "*"
"""Subject of a declaration about the operator as a whole."""
YEAR_DAYS: Final = 366


class DeclarationKind(StrEnum):
    """What is declared."""

    INDEPENDENCE = "independence"
    CONFLICT = "conflict"
    COVERAGE = "coverage"
    SUBMITTER = "submitter"
    REVIEW = "review"
    CONSULTATION = "consultation"
    AUDIT = "audit"

    def words(self, language: str) -> str:
        """Name the kind for people.

        >>> DeclarationKind.CONFLICT.words("zh"), DeclarationKind.REVIEW.words("en")
        ('利益冲突', 'compliance review')
        """
        zh, en = _KIND_WORDS[self]
        return zh if language == "zh" else en


_KIND_WORDS = {
    DeclarationKind.INDEPENDENCE: ("独立性声明", "statement of independence"),
    DeclarationKind.CONFLICT: ("利益冲突", "conflict of interest"),
    DeclarationKind.COVERAGE: ("覆盖证明", "proof of coverage"),
    DeclarationKind.SUBMITTER: ("报价来源登记", "registered submitter"),
    DeclarationKind.REVIEW: ("合规审查", "compliance review"),
    DeclarationKind.CONSULTATION: ("征求意见", "consultation"),
    DeclarationKind.AUDIT: ("外部审计", "external audit"),
}


class DeclarationNew(BaseModel):
    """A declaration as it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: DeclarationKind
    """What is declared."""
    subject: str = Field(default=EVERYTHING, max_length=60, pattern=r"^(\*|[a-z][a-z0-9._-]{0,59})$")
    """A family, or a source for a submitter; `*` for the operator as a whole."""
    words: PlainText = Field(min_length=10, max_length=2000)
    """The declaration itself, public for ever. Of a submitter: who submits, by what standard, when, how."""
    share_bp: int | None = Field(default=None, ge=1, le=10_000)
    """Of a coverage: share of the trade covered, in basis points."""
    document: str | None = Field(default=None, pattern=r"^sha256:[0-9a-f]{64}$")
    """Digest of the paper behind it."""
    valid_from: datetime.date
    valid_until: datetime.date

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declaration as it stands."""

    declaration_id: str
    kind: DeclarationKind
    subject: str
    words: str
    share_bp: int | None
    document: str | None
    valid_from: datetime.date
    valid_until: datetime.date
    declared_ms: int
    ended_ms: int | None
    end_reason: str | None

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it holds on a day and was not ended."""
        return self.ended_ms is None and self.valid_from <= day <= self.valid_until


def declare(
    session: Session, operator: Operator, new: DeclarationNew, at_ms: int, chance: bytes
) -> Declaration:
    """Make a declaration and state it in the log; `chance` are 16 random bytes for its id.

    Raises `DeclarationWrong` for a coverage without its share, a share anywhere else, a submitter without its
    source, or a review that is to hold for longer than a year.
    """
    _check(new)
    row = DeclarationRow(
        declaration_id=f"declaration-{chance.hex()}",
        kind=str(new.kind),
        subject=new.subject,
        words=new.words,
        share_bp=new.share_bp,
        document=new.document,
        valid_from=day_number(new.valid_from),
        valid_until=day_number(new.valid_until),
        declared_ms=at_ms,
    )
    session.add(row)
    session.flush()
    public: dict[str, JsonValue] = {**new.model_dump(mode="json"), "declaration": row.declaration_id}
    operator.state(session, DECLARED, row.declaration_id, f"{DECLARED}:{row.declaration_id}", public, at_ms)
    return _declaration(row)


def end_declaration(
    session: Session, operator: Operator, declaration_id: str, reason: str, at_ms: int
) -> Declaration:
    """End a declaration with a public reason; raises `UnknownDeclaration` or `DeclarationEnded`."""
    row = session.get(DeclarationRow, declaration_id)
    at = Location(field="declaration", value=declaration_id[:64])
    if row is None:
        raise UnknownDeclaration(at=at, declaration=declaration_id[:64])
    if row.ended_ms is not None:
        raise DeclarationEnded(at=at, declaration=declaration_id)
    row.ended_ms, row.end_reason = at_ms, reason
    session.add(row)
    session.flush()
    public: dict[str, JsonValue] = {"declaration": declaration_id, "reason": reason}
    operator.state(session, ENDED, declaration_id, f"{ENDED}:{declaration_id}", public, at_ms)
    return _declaration(row)


def declarations(
    session: Session,
    kind: DeclarationKind | None = None,
    limit: int | None = None,
    after: tuple[int, str] | None = None,
) -> list[Declaration]:
    """Declarations, ended ones too, the newest first: every one, or at most `limit` after one's key.

    `after` is (declared_ms, declaration_id).
    """
    declared, named = col(DeclarationRow.declared_ms), col(DeclarationRow.declaration_id)
    asked = select(DeclarationRow).order_by(declared.desc(), named).limit(limit)
    if kind is not None:
        asked = asked.where(DeclarationRow.kind == str(kind))
    if after is not None:
        asked = asked.where(or_(declared < after[0], and_(declared == after[0], named > after[1])))
    return [_declaration(row) for row in session.exec(asked)]


def in_force(
    session: Session, kind: DeclarationKind, day: datetime.date, subject: str | None = None
) -> list[Declaration]:
    """The declarations of a kind that hold on a day, about `subject` or the whole; any when None."""
    return [
        one
        for one in declarations(session, kind)
        if one.holds_on(day) and (subject is None or one.subject in {subject, EVERYTHING})
    ]


def _check(new: DeclarationNew) -> None:
    coverage = new.kind is DeclarationKind.COVERAGE
    if coverage != (new.share_bp is not None):
        raise DeclarationWrong(
            at=Location(field="share_bp"),
            why_zh="覆盖证明须给出交易占比，其他声明不得给出",
            why_en="a proof of coverage states its share of trade, and nothing else does",
        )
    if new.kind is DeclarationKind.SUBMITTER and new.subject == EVERYTHING:
        raise DeclarationWrong(
            at=Location(field="subject"),
            why_zh="报价来源登记须指明来源",
            why_en="a registered submitter names its source",
        )
    days = (new.valid_until - new.valid_from).days + 1
    if new.kind is DeclarationKind.REVIEW and days > YEAR_DAYS:
        raise DeclarationWrong(
            at=Location(field="valid_until"),
            why_zh="合规审查的有效期不超过一年",
            why_en="a compliance review holds for a year at most",
        )


def _declaration(row: DeclarationRow) -> Declaration:
    return Declaration(
        declaration_id=row.declaration_id,
        kind=DeclarationKind(row.kind),
        subject=row.subject,
        words=row.words,
        share_bp=row.share_bp,
        document=row.document,
        valid_from=day_of(row.valid_from),
        valid_until=day_of(row.valid_until),
        declared_ms=row.declared_ms,
        ended_ms=row.ended_ms,
        end_reason=row.end_reason,
    )
