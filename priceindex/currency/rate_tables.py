"""The table of dated exchange rates: append-only, a corrected rate is a later row."""

from sqlalchemy import BigInteger, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

_SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the key column is declared INTEGER."""


class ExchangeRateRow(SQLModel, table=True):
    """What one unit of a currency was worth on one day, as one source said at one moment."""

    __tablename__ = "price_exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "day", "revision"),)

    rate_id: int | None = Field(default=None, primary_key=True, sa_type=_SERIAL)
    currency: str = Field(max_length=3)
    day: int = Field(sa_type=BigInteger)
    """Days since 1970-01-01."""
    revision: int = Field(default=0)
    yuan_per_unit: str = Field(max_length=40)
    """A decimal string: no digit is lost."""
    source: str = Field(max_length=100)
    recorded_ms: int = Field(sa_type=BigInteger)
