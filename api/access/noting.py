"""How a note of access is made: who, what, which objects; written with the work it tells of, or after it."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session

from api.access.access_tables import AccessNoteRow
from api.asking import Asking
from api.tokens import TokenHolder
from ledger.canonical import canonical

PUBLIC: Final = "public"
COMMAND: Final = "command"
"""Who asks where a command of the operator's own machine does."""
_LONGEST: Final = 120


class Kind(StrEnum):
    """What a note tells of."""

    WRITE = "write"
    READ = "read"
    """Somebody signed in, or with a token, read what not everyone may."""
    REFUSED = "refused"
    """Somebody known wanted to write, or to read what is not theirs, and was refused."""
    SIGN_IN = "sign-in"


def note_of(asking: Asking, kind: Kind, at_ms: int, *, status: int | None = None) -> dict[str, Any]:
    """Return the columns of a note about what is asked."""
    caller = asking.caller
    return {
        "at_ms": at_ms,
        "kind": kind.value,
        "who": _who(asking),
        "party": None if caller is None else caller.party,
        "operation": asking.route()[:_LONGEST],
        "objects": canonical(dict(asking.objects())).decode(),
        "status": status,
        "request_id": asking.request_id,
    }


def write_notes(session: Session, notes: list[dict[str, Any]]) -> None:
    """Write notes, in this order."""
    if notes:
        session.execute(insert(AccessNoteRow), notes)


def note_beside(session: Session, asking: Asking, at_ms: int) -> None:
    """Note a write in the transaction that writes."""
    write_notes(session, [note_of(asking, Kind.WRITE, at_ms)])
    asking.noted = True


def note_statements(session: Session, holders: Sequence[TokenHolder], at_ms: int) -> None:
    """Note who handed in statements, `holders` naming one for each: a note for each holder, with how many."""
    counted = Counter((each.account or each.prefix, each.party) for each in holders)
    write_notes(
        session,
        [
            {
                "at_ms": at_ms,
                "kind": Kind.WRITE.value,
                "who": who,
                "party": party,
                "operation": "POST /v1/statements",
                "objects": canonical({"statements": str(number)}).decode(),
                "status": None,
                "request_id": "",
            }
            for (who, party), number in counted.items()
        ],
    )


def _who(asking: Asking) -> str:
    if asking.scope is None:
        return COMMAND
    return PUBLIC if asking.caller is None else asking.caller.token or PUBLIC
