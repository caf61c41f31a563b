"""Makes the printed proof 打印证明 of a logged statement: what stands in the code, and what it proves."""

from dataclasses import dataclass

from sqlmodel import Session

from ledger import log
from ledger.errors import UnknownStatement
from ledger.proofs.bundle import VerifiedEntry, verify_receipt
from ledger.proofs.printed_proof import fitted, to_text, unpack
from ledger.tree.hot_tiles import HotTiles
from ledger.witnessing.policy import Policy
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.tables import LotRow

_LOT = "lot/"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed proof that was itself verified before anybody prints it."""

    text: str
    """What the QR code holds."""
    found: VerifiedEntry
    herb: str | None
    """The herb of its lot as the service has it: said beside the proof, not proven by it."""


def printed_proof(
    session: Session, statement_id: str, policy: Policy, hot: HotTiles | None = None
) -> Printed:
    """Return the printed proof of a statement, with the witnesses of `policy` that fit.

    Raises `UnknownStatement`, `NotIntegratedYet`, `StatementHeld`, `NotPrintable`, `PrintedProofTooLarge`,
    and what `verify_receipt` raises when the log here does not verify.
    """
    raw = fitted(log.receipt(session, statement_id, hot), policy)
    text = to_text(raw)
    found = verify_receipt(unpack(raw), policy)
    subject = found.entry.statement.subject
    lot = session.get(LotRow, subject.removeprefix(_LOT)) if subject.startswith(_LOT) else None
    return Printed(text, found, None if lot is None else lot.herb)


def packing_of(session: Session, code: str, code_keys: CodeKeys) -> str:
    """Return the statement that put a trace code to use.

    Raises `MalformedCode`, `ForgedCode`, `UnknownCode`, or `UnknownStatement` for a code that is issued
    and not yet put to use.
    """
    packed = code_state(session, code, code_keys).pack_step
    if packed is None:
        raise UnknownStatement(id=code)
    return f"urn:uuid:{packed}"
