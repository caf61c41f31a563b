"""The tables of the trace: who, where, which lot, what happened, and what came of it.

Everything here is a projection of logged statements and of the private values kept beside them,
except scans, which are nobody's statement. Masses are grams, times are epoch milliseconds in UTC.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import BigInteger, Column, Index, Insert, Integer, LargeBinary, Table, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel


def _big(*, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable, index=index)


def _text(*, nullable: bool = False) -> Column[str]:
    return Column(Text, nullable=nullable)


class PartyRow(SQLModel, table=True):
    """A firm, cooperative, market, pharmacy or authority that records steps."""

    __tablename__ = "trace_party"

    uscc: str = Field(primary_key=True, max_length=18)
    """Unified social credit code (统一社会信用代码, GB 32100-2015)."""
    name: str
    node_types: str
    """Space-separated keys of `vocabulary.NodeType`."""
    division: str = Field(max_length=6)
    """GB/T 2260 code of its seat."""
    key_id: str
    """Which key signs its statements."""
    statement_id: str = Field(unique=True)
    frozen: bool = False
    registered_ms: int = Field(sa_column=_big())


class PlaceRow(SQLModel, table=True):
    """A plot, drying yard, workshop, warehouse, stall or pharmacy counter."""

    __tablename__ = "trace_place"

    place_id: str = Field(primary_key=True, max_length=64)
    name: str
    party: str = Field(foreign_key="trace_party.uscc", index=True)
    division: str = Field(max_length=6, index=True)
    """GB/T 2260 code valid when the place was registered."""
    market: str | None = None
    """Slug of the national herb market it lies in, if any."""
    statement_id: str = Field(unique=True)
    """Its detailed address, if given, is a disclosure of this statement."""
    registered_ms: int = Field(sa_column=_big())


class LotRow(SQLModel, table=True):
    """A lot as it stands now: `grams_in = grams + packed_grams + what was drawn from it`."""

    __tablename__ = "trace_lot"

    lot_id: str = Field(primary_key=True, max_length=40)
    herb: str = Field(index=True)
    form: str
    grade: str | None = None
    holder: str = Field(foreign_key="trace_party.uscc", index=True)
    origin_kind: str | None = None
    """Stage by which it came into the world: planting, rearing, gathering or mining."""
    origin: str | None = None
    """GB/T 2260 code of where it grew; cut to what all its sources share; None when they share nothing."""
    grams_in: int | None = Field(sa_column=_big(nullable=True))
    """All that ever came in; None for what has no weight yet (a standing crop)."""
    grams: int | None = Field(sa_column=_big(nullable=True))
    """Loose mass not yet drawn or packed."""
    packed_grams: int = Field(default=0, sa_column=_big())
    sold_grams: int = Field(default=0, sa_column=_big())
    """Sold by the present holder and not yet handed over; above what is at hand it is 超售."""
    quality: str = "untested"
    """untested, passed or failed, by the latest test of it or of what it was made from."""
    quality_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    frozen: bool = False
    in_transit: bool = False
    made_ms: int = Field(sa_column=_big())
    """When the step that made it happened."""
    made_step: str
    made_statement: str


class StepRow(SQLModel, table=True):
    """One recorded step, its event as logged."""

    __tablename__ = "trace_step"

    step_id: str = Field(primary_key=True, max_length=36)
    client_id: str | None = None
    """The id the party gave it, unique for that party; a repeat answers with what was recorded."""
    stage: str = Field(index=True)
    party: str = Field(foreign_key="trace_party.uscc", index=True)
    place: str = Field(foreign_key="trace_place.place_id", index=True)
    counterparty: str | None = None
    event_ms: int = Field(sa_column=_big(index=True))
    offset_minutes: int
    recorded_ms: int = Field(sa_column=_big(index=True))
    asked: str = Field(sa_column=_text())
    """Canonical JSON of what the party sent, without the private values: tells a repeat from a conflict."""
    public: str = Field(sa_column=_text())
    """Canonical JSON of the statement's public part: the EPCIS event and what hangs on it."""
    statement_id: str = Field(unique=True)


class StepLotRow(SQLModel, table=True):
    """A step touches a lot: it made it, used it, or saw it."""

    __tablename__ = "trace_step_lot"
    __table_args__ = (Index("ix_trace_step_lot_lot", "lot_id", "step_id"),)

    step_id: str = Field(primary_key=True, foreign_key="trace_step.step_id")
    lot_id: str = Field(primary_key=True, foreign_key="trace_lot.lot_id")
    role: str = Field(primary_key=True, max_length=8)
    """made, used or seen."""
    grams: int | None = Field(sa_column=_big(nullable=True))


class EdgeRow(SQLModel, table=True):
    """One lot went into another, in one step."""

    __tablename__ = "trace_edge"

    step_id: str = Field(primary_key=True, foreign_key="trace_step.step_id")
    source: str = Field(primary_key=True, foreign_key="trace_lot.lot_id", index=True)
    target: str = Field(primary_key=True, foreign_key="trace_lot.lot_id", index=True)
    grams_in: int | None = Field(sa_column=_big(nullable=True))
    """Mass drawn from `source` by the whole step, not by this target alone."""
    grams_out: int | None = Field(sa_column=_big(nullable=True))
    """Mass of `target` made by the whole step, not from this source alone."""
    event_ms: int = Field(sa_column=_big())


class DisclosureRow(SQLModel, table=True):
    """A private value of a statement with its salt, sealed; emptying `sealed` erases it for good."""

    __tablename__ = "trace_disclosure"

    statement_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True, max_length=64)
    subject: str = Field(index=True, max_length=200)
    """Subject of the statement; its data key opens `sealed` (`ledger_private_key`)."""
    visibility: str = Field(max_length=9)
    sealed: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    """The RFC 9901 disclosure, sealed (`ledger.private.private_cipher`); None once it is erased."""
    digest: str
    erased_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    reason: str | None = Field(default=None, max_length=64)
    """Slug of why it was erased."""


class ShipmentRow(SQLModel, table=True):
    """Goods on their way from one holder to the next; closed by the receipt."""

    __tablename__ = "trace_shipment"
    __table_args__ = (Index("ix_trace_shipment_open", "lot_id", "received_step"),)

    shipped_step: str = Field(primary_key=True, foreign_key="trace_step.step_id")
    lot_id: str = Field(primary_key=True, foreign_key="trace_lot.lot_id")
    sender: str
    receiver: str = Field(index=True)
    grams: int | None = Field(sa_column=_big(nullable=True))
    shipped_ms: int = Field(sa_column=_big())
    received_step: str | None = None


class SaleRow(SQLModel, table=True):
    """One lot in one sale: what turnover is summed from.

    Its price is private and in no column: it is opened from the step's disclosures to be summed.
    """

    __tablename__ = "trace_sale"

    step_id: str = Field(primary_key=True, foreign_key="trace_step.step_id")
    lot_id: str = Field(primary_key=True, foreign_key="trace_lot.lot_id", index=True)
    seller: str = Field(index=True)
    buyer: str | None = None
    """None for the end user."""
    herb: str
    grade: str | None = None
    origin: str | None = None
    market: str | None = None
    grams: int = Field(sa_column=_big())
    event_ms: int = Field(sa_column=_big(index=True))
    settled: bool = False
    """The goods have been handed over with the lot, so they count no longer against it."""


class CodeBatchRow(SQLModel, table=True):
    """Trace codes issued together: one ledger entry carries their Merkle root."""

    __tablename__ = "trace_code_batch"

    batch_id: str = Field(primary_key=True, max_length=64)
    """Merkle root of its codes, in hex."""
    party: str = Field(foreign_key="trace_party.uscc", index=True)
    count: int
    first_serial: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    issued_ms: int = Field(sa_column=_big())
    statement_id: str = Field(unique=True)


class CodeRow(SQLModel, table=True):
    """One trace code; genuine only once a pack step has activated it."""

    __tablename__ = "trace_code"
    __table_args__ = (Index("ix_trace_code_batch", "batch_id", "serial"),)

    code: str = Field(primary_key=True, max_length=32)
    batch_id: str = Field(foreign_key="trace_code_batch.batch_id")
    serial: int = Field(sa_column=_big())
    lot_id: str | None = Field(default=None, index=True)
    pack_step: str | None = Field(default=None, index=True)
    grams: int | None = None
    status: str = "reserved"
    """reserved, activated or retired."""
    frozen: bool = False
    activated_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


class ScanRow(SQLModel, table=True):
    """Somebody asked about a code. No address, no account: a coarse city and a salted device."""

    __tablename__ = "trace_scan"
    __table_args__ = (Index("ix_trace_scan_code", "code", "at_ms"),)

    scan_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )
    code: str = Field(max_length=32)
    at_ms: int = Field(sa_column=_big())
    city: str | None = Field(default=None, max_length=6)
    device: str = Field(max_length=64)


class FindingRow(SQLModel, table=True):
    """A rule was broken and the step was kept: what it was, on which lot, by which step."""

    __tablename__ = "trace_finding"

    finding_id: str = Field(primary_key=True, max_length=36)
    rule: str = Field(index=True)
    step_id: str = Field(foreign_key="trace_step.step_id", index=True)
    lot_id: str | None = Field(default=None, index=True)
    parts: str = Field(sa_column=_text())
    """Canonical JSON of the named parts the rule's message is filled with."""
    found_ms: int = Field(sa_column=_big(index=True))


class FreezeRow(SQLModel, table=True):
    """A lot, party or code put on hold, and by which words; lifted by its own time."""

    __tablename__ = "trace_freeze"
    __table_args__ = (UniqueConstraint("kind", "target", "frozen_ms"),)

    freeze_id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=5)
    """lot, party or code."""
    target: str = Field(index=True)
    reason: str
    frozen_ms: int = Field(sa_column=_big())
    lifted_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


def table_of(row: type[SQLModel]) -> Table:
    """Return the table behind a row class, for statements that need no ORM."""
    table: Table = row.__table__  # type: ignore[attr-defined]  # SQLModel gives every table class one
    return table


def insert_rows(session: Session, row: type[SQLModel], values: Iterable[Mapping[str, object]]) -> None:
    """Insert rows in one statement, past the ORM: ten of its objects cost more than a signature."""
    if listed := list(values):
        session.connection().execute(_insert_into(row), listed)


@cache
def _insert_into(row: type[SQLModel]) -> Insert:
    return table_of(row).insert()
