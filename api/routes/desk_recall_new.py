"""Starting a recall or a mock recall on the desk: first whom it would reach, then the decision.

What is decided about is what was shown: where the reach has changed meanwhile, it is shown again.
"""

from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Request, Response

from api import holding
from api.callers import Caller, Supervisor, TheStation
from api.drilling import drill
from api.errors import FieldWrong
from api.languages import language_of
from api.routes.desk_sending import led_on, sent
from api.routes.pages import PAGE
from api.station import Station
from api.web.desk_asked import asked_of
from api.web.desk_frame import desk_page
from api.web.desk_recalls import class_name, reach_table
from api.web.desk_table import DeskTable
from api.web.desk_typed import LONGEST, Typed, checked, faults_in
from api.web.words import Words, words_in
from api.web.work_frame import reader_of
from ledger.errors import DaodiError, Location
from trace.lineages.lineage_graph import party_names
from trace.recalls.closure import Closure
from trace.recalls.drills import find_closure
from trace.recalls.portions import Share, portions_of, shares
from trace.recalls.recalls import MOST_LOTS, RecallNew

router = APIRouter(include_in_schema=False)

_NO_LOTS: Final = {"reason_zh": "请写批次号，每行一个", "reason_en": "name the lots, one a line"}
_MANY_LOTS: Final = {
    "reason_zh": f"一次最多 {MOST_LOTS} 个批次",
    "reason_en": f"at most {MOST_LOTS} lots at once",
}
_CHANGED: Final = {
    "reason_zh": "波及的范围与预览时不同，已重新列出，请再看一遍",
    "reason_en": "the reach is not what was shown; it is listed anew, look again",
}


@dataclass(frozen=True, slots=True)
class _Reach:
    """Whom a recall of the lots named would reach."""

    closure: Closure
    held: dict[str, Share]
    names: dict[str, str]


@router.api_route("/desk/recall", methods=PAGE)
def recall_form(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Ask for the lots, the class and the reason; ``?lots=`` fills in lots, ``as=csv`` gives their reach."""
    typed = Typed({"lots": [each[:LONGEST] for each in request.query_params.getlist("lots")[:MOST_LOTS]]})
    reach = _reach(station, typed) if request.query_params.get("as") == "csv" else None
    return _shown(request, caller, station, typed, reach=reach)


@router.post("/desk/recall")
async def recall_formed(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show the reach, hold a mock recall, or open the recall whose reach was shown."""

    def answer(typed: Typed) -> Response:
        try:
            return _decided(request, caller, station, typed)
        except DaodiError as fault:
            return _shown(request, caller, station, typed, fault=fault)

    return await sent(request, station, answer)


def _decided(request: Request, caller: Caller, station: Station, typed: Typed) -> Response:
    reach = _reach(station, typed)
    if typed["act"] == "drill":
        drill(station, typed.lines("lots"), holding.person_of(caller))
        return led_on(request, caller, "/desk/recalls", "drilled")
    if typed["act"] != "open":
        return _shown(request, caller, station, typed, reach=reach)
    new = checked(
        RecallNew,
        {
            "lots": typed.lines("lots"),
            "class": typed.number("class"),
            "reason": typed["reason"] or None,
            "advice": typed["advice"] or None,
            "document": typed["document"] or None,
            "responsible": typed["responsible"] or None,
        },
    )
    if typed["root"] != reach.closure.root:
        fault = FieldWrong(at=Location(field="root"), **_CHANGED)
        return _shown(request, caller, station, typed, reach=reach, fault=fault)
    opened = holding.recall(station, new, holding.person_of(caller))
    return led_on(request, caller, f"/desk/recalls/{opened.recall_id}", "recall_opened")


def _reach(station: Station, typed: Typed) -> _Reach:
    """Find whom a recall would reach; raises `FieldWrong`, `UnknownLot`."""
    lots = typed.lines("lots")
    if not lots or len(lots) > MOST_LOTS:
        raise FieldWrong(at=Location(field="lots"), **(_MANY_LOTS if lots else _NO_LOTS))
    with station.database.read() as session:
        closure = find_closure(session, lots)
        held = shares(portions_of(session, closure.lots))
        return _Reach(closure, held, party_names(session, sorted(holder for holder in held if holder)))


def _shown(
    request: Request,
    caller: Caller,
    station: Station,
    typed: Typed,
    *,
    reach: _Reach | None = None,
    fault: DaodiError | None = None,
) -> Response:
    words = words_in(language_of(request))
    parts = {
        "typed": typed,
        "lots": "\n".join(typed.lines("lots")),
        "reach": reach,
        "classes": [(str(each), class_name(each, words)) for each in (1, 2, 3)],
    }
    return desk_page(
        request,
        caller,
        asked_of(request, station.clock()),
        "recalls",
        template="desk_recall_new.html",
        tables=() if reach is None else (_table(reach, typed, request, caller, words),),
        faults=() if fault is None else faults_in(fault),
        parts=parts,
    )


def _table(reach: _Reach, typed: Typed, request: Request, caller: Caller, words: Words) -> DeskTable:
    reader = reader_of(request, caller)
    named = "\n".join(typed.lines("lots"))
    address = reader.link("/desk/recall", **{"lots": named, "as": "csv", "table": "reach"})
    return replace(reach_table(reach.held, reach.names, reader, words), file=address)
