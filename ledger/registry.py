"""Founds a log in an empty database, and registers keys in it."""

from sqlalchemy import insert
from sqlmodel import Session, select

from ledger.entry import sign_statement
from ledger.errors import BadRegistration, WrongLog
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.merkle import EMPTY_ROOT
from ledger.note import NoteKey
from ledger.store import STATE_ID
from ledger.tables import KeyRow, StateRow
from ledger.writing.outbox import PendingEntry, submit


def found(session: Session, origin: str, key: SigningKey, at_ms: int) -> bool:
    """Make the database the log named `origin`, and register the log's own key as its first entry.

    Done again with the same name and key it changes nothing and returns False. Raises
    `WrongLog` when the database holds another log or the key is not that log's, and
    `BadKeyName` when the name could not stand in a checkpoint.
    """
    own = NoteKey(origin, key.public)
    there = session.exec(select(StateRow.vkey)).first()
    if there is not None:
        if there != own.to_vkey():
            raise WrongLog(found=own.to_vkey(), expected=there)
        return False
    state = {"state_id": STATE_ID, "origin": origin, "vkey": own.to_vkey(), "size": 0, "root": EMPTY_ROOT}
    session.connection().execute(insert(StateRow).values(state))
    register_key(session, key, origin, at_ms, holder=origin)
    return True


def register_key(
    session: Session, key: SigningKey, origin: str, at_ms: int, holder: str
) -> PendingEntry | None:
    """Submit the registration of `key` for `holder` (a USCC, or a name) unless it is registered already.

    Raises `BadRegistration` when the key is registered for somebody else, and what `submit` raises.
    """
    wanted = select(KeyRow.holder).where(KeyRow.key_id == key.public.key_id)
    registered = session.exec(wanted).first()
    if registered is None:
        return submit(session, sign_statement(registration(key.public, holder, at_ms), origin, key))
    if registered != holder:
        raise BadRegistration(key=key.public.key_id)
    return None


def holder(session: Session, key_id: str) -> str | None:
    """Return whom the key `key_id` was registered for; None for a key that is not registered."""
    return session.exec(select(KeyRow.holder).where(KeyRow.key_id == key_id)).first()
