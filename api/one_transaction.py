"""A request answered inside one transaction: what it reads and writes meanwhile happens in that one.

So an answer can be kept in the same transaction as what it tells of (docs/decisions: repeated requests). The
session is handed down by the context of the thread, since none of those who read or write knows of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from sqlmodel import Session

_SESSION: Final[ContextVar[Session | None]] = ContextVar("session_of_the_request", default=None)


def running() -> Session | None:
    """Return the session of the transaction this thread answers a request in; None where it does not."""
    return _SESSION.get()


@contextmanager
def answering_in(session: Session) -> Iterator[None]:
    """Let everything this thread reads and writes meanwhile happen in the transaction of `session`."""
    token = _SESSION.set(session)
    try:
        yield
    finally:
        _SESSION.reset(token)
