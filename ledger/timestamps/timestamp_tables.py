"""The table of timestamps. Losing it loses evidence of time, nothing of the log."""

from typing import ClassVar

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from ledger.tables import Bytes


class TimestampRow(SQLModel, table=True):
    """One verified timestamp of a signed checkpoint."""

    __tablename__: ClassVar[str] = "ledger_timestamp"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """Size of the checkpoint; its note stands in `ledger_checkpoint`."""
    answer: bytes = Field(sa_type=Bytes)
    """TimeStampResp, as the authority gave it."""
    authority: str = Field(sa_type=Text)
    """Subject of the certificate that signed it."""
    stated_ms: int = Field(sa_type=BigInteger)
    """When the authority says that it saw the checkpoint."""
    asked_ms: int = Field(sa_type=BigInteger)
    """When it was asked, by our own clock."""
