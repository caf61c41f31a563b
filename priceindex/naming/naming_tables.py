"""The tables of names: what sources wrote, and what people decided it to mean."""

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from priceindex.tables import SERIAL


class AliasRow(SQLModel, table=True):
    """One decision about one name. Never changed; its end is written once."""

    __tablename__ = "price_alias"
    __table_args__ = (Index("ix_price_alias_written", "kind", "written"),)

    alias_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    kind: str = Field(max_length=8)
    """Part of a cell: herb, grade, origin or market."""
    written: str = Field(max_length=40)
    """The written form it is looked up by."""
    meant: str | None = Field(default=None, max_length=40)
    """The name the book keeps; None: none of ours."""
    source: str = Field(default="", max_length=40)
    """The one source whose word it is; empty: everybody's."""
    decided_by: str = Field(max_length=100)
    reason: str = Field(max_length=500)
    since_ms: int = Field(sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    ended_by: str | None = Field(default=None, max_length=100)
    end_reason: str | None = Field(default=None, max_length=500)


class NameReviewRow(SQLModel, table=True):
    """A herb or market a source named that nobody knows; it waits until an alias says what it means."""

    __tablename__ = "price_name_review"
    __table_args__ = (UniqueConstraint("kind", "written", "source"),)

    review_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    kind: str = Field(max_length=8)
    written: str = Field(max_length=40)
    source: str = Field(max_length=40)
    nearest: str = Field(max_length=500)
    """Listed names that look most like it, joined by 、, as they were when it was first met."""
    first_ms: int = Field(sa_type=BigInteger)
