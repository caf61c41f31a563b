"""The tables of holds and recalls. All but the read marks are projections of logged statements."""

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel


def _big(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class HoldRow(SQLModel, table=True):
    """Goods, a party or a code put on hold; open until `lifted_ms`."""

    __tablename__ = "trace_hold"
    __table_args__ = (Index("ix_trace_hold_target", "kind", "target"),)

    hold_id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=8)
    """A key of `hold_world.HoldKind`."""
    target: str = Field(max_length=120)
    reason: str
    role: str = Field(max_length=9)
    """A key of `hold_world.Role`: who placed it."""
    party: str | None = Field(default=None, max_length=18)
    """USCC of the regulator or owner that placed it; None for the operator."""
    document: str | None = Field(default=None, max_length=64)
    """SHA-256 of the order it rests on."""
    root: str = Field(max_length=64)
    """Merkle root of the sorted ids of the lots it covered when it was placed."""
    lots: int
    """How many lots it covers, with those that were added since."""
    placed_ms: int = Field(sa_column=_big())
    statement_id: str = Field(unique=True)
    asked_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    asked_role: str | None = Field(default=None, max_length=9)
    asked_statement: str | None = None
    """The last request to lift it."""
    lifted_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    lifted_role: str | None = Field(default=None, max_length=9)
    lifted_statement: str | None = None


class HoldLotRow(SQLModel, table=True):
    """A lot under a hold: named by it, or made from such a lot."""

    __tablename__ = "trace_hold_lot"
    __table_args__ = (Index("ix_trace_hold_lot_lot", "lot_id", "hold_id"),)

    hold_id: str = Field(primary_key=True, foreign_key="trace_hold.hold_id", max_length=36)
    lot_id: str = Field(primary_key=True, foreign_key="trace_lot.lot_id", max_length=40)


class RecallRow(SQLModel, table=True):
    """A recall; its goods are those under the hold of the same id."""

    __tablename__ = "trace_recall"

    recall_id: str = Field(primary_key=True, foreign_key="trace_hold.hold_id", max_length=36)
    recall_class: int
    """1, 2 or 3: 一级, 二级, 三级."""
    responsible: str = Field(max_length=18, index=True)
    """USCC of who made the recalled lots and takes them back."""
    advice: str = Field(sa_column=Column(Text, nullable=False))
    """What whoever has the goods should do, beyond the standing words; may be empty."""
    roots: str = Field(sa_column=Column(Text, nullable=False))
    """Canonical JSON list of the lots it was opened for."""
    opened_ms: int = Field(sa_column=_big())
    notify_until_ms: int = Field(sa_column=_big())
    asked_role: str | None = Field(default=None, max_length=9)
    asked_statement: str | None = None
    """The last request to close it."""
    asked_state: str | None = Field(default=None, max_length=9)
    """completed or lifted: how it is asked to be closed."""
    asked_report: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    state: str = Field(default="open", max_length=9)
    """open, completed or lifted."""
    closed_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    closed_statement: str | None = None
    outcome: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """Canonical JSON of the final report."""


class RecallShareRow(SQLModel, table=True):
    """What one holder had of the recalled goods when the recall found them; '' stands for end users."""

    __tablename__ = "trace_recall_share"

    recall_id: str = Field(primary_key=True, foreign_key="trace_recall.recall_id", max_length=36)
    holder: str = Field(primary_key=True, max_length=18)
    lots: int
    grams: int = Field(sa_column=_big())
    """Loose and packed, in grams."""
    packs: int = Field(sa_column=_big())


class NoticeRow(SQLModel, table=True):
    """What a holder was told of a recall."""

    __tablename__ = "trace_notice"
    __table_args__ = (Index("ix_trace_notice_party", "party", "sent_ms"),)

    notice_id: str = Field(primary_key=True, max_length=36)
    party: str = Field(max_length=18)
    recall_id: str = Field(foreign_key="trace_recall.recall_id", index=True, max_length=36)
    kind: str = Field(max_length=8)
    """opened, extended, reminder or closed."""
    sent_ms: int = Field(sa_column=_big())
    due_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    """By when it is to be acknowledged; None where nothing is asked."""
    acknowledged_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


class NoticeReadRow(SQLModel, table=True):
    """When somebody of the party first opened a notice; nobody's statement, so not rebuilt."""

    __tablename__ = "trace_notice_read"

    notice_id: str = Field(primary_key=True, max_length=36)
    read_ms: int = Field(sa_column=_big())


class DrillRow(SQLModel, table=True):
    """A mock recall 模拟召回: what it would have found and how long each part took."""

    __tablename__ = "trace_drill"

    drill_id: str = Field(primary_key=True, max_length=36)
    role: str = Field(max_length=9)
    party: str | None = Field(default=None, max_length=18)
    roots: str = Field(sa_column=Column(Text, nullable=False))
    root: str = Field(max_length=64)
    lots: int
    packs: int = Field(sa_column=_big())
    grams: int = Field(sa_column=_big())
    holders: int
    phases: str = Field(sa_column=Column(Text, nullable=False))
    """Canonical JSON: microseconds by phase."""
    drilled_ms: int = Field(sa_column=_big())
    statement_id: str = Field(unique=True)
