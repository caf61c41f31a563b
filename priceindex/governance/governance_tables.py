"""Tables of the index's governance: what was declared, who complained, and the yearly assessments."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel


class DeclarationRow(SQLModel, table=True):
    """Something the operator declared in public; it ends, and is never changed."""

    __tablename__ = "price_declaration"

    declaration_id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(index=True, max_length=16)
    subject: str = Field(max_length=60)
    """A family, a source, or `*` for the whole operator."""
    words: str = Field(sa_type=Text)
    share_bp: int | None = None
    """Of a coverage: share of trade covered, in basis points."""
    document: str | None = Field(default=None, max_length=71)
    """`sha256:` of the paper behind it."""
    valid_from: int = Field(sa_type=BigInteger)
    valid_until: int = Field(sa_type=BigInteger)
    """First and last day it holds, days since 1970-01-01."""
    declared_ms: int = Field(sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    end_reason: str | None = Field(default=None, max_length=400)


class IndexComplaintRow(SQLModel, table=True):
    """A complaint about an index: its words are for the operator, its fate is public."""

    __tablename__ = "price_complaint"

    complaint_id: str = Field(primary_key=True, max_length=64)
    category: str = Field(max_length=16)
    subject: str = Field(max_length=120)
    """A family or a release."""
    words: str = Field(sa_type=Text)
    contact: str | None = Field(default=None, max_length=80)
    filed_ms: int = Field(index=True, sa_type=BigInteger)
    answer: str | None = Field(default=None, sa_type=Text)
    upheld: bool | None = None
    answered_ms: int | None = Field(default=None, sa_type=BigInteger)


class AssessmentRow(SQLModel, table=True):
    """The self-assessment of one calendar year; a later one of the same year has the next number."""

    __tablename__ = "price_assessment"

    year: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    """Canonical JSON of the report."""
    sha256: str = Field(max_length=64)
    assessed_ms: int = Field(sa_type=BigInteger)
