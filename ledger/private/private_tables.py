"""The table of data keys: one for each subject that has private values, never in the clear."""

from typing import ClassVar

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel


class PrivateKeyRow(SQLModel, table=True):
    """The key a subject's private values are sealed under, itself sealed under a wrapping key.

    Deleting the row makes every value sealed under it unreadable, wherever copies of them are.
    """

    __tablename__: ClassVar[str] = "ledger_private_key"

    subject: str = Field(primary_key=True, max_length=200)
    wrapped: bytes = Field(sa_type=LargeBinary)
    wrapped_by: str = Field(max_length=16, index=True)
    """Id of the wrapping key, which the database does not hold."""
    made_ms: int = Field(sa_type=BigInteger)
