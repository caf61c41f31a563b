"""The tables of trace codes: batches, and runs of serials that share one state.

A code is no row: it decodes to its serial, and the run that contains the serial says what has become
of it. A batch of ten million codes is one run until somebody uses some of them.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary
from sqlmodel import Field, SQLModel


class CodeBatchRow(SQLModel, table=True):
    """Trace codes issued together: one ledger entry carries their Merkle root."""

    __tablename__ = "trace_code_batch"

    batch_id: str = Field(primary_key=True, max_length=64)
    """Merkle root of its codes, in hex."""
    party: str = Field(foreign_key="trace_party.uscc", index=True)
    count: int
    first_serial: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    key_version: int
    """Generation of the code keys it was made with."""
    level: str = Field(max_length=4)
    """Key of `code_words.Level`: what its codes are stuck on."""
    issued_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
    statement_id: str = Field(unique=True)


class CodeRunRow(SQLModel, table=True):
    """Serials in a row that share one state; neighbours in one state are one run."""

    __tablename__ = "trace_code_run"

    first_serial: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    last_serial: int = Field(sa_column=Column(BigInteger, nullable=False))
    batch_id: str = Field(foreign_key="trace_code_batch.batch_id", max_length=64, index=True)
    status: str = Field(max_length=9, index=True)
    """Key of `code_words.CodeStatus`."""
    status_ms: int = Field(sa_column=Column(BigInteger, nullable=False))
    """When it got this status: the time of the step or statement that said so."""
    lot_id: str | None = Field(default=None, max_length=40, index=True)
    """The lot its packs were filled from; None for what holds other packs."""
    pack_step: str | None = Field(default=None, max_length=36, index=True)
    grams: int | None = None
    """Mass of each pack."""
    activated_ms: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """When the packing was recorded."""
    holder: str | None = Field(default=None, max_length=18, index=True)
    """Who has it, once it went its own way; None while it goes with its lot."""
    came_from: str | None = Field(default=None, max_length=18)
    """Whom the holder received it from."""
    sold_to: str | None = Field(default=None, max_length=18)
    """Whose it is, though not handed over yet."""
    in_transit_to: str | None = Field(default=None, max_length=18, index=True)
    moved_ms: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """When it was shipped last."""
    parent_serial: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True, index=True))
    """Serial of the box, bag or bulk pack it stands in."""
    frozen: bool = False


class CodeTileRow(SQLModel, table=True):
    """Hashes of a batch's tree above its 256-code subtrees, as C2SP tlog-tiles lays them out.

    No projection: made from the code keys when the batch is issued, and never changed.
    """

    __tablename__ = "trace_code_tile"

    batch_id: str = Field(primary_key=True, max_length=64)
    level: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    tile_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hashes: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CodeSerialRow(SQLModel, table=True):
    """One row: the first serial never reserved.

    No projection: serials are reserved before their codes are made, and those of an issue that died on
    the way are skipped for ever.
    """

    __tablename__ = "trace_code_serial"

    name: str = Field(primary_key=True, max_length=8)
    free: int = Field(sa_column=Column(BigInteger, nullable=False))


class CodeOrderRow(SQLModel, table=True):
    """An order for codes under the party's own id: the same order sent again is one batch.

    No projection: an id a party gives is in no statement.
    """

    __tablename__ = "trace_code_order"

    party: str = Field(primary_key=True, max_length=18)
    client_id: str = Field(primary_key=True, max_length=64)
    count: int
    level: str = Field(max_length=4)
    first_serial: int = Field(sa_column=Column(BigInteger, nullable=False))
    """The first of the serials reserved for it: whoever finishes it makes the same codes."""
    batch_id: str | None = Field(default=None, max_length=64)
    """Root of its batch, in hex; None until the batch is written."""
