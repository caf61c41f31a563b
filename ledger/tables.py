"""The log's tables. Rows are written by `outbox` and `sequencer` alone.

Guard rails against accidents, not against whoever owns the database: that is what
checkpoints are for. Every table works the same on SQLite and PostgreSQL.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, UniqueConstraint, cast
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# SQLite numbers rows by itself only in a column declared INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")


class Bytes(TypeDecorator[bytes]):
    """Bytes that are read as such whatever type somebody who edited the database left them in.

    SQLite keeps text or a number in a column of bytes when told to; its content is then judged like
    any other.
    """

    impl = LargeBinary
    cache_ok = True

    def column_expression(self, column: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """Have the database turn the value into bytes: it may be no valid text either."""
        return cast(column, LargeBinary)


class StateRow(SQLModel, table=True):
    """The one row that says which log this is, how far it reaches and under which root."""

    __tablename__: ClassVar[str] = "ledger_state"

    state_id: int = Field(primary_key=True)
    """Always 1: a database holds one log."""
    origin: str
    vkey: str
    """The log's own public key as a signed-note verifier key."""
    size: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=Bytes)


class KeyRow(SQLModel, table=True):
    """A public key, as the statements submitted about it so far leave it."""

    __tablename__: ClassVar[str] = "ledger_key"

    key_id: str = Field(primary_key=True)
    raw: bytes = Field(sa_type=Bytes)
    holder: str = Field(index=True)
    ended: str | None = None
    """Kind of the statement that ended it (`ledger.keyring.key_statements`); empty while it counts."""
    log_key: bool = False
    """Whether it is, or was, a key of the log itself."""


class PendingRow(SQLModel, table=True):
    """A statement that is safely stored and waits for its index: the outbox."""

    __tablename__: ClassVar[str] = "ledger_pending"
    __table_args__ = (UniqueConstraint("subject", "seq", name="uq_ledger_pending_subject_seq"),)

    pending_id: int | None = Field(default=None, primary_key=True, sa_type=_SERIAL)
    statement_id: str = Field(unique=True)
    subject: str
    seq: int = Field(sa_type=BigInteger)
    leaf_hash: bytes = Field(sa_type=Bytes)
    leaf: bytes = Field(sa_type=Bytes)
    fault: str | None = None
    """Why the sequencer set this row aside; empty for every sound row."""


class SubjectRow(SQLModel, table=True):
    """The head of one subject's chain: how many entries were placed on it, and the last one's hash."""

    __tablename__: ClassVar[str] = "ledger_subject"

    subject: str = Field(primary_key=True)
    placed: int = Field(sa_type=BigInteger)
    head: str
    """Leaf hash, in hex, of the entry placed last; `entry.GENESIS` when none is."""


class EntryRow(SQLModel, table=True):
    """One entry of the log at its index."""

    __tablename__: ClassVar[str] = "ledger_entry"
    __table_args__ = (UniqueConstraint("subject", "seq", name="uq_ledger_entry_subject_seq"),)

    entry_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    statement_id: str = Field(unique=True)
    subject: str
    seq: int = Field(sa_type=BigInteger)
    leaf_hash: bytes = Field(sa_type=Bytes)
    leaf: bytes = Field(sa_type=Bytes)


class TileRow(SQLModel, table=True):
    """Up to 256 consecutive hashes of one tlog-tiles level; the last tile of a level may be partial."""

    __tablename__: ClassVar[str] = "ledger_tile"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tile_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hashes: bytes = Field(sa_type=Bytes)


class CheckpointRow(SQLModel, table=True):
    """Every checkpoint the log ever signed. Append-only."""

    __tablename__: ClassVar[str] = "ledger_checkpoint"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    note: str
