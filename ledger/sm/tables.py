"""The tables of the SM3 tree. Rows are written by `ledger.sm.follower` alone.

They hold nothing that the log's entries do not give again, the signatures excepted.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from ledger.tables import Bytes


class SmStateRow(SQLModel, table=True):
    """The one row that says whose tree this is, how far it reaches and under which root."""

    __tablename__: ClassVar[str] = "ledger_sm_state"

    state_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Always 1: a log has one SM3 tree, or none."""
    vkey: str = Field(sa_type=Text)
    """The tree's SM2 public key as a signed-note verifier key."""
    size: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=Bytes)


class SmTileRow(SQLModel, table=True):
    """Up to 256 consecutive SM3 hashes of one level; the last tile of a level may be partial."""

    __tablename__: ClassVar[str] = "ledger_sm_tile"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tile_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hashes: bytes = Field(sa_type=Bytes)


class SmCheckpointRow(SQLModel, table=True):
    """Every checkpoint of the SM3 tree that was signed. Append-only."""

    __tablename__: ClassVar[str] = "ledger_sm_checkpoint"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    note: str = Field(sa_type=Text)
