"""The tables of the subject index: what serves its proofs. All of it can be made anew from the log."""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from ledger.tables import Bytes


class SubjectIndexRow(SQLModel, table=True):
    """One subject index whose statement was submitted; rows of the other tables without one are drafts."""

    __tablename__: ClassVar[str] = "ledger_subject_index"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """Entries with a lower index are covered."""
    subjects: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=Bytes)
    made_ms: int = Field(sa_type=BigInteger)


class SubjectBundleRow(SQLModel, table=True):
    """Up to 256 consecutive leaves of one index, found by the first of their subjects."""

    __tablename__: ClassVar[str] = "ledger_subject_bundle"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    bundle_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    first: bytes = Field(sa_type=Bytes)
    """The first subject's UTF-8 bytes, so that every database orders alike."""
    leaves: bytes = Field(sa_type=Bytes)
    """The leaves, each ended by a line feed, which no leaf contains."""


class SubjectTileRow(SQLModel, table=True):
    """A tile of one index's tree, as `TileRow` is of the log's."""

    __tablename__: ClassVar[str] = "ledger_subject_tile"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tile_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hashes: bytes = Field(sa_type=Bytes)
