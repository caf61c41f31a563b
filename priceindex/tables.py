"""The tables of prices: cells, quotes, raw bodies, feed states, bundles and releases.

Every quote row is written once and never changed: a correction is a later row of the same cell, day
and source with the next `revision`. "As of T" is the latest revision with `recorded_ms` <= T.
"""

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

_SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the key column is declared INTEGER."""


class CellRow(SQLModel, table=True):
    """A cell somebody has ever quoted."""

    __tablename__ = "price_cell"
    __table_args__ = (UniqueConstraint("herb", "grade", "origin", "market"),)

    cell_id: int | None = Field(default=None, primary_key=True, sa_type=_SERIAL)
    herb: str = Field(max_length=40)
    grade: str = Field(max_length=40)
    origin: str = Field(max_length=40)
    market: str = Field(max_length=40)


class QuoteRow(SQLModel, table=True):
    """One revision of one source's price of one cell on one day. Append-only."""

    __tablename__ = "price_quote"
    __table_args__ = (UniqueConstraint("day", "cell_id", "source", "revision"),)

    quote_id: int | None = Field(default=None, primary_key=True, sa_type=_SERIAL)
    cell_id: int = Field(foreign_key="price_cell.cell_id", sa_type=BigInteger)
    day: int = Field(sa_type=BigInteger)
    """Days since 1970-01-01 of the day the price held."""
    source: str = Field(max_length=40)
    revision: int = Field(default=0)
    fen_per_kg: int = Field(sa_type=BigInteger)
    low_fen_per_kg: int | None = Field(default=None, sa_type=BigInteger)
    high_fen_per_kg: int | None = Field(default=None, sa_type=BigInteger)
    tier: str = Field(max_length=12)
    status: str = Field(max_length=12)
    rules: str = Field(default="", max_length=200)
    """Codes of the screening rules that spoke, joined by spaces."""
    reason: str | None = Field(default=None, max_length=500)
    """Why a person let a quarantined quote in or kept it out."""
    recorded_ms: int = Field(index=True, sa_type=BigInteger)
    archive_sha256: str | None = Field(default=None, max_length=64)


class ArchiveRow(SQLModel, table=True):
    """A raw body exactly as it was received, kept by its digest (Decree 22, article 17)."""

    __tablename__ = "price_archive"

    sha256: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    received_ms: int = Field(sa_type=BigInteger)
    size_bytes: int = Field(sa_type=BigInteger)
    """Length before compression."""
    body: bytes = Field(sa_type=LargeBinary)
    """The body, zlib-compressed."""


class FeedStateRow(SQLModel, table=True):
    """What the last good fetch of an address told us, for the next conditional request."""

    __tablename__ = "price_feed_state"

    url: str = Field(primary_key=True, max_length=500)
    etag: str | None = Field(default=None, max_length=500)
    last_modified: str | None = Field(default=None, max_length=100)
    body_sha256: str | None = Field(default=None, max_length=64)
    seen_ms: int = Field(sa_type=BigInteger)
    """When the source last answered, changed or not: its heartbeat."""


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
    __table_args__ = (UniqueConstraint("family", "last_day", "revision"),)

    release_id: str = Field(primary_key=True, max_length=100)
    family: str = Field(index=True, max_length=40)
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
    as_of_ms: int = Field(sa_type=BigInteger)
    published_ms: int = Field(index=True, sa_type=BigInteger)
    statement_id: str = Field(max_length=200)
    headline: str = Field(max_length=40)
    """The composite of the last day, unrounded, as a decimal string."""
    summary: str = Field(sa_type=Text)
    """Canonical JSON of coverage, shares, movers and exclusions of the last day."""


class ValueRow(SQLModel, table=True):
    """The published series of one node of one release."""

    __tablename__ = "price_value"

    release_id: str = Field(primary_key=True, foreign_key="price_release.release_id", max_length=100)
    level: str = Field(primary_key=True, max_length=12)
    node: str = Field(primary_key=True, max_length=100)
    parent: str | None = Field(default=None, max_length=100)
    weight: str = Field(max_length=40)
    """Share of the composite's weight at the last link, a decimal string."""
    last_value: str | None = Field(default=None, max_length=40)
    series: bytes = Field(sa_type=LargeBinary)
    """zlib-compressed canonical JSON; see `priceindex.releases.series`."""
