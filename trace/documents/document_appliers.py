"""What statements about documents change in the projections."""

from collections.abc import Mapping
from typing import Final

import orjson
from sqlalchemy import update
from sqlmodel import Session, col

from trace.documents.document_tables import DocumentLotRow, DocumentRow, SeriesRow
from trace.said import Applier, Said
from trace.tables import insert_rows

KEPT: Final = "document.kept"
ERASED: Final = "document.erased"


def apply_document_kept(session: Session, said: Said) -> None:
    """Write the row of a document, its lots and the summary of a series."""
    public = said.public
    same = ("sha256", "party", "kind", "media_type", "visibility", "stored")
    insert_rows(
        session,
        DocumentRow,
        [
            {name: public[name] for name in same}
            | {
                "statement_id": said.statement_id,
                "size_bytes": public["size"],
                "width": public.get("width"),
                "height": public.get("height"),
                "title": public.get("title"),
                "step_id": public.get("step"),
                "kept_ms": said.at_ms,
                "erased_ms": None,
                "reason": None,
            }
        ],
    )
    lots = public.get("lots", [])
    if isinstance(lots, list | tuple):
        insert_rows(
            session,
            DocumentLotRow,
            ({"statement_id": said.statement_id, "lot_id": lot} for lot in lots),
        )
    if isinstance(series := public.get("series"), Mapping):
        insert_rows(session, SeriesRow, [_series_row(said, series)])


def apply_document_erased(session: Session, said: Said) -> None:
    """Mark a document whose bytes are gone."""
    session.execute(
        update(DocumentRow)
        .where(col(DocumentRow.statement_id) == said.public["of"])
        .values(erased_ms=said.at_ms, reason=said.public["reason"])
    )


DOCUMENT_APPLIERS: Final[Mapping[str, Applier]] = {
    KEPT: apply_document_kept,
    ERASED: apply_document_erased,
}


def _series_row(said: Said, series: Mapping[str, object]) -> dict[str, object]:
    return {
        "statement_id": said.statement_id,
        "sha256": said.public["sha256"],
        "quantity": series["quantity"],
        "uom": series["uom"],
        "summary": orjson.dumps(dict(series), option=orjson.OPT_SORT_KEYS).decode(),
    }
