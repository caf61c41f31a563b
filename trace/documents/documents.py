"""Documents 文件 as parties state them: which file, of which kind, about which lots, for whose eyes.

The statement `document.kept` is ours; a party that signs outside states the same of a file it keeps
itself by the open kind `document` (`ledger.writing.open_kinds`). Both name the file by `sha256` and stand
on the subject `document/<party>/…`.
"""

import uuid
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.documents.document_appliers import ERASED, KEPT, apply_document_erased, apply_document_kept
from trace.documents.document_errors import (
    DocumentErased,
    DocumentRepeated,
    DocumentStoreFull,
    UnknownDocument,
)
from trace.documents.document_store import Kept
from trace.documents.document_tables import DocumentLotRow, DocumentRow
from trace.errors import UnknownLot, UnknownParty
from trace.profiles import Visibility
from trace.steps import LotId
from trace.tables import LotRow, PartyRow, StepRow
from trace.vocabulary import Word

_NAMES: Final = uuid.UUID("2f0f3b0c-7d0b-5c35-9a52-4a7f0b1c9d10")
"""Namespace of the ids of these statements (RFC 9562, version 5)."""


class DocumentKind(Word):
    """What a document is; the first three and the last are the report types of MOFCOM's `medicine`."""

    TEST_REPORT = "test_report", "检验报告", "test report"
    ORIGIN_PROOF = "origin_proof", "产地证明", "proof of origin"
    ENVIRONMENT = "environment", "环境检验", "environmental test"
    PHOTO = "photo", "照片", "photo"
    PAOZHI_VIDEO = "paozhi_video", "炮制视频", "video of processing"
    SERIES = "series", "传感数据", "series of readings"
    INVOICE = "invoice", "票据", "invoice"
    OTHER = "other", "其他", "other"


class DocumentNew(BaseModel):
    """What a party says of a file it uploads."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    party: Annotated[str, Field(min_length=18, max_length=18)]
    """USCC of who states it."""
    kind: DocumentKind
    """What it is."""
    title: PlainText = Field(min_length=1, max_length=120)
    """What people call it; of a document that is not public it enters the log as a digest only."""
    visibility: Visibility = Visibility.PARTNER
    """Who may read it: public, partner (who dealt with its lots), regulator."""
    lots: tuple[LotId, ...] = Field(default=(), max_length=100)
    """Lots it speaks of."""
    step: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    """Id of the step it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What stating a document answers."""

    statement_id: str
    sha256: str
    replayed: bool


def state_document(
    session: Session,
    declarer: Declarer,
    new: DocumentNew,
    kept: Kept,
    at_ms: int,
    *,
    stored: bool = True,
    series: dict[str, JsonValue] | None = None,
) -> Stated:
    """State that a document was kept, or, with `stored` False, its hash alone.

    The same words for the same file by the same party are stated once. Raises `UnknownParty`, `UnknownLot`,
    `UnknownDocument` for a step that is not there, `DocumentErased`, `DocumentRepeated`.
    """
    statement_id = document_statement(new.party, kept.sha256)
    _check_named(session, new)
    _check_erased(session, statement_id, kept.sha256)
    public = _public(new, kept, stored=stored, series=series)
    if (row := session.get(DocumentRow, statement_id)) is not None:
        if _words(session, row) != {name: public.get(name) for name in _COMPARED}:
            raise DocumentRepeated(sha256=kept.sha256)
        return Stated(statement_id=statement_id, sha256=kept.sha256, replayed=True)
    hidden = new.visibility is not Visibility.PUBLIC
    declarer.declare(
        session,
        apply_document_kept,
        kind=KEPT,
        statement_id=statement_id,
        subject=f"document/{new.party}/{kept.sha256}",
        public=public,
        at_ms=at_ms,
        by=new.party,
        private={"title": new.title} if hidden else None,
        visibility={"title": new.visibility} if hidden else None,
        refs=(f"urn:uuid:{new.step}",) if new.step else (),
    )
    return Stated(statement_id=statement_id, sha256=kept.sha256, replayed=False)


def state_erased(
    session: Session, declarer: Declarer, statement_id: str, reason: str, at_ms: int, by: str | None
) -> str:
    """State that the bytes of a document are gone, as its party, or as the operator where `by` is None.

    Returns its hash; the caller deletes the bytes once this is committed and `is_live` says no. `reason` is
    a slug the caller has checked. Raises `UnknownDocument` or `DocumentErased`.
    """
    row = session.get(DocumentRow, statement_id)
    if row is None:
        raise UnknownDocument(sha256=statement_id[:64])
    if row.erased_ms is not None:
        raise DocumentErased(sha256=row.sha256, reason=row.reason or "")
    declarer.declare(
        session,
        apply_document_erased,
        kind=ERASED,
        statement_id=f"urn:uuid:{uuid.uuid5(_NAMES, f'{statement_id}/erased')}",
        subject=f"document/{row.party}/{row.sha256}",
        public={"of": statement_id, "sha256": row.sha256, "reason": reason},
        at_ms=at_ms,
        by=by,
        refs=(statement_id,),
    )
    return row.sha256


def require_room(session: Session, party: str, sha256: str, size: int, most: int) -> None:
    """Raise `DocumentStoreFull` where a file of `size` bytes would bring what `party` keeps above `most`.

    What the party keeps already takes no more room. Bytes are counted for each party that keeps them.
    """
    kept = (col(DocumentRow.party) == party, col(DocumentRow.erased_ms).is_(None), col(DocumentRow.stored))
    if session.exec(select(DocumentRow.sha256).where(*kept, DocumentRow.sha256 == sha256)).first():
        return
    held = int(session.exec(select(func.coalesce(func.sum(DocumentRow.size_bytes), 0)).where(*kept)).one())
    if held + size > most:
        raise DocumentStoreFull(held=held, limit=most)


def is_live(session: Session, sha256: str) -> bool:
    """Say whether some statement still vouches for the bytes of this hash."""
    wanted = select(DocumentRow.statement_id).where(
        DocumentRow.sha256 == sha256, col(DocumentRow.erased_ms).is_(None), col(DocumentRow.stored)
    )
    return session.exec(wanted).first() is not None


def document_statement(party: str, sha256: str) -> str:
    """Return the id of the statement by which `party` states a document."""
    return f"urn:uuid:{uuid.uuid5(_NAMES, f'{party}/{sha256}')}"


_COMPARED: Final = ("kind", "visibility", "lots", "step", "stored")


def _words(session: Session, row: DocumentRow) -> dict[str, JsonValue]:
    lots = session.exec(
        select(DocumentLotRow.lot_id)
        .where(DocumentLotRow.statement_id == row.statement_id)
        .order_by(DocumentLotRow.lot_id)
    )
    said: dict[str, JsonValue] = {"kind": row.kind, "visibility": row.visibility, "stored": row.stored}
    return said | {"lots": list(lots) or None, "step": row.step_id}


def _public(
    new: DocumentNew, kept: Kept, *, stored: bool, series: dict[str, JsonValue] | None
) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {
        "sha256": kept.sha256,
        "media_type": kept.media_type,
        "size": kept.size,
        "kind": new.kind.value,
        "party": new.party,
        "visibility": new.visibility.value,
        "stored": stored,
    }
    if new.visibility is Visibility.PUBLIC:
        found["title"] = new.title
    if kept.width is not None and kept.height is not None:
        found |= {"width": kept.width, "height": kept.height}
    if new.lots:
        found["lots"] = sorted(set(new.lots))
    if new.step is not None:
        found["step"] = new.step
    if series is not None:
        found["series"] = series
    return found


def _check_named(session: Session, new: DocumentNew) -> None:
    if session.get(PartyRow, new.party) is None:
        raise UnknownParty(uscc=new.party, at=Location(field="party", value=new.party))
    known = set(session.exec(select(LotRow.lot_id).where(col(LotRow.lot_id).in_(new.lots))))
    for lot in new.lots:
        if lot not in known:
            raise UnknownLot(lot=lot, at=Location(field="lots", value=lot))
    if new.step is not None and session.get(StepRow, new.step) is None:
        raise UnknownDocument(sha256=new.step, at=Location(field="step", value=new.step))


def _check_erased(session: Session, statement_id: str, sha256: str) -> None:
    """Raise `DocumentErased` where the party erased it, or where nobody vouches for the bytes any more.

    Who stated a hash without its file had nothing to erase, and bars nobody else.
    """
    rows = session.exec(select(DocumentRow).where(DocumentRow.sha256 == sha256)).all()
    gone = [row for row in rows if row.erased_ms is not None]
    own = [row for row in gone if row.statement_id == statement_id]
    had = [row for row in rows if row.stored]
    if own or (had and all(row.erased_ms is not None for row in had)):
        raise DocumentErased(sha256=sha256, reason=(own or gone)[0].reason or "")
