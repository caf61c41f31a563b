"""The order of what the trace was told: every statement of the trace carries its number, from 1 on.

The log may hold the statements of one transaction in another order (a manifest gathers those of one
party); by these numbers the projections can be built again exactly as they came to be.
"""

from typing import Final

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel

from trace.tables import insert_rows


class OrderRow(SQLModel, table=True):
    """One row: the last number given."""

    __tablename__ = "trace_order"

    name: str = Field(primary_key=True, max_length=8)
    last: int = Field(sa_column=Column(BigInteger, nullable=False))


_NEXT: Final = "UPDATE trace_order SET last = last + 1 WHERE name = 'trace' RETURNING last"


def next_nth(session: Session) -> int:
    """Return the number of the next statement, 1 for the first; a transaction undone gives it back."""
    given = session.connection().exec_driver_sql(_NEXT).scalar_one_or_none()
    if given is not None:
        return int(given)
    insert_rows(session, OrderRow, [{"name": "trace", "last": 1}])
    return 1
