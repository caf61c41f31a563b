"""Receipts on the command line: found in a file, and checked against the key that is trusted."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.errors import KeyDiffers, ReceiptFails, ReceiptPending
from ledger.errors import LedgerError, MalformedReceipt, NotSignedByLog, Said

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.checkpoint import SignedCheckpoint
    from ledger.proofs.bundle import Receipt, VerifiedEntry
    from ledger.witnessing.policy import Policy


def receipt_text(content: bytes, file: Path) -> str | None:
    """Return the receipt in `content`: a receipt file, or the JSON of /v1/receipts/… that holds one.

    None when it is something else. Raises `MalformedReceipt` for what is not UTF-8, `ReceiptPending` for
    the JSON of a statement that is not in the log yet.
    """
    from ledger.proofs.bundle import HEADER

    if content.startswith(HEADER.encode()):
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedReceipt(reason=Said("不是 UTF-8 编码", "it is not UTF-8")) from error
    answer = answer_in(content)
    if answer.get("state") == "pending":
        raise ReceiptPending(file=file, statement=answer.get("statement_id", "?"))
    text = answer.get("receipt")
    return text if isinstance(text, str) else None


def verified(text: str, policy: "Policy") -> "VerifiedEntry":
    """Check a receipt; raises `MalformedReceipt`, `KeyDiffers` or `ReceiptFails`."""
    from ledger.proofs.bundle import Receipt, verify_receipt

    receipt = Receipt.from_text(text)
    try:
        return verify_receipt(receipt, policy)
    except NotSignedByLog as error:
        trusted = ", ".join(log.key.to_vkey() for log in policy.logs)
        raise KeyDiffers(signer=_signer(receipt), trusted=trusted) from error
    except LedgerError as error:
        raise ReceiptFails(why=error) from error


def show_signers(screen: "Screen", checkpoint: "SignedCheckpoint") -> None:
    """Tell who signed a checkpoint: the log, and each witness of the policy with its time."""
    screen.show("verify.signature", origin=checkpoint.origin)
    for each in checkpoint.cosigned:
        at = f"{datetime.fromtimestamp(each.at_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
        screen.show("verify.witness", name=each.by.name, at=at)
    if not checkpoint.cosigned:
        screen.show("verify.unwitnessed")


def answer_in(content: bytes) -> dict[str, Any]:
    """Return the JSON object in `content`; empty when it holds none."""
    if content.lstrip()[:1] != b"{":
        return {}
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _signer(receipt: "Receipt") -> str:
    """Return the name of the log the checkpoint claims to be of."""
    return receipt.checkpoint_text.partition("\n")[0]
