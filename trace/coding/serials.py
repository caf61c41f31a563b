"""The counter of serials: each is given out once, and never again."""

from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from trace.coding.trace_code import SERIALS
from trace.errors import SerialOutOfRange

# One statement that both databases know: those who come at once take turns by the row.
_TAKE: Final = text(
    "INSERT INTO trace_code_serial (name, free) VALUES ('code', :count) "
    "ON CONFLICT (name) DO UPDATE SET free = trace_code_serial.free + :count RETURNING free"
)
_PASS: Final = text(
    "INSERT INTO trace_code_serial (name, free) VALUES ('code', :free) "
    "ON CONFLICT (name) DO UPDATE SET free = "
    "CASE WHEN trace_code_serial.free < :free THEN :free ELSE trace_code_serial.free END"
)


def take_serials(session: Session, count: int) -> int:
    """Reserve `count` serials and return the first; a transaction undone gives them back.

    Raises `SerialOutOfRange` when no code could carry the last of them.
    """
    free = int(session.connection().execute(_TAKE, {"count": count}).scalar_one())
    if free > SERIALS:
        raise SerialOutOfRange(serial=free - 1)
    return free - count


def pass_serials(session: Session, free: int) -> None:
    """See to it that no serial below `free` is given out again: they stand in an issued batch."""
    session.connection().execute(_PASS, {"free": free})
