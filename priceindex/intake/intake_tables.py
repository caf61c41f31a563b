"""The table of rows that were not taken in: kept, so that nothing a source said is lost."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from priceindex.tables import SERIAL


class RejectedRow(SQLModel, table=True):
    """One row of an input that no quote could be made of. Append-only."""

    __tablename__ = "price_rejected"
    __table_args__ = (
        Index("ix_price_rejected_archive", "source", "archive_sha256"),
        Index("ix_price_rejected_value", "rule", "value"),
    )

    rejected_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    source: str = Field(max_length=40)
    row: int | None = Field(default=None, sa_type=BigInteger)
    """Row as the sheet counts it; the heading is 1."""
    field: str | None = Field(default=None, max_length=100)
    value: str | None = Field(default=None, max_length=100)
    rule: str = Field(max_length=60)
    """Slug of the fault."""
    archive_sha256: str | None = Field(default=None, max_length=64)
    """The raw body it stands in."""
    submitter: str | None = Field(default=None, max_length=100)
    recorded_ms: int = Field(sa_type=BigInteger)
