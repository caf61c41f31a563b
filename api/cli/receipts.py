"""Receipts on the command line: found in a file, and checked against the key that is trusted."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli import deployment
from api.cli.errors import KeyDiffers, ReceiptFails, ReceiptPending, TrustNeeded, TrustWrong
from ledger.errors import LedgerError, MalformedReceipt, NotSignedByLog, Said

if TYPE_CHECKING:
    from ledger.bundle import Receipt, VerifiedEntry
    from ledger.note import NoteKey


def receipt_text(content: bytes, file: Path) -> str | None:
    """Return the receipt in `content`: a receipt file, or the JSON of /v1/receipts/… that holds one.

    None when it is something else. Raises `MalformedReceipt` for what is not UTF-8, `ReceiptPending` for
    the JSON of a statement that is not in the log yet.
    """
    from ledger.bundle import HEADER

    if content.startswith(HEADER.encode()):
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedReceipt(reason=Said("不是 UTF-8 编码", "it is not UTF-8")) from error
    answer = _answer(content)
    if answer.get("state") == "pending":
        raise ReceiptPending(file=file, statement=answer.get("statement_id", "?"))
    text = answer.get("receipt")
    return text if isinstance(text, str) else None


def verified(text: str, trust: str | None) -> "VerifiedEntry":
    """Check a receipt against the vkey `trust`, or the key of the log kept here.

    Raises `TrustNeeded`, `TrustWrong`, `MalformedReceipt`, `KeyDiffers` or `ReceiptFails`.
    """
    from ledger.bundle import Receipt, verify_receipt

    key = _key(trust or _own_key())
    receipt = Receipt.from_text(text)
    try:
        return verify_receipt(receipt, key.to_vkey())
    except NotSignedByLog as error:
        raise KeyDiffers(signer=_signer(receipt), trusted=key.to_vkey()) from error
    except LedgerError as error:
        raise ReceiptFails(why=error) from error


def _answer(content: bytes) -> dict[str, Any]:
    if content.lstrip()[:1] != b"{":
        return {}
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _key(vkey: str) -> "NoteKey":
    from ledger.note import NoteKey

    try:
        return NoteKey.from_vkey(vkey.strip())
    except LedgerError as error:
        raise TrustWrong(why=error) from error


def _signer(receipt: "Receipt") -> str:
    """Return the name of the log the checkpoint claims to be of."""
    return receipt.checkpoint_text.partition("\n")[0]


def _own_key() -> str:
    """Return the key of the log kept here; raises `TrustNeeded` where none is kept."""
    chosen = deployment.settings()
    if not chosen.keys_folder.is_dir():
        raise TrustNeeded
    return deployment.trusted_key(chosen)
