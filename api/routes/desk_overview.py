"""The first page of the desk: a quarter at a glance, the recalls against the clock, what waits now."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, func, select

from api.callers import Caller, Supervisor, TheStation
from api.kept_warnings import kept_open
from api.languages import language_of
from api.routes.pages import PAGE
from api.station import Station
from api.tokens import Scope
from api.warning_work import sees_all
from api.web.desk_asked import Asked, asked_of
from api.web.desk_frame import desk_page
from api.web.desk_overview import Standing, quarter_figures, waiting_figures
from api.web.desk_recalls import clocks
from api.web.words import words_in
from api.web.work_frame import reader_of
from priceindex import book
from priceindex.quotes import Status
from priceindex.warning.alerts.warning_store import Asking
from trace.integrity.complaints import count_to_decide
from trace.integrity.inspections import overdue
from trace.integrity.integrity_tables import DrawRow
from trace.integrity.periods import earlier
from trace.recalls.hold_listing import drills, recalls
from trace.supervision.key_figures import key_figures

router = APIRouter(include_in_schema=False)

_MOST_RECALLS = 20
_MOST_COUNTED = 1_000


@router.api_route("/desk", methods=PAGE)
def overview_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show the key figures of a quarter, each leading to what is behind it."""
    asked, words = asked_of(request, station.clock(), whole=True), words_in(language_of(request))
    reader, now_ms = reader_of(request, caller), station.clock()
    with station.database.read() as session:
        now = key_figures(session, asked.quarter, area=asked.area)
        before = key_figures(session, earlier(asked.quarter), area=asked.area)
        standing = _standing(session, asked, caller, station, now_ms)
        running = recalls(session, only_open=True, after=None, limit=_MOST_RECALLS)
        drilled = drills(session, 1)
    parts = {
        "figures": quarter_figures(now, before, asked, reader, words),
        "waiting": waiting_figures(standing, asked, reader, words),
        "running": [(hold, clocks(recall, now_ms, words)[:2]) for recall, hold in running],
        "drilled": drilled[0] if drilled else None,
    }
    return desk_page(request, caller, asked, "desk", template="desk_overview.html", parts=parts)


def _standing(session: Session, asked: Asked, caller: Caller, station: Station, now_ms: int) -> Standing:
    decides = bool(caller.scopes & {Scope.QUOTES_DECIDE, Scope.OPERATOR})
    return Standing(
        recalls=len(recalls(session, only_open=True, after=None, limit=_MOST_COUNTED)),
        complaints=count_to_decide(session, area=asked.area),
        overdue=len(overdue(session, now_ms, area=asked.area, limit=_MOST_COUNTED)),
        draws=session.exec(select(func.count()).where(col(DrawRow.done_ms).is_(None))).one(),
        warnings=len(kept_open(station, Asking(regulator=True))) if sees_all(caller) else None,
        quarantined=len(book.quotes(session, status=Status.QUARANTINED, limit=_MOST_COUNTED))
        if decides
        else None,
    )
