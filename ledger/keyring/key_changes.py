"""Makes and submits the statements that change keys, for whoever holds the private halves.

Each function writes in the caller's transaction; the statements of one change enter together.
"""

from typing import Final

from sqlmodel import Session, col, func, select

from ledger.entry import Statement, sign_statement
from ledger.errors import Said
from ledger.keyring.key_errors import KeyStatementRefused
from ledger.keyring.key_statements import log_key_added, log_key_retired, revocation, rotation
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.registry import register_key
from ledger.tables import KeyRow
from ledger.writing.outbox import PendingEntry, submit

MOST_LOG_KEYS: Final = 2
"""Log keys that count at once: the old and the next. Each signs every checkpoint; a note has 16 lines."""


def rotate(session: Session, origin: str, old: SigningKey, new: SigningKey, at_ms: int, holder: str) -> None:
    """Register `new` for `holder` and let it follow `old`; raises what `submit` raises."""
    register_key(session, new, origin, at_ms, holder=holder)
    _submit(session, rotation(old.public.key_id, new.public.key_id, at_ms), origin, old)


def revoke(
    session: Session, origin: str, key_id: str, reason: str, signer: SigningKey, at_ms: int
) -> PendingEntry:
    """Revoke the key `key_id`, signed by itself or by a current log key; raises what `submit` raises."""
    return _submit(session, revocation(key_id, reason, at_ms), origin, signer)


def add_log_key(session: Session, origin: str, new: SigningKey, signer: SigningKey, at_ms: int) -> None:
    """Register `new` for the log and make it a log key, signed by a current one.

    Raises `KeyStatementRefused` while two others count, and what `submit` raises.
    """
    counting = select(func.count()).where(col(KeyRow.log_key), col(KeyRow.ended).is_(None))
    if session.exec(counting).one() >= MOST_LOG_KEYS:
        raise KeyStatementRefused(
            key=new.public.key_id,
            why=Said("已有两把账本密钥有效，先退役一把", "two log keys count already: retire one first"),
        )
    submit(session, sign_statement(registration(new.public, origin, at_ms), origin, new))
    _submit(session, log_key_added(new.public.key_id, at_ms), origin, signer)


def retire_log_key(
    session: Session, origin: str, key_id: str, signer: SigningKey, at_ms: int
) -> PendingEntry:
    """Retire the log key `key_id`, signed by another current one."""
    return _submit(session, log_key_retired(key_id, at_ms), origin, signer)


def _submit(session: Session, statement: Statement, origin: str, key: SigningKey) -> PendingEntry:
    return submit(session, sign_statement(statement, origin, key))
