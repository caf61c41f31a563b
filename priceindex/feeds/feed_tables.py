"""The tables of feeds: what is set up, what every poll brought, how every host behaves."""

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from priceindex.tables import SERIAL


class FeedRow(SQLModel, table=True):
    """A source that is polled."""

    __tablename__ = "price_feed"

    name: str = Field(primary_key=True, max_length=40)
    source: str = Field(max_length=40)
    """The source its quotes are kept under."""
    shape: str = Field(max_length=20)
    form: str = Field(max_length=8)
    """What its bodies are written in; see `priceindex.feeds.grid.Form`."""
    address: str = Field(max_length=500)
    """Where it is fetched from, query included: shown to nobody."""
    every_minutes: int = Field(sa_type=BigInteger)
    settings: str = Field(max_length=1000)
    """Canonical JSON of `priceindex.feeds.feed_settings`."""
    enabled: bool = True
    created_ms: int = Field(sa_type=BigInteger)
    created_by: str = Field(max_length=100)
    next_ms: int = Field(index=True, sa_type=BigInteger)
    """When it is polled next, not before."""


class FeedPollRow(SQLModel, table=True):
    """What one poll of a feed brought. Append-only."""

    __tablename__ = "price_feed_poll"
    __table_args__ = (Index("ix_price_feed_poll_feed_at", "feed", "at_ms"),)

    poll_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    feed: str = Field(max_length=40)
    at_ms: int = Field(sa_type=BigInteger)
    outcome: str = Field(max_length=12)
    """See `priceindex.feeds.feed_polls.Outcome`."""
    rows: int | None = Field(default=None, sa_type=BigInteger)
    """Rows of the body, read or refused; None where no body came."""
    written: int = Field(default=0, sa_type=BigInteger)
    quarantined: int = Field(default=0, sa_type=BigInteger)
    faults: int = Field(default=0, sa_type=BigInteger)
    claims_agreed: int = Field(default=0, sa_type=BigInteger)
    claims_differed: int = Field(default=0, sa_type=BigInteger)
    body_sha256: str | None = Field(default=None, max_length=64)
    message_zh: str = Field(default="", sa_type=Text)
    message_en: str = Field(default="", sa_type=Text)


class FeedHostRow(SQLModel, table=True):
    """The breaker of one host."""

    __tablename__ = "price_feed_host"

    host: str = Field(primary_key=True, max_length=253)
    faults: int = Field(default=0, sa_type=BigInteger)
    opened_ms: int | None = Field(default=None, sa_type=BigInteger)
    changed_ms: int = Field(sa_type=BigInteger)
