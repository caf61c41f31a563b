"""What a transaction may say of itself to whoever commits it: that nothing on record is changed by it.

A process shows what it read before for a while longer then, as it does after other processes' commits.
"""

from typing import Final

from sqlmodel import Session

_UNCHANGED: Final = "daodi: nothing on record is changed"


def leave_unchanged(session: Session) -> None:
    """Say so of the transaction of `session`: nothing is written, or hints alone."""
    session.info[_UNCHANGED] = True


def left_unchanged(session: Session) -> bool:
    """Whether that was said."""
    return _UNCHANGED in session.info
