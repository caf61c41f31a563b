"""The table of codes of other systems: what each names in our record, and who said so."""

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


class OtherCodeRow(SQLModel, table=True):
    """A code of another system that is linked now; a withdrawn link has no row, only its statements."""

    __tablename__ = "trace_other_code"
    __table_args__ = (Index("ix_trace_other_code_target", "kind", "target"),)

    scheme: str = Field(primary_key=True, max_length=24)
    value: str = Field(primary_key=True, max_length=200)
    """In the one form of its scheme (`other_codes`)."""
    kind: str = Field(max_length=8)
    """Key of `other_codes.Named`."""
    target: str = Field(max_length=160)
    """Lot id, place id or USCC; the product in words; for packs, their first and last serial."""
    first_serial: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    last_serial: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    party: str = Field(index=True, max_length=18)
    """USCC of who linked it."""
    statement_id: str = Field(unique=True)
    linked_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
