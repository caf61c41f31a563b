"""The tables of documents: a projection of `document.kept` and `document.erased` statements.

The bytes stand in the deployment's folder by their hash (`document_store`), never in the database.
"""

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, SQLModel


class DocumentRow(SQLModel, table=True):
    """One statement that a document was kept; the same file may be stated by several parties."""

    __tablename__ = "trace_document"

    statement_id: str = Field(primary_key=True, max_length=200)
    sha256: str = Field(index=True, max_length=64)
    party: str = Field(index=True, max_length=18)
    """USCC of who stated it."""
    kind: str = Field(max_length=24)
    """Key of `documents.DocumentKind`."""
    media_type: str = Field(max_length=80)
    size_bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    width: int | None = None
    height: int | None = None
    """Pixels of a picture."""
    stored: bool = True
    """False where only the hash was stated and the file stayed with the party."""
    visibility: str = Field(max_length=9)
    title: str | None = None
    """Of public documents only: another's title is a disclosure of the statement."""
    step_id: str | None = Field(default=None, index=True, max_length=36)
    kept_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
    erased_ms: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    reason: str | None = Field(default=None, max_length=64)
    """Slug of why its bytes were erased."""


class DocumentLotRow(SQLModel, table=True):
    """A document speaks of a lot."""

    __tablename__ = "trace_document_lot"

    statement_id: str = Field(primary_key=True, foreign_key="trace_document.statement_id", max_length=200)
    lot_id: str = Field(primary_key=True, index=True, max_length=40)


class SeriesRow(SQLModel, table=True):
    """What a raw series of a sensor says, summed up when it was uploaded."""

    __tablename__ = "trace_series"

    statement_id: str = Field(primary_key=True, foreign_key="trace_document.statement_id", max_length=200)
    sha256: str = Field(index=True, max_length=64)
    quantity: str = Field(max_length=40)
    """Measurement type of CBV 2.0, such as Temperature."""
    uom: str = Field(max_length=3)
    """UN/ECE Recommendation 20: CEL, P1."""
    summary: str = Field(sa_column=Column(Text, nullable=False))
    """Canonical JSON of the statement's `series` member (`sensors.series`)."""
