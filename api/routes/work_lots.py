"""The lots of one's own party: a list with balances to filter and page, its CSV, and the page of one lot."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from api.callers import Caller, Clerk, TheStation
from api.documents import reader_of as document_reader
from api.languages import language_of
from api.routes.pages import PAGE
from api.routes.paging import read_cursor, split
from api.web import csv_body
from api.web.lot_page import lot_parts
from api.web.words import words_in
from api.web.work_frame import reader_of, work_page
from api.web.work_lot import HEADINGS, lot_line, next_missing, step_buttons
from api.web.work_party import PartyAsked, ask_party, party_wanted
from trace.documents.document_reading import Reader, documents_of_lot
from trace.lineages.lineage_graph import Direction, lineage_graph
from trace.lineages.whereabouts import whereabouts
from trace.own_lots import LotQuery, Which, own_lot, own_lots, score_of
from trace.recalls.hold_reading import hold_findings
from trace.stored_findings import findings
from trace.story_completeness import way_completeness
from trace.story_reading import way
from trace.vocabulary import Form, Stage

router = APIRouter(include_in_schema=False)

_AREA: Final = "lots"
_PAGE: Final = 25
_MOST_CSV: Final = 10_000
_LONGEST: Final = 40
_SHOWN: Final = 30


@router.api_route("/workbench/lots", methods=PAGE)
def lots_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """List the party's lots with what is left of each."""
    asked = request.query_params
    wanted = _wanted(request)
    after = read_cursor(asked["next"], (int, str)) if "next" in asked else None
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        last = None if after is None else (int(str(after[0])), str(after[1]))
        found = own_lots(session, whose.uscc, wanted, after=last, limit=_PAGE + 1)
        shown, more = split(found, _PAGE, lambda each: [each.state.made_ms, each.state.lot])
        scored = [(each, score_of(session, each.state.lot)) for each in shown]
    reader = reader_of(request, caller)
    parts = {
        "lots": scored,
        "wanted": wanted,
        "whiches": list(Which),
        "forms": list(Form),
        "next": reader.switched(next=more) if more else "",
        "csv": reader.link("/workbench/lots.csv", **_as_asked(wanted)),
    }
    return work_page(request, caller, "work_lots.html", area=_AREA, parts=parts)


@router.api_route("/workbench/lots.csv", methods=PAGE)
def lots_csv(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Return the same list as a table, at most 10,000 lots."""
    language = language_of(request)
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = own_lots(session, whose.uscc, _wanted(request), limit=_MOST_CSV)
    body = csv_body.csv_body(HEADINGS[language], [lot_line(each, language) for each in found])
    headers = {"Content-Disposition": 'attachment; filename="lots.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(iter([body]), media_type=csv_body.MEDIA_TYPE, headers=headers)


@router.api_route("/workbench/lots/{lot}", methods=PAGE)
def lot_page(
    lot: Annotated[str, Path(max_length=100)], request: Request, caller: Clerk, station: TheStation
) -> Response:
    """Show one lot of the party: balance, way, documents, completeness and the step that is missing next."""
    words = words_in(language_of(request))
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        state = own_lot(session, whose.uscc, lot)
        found = way(session, lot, None)
        judged = way_completeness(found)
        parts = lot_parts(
            lineage_graph(session, lot, Direction.BACK), whereabouts(session, lot, Direction.FORWARD), words
        )
        parts |= {
            "judged": judged,
            "missing": next_missing(judged, state, whose.uscc),
            "documents": documents_of_lot(session, lot, _reader(caller, whose.uscc)),
            "held_for": hold_findings(session, [lot]),
            "found": findings(session, lot=lot, limit=_SHOWN),
            "steps": [(row, found.links[row.step_id]) for row in reversed(found.steps)],
            "buttons": step_buttons(state, whose.uscc),
            "state": state,
            "stages": {stage.value: stage for stage in Stage},
        }
    return work_page(request, caller, "work_lot.html", area=_AREA, parts=parts)


def _reader(caller: Caller, party: str) -> Reader:
    """Return what of documents may be seen here: what the party may, though an operator looks on."""
    return document_reader(caller) if caller.party == party else Reader(party=party)


def _wanted(request: Request) -> LotQuery:
    asked = request.query_params
    return LotQuery(
        which=next((each for each in Which if each == asked.get("which")), Which.HELD),
        form=next((each for each in Form if each == asked.get("form")), None),
        text=asked.get("text", "").strip()[:_LONGEST],
    )


def _as_asked(wanted: LotQuery) -> dict[str, str]:
    said = {"which": wanted.which.value, "form": wanted.form or "", "text": wanted.text}
    return {name: str(text) for name, text in said.items() if text}
