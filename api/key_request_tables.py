"""The table of key changes that somebody asked for."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel


class KeyRequestRow(SQLModel, table=True):
    """One change of keys that was asked for, and what became of it."""

    __tablename__ = "api_key_request"

    request_id: str = Field(primary_key=True, max_length=40)
    change: str = Field(max_length=8)
    about: str | None = Field(default=None, max_length=40)
    reason: str = Field(sa_type=Text)
    asked_by: str = Field(max_length=64)
    """Account id or prefix of a token."""
    asked_name: str = Field(sa_type=Text)
    asked_ms: int = Field(sa_type=BigInteger)
    done_by: str | None = Field(default=None, max_length=64)
    done_ms: int | None = Field(default=None, sa_type=BigInteger)
    made: str | None = Field(default=None, max_length=40)
    """Id of the key that was made or retired."""
