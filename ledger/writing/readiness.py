"""Tells many waiting callers at once what became of their statements: a few queries for all."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from ledger import log
from ledger.errors import StatementHeld
from ledger.proofs.bundle import Receipt
from ledger.tables import PendingRow
from ledger.tree.hot_tiles import HotTiles
from ledger.writing.placement import held_words


def decided(
    session: Session, statement_ids: Collection[str], hot: HotTiles | None = None
) -> dict[str, Receipt | StatementHeld]:
    """Return what is settled of these statements: a receipt, or why there will be none.

    Those that still wait are left out. `hot` keeps tiles in memory (`ledger.log.receipts`).
    """
    held = select(PendingRow.statement_id, PendingRow.fault).where(
        col(PendingRow.statement_id).in_(statement_ids), col(PendingRow.fault).is_not(None)
    )
    refused = {
        statement_id: StatementHeld(id=statement_id, reason=held_words(fault))
        for statement_id, fault in session.exec(held)
        if fault is not None
    }
    return {**refused, **log.receipts(session, statement_ids, hot)}
