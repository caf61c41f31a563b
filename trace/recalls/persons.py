"""The two persons a lifting takes: told apart by name and token, neither of which the log shows.

Both stand in the statement of who asked as salted digests (`trace.private_values`); the values are kept
sealed beside the log for the one comparison, and a regulator may read them.
"""

import unicodedata
from dataclasses import dataclass

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.private.private_vault import Vault
from trace.private_values import private_values
from trace.profiles import Visibility
from trace.recalls.hold_world import Role
from trace.recalls.recall_errors import LiftNotAsked, PersonForgotten, SamePerson
from trace.steps import FieldValue

PERSON_VISIBLE = {"person": Visibility.REGULATOR, "token": Visibility.REGULATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts, and for whom."""

    role: Role
    party: str | None
    """USCC of the regulator or owner; None for the operator."""
    name: str
    """The name its token was issued under."""
    token: str
    """Prefix of that token."""

    @property
    def private(self) -> dict[str, FieldValue]:
        """What of it enters a statement, as salted digests only."""
        return {"person": self.name, "token": self.token}


def require_another(session: Session, vault: Vault, asked_statement: str | None, second: Person) -> None:
    """Raise unless somebody asked in `asked_statement` and `second` is somebody else.

    Raises `LiftNotAsked`, `SamePerson` for the same name or the same token, `PersonForgotten` where who
    asked was erased from the record.
    """
    if asked_statement is None:
        raise LiftNotAsked
    kept = {each.name: each.disclosure for each in private_values(session, vault, asked_statement)}
    for name, value in second.private.items():
        first = kept.get(name)
        if first is None:
            raise PersonForgotten
        if _plain(first.value) == _plain(value):
            raise SamePerson


def _plain(value: JsonValue) -> str:
    """Letters and digits alone: a name in full width, with spaces or unseen characters is no other name.

    >>> _plain("Ｌｉ\u200bＷｅｉ") == _plain("li wei")
    True
    """
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", str(value)).casefold() if letter.isalnum()
    )
