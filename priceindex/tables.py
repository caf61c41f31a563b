"""The tables of prices: cells, quotes, raw bodies and feed states.

Every quote row is written once and never changed: a correction is a later row of the same cell, day
and source with the next `revision`. "As of T" is the latest revision with `recorded_ms` <= T.
"""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the key column is declared INTEGER."""


class CellRow(SQLModel, table=True):
    """A cell somebody has ever quoted."""

    __tablename__ = "price_cell"
    __table_args__ = (UniqueConstraint("herb", "grade", "origin", "market"),)

    cell_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    herb: str = Field(max_length=40)
    grade: str = Field(max_length=40)
    origin: str = Field(max_length=40)
    market: str = Field(max_length=40)


class QuoteRow(SQLModel, table=True):
    """One revision of one source's price of one cell on one day. Append-only."""

    __tablename__ = "price_quote"
    __table_args__ = (
        UniqueConstraint("day", "cell_id", "source", "revision"),
        Index("ix_price_quote_cell_day", "cell_id", "day"),
    )

    quote_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
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
    deals: int | None = Field(default=None, sa_type=BigInteger)
    """Trades behind the price; None: one."""
    currency: str | None = Field(default=None, max_length=3)
    """ISO 4217 code of the currency it was told in; None: yuan."""
    amount: str | None = Field(default=None, max_length=40)
    rate: str | None = Field(default=None, max_length=40)
    rate_day: int | None = Field(default=None, sa_type=BigInteger)
    """Days since 1970-01-01 of the day the rate held."""
    collection_point: str | None = Field(default=None, max_length=100)
    collector: str | None = Field(default=None, max_length=100)
    trend: str | None = Field(default=None, max_length=20)
    submitter: str | None = Field(default=None, max_length=100)
    """Who handed the input in, such as `token 1a2b3c4d`."""
    decided_by: str | None = Field(default=None, max_length=100)
    """Who decided this revision; None for what a source said."""


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
    shape: str = Field(default="table", max_length=20)
    """The shape it was first read in; see `priceindex.feeds.shapes`."""
    settings: str = Field(default="{}", max_length=1000)
    """What the reading was told beside it: canonical JSON of `priceindex.feeds.feed_settings`."""


class FeedStateRow(SQLModel, table=True):
    """What the last good fetch of an address told us, for the next conditional request."""

    __tablename__ = "price_feed_state"

    url: str = Field(primary_key=True, max_length=500)
    etag: str | None = Field(default=None, max_length=500)
    last_modified: str | None = Field(default=None, max_length=100)
    body_sha256: str | None = Field(default=None, max_length=64)
    seen_ms: int = Field(sa_type=BigInteger)
    """When the source last answered, changed or not: its heartbeat."""
