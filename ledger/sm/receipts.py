"""Receipts under the SM3 tree: the same file as `ledger.proofs.bundle` has, proved with SM3 and SM2.

The tree's own key signs no statement, so every one but a registration carries the registration of its key,
the log's own included. Statements themselves are signed with Ed25519, as they entered the log.
"""

from sqlmodel import Session

from ledger import log
from ledger.errors import NotIntegratedYet
from ledger.proofs.bundle import OpenedTree, Receipt, VerifiedEntry, verify_under
from ledger.sm import store
from ledger.sm.checkpoint import Sm2NoteKey, log_of, open_signed
from ledger.sm.sm3 import SM3
from ledger.tree.tiles import node_reader


def receipt(session: Session, statement_id: str) -> Receipt:
    """Return the receipt of a statement under the newest checkpoint of the SM3 tree.

    Raises `SmTreeNotFounded`, what `ledger.log.receipt` raises, and `NotIntegratedYet` while only the log
    covers it.
    """
    nodes = node_reader(store.tile_reader(session), SM3)
    tree = log.ReceiptTree(store.published(session), nodes, hasher=SM3)
    made = log.receipts_under(session, [statement_id], tree).get(statement_id)
    if made is None:
        log.receipt(session, statement_id)  # says why where the log has none either
        raise NotIntegratedYet(id=statement_id)
    return made


def verify_receipt(receipt: Receipt, trusted: Sm2NoteKey) -> VerifiedEntry:
    """Check a receipt against the tree's SM2 key; nothing else is believed.

    Raises what `ledger.proofs.bundle.verify_receipt` raises. It shows as much as that, and no witness.
    """
    head = open_signed(receipt.checkpoint_text, trusted)
    return verify_under(receipt, OpenedTree(head, log_of(head.origin), hasher=SM3))
