"""The register of the trade: bases, markets and firms with the days they belong to it."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class TradeUnitRow(SQLModel, table=True):
    """One unit for one stretch of time. A projection of `trade.registered` and `trade.left`."""

    __tablename__ = "trace_trade_unit"
    __table_args__ = (Index("ix_trace_trade_unit_division", "division", "node_type"),)

    unit_id: str = Field(primary_key=True, max_length=64)
    from_day: str = Field(primary_key=True, max_length=10)
    """First day in the trade, ISO 8601, China's calendar."""
    until_day: str | None = Field(default=None, max_length=10)
    """First day it no longer belongs to it; None while it does."""
    kind: str = Field(max_length=6)
    """base, market or firm."""
    name: str
    division: str = Field(max_length=6)
    """GB/T 2260 code."""
    node_type: str = Field(max_length=12)
    uscc: str | None = Field(default=None, max_length=18, index=True)
    """Who records for it; None while that is not known, and then it counts as not recording."""
    place: str | None = Field(default=None, max_length=64)
    """The registered place a base or market is, where one party runs several."""
    controlled_by: str | None = Field(default=None, max_length=18)
    """USCC of the firm it belongs to: both are one unit when their word is judged."""
    source: str
    """Where the register has it from."""
    statement_id: str
    left_statement: str | None = None
