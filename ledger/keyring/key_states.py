"""Reads the life of keys from the log's entries: what placement, pages and the signer build on.

Asks for entries by id, never for a whole history: each key has at most one entry of each kind.
"""

from collections.abc import Iterable

from sqlmodel import Session

from ledger import store
from ledger.entry import parse_leaf
from ledger.keyring.key_book import KeyBook
from ledger.keyring.key_statements import KEY_KINDS, LOG_KEYS_SUBJECT
from ledger.note import NoteKey
from ledger.writing.bulk import ask


def key_book(session: Session, key_ids: Iterable[str] = ()) -> KeyBook:
    """Return the book of these keys and of every log key, as the entries in the log leave them.

    Statements that still wait for their index have no part in it. Raises `LogNotFounded`.
    """
    log = NoteKey.from_vkey(store.vkey_of(session))
    log_keys = _changed_log_keys(session) | {log.key.key_id}
    wanted = [f"{kind}/{key_id}" for key_id in {*key_ids, *log_keys} for kind in sorted(KEY_KINDS)]
    book = KeyBook(log)
    for index, leaf in store.leaves_of(session, wanted):
        book.learn(index, parse_leaf(leaf).signed)
    return book


def _changed_log_keys(session: Session) -> set[str]:
    """Return the ids of the keys that statements on the log's own keys are about."""
    rows = ask(session, "SELECT statement_id FROM ledger_entry WHERE subject = ?", LOG_KEYS_SUBJECT)
    return {statement_id.partition("/")[2] for (statement_id,) in rows}
