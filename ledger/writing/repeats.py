"""Tells a statement that was delivered again from another one under the same id."""

from dataclasses import dataclass

from sqlmodel import Session, select

from ledger.entry import SignedStatement, parse_leaf
from ledger.merkle import leaf_hash
from ledger.tables import EntryRow, PendingRow


@dataclass(frozen=True, slots=True)
class Repeat:
    """A statement that is stored already, word for word."""

    index: int | None
    """Place of its entry in the log; None while it waits for one."""
    leaf_hash: bytes


def repeated(session: Session, signed: SignedStatement) -> Repeat | None:
    """Return where `signed` is stored already; None when what its id names is another statement.

    The same means: every signed byte and the signature. Two readings of one id are never both true.
    """
    wanted = signed.statement.id
    logged = session.exec(
        select(EntryRow.leaf, EntryRow.entry_index).where(EntryRow.statement_id == wanted)
    ).first()
    if logged is not None:
        return _same(logged[0], signed, logged[1])
    pending = session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == wanted)).first()
    return None if pending is None else _same(pending, signed, None)


def _same(leaf: bytes, signed: SignedStatement, index: int | None) -> Repeat | None:
    there = parse_leaf(leaf).signed
    same = (there.signing_input(), there.signature) == (signed.signing_input(), signed.signature)
    return Repeat(index, leaf_hash(leaf)) if same else None
