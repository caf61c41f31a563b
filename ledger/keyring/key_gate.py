"""The gate's view of keys: as every submitted statement leaves them, logged or still waiting.

A key that a submitted statement ends must sign nothing after it, or what it signed would be held
back later. So whoever submits shares the rows of the keys it names until its transaction ends,
and whoever changes a key holds that key's row alone: on PostgreSQL a statement then waits for its
index either before the change or not at all. SQLite has one writer.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col

from ledger.entry import SignedStatement
from ledger.errors import DaodiError
from ledger.keyring.key_book import KeyBook, KeyState, keys_named
from ledger.keyring.key_statements import KEY_KINDS, REGISTERED
from ledger.keys import PublicKey
from ledger.note import NoteKey
from ledger.tables import KeyRow
from ledger.writing.bulk import Asked

_BEFORE = -1
"""Stands for the index of whatever was submitted before; statements of the group count from 1."""


class KeyGate:
    """Judges the statements of one transaction in their order, by the rules of `KeyBook`."""

    def __init__(self, session: Session, log: NoteKey, rows: Iterable[tuple[Any, ...]]) -> None:
        """Begin with the rows of every key the group names, as `keys_asked` gave them."""
        self._session = session
        self._book = KeyBook(log, (_state(*row) for row in rows))
        self._place = 0
        self._changed: dict[str, bool] = {}
        """Ids of the keys whose row has to be written; whether the row is new."""

    def check(self, signed: SignedStatement) -> PublicKey:
        """Return the key that must have signed `signed`; raises what `KeyBook.check` raises."""
        return self._book.check(self._place + 1, signed)

    def take(self, signed: SignedStatement) -> None:
        """Learn from a statement that was checked and stored, before the next one is checked."""
        self._place += 1
        kind = signed.statement.kind
        if kind in KEY_KINDS:
            self._book.learn(self._place, signed)
            key_id = signed.statement.id.partition("/")[2]
            self._changed[key_id] = self._changed.get(key_id, kind == REGISTERED)

    def write(self) -> None:
        """Write the rows of the keys that the taken statements changed."""
        connection = self._session.connection()
        for key_id, new in self._changed.items():
            state = self._book.states[key_id]
            ending = {"ended": state.end, "log_key": state.log_from is not None}
            if new:
                made = {"key_id": key_id, "raw": state.key.raw, "holder": state.holder}
                connection.execute(insert(KeyRow), made | ending)
            else:
                connection.execute(update(KeyRow).where(col(KeyRow.key_id) == key_id).values(ending))
        self._changed.clear()


def keys_asked(group: Sequence[SignedStatement]) -> Asked:
    """Return what reads and locks the rows of every key that `group` names."""
    changing = any(signed.statement.kind in KEY_KINDS for signed in group)
    named = sorted(set().union(*map(_named, group)))
    # In the order of their ids, so that two groups never wait for each other.
    wanted = "SELECT BYTES(raw), holder, ended, log_key FROM ledger_key WHERE key_id AMONG ? ORDER BY key_id "
    return wanted + ("LOCKED" if changing else "SHARED"), (named,)


def _named(signed: SignedStatement) -> set[str]:
    try:
        return keys_named(signed)
    except DaodiError:  # `check` will say what is wrong with it
        return {signed.actor}


def _state(raw: bytes, holder: str, ended: str | None, log_key: bool) -> KeyState:  # noqa: FBT001  a column
    return KeyState(
        key=PublicKey(raw),
        holder=holder,
        from_index=_BEFORE,
        until_index=None if ended is None else _BEFORE,
        end=ended,
        log_from=_BEFORE if log_key else None,
    )
