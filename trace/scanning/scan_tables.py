"""The tables of scans and PIN attempts: nobody's statements, so no rebuild makes them again."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text, text
from sqlmodel import Field, SQLModel


def _big(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class ScanRow(SQLModel, table=True):
    """Somebody asked about a code. No address, no account: a coarse city and salted hashes.

    Kept for the time the operator sets, to look into a suspicion; `ScanMarkRow` remembers the sum.
    """

    __tablename__ = "trace_scan"
    __table_args__ = (
        Index("ix_trace_scan_serial", "serial", "at_ms"),
        # Scans come in order of time: a summary of each stretch of pages finds them as well as a tree of all.
        Index(
            "ix_trace_scan_at_ms",
            "at_ms",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
    )

    scan_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )
    serial: int = Field(sa_column=_big())
    at_ms: int = Field(sa_column=_big())
    city: str | None = Field(default=None, max_length=6)
    device: str = Field(max_length=64)
    network: str = Field(max_length=64)


class ScanMarkRow(SQLModel, table=True):
    """What the scans of one code add up to: one small row, however often it was scanned.

    Nothing of it is indexed but copied codes: each scan changes a row somewhere among millions, and an index
    would make it change another page for each.
    """

    __tablename__ = "trace_scan_mark"
    __table_args__ = (
        Index(
            "ix_trace_scan_mark_copied",
            "last_ms",
            sqlite_where=text("copied IS 1"),
            postgresql_where=text("copied IS true"),
        ),
    )

    serial: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    count: int
    first_ms: int = Field(sa_column=_big())
    last_ms: int = Field(sa_column=_big())
    first_city: str | None = Field(default=None, max_length=6)
    cities: str = Field(sa_column=Column(Text, nullable=False))
    """The first few distinct ones, separated by spaces: more than the rule asks for say nothing new."""
    devices: str = Field(sa_column=Column(Text, nullable=False))
    """The first few distinct network:device pairs, separated by spaces."""
    copied: bool = False
    """Whether they look like those of a copied label; once true it stays so."""


class PinRow(SQLModel, table=True):
    """What became of attempts at one code's PIN."""

    __tablename__ = "trace_pin"

    serial: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    wrong: int
    """Wrong attempts in the present window."""
    window_ms: int = Field(sa_column=_big())
    """When the first wrong one of the window came."""
    wrong_ever: int
    matched: int
    first_match_ms: int | None = Field(default=None, sa_column=_big(nullable=True))
