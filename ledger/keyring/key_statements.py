"""The statements that give a key its life: registered, rotated, revoked, a log key's term.

    key.registered    by the key itself      the key counts from the next index on
    key.rotated       by the old key         the old key counts no longer; a successor is named
    key.revoked       by the key or the log  the key counts no longer
    log.key.added     by a log key           checkpoints bear this key's signature too
    log.key.retired   by another log key     the key signs checkpoints, and counts, no longer

Only their form is judged here; whether one may be made at an index, `ledger.keyring.key_book` knows.
Ids are made of the key's, and ids are unique in a log: none of them happens to a key twice.
docs/ledger-format.md, section 7.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.canonical import JsonValue
from ledger.entry import SignedStatement, Statement
from ledger.errors import Said
from ledger.keyring.key_errors import KeyStatementRefused
from ledger.keyring.registration import KIND

REGISTERED: Final = KIND
ROTATED: Final = "key.rotated"
REVOKED: Final = "key.revoked"
LOG_KEY_ADDED: Final = "log.key.added"
LOG_KEY_RETIRED: Final = "log.key.retired"
KEY_KINDS: Final = frozenset((REGISTERED, ROTATED, REVOKED, LOG_KEY_ADDED, LOG_KEY_RETIRED))
"""The kinds that change which keys count."""
LOG_ONLY_KINDS: Final = frozenset((LOG_KEY_ADDED, LOG_KEY_RETIRED, "subjects.indexed"))
"""The kinds that only a current log key may sign."""
LOG_KEYS_SUBJECT: Final = "log/keys"
"""What the log's own key statements are about: one chain tells every change of them."""

_KEY_ID: Final = re.compile(r"[0-9a-f]{32}")
_REASON: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


class Reason(StrEnum):
    """Why a key is revoked, as we write it; any slug is read."""

    LOST = "lost"
    COMPROMISED = "compromised"
    CEASED = "ceased"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What a statement of `KEY_KINDS` other than a registration says."""

    kind: str
    key_id: str
    """The key it is about."""
    successor: str | None = None
    """The key that follows a rotated one."""
    reason: str | None = None
    """Why a key is revoked, as a slug."""


def rotation(key_id: str, successor: str, at_ms: int) -> Statement:
    """Return the statement by which `successor` follows `key_id`; the old key has to sign it.

    >>> rotation("00ff", "0a0a", 0).id
    'key.rotated/00ff'
    """
    return _about_key(ROTATED, key_id, f"key/{key_id}", at_ms, {"successor": successor})


def revocation(key_id: str, reason: str, at_ms: int) -> Statement:
    """Return the statement that revokes `key_id`; that key or a current log key has to sign it."""
    return _about_key(REVOKED, key_id, f"key/{key_id}", at_ms, {"key": key_id, "reason": reason})


def log_key_added(key_id: str, at_ms: int) -> Statement:
    """Return the statement that makes `key_id` a log key; a current log key has to sign it."""
    return _about_key(LOG_KEY_ADDED, key_id, LOG_KEYS_SUBJECT, at_ms, {"key": key_id})


def log_key_retired(key_id: str, at_ms: int) -> Statement:
    """Return the statement that retires the log key `key_id`; another current log key has to sign it."""
    return _about_key(LOG_KEY_RETIRED, key_id, LOG_KEYS_SUBJECT, at_ms, {"key": key_id})


def key_change(signed: SignedStatement) -> KeyChange:
    """Return what a key statement that is no registration says, once all its parts fit each other.

    Raises `KeyStatementRefused`. Neither the signature nor the right to make it is judged.
    """
    said = signed.statement
    kind, _, key_id = said.id.partition("/")
    made = _FORMS[said.kind](said, key_id) if said.kind in _FORMS and kind == said.kind else None
    if made is None or not _KEY_ID.fullmatch(key_id) or made != said:
        raise KeyStatementRefused(
            key=key_id[:64], why=Said("编号、主题与内容不一致", "its id, subject and content do not fit")
        )
    return KeyChange(said.kind, key_id, _text(said, "successor"), _text(said, "reason"))


def _about_key(
    kind: str, key_id: str, subject: str, at_ms: int, public: Mapping[str, JsonValue]
) -> Statement:
    return Statement(id=f"{kind}/{key_id}", kind=kind, subject=subject, at_ms=at_ms, public=public)


def _rotation_of(said: Statement, key_id: str) -> Statement | None:
    successor = _text(said, "successor") or ""
    return rotation(key_id, successor, said.at_ms) if _KEY_ID.fullmatch(successor) else None


def _revocation_of(said: Statement, key_id: str) -> Statement | None:
    reason = _text(said, "reason") or ""
    return revocation(key_id, reason, said.at_ms) if _REASON.fullmatch(reason) else None


def _text(said: Statement, member: str) -> str | None:
    value = said.public.get(member)
    return value if isinstance(value, str) else None


_FORMS: Final[Mapping[str, Callable[[Statement, str], Statement | None]]] = {
    ROTATED: _rotation_of,
    REVOKED: _revocation_of,
    LOG_KEY_ADDED: lambda said, key_id: log_key_added(key_id, said.at_ms),
    LOG_KEY_RETIRED: lambda said, key_id: log_key_retired(key_id, said.at_ms),
}
