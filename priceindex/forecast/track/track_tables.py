"""The tables of forecasts: what every run said, written once before its targets and never changed.

A run is one row and one text for each node: the canonical line that its digest in the log is of. What is
stored is what was committed, byte for byte; nothing has to be put together again to check it.
"""

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class ForecastRow(SQLModel, table=True):
    """One forecast run of one family on one grid. Append-only."""

    __tablename__ = "price_forecast"
    __table_args__ = (
        UniqueConstraint("family", "frequency", "ordinal"),
        UniqueConstraint("release_id", "frequency", "method_id"),
    )

    forecast_id: str = Field(primary_key=True, max_length=100)
    """`<family>-<frequency>-<ordinal>`: a run that was dropped leaves a hole in the numbers."""
    family: str = Field(max_length=40)
    frequency: str = Field(max_length=8)
    ordinal: int
    """1 for the family's first run on this grid, and so on."""
    release_id: str = Field(foreign_key="price_release.release_id", max_length=100)
    method_id: str = Field(max_length=60)
    method_sha256: str = Field(max_length=64)
    code_version: str = Field(max_length=40)
    data_as_of_ms: int = Field(sa_type=BigInteger)
    """Up to when quotes were looked at for the release forecast from."""
    input_sha256: str = Field(max_length=64)
    """The values digest of that release."""
    made_ms: int = Field(index=True, sa_type=BigInteger)
    origin_day: int = Field(sa_type=BigInteger)
    """Day number of the last day of the last complete period; the targets likewise."""
    first_target: int = Field(sa_type=BigInteger)
    last_target: int = Field(sa_type=BigInteger)
    kept: int
    """Digits after the point of every value."""
    series: int
    """Nodes forecast."""
    rows_sha256: str = Field(max_length=64)
    statement_id: str = Field(max_length=200)
    told: str = Field(sa_type=Text)
    """The first of the lines digested: gate, direction, what was left out."""


class ForecastSeriesRow(SQLModel, table=True):
    """The forecasts of one node in one run. Append-only."""

    __tablename__ = "price_forecast_series"
    __table_args__ = (Index("ix_price_forecast_series_node", "node", "level"),)

    forecast_id: str = Field(primary_key=True, foreign_key="price_forecast.forecast_id", max_length=100)
    level: str = Field(primary_key=True, max_length=12)
    node: str = Field(primary_key=True, max_length=100)
    told: str = Field(sa_type=Text)
    """Its line as digested; see `priceindex.forecast.track.canonical_rows`."""
