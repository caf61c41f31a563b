"""The public notice of a recall, to be read on a phone and printed."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session, col, select

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.recall_page import MOST_SHOWN, ShownLot, Told, recall_parts
from api.web.site import page
from api.web.words import words_in
from trace.lineages.lineage_graph import party_names
from trace.recalls.notices import notices_of
from trace.recalls.recall_errors import UnknownRecall
from trace.recalls.recall_progress import Progress, progress_of
from trace.recalls.recall_tables import HoldLotRow
from trace.tables import LotRow

router = APIRouter(include_in_schema=False)


@router.api_route("/recalls/{recall}", methods=PAGE)
def recall_page(
    recall: Annotated[str, Path(max_length=10_000)],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Show what is recalled, why, what to do and how effective it is; 404 for one that does not exist."""
    try:
        with station.database.read() as session:
            found = progress_of(session, recall)
            lots = _lots(session, found)
            told = _told(session, recall, found.recall.responsible)
            name = party_names(session, [found.recall.responsible])[found.recall.responsible]
    except UnknownRecall:
        return page(request, "no_recall.html", status=404)
    parts = recall_parts(found, lots, name, told, words_in(language_of(request)))
    return page(request, "recall.html", parts=parts)


def _lots(session: Session, found: Progress) -> list[ShownLot]:
    """Return the first lots of the recall, those it was opened for before the others."""
    named = set(orjson.loads(found.recall.roots))
    under = select(HoldLotRow.lot_id).where(HoldLotRow.hold_id == found.recall.recall_id)
    order = (col(LotRow.lot_id).not_in(named), col(LotRow.lot_id))
    rows = session.exec(
        select(LotRow).where(col(LotRow.lot_id).in_(under)).order_by(*order).limit(MOST_SHOWN)
    )
    return [ShownLot(lot=row.lot_id, herb=row.herb, form=row.form, named=row.lot_id in named) for row in rows]


def _told(session: Session, recall: str, responsible: str) -> Told:
    """Count those it was handed on to: who takes the goods back is told of it too, and is none of them."""
    sent = (row for row, _ in notices_of(session, recall))
    asked = [row for row in sent if row.due_ms is not None and row.party != responsible]
    return Told(
        notified=len({row.party for row in asked}),
        acknowledged=len({row.party for row in asked if row.acknowledged_ms is not None}),
    )
