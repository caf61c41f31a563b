"""The tables of integrity: scores, inspections, draws, measures and complaints.

All are projections of logged statements; ids are those of the statements. Times are epoch milliseconds, UTC.
"""

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel


def _big(*, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable, index=index)


def _text() -> Column[str]:
    return Column(Text, nullable=False)


class ScoreRow(SQLModel, table=True):
    """The score of one party for one period, with what it was computed from."""

    __tablename__ = "trace_score"
    __table_args__ = (Index("ix_trace_score_uscc", "uscc", "scored_ms"),)

    period: str = Field(primary_key=True, max_length=6)
    """A year or a quarter, such as 2026 or 2026Q3."""
    uscc: str = Field(primary_key=True, max_length=18)
    unit: str = Field(max_length=18)
    """USCC of the unit it is scored with; its own where it stands alone."""
    score: int
    """Thousandths."""
    stars: int
    evidence: str = Field(sa_column=_text())
    """Canonical JSON of the evidence (`trace.integrity.evidence.members`)."""
    method: str = Field(max_length=32)
    statement_id: str = Field(index=True)
    scored_ms: int = Field(sa_column=_big())


class InspectionRow(SQLModel, table=True):
    """What an inspection 日常检查 found."""

    __tablename__ = "trace_inspection"
    __table_args__ = (Index("ix_trace_inspection_party_found", "party", "found_ms"),)

    inspection_id: str = Field(primary_key=True, max_length=64)
    party: str = Field(max_length=18)
    """USCC of who was inspected."""
    by_party: str = Field(max_length=18)
    """USCC of the regulator; empty where the operator stated it."""
    role: str = Field(max_length=60)
    draw_id: str | None = Field(default=None, max_length=64)
    result: str = Field(max_length=9)
    """passed, failed or pending: the worst of its subjects."""
    subjects: str = Field(sa_column=_text())
    """Canonical JSON: what was looked at, with the result of each."""
    lots: str = Field(sa_column=_text())
    """Canonical JSON list of lot ids."""
    points: int
    document: str | None = Field(default=None, max_length=71)
    due_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    """Until when what was found has to be put right."""
    follows: str | None = Field(default=None, max_length=64)
    """The inspection this one follows up."""
    found_ms: int = Field(sa_column=_big(index=True))
    nth: int = Field(sa_column=_big())


class DrawRow(SQLModel, table=True):
    """A 双随机 draw: announced with its list, then made."""

    __tablename__ = "trace_draw"

    draw_id: str = Field(primary_key=True, max_length=64)
    by_party: str = Field(max_length=18)
    period: str = Field(max_length=6)
    """The scores its odds come from."""
    commitment: str = Field(max_length=64)
    """SHA-256 of the seed, in hex."""
    list_digest: str = Field(max_length=64)
    parties: int
    """How many parties are to be drawn."""
    inspectors: int
    """How many inspectors for each."""
    beacon_size: int = Field(sa_column=_big())
    """Size of the tree whose root the draw awaits."""
    announced_ms: int = Field(sa_column=_big(index=True))
    seed: str | None = Field(default=None, max_length=64)
    root: str | None = Field(default=None, max_length=64)
    picks: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """Canonical JSON: each party drawn with its inspectors, in order."""
    done_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


class DrawListRow(SQLModel, table=True):
    """One name on the list of a draw, with its odds."""

    __tablename__ = "trace_draw_list"

    draw_id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(primary_key=True, max_length=9)
    """party or inspector."""
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(max_length=40)
    """USCC of a party, or the regulator's own number of an inspector; never a person's name."""
    weight: int


class MeasureRow(SQLModel, table=True):
    """A credit measure 信用惩戒 against a party, and how far its repair has come."""

    __tablename__ = "trace_credit_measure"
    __table_args__ = (Index("ix_trace_credit_measure_party", "party", "from_ms"),)

    measure_id: str = Field(primary_key=True, max_length=64)
    party: str = Field(max_length=18)
    by_party: str = Field(max_length=18)
    measure: str = Field(max_length=20)
    reason: str = Field(sa_column=_text())
    document: str | None = Field(default=None, max_length=71)
    from_ms: int = Field(sa_column=_big())
    until_ms: int = Field(sa_column=_big())
    asked_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    evidence: str | None = Field(default=None, max_length=71)
    """SHA-256 of the document by which the party asks for repair."""
    agreed_in: str | None = Field(default=None, max_length=64)
    """Statement in which the first of two persons agreed; who that was stands sealed beside it."""
    repaired_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    nth: int = Field(sa_column=_big())


class ComplaintRow(SQLModel, table=True):
    """A complaint 投诉 about a pack, a lot or a party; what was written stands nowhere here."""

    __tablename__ = "trace_complaint"
    __table_args__ = (Index("ix_trace_complaint_party", "party", "filed_ms"),)

    complaint_id: str = Field(primary_key=True, max_length=64)
    category: str = Field(max_length=20)
    lot: str | None = Field(default=None, max_length=40, index=True)
    party: str | None = Field(default=None, max_length=18)
    """USCC of who it is about: the maker of the lot, unless the complaint names another."""
    status: str = Field(max_length=9, index=True)
    """filed, answered, upheld or rejected."""
    points: int = 0
    filed_ms: int = Field(sa_column=_big(index=True))
    answered_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    decided_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    nth: int = Field(sa_column=_big())
