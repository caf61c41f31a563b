"""Erasure 删除: private values of a statement gone for good, and a logged statement that says so.

The caller owns the transaction: deletion and `redacted` statement stand or fall together. What is erased:
the ciphertexts, and the data key they were sealed under, for the subject's remaining values are sealed
anew under a fresh key. Old copies of the ciphertext so die with the wrapping key of their time
(`daodi keys rotate-vault`). Nothing brings an erased value back.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from ledger.entry import sign_statement
from ledger.keys import SigningKey
from ledger.private.private_cipher import open_value, seal_value
from ledger.private.private_errors import NoPrivateValue
from ledger.private.private_vault import Vault
from ledger.private.redaction import redaction
from ledger.writing.outbox import submit
from trace.tables import DisclosureRow, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure did."""

    statement_id: str
    """Whose values are gone."""
    names: tuple[str, ...]
    redaction_id: str
    """The statement that says so."""
    key_gone: bool
    """The subject keeps no private value any more, so its data key went without a successor."""


def erase(
    session: Session,
    vault: Vault,
    statement_id: str,
    names: Sequence[str],
    reason: str,
    *,
    origin: str,
    key: SigningKey,
    at_ms: int,
) -> Erased:
    """Erase the private fields `names` of a statement, all of them when `names` is empty.

    `key` signs the `redacted` statement: the log's own or that of the party that stated it; whether the
    caller may is the caller's to decide. Raises `NoPrivateValue`, `BadReason`, `SealBroken`, and what
    `submit` raises; nothing is then written.
    """
    rows = _kept(session, statement_id)
    found = {row.name: row for row in rows if row.sealed is not None}
    wanted = tuple(sorted(set(names) or found))
    if not wanted or not set(wanted) <= found.keys():
        raise NoPrivateValue(id=statement_id, names="、".join(sorted(set(wanted) - found.keys())) or "—")
    subject = rows[0].subject
    redaction_id = f"urn:uuid:{uuid.UUID(bytes=vault.randomness(16), version=4)}"
    said = redaction(redaction_id, statement_id, subject, wanted, reason, at_ms)
    old_key = vault.hold(session, subject)
    session.connection().execute(
        _ERASE, [{"of": statement_id, "named": name, "at_ms": at_ms, "why": reason} for name in wanted]
    )
    left = _seal_anew(session, vault, subject, old_key, at_ms)
    submit(session, sign_statement(said, origin, key))
    return Erased(statement_id=statement_id, names=wanted, redaction_id=redaction_id, key_gone=not left)


_DISCLOSURES = table_of(DisclosureRow)
_AT = (col(DisclosureRow.statement_id) == bindparam("of"), col(DisclosureRow.name) == bindparam("named"))
_ERASE = (
    update(_DISCLOSURES)
    .where(*_AT)
    .values(sealed=None, erased_ms=bindparam("at_ms"), reason=bindparam("why"))
)
_RESEAL = update(_DISCLOSURES).where(*_AT).values(sealed=bindparam("anew"))


def _kept(session: Session, statement_id: str) -> Sequence[DisclosureRow]:
    """Return the private fields of a statement as they stand, held until the transaction ends."""
    wanted = select(DisclosureRow).where(DisclosureRow.statement_id == statement_id)
    return session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()


def _seal_anew(session: Session, vault: Vault, subject: str, old_key: bytes | None, at_ms: int) -> int:
    """Seal what `subject` still keeps under a fresh key, or forget its key; return how many that is."""
    live = select(DisclosureRow.statement_id, DisclosureRow.name, DisclosureRow.sealed).where(
        DisclosureRow.subject == subject, col(DisclosureRow.sealed).is_not(None)
    )
    rows = [(of, name, sealed) for of, name, sealed in session.exec(live) if sealed is not None]
    if not rows or old_key is None:
        vault.forget(session, subject)
        return len(rows)
    fresh = vault.replace(session, subject, at_ms)
    resealed = [
        {
            "of": of,
            "named": name,
            "anew": seal_value(fresh, open_value(old_key, sealed, of, name), of, vault.randomness),
        }
        for of, name, sealed in rows
    ]
    session.connection().execute(_RESEAL, resealed)
    return len(rows)
