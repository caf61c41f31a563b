"""The gate: what a signed statement must be to enter the log, and the place it gets on its subject.

One pass over a group in its order, with what the database knows asked once for the whole group; a
statement at fault fails alone and leaves no trace in the places of the others.
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlmodel import Session

from ledger import store
from ledger.entry import GENESIS, Entry, SignedStatement
from ledger.errors import DaodiError, DuplicateStatement, LogNotFounded, WrongLog
from ledger.keyring.key_gate import KeyGate, keys_asked
from ledger.note import NoteKey
from ledger.writing import outbox_store
from ledger.writing.outbox_store import Head

_FIRST = Head(0, GENESIS)


def admit(
    session: Session, signed: Sequence[SignedStatement], *, checked: bool, waiting: bool
) -> list[Entry | DaodiError]:
    """Place each statement after the entries on its subject, or say why it may not enter; in order.

    Heads and keys are written, and with `waiting` the entries into the outbox; otherwise the caller stores
    them, in order and in this transaction. With `checked` the caller has verified the signatures, or the
    manifest that stands for them. Raises
    `LogNotFounded`; each fault is one of `WrongLog`, `DuplicateStatement`, `UnknownKey`, `KeyEnded`,
    `NotALogKey`, `KeyStatementRefused`, `BadRegistration`, `BadPublicKey`, `BadSignature`,
    `SignedByManifest`, `LeafTooLarge` and `NotCanonical`.
    """
    group = _Group(session, signed)
    outcomes = [group.admit(each, checked=checked) for each in signed]
    group.write([each for each in outcomes if isinstance(each, Entry)] if waiting else [])
    return outcomes


class _Group:
    """What the database knew before the group, and what the group has added so far."""

    def __init__(self, session: Session, signed: Sequence[SignedStatement]) -> None:
        self._session = session
        ids = {each.statement.id for each in signed}
        subjects = {each.statement.subject for each in signed}
        standing = outbox_store.hold(session, ids, subjects, store.VKEY, keys_asked(signed))
        vkeys, keys = standing.rows
        if not vkeys:
            raise LogNotFounded
        log = _log_key(vkeys[0][0])
        self._origin = log.name
        self._keys = KeyGate(session, log, keys)
        self._taken, self._heads = standing.taken, standing.heads
        self._moved: dict[str, Head] = {}

    def admit(self, signed: SignedStatement, *, checked: bool) -> Entry | DaodiError:
        """Place one statement; nothing is remembered of one that is refused."""
        try:
            entry = self._placed(signed, checked=checked)
        except DaodiError as error:
            return error
        said = signed.statement
        self._keys.take(signed)
        self._taken.add(said.id)
        self._heads[said.subject] = self._moved[said.subject] = Head(entry.seq + 1, entry.leaf_hash.hex())
        return entry

    def write(self, entries: Sequence[Entry]) -> None:
        """Write `entries` into the outbox, the moved heads and the changed keys."""
        outbox_store.place(self._session, entries, self._moved)
        self._keys.write()

    def _placed(self, signed: SignedStatement, *, checked: bool) -> Entry:
        if signed.origin != self._origin:
            raise WrongLog(found=signed.origin, expected=self._origin)
        if signed.statement.id in self._taken:
            raise DuplicateStatement(id=signed.statement.id)
        key = self._keys.check(signed)
        if not checked:
            signed.verify(key)
        head = self._heads.get(signed.statement.subject, _FIRST)
        entry = Entry(signed=signed, seq=head.placed, prev=head.leaf_hash)
        entry.leaf_hash  # noqa: B018  raises here, before anything counts on the entry
        return entry


@lru_cache(maxsize=8)
def _log_key(vkey: str) -> NoteKey:
    return NoteKey.from_vkey(vkey)
