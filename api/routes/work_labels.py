"""Trace codes and their labels by pages of the workbench: ordered, looked at, printed, marked as printed."""

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Caller, Clerk, TheStation
from api.code_issuing import issue_batch
from api.languages import language_of
from api.routes.labels import LabelsAsked
from api.routes.pages import PAGE
from api.routes.paging import read_cursor, split
from api.station import Station
from api.web.step_faults import Wrong
from api.web.step_lines import with_unit
from api.web.words import words_in
from api.web.work_ask import read_model, small_wrongs, typed_in
from api.web.work_frame import reader_of, work_page
from api.web.work_label import ORDER, PRINT, MarkAsked, OrderAsked, print_boxes, range_of
from api.web.work_party import PartyAsked, ask_party, party_wanted
from ledger.errors import DaodiError
from trace.coding.batch_reading import BatchState, batch_state, batches
from trace.coding.code_orders import CodeOrder
from trace.coding.code_words import CodeStatus, Level
from trace.coding.status_changes import change_status
from trace.labels.label_forms import form_named
from trace.labels.label_sheet import Wanted, print_run
from trace.labels.label_svg import label_svg
from trace.quantities import parse_mass

router = APIRouter(include_in_schema=False)

_AREA: Final = "labels"
_PAGE: Final = 20
_MOST_FIELDS: Final = 20
_MARKS: Final = (CodeStatus.PRINTED, CodeStatus.SPOILED)
BatchId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.api_route("/workbench/labels", methods=PAGE)
def labels_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """List the party's batches of codes, newest first, with a form to order more."""
    return _listed(request, caller, station, {}, ())


@router.post("/workbench/labels")
async def codes_ordered(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Issue the codes ordered and lead to their batch; an order sent twice issues one batch."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        with station.backlog.room():
            return await run_in_threadpool(_ordered, request, caller, station, form)


@router.api_route("/workbench/labels/{batch}", methods=PAGE)
def batch_page(batch: BatchId, request: Request, caller: Clerk, station: TheStation) -> Response:
    """Show one batch: what became of its codes, a label as it will be printed, sheets and lists of them."""
    return _shown(batch, request, caller, station, ())


@router.post("/workbench/labels/{batch}/marks")
async def labels_marked(batch: BatchId, request: Request, caller: Clerk, station: TheStation) -> Response:
    """State that labels of the batch are printed or spoiled, by their numbers."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        with station.backlog.room():
            return await run_in_threadpool(_marked, batch, request, caller, station, form)


def _ordered(request: Request, caller: Caller, station: Station, form: FormData) -> Response:
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
    typed = typed_in(form, ORDER)
    try:
        asked = read_model(OrderAsked, typed)
        order = CodeOrder(party=whose.uscc, count=asked.count, level=asked.level, client_id=asked.id)
        batch = issue_batch(station, order)
    except DaodiError as fault:
        return _listed(request, caller, station, typed, small_wrongs(fault, ORDER, language_of(request)))
    lot = {"lot": typed["lot"]} if "lot" in typed else {}
    address = reader_of(request, caller).link(f"/workbench/labels/{batch}", **lot)
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _marked(batch: str, request: Request, caller: Caller, station: Station, form: FormData) -> Response:
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = batch_state(session, batch, whose.uscc)
    try:
        asked = read_model(MarkAsked, typed_in(form, ("status", "first", "last")))
        ranges, at_ms, keys = [range_of(found, asked)], station.clock(), station.code_keys
        station.writer.submit(
            lambda session: change_status(
                session, station.recorder.declarer, keys, asked.status, ranges, by=whose.uscc, at_ms=at_ms
            )
        )
    except DaodiError as fault:
        wrongs = small_wrongs(fault, ("first", "last"), language_of(request))
        return _shown(batch, request, caller, station, wrongs)
    address = reader_of(request, caller).link(f"/workbench/labels/{batch}", done=asked.status.value)
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _listed(
    request: Request, caller: Caller, station: Station, typed: dict[str, str], wrongs: list[Wrong] | tuple[()]
) -> Response:
    asked = request.query_params
    before = int(str(read_cursor(asked["next"], (int,))[0])) if "next" in asked else None
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = batches(session, whose.uscc, before_serial=before, limit=_PAGE + 1)
    shown, more = split(found, _PAGE, lambda each: [each.first_serial])
    reader = reader_of(request, caller)
    parts = {
        "batches": shown,
        "levels": list(Level),
        "typed": {name: typed.get(name, "") for name in ORDER},
        "lot": asked.get("lot", "")[:40],
        "order_id": typed.get("id") or f"order-{station.randomness(12).hex()}",
        "next": reader.switched(next=more) if more else "",
        "wrongs": wrongs,
    }
    status = 422 if wrongs else 200
    return work_page(request, caller, "work_labels.html", area=_AREA, status=status, parts=parts)


def _shown(
    batch: str, request: Request, caller: Caller, station: Station, wrongs: list[Wrong] | tuple[()]
) -> Response:
    asked, words = request.query_params, words_in(language_of(request))
    typed = {name: text for name in PRINT if (text := asked.get(name, "").strip()[:100])}
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = batch_state(session, batch, whose.uscc)
    query, faults = _printable(station, found, typed, request)
    done = asked.get("done", "")
    parts = {
        "batch": found,
        "marks": _MARKS,
        "boxes": print_boxes(typed, faults, words),
        "query": query,
        "wrongs": [*wrongs, *faults],
    }
    said = words(f"work_label.done_{done}") if done in {each.value for each in _MARKS} else ""
    status = 422 if wrongs else 200
    return work_page(request, caller, "work_batch.html", area=_AREA, status=status, parts=parts, said=said)


def _printable(
    station: Station, found: BatchState, typed: dict[str, str], request: Request
) -> tuple[str, list[Wrong]]:
    """Return the query these labels are asked with, or none where they cannot be drawn, and why."""
    try:
        grams = parse_mass(with_unit(typed["grams"], "克"), positive=True) if "grams" in typed else None
        asked = read_model(LabelsAsked, {**typed, **({"grams": grams} if grams else {})})
        with station.database.read() as session:
            run = print_run(
                session,
                found,
                station.code_keys,
                station.settings.base_url,
                asked,
                Wanted(first=asked.first, count=1, pins=False),
            )
        label_svg(run.text, next(run.labels), form_named(asked.form))
    except DaodiError as fault:
        return "", small_wrongs(fault, PRINT, language_of(request))
    return urlencode({"form": asked.form, **typed, **({"grams": grams} if grams else {})}), []
