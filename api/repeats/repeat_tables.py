"""The table of request keys and the answers kept with them."""

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field, SQLModel


class RequestKeyRow(SQLModel, table=True):
    """One request that was done: who sent it under which key, what it said, what was answered."""

    __tablename__ = "api_request_key"

    caller: str = Field(primary_key=True, max_length=120)
    """Who sent it, as `api.repeats.request_keys.name_of` names callers."""
    request_key: str = Field(primary_key=True, max_length=128)
    digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 over method, path, query and body."""
    done_ms: int = Field(sa_type=BigInteger, index=True)
    status: int
    headers: str = Field(sa_type=Text)
    """Names and values of the answer's headers, as canonical JSON."""
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The bytes that were answered; None where they held a secret or were too many to keep."""
