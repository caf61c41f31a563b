"""The tables of the trace: who, where, which lot, what happened, and what came of it.

Everything here is a projection of logged statements and of the private values kept beside them,
except scans, which are nobody's statement. Masses are grams, times are epoch milliseconds in UTC.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text
from sqlalchemy.sql.schema import ScalarElementColumnDefault
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
    gln: str | None = Field(default=None, max_length=13, unique=True, index=True)
    """Global location number of the party (GS1 AI 417), if it has one."""
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
    gln: str | None = Field(default=None, max_length=13, unique=True, index=True)
    """Global location number of the place (GS1 AI 414), if it has one."""
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
    unmade: bool = False
    """What made it was declared wrong: for new steps it does not exist."""
    expires: str | None = Field(default=None, max_length=10)
    """Last day, as an ISO date, on which it may be sold and used; the earliest of its packings."""
    harvest_from_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    """Of a field lot: before then the interval of a pesticide (安全间隔期) has not passed."""
    harvested_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    """Of a field lot: when it was last harvested."""
    adjusted_grams: int = Field(default=0, sa_column=_big())
    """What adjustments of stock (调库) added, less what they took away."""
    raised_ppm: int = Field(default=0)
    """How much of its mass adjustments of what it was made from had added, in millionths."""
    excipient_ppm: int = Field(default=0)
    """How much of its mass can only be excipient (辅料), in millionths."""


class StepRow(SQLModel, table=True):
    """One recorded step, its event as logged."""

    __tablename__ = "trace_step"
    __table_args__ = (Index("ix_trace_step_party_recorded", "party", "recorded_ms"),)

    step_id: str = Field(primary_key=True, max_length=36)
    nth: int = Field(sa_column=_big())
    """Number of its statement in the order of the trace (`trace.ordering`)."""
    position: int = Field(sa_column=_big())
    """Where it counts in that order: its own number, or the position of the step it corrects."""
    corrects: str | None = Field(default=None, max_length=36)
    """The step it stands in the place of."""
    voided_by: str | None = Field(default=None, max_length=200)
    """Id of the `correction` that declared it wrong: it counts no longer, and stays visible."""
    stage: str = Field(index=True)
    party: str = Field(foreign_key="trace_party.uscc")
    place: str = Field(foreign_key="trace_place.place_id", index=True)
    counterparty: str | None = None
    event_ms: int = Field(sa_column=_big(index=True))
    offset_minutes: int
    recorded_ms: int = Field(sa_column=_big(index=True))
    public: str = Field(sa_column=_text())
    """Canonical JSON of the statement's public part: the EPCIS event and what hangs on it."""
    statement_id: str = Field(unique=True)


class DeliveryRow(SQLModel, table=True):
    """How a step was handed in: no projection, since no statement says it; tells a repeat from a conflict."""

    __tablename__ = "trace_delivery"

    step_id: str = Field(primary_key=True, max_length=36)
    client_id: str | None = None
    """The id the party gave the step, unique for that party; a repeat answers with what was recorded."""
    asked: str = Field(sa_column=_text())
    """Canonical JSON of what the party sent, without the private values."""


class StepLotRow(SQLModel, table=True):
    """A step touches a lot: it made it, used it, or saw it."""

    __tablename__ = "trace_step_lot"
    __table_args__ = (Index("ix_trace_step_lot_lot", "lot_id", "step_id"),)

    step_id: str = Field(primary_key=True, foreign_key="trace_step.step_id")
    lot_id: str = Field(primary_key=True, foreign_key="trace_lot.lot_id")
    role: str = Field(primary_key=True, max_length=8)
    """made, used or seen."""
    grams: int | None = Field(sa_column=_big(nullable=True))
    outcome: str | None = Field(default=None, max_length=8)
    """passed or failed, where the step is a test that said so of this lot."""
    left_grams: int | None = Field(default=None, sa_column=_big(nullable=True))
    """Grams of packs that left the lot, where the step names its goods pack by pack."""


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
    excipient: bool = False
    """The source is an excipient (辅料) of the target: no herb came this way."""


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
    returned: bool = False
    """The goods are on their way back to who had shipped them."""


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


def table_of(row: type[SQLModel]) -> Table:
    """Return the table behind a row class, for statements that need no ORM."""
    table: Table = row.__table__  # type: ignore[attr-defined]  # SQLModel gives every table class one
    return table


def insert_rows(session: Session, row: type[SQLModel], values: Iterable[Mapping[str, object]]) -> None:
    """Insert rows that name the same columns in one statement, past the ORM and the compiler of queries.

    Ten objects of the ORM cost more than a signature, and so do ten compiled statements of a step.
    """
    if listed := list(values):
        connection = session.connection()
        names = tuple(listed[0])
        mark = "%s" if connection.dialect.paramstyle in ("format", "pyformat") else "?"
        defaults = _defaults(row, names)
        rows = [(*(each[name] for name in names), *defaults.values()) for each in listed]
        statement = _insert_into(row, (*names, *defaults), mark)
        connection.exec_driver_sql(statement, rows if len(rows) > 1 else rows[0])


@cache
def _insert_into(row: type[SQLModel], names: tuple[str, ...], mark: str) -> str:
    columns, marks = ", ".join(names), ", ".join([mark] * len(names))
    return f"INSERT INTO {table_of(row).name} ({columns}) VALUES ({marks})"  # noqa: S608  our own names


@cache
def _defaults(row: type[SQLModel], names: tuple[str, ...]) -> Mapping[str, object]:
    """Return what the columns that are not named start with."""
    unnamed = (column for column in table_of(row).columns if column.name not in names)
    return {
        column.name: column.default.arg
        for column in unnamed
        if isinstance(column.default, ScalarElementColumnDefault)
    }
