"""The table of kept weight sets: append-only; each stands in the log by its digest."""

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class WeightSetRow(SQLModel, table=True):
    """Weights somebody entered for a family, with their source and reference period."""

    __tablename__ = "price_weight_set"
    __table_args__ = (UniqueConstraint("family", "effective"),)

    sha256: str = Field(primary_key=True, max_length=64)
    """Digest of the canonical bytes of the set: what the statement in the log names."""
    family: str = Field(index=True, max_length=40)
    source: str = Field(max_length=200)
    first: int = Field(sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)
    effective: int = Field(sa_type=BigInteger)
    """Reference period and first day of the link month, days since 1970-01-01."""
    lines: str = Field(sa_type=Text)
    """Canonical JSON: [[herb, grade, fen], …], sorted."""
    entered_ms: int = Field(sa_type=BigInteger)
    entered_by: str = Field(max_length=100)
