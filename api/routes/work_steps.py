"""Recording a step by a form of the workbench: made from the stage's profile, whole without a script.

What is typed is read as a row of the sheet of steps is, so that a form, a spreadsheet and the API agree on
every unit, word and fault. Each form carries an id of its own: sending it twice records once.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Anyone, Caller, Clerk, TheStation
from api.languages import language_of
from api.recording import record
from api.routes.pages import PAGE
from api.station import Station
from api.web.site import Reader, page
from api.web.step_documents import SEEN_BY, keep_named, keep_photos
from api.web.step_faults import step_wrongs, wrongs
from api.web.step_form import Filled, boxes
from api.web.step_lines import MORE
from api.web.step_typed import defaults, row_of, typed_of
from api.web.words import words_in
from api.web.work_frame import reader_of, work_page
from api.web.work_party import PartyAsked, ask_party, party_wanted
from api.web.work_step import STAGE_GROUPS, choices_of, form_parts, recorded_parts
from ledger.errors import DaodiError
from trace.dealings import places_of
from trace.parties import Party
from trace.read_rows import each_of
from trace.recorded_step import recorded_step
from trace.rows import read_step_row
from trace.vocabulary import Stage

router = APIRouter(include_in_schema=False)

_AREA: Final = "steps"
_MOST_FIELDS: Final = 600
_MOST_FILES: Final = 12


@dataclass(frozen=True, slots=True)
class _Sent:
    """One form on its way: who sends it for which party, and what was typed."""

    request: Request
    caller: Caller
    station: Station
    stage: Stage
    whose: Party
    form: FormData
    typed: dict[str, str] = field(default_factory=dict)


@router.api_route("/stages/{name}/form", methods=PAGE)
def former_form(name: str, request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Lead to where the form is now."""
    if _named(name) is None:
        return page(request, "not_found.html", status=404)
    return RedirectResponse(Reader.of(request).link(f"/workbench/steps/{name}"), HTTPStatus.MOVED_PERMANENTLY)


@router.api_route("/workbench/steps", methods=PAGE)
def step_chooser(request: Request, caller: Clerk) -> Response:
    """Ask which step is to be recorded."""
    return work_page(request, caller, "work_steps.html", area=_AREA, parts={"groups": STAGE_GROUPS})


@router.api_route("/workbench/steps/{name}", methods=PAGE)
def step_form(name: str, request: Request, caller: Clerk, station: TheStation) -> Response:
    """Ask for everything a step of this stage says; the address may prefill any box."""
    stage = _named(name)
    if stage is None:
        return page(request, "not_found.html", status=404)
    asked = request.query_params
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        begun = _begun(session, station, stage, whose)
    typed = begun | typed_of(stage, asked.multi_items())
    return _asked(_Sent(request, caller, station, stage, whose, FormData(), typed), Filled(typed=typed))


@router.post("/workbench/steps/{name}")
async def step_sent(name: str, request: Request, caller: Clerk, station: TheStation) -> Response:
    """Record the step and lead to it, or show what is wrong beside everything that was typed."""
    stage = _named(name)
    if stage is None:
        return page(request, "not_found.html", status=404)
    async with request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES) as form:
        with station.backlog.room():
            return await run_in_threadpool(_answered, request, caller, station, stage, form)


@router.api_route("/workbench/steps/{name}/recorded/{step_id}", methods=PAGE)
def step_recorded(name: str, step_id: str, request: Request, caller: Clerk, station: TheStation) -> Response:  # noqa: ARG001  says which stage it is of
    """Show a step its own party recorded, with its receipt and what usually follows; 404 for another's."""
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        view = recorded_step(session, step_id, whose.uscc)
        parts = recorded_parts(session, view, whose.uscc, ())
    return work_page(request, caller, "work_recorded.html", area=_AREA, parts=parts)


def _answered(request: Request, caller: Caller, station: Station, stage: Stage, form: FormData) -> Response:
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
    sent = _Sent(request, caller, station, stage, whose, form, typed_of(stage, form.multi_items()))
    more = form.get("more")
    if isinstance(more, str):
        return _asked(sent, Filled(typed=sent.typed, more=more, extra=MORE))
    try:
        return _recorded(sent)
    except DaodiError as fault:
        found = step_wrongs(stage, each_of(fault), language_of(request))
        return _asked(sent, Filled(typed=sent.typed, wrongs=found))


def _recorded(sent: _Sent) -> Response:
    station, stage, party = sent.station, sent.stage, sent.whose.uscc
    sent.typed.update(keep_named(station, stage, party, sent.form))
    new = read_step_row(row_of(stage, party, sent.typed))
    done, _ = record(station, new)
    try:
        keep_photos(station, stage, party, sent.form, done.step_id, done.lots)
    except DaodiError as fault:
        return _without_photos(sent, done.step_id, fault)
    recorded = f"/workbench/steps/{stage.value}/recorded/{done.step_id}"
    return RedirectResponse(reader_of(sent.request, sent.caller).link(recorded), HTTPStatus.SEE_OTHER)


def _without_photos(sent: _Sent, step_id: str, fault: DaodiError) -> Response:
    """Say that the step is on record and a photo of it is not, with the reason."""
    found = wrongs(each_of(fault), language_of(sent.request))
    with sent.station.database.read() as session:
        view = recorded_step(session, step_id, sent.whose.uscc)
        parts = recorded_parts(session, view, sent.whose.uscc, found)
    return work_page(sent.request, sent.caller, "work_recorded.html", area=_AREA, parts=parts)


def _asked(sent: _Sent, filled: Filled) -> Response:
    language = language_of(sent.request)
    with sent.station.database.read() as session:
        choices = choices_of(session, sent.whose.uscc, sent.stage, words_in(language))
    parts: Mapping[str, object] = {
        **form_parts(sent.stage, choices, filled, language),
        "boxes": boxes(sent.stage, filled, choices, language),
        "client_id": filled.typed.get("id") or str(uuid.UUID(bytes=sent.station.randomness(16), version=4)),
        "photos_seen": sent.form.get(SEEN_BY) or "partner",
    }
    status = 422 if filled.wrongs else 200
    return work_page(sent.request, sent.caller, "work_step.html", area=_AREA, status=status, parts=parts)


def _begun(session: Session, station: Station, stage: Stage, whose: Party) -> dict[str, str]:
    places = [each.place_id for each in places_of(session, whose.uscc)]
    return defaults(stage, station.clock(), station.randomness(2).hex(), places)


def _named(name: str) -> Stage | None:
    return next((each for each in Stage if each.value == name), None)
