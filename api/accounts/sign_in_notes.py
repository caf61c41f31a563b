"""Notes of access about signing in: who came in, and whom somebody tried to be."""

from collections.abc import Callable
from typing import Final, TypeAlias

from sqlmodel import Session

from api.access.noting import Kind, note_of, write_notes
from api.asking import ASKING

Note: TypeAlias = Callable[[Session], None]
REFUSED: Final = 401
CAME_IN: Final = 303


def sign_in_note(account_id: str | None, at_ms: int, status: int) -> Note:
    """Return what writes a note about a sign-in; made in the thread that answers the request.

    `account_id` is None where no account has the name that was typed: the name itself is noted nowhere.
    """
    asking = ASKING.get()
    if asking is None:
        return _nothing
    note = note_of(asking, Kind.SIGN_IN, at_ms, status=status)
    if account_id is not None:
        note["who"] = account_id
    return lambda session: write_notes(session, [note])


def _nothing(_: Session) -> None:
    """Write nothing: nobody asks over HTTP or at a console."""
