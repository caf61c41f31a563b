"""The tables of releases: what was computed, made, published, and every value ever published.

Published rows are written once and never changed. A value that changes is a further row with a later
vintage 版次: the number of the release, counted within its family, that first said so.
"""

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from priceindex.tables import SERIAL


class BundleRow(SQLModel, table=True):
    """The canonical inputs of a computation, kept by digest: all a stranger needs to recompute it."""

    __tablename__ = "price_bundle"

    sha256: str = Field(primary_key=True, max_length=64)
    size_bytes: int = Field(sa_type=BigInteger)
    body: bytes = Field(sa_type=LargeBinary)
    """The canonical bytes, zlib-compressed; the digest is of the bytes before compression."""


class ReleaseRow(SQLModel, table=True):
    """One publication of one family: never changed; a revision is a further release."""

    __tablename__ = "price_release"
    __table_args__ = (
        UniqueConstraint("family", "last_day", "revision"),
        Index("ix_price_release_family_ordinal", "family", "ordinal", unique=True),
    )

    release_id: str = Field(primary_key=True, max_length=100)
    family: str = Field(index=True, max_length=40)
    ordinal: int
    """1 for the family's first release, and so on: the vintage of what it said first."""
    until: int = Field(sa_type=BigInteger)
    """Days since 1970-01-01 of the last day asked for."""
    last_day: int = Field(sa_type=BigInteger)
    """Days since 1970-01-01 of the last day that has a value."""
    revision: int = Field(default=0)
    status: str = Field(max_length=12)
    method_id: str = Field(max_length=60)
    method_sha256: str = Field(max_length=64)
    bundle_sha256: str = Field(foreign_key="price_bundle.sha256", max_length=64)
    values_sha256: str = Field(max_length=64)
    form: int
    """Form of the values digest: 1 of decimals with eight digits, 2 of columns."""
    kept: int
    """Digits after the point of every value."""
    final_after_days: int
    """A value of an official release is final when its period began so many days ago."""
    as_of_ms: int = Field(sa_type=BigInteger)
    published_ms: int = Field(index=True, sa_type=BigInteger)
    due_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the calendar said it was due; None for a release outside the calendar."""
    statement_id: str = Field(max_length=200)
    sealed_statement: str | None = Field(default=None, max_length=200)
    """Statement that put its digests into the log before the embargo ended."""
    notice_needed: bool = False
    """Whether it changed values that may not change silently."""
    headline: str = Field(max_length=40)
    """The composite of the last day, unrounded, as a decimal string."""
    summary: str = Field(sa_type=Text)
    """Canonical JSON of coverage, shares, movers and exclusions of the last day."""


class SeriesRow(SQLModel, table=True):
    """A series that some release of a family has published."""

    __tablename__ = "price_series"
    __table_args__ = (UniqueConstraint("family", "level", "node", "frequency"),)

    series_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    family: str = Field(max_length=40)
    level: str = Field(max_length=12)
    node: str = Field(max_length=100)
    frequency: str = Field(max_length=8)


class NodeRow(SQLModel, table=True):
    """Where a series stands in the tree, from a vintage on. Append-only."""

    __tablename__ = "price_node"

    series_id: int = Field(primary_key=True, foreign_key="price_series.series_id", sa_type=BigInteger)
    vintage: int = Field(primary_key=True)
    parent: str | None = Field(default=None, max_length=100)
    weight: str | None = Field(default=None, max_length=40)
    """Share of the composite's weight at the last link, a decimal string; None: it has left the index."""


class PointRow(SQLModel, table=True):
    """One value of one series, from a vintage on. Append-only."""

    __tablename__ = "price_point"
    __table_args__ = {"sqlite_with_rowid": False}

    series_id: int = Field(primary_key=True, foreign_key="price_series.series_id", sa_type=BigInteger)
    day: int = Field(primary_key=True, sa_type=BigInteger)
    """Days since 1970-01-01 of the first day of the period."""
    vintage: int = Field(primary_key=True)
    units: int = Field(sa_type=BigInteger)
    """Value in units of the last digit kept; -1 none is published, -2 the period is in the index no more."""
    status: str = Field(max_length=1)
    """P provisional, F final when it was published, R in place of another value."""
    counts: bytes = Field(sa_type=LargeBinary)
    """Signed 32-bit little-endian numbers in the order of `priceindex.releases.series.COUNTS`."""


class DraftRow(SQLModel, table=True):
    """A release that was made and is not public yet, or that was refused."""

    __tablename__ = "price_draft"

    release_id: str = Field(primary_key=True, max_length=100)
    family: str = Field(index=True, max_length=40)
    revision: int
    last_day: int = Field(sa_type=BigInteger)
    status: str = Field(max_length=12)
    bundle_sha256: str = Field(foreign_key="price_bundle.sha256", max_length=64)
    values_sha256: str = Field(max_length=64)
    stage: str = Field(index=True, max_length=12)
    """made, sealed, published or refused."""
    due_ms: int = Field(sa_type=BigInteger)
    made_ms: int = Field(sa_type=BigInteger)
    made_by: str = Field(max_length=200)
    made_token: str = Field(max_length=16)
    decided_ms: int | None = Field(default=None, sa_type=BigInteger)
    decided_by: str | None = Field(default=None, max_length=200)
    decided_token: str | None = Field(default=None, max_length=16)
    reason: str | None = Field(default=None, max_length=500)
    """Why it was refused, or why final values change."""
    sealed_statement: str | None = Field(default=None, max_length=200)
    held: str | None = Field(default=None, sa_type=Text)
    """Canonical JSON of why it was held for a second person; None where the family's text asks for two."""


class StandingRow(SQLModel, table=True):
    """What a family was declared to be, from a moment on. Append-only."""

    __tablename__ = "price_standing"
    __table_args__ = (UniqueConstraint("family", "number"),)

    statement_id: str = Field(primary_key=True, max_length=200)
    family: str = Field(index=True, max_length=40)
    number: int
    """1 for the family's first, and so on."""
    standing: str = Field(max_length=12)
    reason: str = Field(max_length=500)
    at_ms: int = Field(sa_type=BigInteger)
    by_name: str = Field(max_length=200)


class NoticeRow(SQLModel, table=True):
    """A correction notice 更正公告. Append-only."""

    __tablename__ = "price_notice"

    notice_id: str = Field(primary_key=True, max_length=100)
    family: str = Field(index=True, max_length=40)
    release_id: str = Field(foreign_key="price_release.release_id", max_length=100)
    """The release the notice is about: the corrected one where there is one, else the wrong one."""
    level: str = Field(max_length=12)
    node: str = Field(max_length=100)
    first_day: int = Field(sa_type=BigInteger)
    last_day: int = Field(sa_type=BigInteger)
    wrong: str | None = Field(default=None, max_length=40)
    """The value as it stood on the last affected day, a decimal string."""
    corrected: str | None = Field(default=None, max_length=40)
    values_changed: int
    """How many final or material values differ."""
    reason: str = Field(max_length=500)
    by_name: str = Field(max_length=200)
    at_ms: int = Field(index=True, sa_type=BigInteger)
    statement_id: str = Field(max_length=200)


class ClosedDayRow(SQLModel, table=True):
    """A day on which nothing is published, as the operator entered it."""

    __tablename__ = "price_closed_day"

    day: int = Field(primary_key=True, sa_type=BigInteger)
    reason: str = Field(max_length=200)
    by_name: str = Field(max_length=200)
    entered_ms: int = Field(sa_type=BigInteger)
