"""Which documents there are, and who may read them.

Public ones anybody; those for partners whoever stated them or took part in a step on one of their lots;
all of them a regulator and the operator. Nobody takes part by its own word alone: a purchase and a
settlement can be said by whoever never had the goods.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, literal, true
from sqlmodel import Session, col, or_, select

from ledger.keyset import Sorted, page_after
from trace.documents.document_tables import DocumentLotRow, DocumentRow, SeriesRow
from trace.profiles import Visibility
from trace.tables import StepLotRow, StepRow
from trace.vocabulary import Stage

_OWN_WORD: Final = (Stage.PURCHASE.value, Stage.SETTLEMENT.value)
"""Stages that who does not have the goods may record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks for documents."""

    party: str | None = None
    """USCC of the party it speaks for; None for the public."""
    sees_all: bool = False
    """A regulator, or the operator."""


PUBLIC = Reader()

PlaceOfLot: TypeAlias = tuple[int, int, str]
"""Where a document stands among those of a lot: 1 for a party that had part in it, when kept, its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One statement of a document, as its reader may see it."""

    statement_id: str
    sha256: str
    party: str
    kind: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    title: str | None
    """Of public documents; another's is a private value of the statement."""
    visibility: Visibility
    stored: bool
    lots: tuple[str, ...]
    step: str | None
    kept_ms: int
    erased_ms: int | None
    reason: str | None
    is_series: bool


def statements_of(session: Session, sha256: str, reader: Reader) -> list[Document]:
    """Return the statements of a document that `reader` may see, oldest first."""
    rows = session.exec(
        select(DocumentRow)
        .where(DocumentRow.sha256 == sha256, _readable(reader))
        .order_by(col(DocumentRow.kept_ms), col(DocumentRow.statement_id))
    ).all()
    return [_document(session, row) for row in rows]


def documents_of_lot(session: Session, lot: str, reader: Reader, limit: int = 100) -> list[Document]:
    """Return the first of the documents that speak of a lot, as `page_of_lot` has them."""
    return [document for document, _ in page_of_lot(session, lot, reader, limit)]


def page_of_lot(
    session: Session, lot: str, reader: Reader, limit: int, after: PlaceOfLot | None = None
) -> list[tuple[Document, PlaceOfLot]]:
    """Return documents that speak of a lot and `reader` may see, newest first, each with its place.

    Those of parties that had part in the lot come first: no stranger pushes them off the list. `after` is
    the place of the last one seen.
    """
    partner = case((_took_part(col(DocumentRow.party)), 1), else_=0)
    wanted = (
        select(DocumentRow, partner)
        .join(DocumentLotRow, col(DocumentLotRow.statement_id) == col(DocumentRow.statement_id))
        .where(DocumentLotRow.lot_id == lot, _readable(reader))
    )
    order = (
        Sorted(partner, newest_first=True),
        Sorted(col(DocumentRow.kept_ms), newest_first=True),
        Sorted(col(DocumentRow.statement_id)),
    )
    rows = session.exec(page_after(wanted, order, after, limit)).all()
    return [(_document(session, row), (took, row.kept_ms, row.statement_id)) for row, took in rows]


def _readable(reader: Reader) -> ColumnElement[bool]:
    """Say of a document whether `reader` may see it."""
    if reader.sees_all:
        return true()
    public = col(DocumentRow.visibility) == Visibility.PUBLIC.value
    if reader.party is None:
        return public
    partner = and_(col(DocumentRow.visibility) == Visibility.PARTNER.value, _took_part(literal(reader.party)))
    return or_(public, col(DocumentRow.party) == reader.party, partner)


def _took_part(party: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Say of a document whether `party` had goods of its lots, or another says it dealt with them."""
    lots = select(DocumentLotRow.lot_id).where(
        col(DocumentLotRow.statement_id) == col(DocumentRow.statement_id)
    )
    on_lot = select(StepLotRow.step_id).where(col(StepLotRow.lot_id).in_(lots))
    own = and_(col(StepRow.party) == party, col(StepRow.stage).not_in(_OWN_WORD))
    return exists().where(
        or_(col(StepRow.step_id).in_(on_lot), col(StepRow.step_id) == col(DocumentRow.step_id)),
        or_(own, col(StepRow.counterparty) == party),
        col(StepRow.voided_by).is_(None),
    )


def _document(session: Session, row: DocumentRow) -> Document:
    lots = select(DocumentLotRow.lot_id).where(DocumentLotRow.statement_id == row.statement_id)
    series = select(SeriesRow.statement_id).where(SeriesRow.statement_id == row.statement_id)
    return Document(
        statement_id=row.statement_id,
        sha256=row.sha256,
        party=row.party,
        kind=row.kind,
        media_type=row.media_type,
        size=row.size_bytes,
        width=row.width,
        height=row.height,
        title=row.title,
        visibility=Visibility(row.visibility),
        stored=row.stored,
        lots=tuple(session.exec(lots.order_by(DocumentLotRow.lot_id))),
        step=row.step_id,
        kept_ms=row.kept_ms,
        erased_ms=row.erased_ms,
        reason=row.reason,
        is_series=session.exec(series).first() is not None,
    )
