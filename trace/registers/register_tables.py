"""The tables of the registers: projections of what parties, regulators and the operator declared.

Rows are never rewritten but for the end of their validity: what held at a past moment can be read from
them. Times are epoch milliseconds in UTC; days begin at midnight in Beijing (`trace.registers.days`).
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Text
from sqlmodel import Field, SQLModel


def _big(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class LicenceRow(SQLModel, table=True):
    """A licence of a party, with the time it holds."""

    __tablename__ = "trace_licence"
    __table_args__ = (Index("ix_trace_licence_party", "party", "kind"),)

    statement_id: str = Field(primary_key=True, max_length=64)
    party: str = Field(max_length=18)
    kind: str = Field(max_length=20)
    """Key of `LicenceKind`."""
    number: str = Field(max_length=60)
    issuer: str = Field(max_length=120)
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    """The first moment it holds no longer; None without an end."""
    withdrawn_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    withdrawn_by: str | None = Field(default=None, max_length=64)
    """Statement that withdrew it."""
    document: str | None = Field(default=None, max_length=71)
    """`sha256:` and the hash of its scan, if one is kept."""


class StaffRow(SQLModel, table=True):
    """A person of a party in a role; the name is a private value of the statement."""

    __tablename__ = "trace_staff"

    statement_id: str = Field(primary_key=True, max_length=64)
    party: str = Field(max_length=18, index=True)
    staff_id: str = Field(max_length=40)
    """The party's own id for the person: never a name."""
    role: str = Field(max_length=24)
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    documents: str = Field(sa_column=Column(Text, nullable=False))
    """Space-separated `kind=sha256:hash`: certificates, videos of a master at work."""


class StandingRow(SQLModel, table=True):
    """A party or place that may not work for a time, or ever again."""

    __tablename__ = "trace_standing"
    __table_args__ = (Index("ix_trace_standing_target", "target", "sort"),)

    statement_id: str = Field(primary_key=True, max_length=64)
    sort: str = Field(max_length=5)
    """party or place."""
    target: str = Field(max_length=64)
    kind: str = Field(max_length=9)
    """suspended or closed."""
    said_by: str | None = Field(default=None, max_length=18)
    """USCC of who said so; None for the operator."""
    reason: str = Field(max_length=200)
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
    ended_by: str | None = Field(default=None, max_length=64)
    """Statement that ended it."""


class PartyVersionRow(SQLModel, table=True):
    """What a party was called and did, from when to when; only of parties that ever changed."""

    __tablename__ = "trace_party_version"

    statement_id: str = Field(primary_key=True, max_length=64)
    uscc: str = Field(max_length=18, index=True)
    name: str
    node_types: str
    division: str = Field(max_length=6)
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


class PlaceVersionRow(SQLModel, table=True):
    """What a place was called, where it lay and who ran it, from when to when; only of changed ones."""

    __tablename__ = "trace_place_version"

    statement_id: str = Field(primary_key=True, max_length=200)
    place_id: str = Field(max_length=64, index=True)
    name: str
    party: str = Field(max_length=18)
    division: str = Field(max_length=6)
    market: str | None = None
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


class OutlineRow(SQLModel, table=True):
    """That a place has an outline, and its area; the outline itself is a private value of the statement."""

    __tablename__ = "trace_outline"

    statement_id: str = Field(primary_key=True, max_length=64)
    place_id: str = Field(max_length=64, index=True)
    area_m2: int = Field(sa_column=_big())
    """Computed from the outline."""
    declared_mu_100: int | None = Field(default=None, sa_column=_big(nullable=True))
    """Area its party declared, in hundredths of a 亩."""
    differs: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    """The two areas are further apart than `outlines.MOST_DIFFERENCE`."""
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))


class SuccessionRow(SQLModel, table=True):
    """The whole business of a party went to another."""

    __tablename__ = "trace_succession"

    uscc: str = Field(primary_key=True, max_length=18)
    successor: str = Field(max_length=18, index=True)
    moved_ms: int = Field(sa_column=_big())
    nth: int = Field(sa_column=_big())
    """Number of its statement in the order of the trace (`trace.ordering`)."""
    statement_id: str = Field(max_length=64)


class GateSettingRow(SQLModel, table=True):
    """How strictly a gate rule is taken, from when on: what the regulator switched on or off."""

    __tablename__ = "trace_gate_setting"

    statement_id: str = Field(primary_key=True, max_length=64)
    rule: str = Field(max_length=40, index=True)
    strictness: str = Field(max_length=6)
    """off, note, flag or refuse."""
    valid_from_ms: int = Field(sa_column=_big())
    valid_until_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
