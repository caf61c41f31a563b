"""Private values of statements: salted digests in the ledger, sealed values beside it.

The ledger's leaf lists digests only, always filled up with decoys, so that not even how many fields a step
filled in can be read from it. The values stand in `trace_disclosure`, sealed under their subject's key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from ledger.clock import Randomness
from ledger.private.disclosure import Disclosure, conceal, decoy
from ledger.private.private_cipher import open_value, seal_value
from ledger.private.private_vault import Vault
from trace.profiles import Visibility
from trace.tables import DisclosureRow, insert_rows

DIGESTS: Final = 4
"""Digests come in multiples of this. No profile has more private fields than four (`facts/profiles.csv`),
so every statement that could hold any shows exactly four digests, at 46 bytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateValue:
    """One private field of a statement, or what is left of it."""

    name: str
    visibility: Visibility
    digest: str
    disclosure: Disclosure | None
    """Salt, name and value; None once it is erased."""
    erased_ms: int | None
    reason: str | None
    """Why it was erased: the slug the ledger's `redacted` statement gives."""


def conceal_all(values: Mapping[str, JsonValue], randomness: Randomness) -> list[Disclosure]:
    """Return a disclosure with a fresh salt for each value, in the order of their names."""
    return [conceal(name, value, randomness) for name, value in sorted(values.items())]


def digests_with_decoys(hidden: Sequence[Disclosure], randomness: Randomness) -> tuple[str, ...]:
    """Return the digests of `hidden` and as many decoys as fill them up to a multiple of four, at least four.

    Digest and decoy are SHA-256 values of fresh randomness; the statement sorts them, so neither form nor
    place tells which is which.
    """
    missing = -len(hidden) % DIGESTS if hidden else DIGESTS
    return (*(each.digest for each in hidden), *(decoy(randomness) for _ in range(missing)))


def keep(
    session: Session,
    vault: Vault,
    statement_id: str,
    subject: str,
    hidden: Sequence[Disclosure],
    visibility: Mapping[str, Visibility],
    at_ms: int,
) -> None:
    """Seal private values under the key of `subject` and keep them, where they can be erased."""
    if not hidden:
        return
    key = vault.key_for(session, subject, at_ms)
    insert_rows(
        session,
        DisclosureRow,
        (
            {
                "statement_id": statement_id,
                "name": each.name,
                "subject": subject,
                "visibility": visibility[each.name].value,
                "sealed": seal_value(key, each, statement_id, vault.randomness),
                "digest": each.digest,
                "erased_ms": None,
                "reason": None,
            }
            for each in hidden
        ),
    )


def private_values(session: Session, vault: Vault, statement_id: str) -> tuple[PrivateValue, ...]:
    """Return the private fields of a statement in the order of their names; raises `SealBroken`."""
    wanted = select(DisclosureRow).where(DisclosureRow.statement_id == statement_id)
    rows = session.exec(wanted.order_by(col(DisclosureRow.name))).all()
    return tuple(opened(rows, vault.keys(session, {row.subject for row in rows if row.sealed is not None})))


def opened(rows: Iterable[DisclosureRow], keys: Mapping[str, bytes]) -> Iterable[PrivateValue]:
    """Give the content of rows, each opened with the key of its subject; raises `SealBroken`."""
    for row in rows:
        disclosure = None
        if row.sealed is not None:
            disclosure = open_value(keys.get(row.subject, b"\0" * 32), row.sealed, row.statement_id, row.name)
        yield PrivateValue(
            name=row.name,
            visibility=Visibility(row.visibility),
            digest=row.digest,
            disclosure=disclosure,
            erased_ms=row.erased_ms,
            reason=row.reason,
        )


def same_values(session: Session, vault: Vault, statement_id: str, sent: Mapping[str, object]) -> bool:
    """Say whether a statement was made with just these private values.

    Of an erased value nothing is known but that there was one: any value passes for it.
    """
    kept = private_values(session, vault, statement_id)
    if {each.name for each in kept} != sent.keys():
        return False
    return all(each.disclosure is None or each.disclosure.value == sent[each.name] for each in kept)
