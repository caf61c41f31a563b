"""Registering a place or a licence of one's own party by a small form of the workbench."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Caller, Clerk, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.station import Station
from api.web.step_form import Box, Filled
from api.web.words import Words, words_in
from api.web.work_ask import ask, read_model, small_wrongs, typed_in
from api.web.work_frame import reader_of, work_page
from api.web.work_party import PartyAsked, ask_party, party_wanted
from ledger.errors import DaodiError
from trace.divisions import all_divisions, code_named
from trace.parties import Party
from trace.places import PlaceNew
from trace.registers.licences import LicenceNew, licences, register_licence
from trace.registers.register_words import LicenceKind

router = APIRouter(include_in_schema=False)

_AREA: Final = "waiting"
_PLACE: Final = ("place_id", "name", "division", "market", "address")
_LICENCE: Final = ("kind", "number", "issuer", "valid_from", "valid_until")
_MOST_FIELDS: Final = 20


@dataclass(frozen=True, slots=True)
class _Form:
    """A small form: its template, its boxes, and what becomes of it."""

    template: str
    path: str
    names: Sequence[str]
    boxes: Callable[[Filled, Words], list[Box]]
    keep: Callable[[Station, Party, dict[str, str]], str]
    """Write it; returns the address to go on to."""


def _place_boxes(filled: Filled, words: Words) -> list[Box]:
    return [
        ask("name", words("work_register.place_name"), filled, hint=words("work_register.place_name_hint")),
        ask("place_id", words("work_register.place_id"), filled, hint=words("work_register.place_id_hint")),
        ask(
            "division",
            words("work_register.division"),
            filled,
            hint=words("work_register.division_hint"),
            suggest="divisions",
        ),
        ask("market", words("work_register.market"), filled, required=False),
        ask(
            "address",
            words("work_register.address"),
            filled,
            hint=words("work_register.address_hint"),
            required=False,
        ),
    ]


def _licence_boxes(filled: Filled, words: Words) -> list[Box]:
    kinds = [(kind.value, kind.words(words.language)) for kind in LicenceKind]
    return [
        ask("kind", words("work_register.licence_kind"), filled, options=kinds),
        ask("number", words("work_register.licence_number"), filled),
        ask("issuer", words("work_register.issuer"), filled),
        ask("valid_from", words("work_register.valid_from"), filled, kind="date"),
        ask("valid_until", words("work_register.valid_until"), filled, kind="date", required=False),
    ]


def _keep_place(station: Station, whose: Party, typed: dict[str, str]) -> str:
    division = typed.get("division", "")
    named = {"division": code_named(division) or division} if division else {}
    new = read_model(PlaceNew, {**typed, **named, "party": whose.uscc})
    recorder, now_ms = station.recorder, station.clock()
    station.writer.submit(lambda session: recorder.register_place(session, new, now_ms))
    return "/workbench"


def _keep_licence(station: Station, whose: Party, typed: dict[str, str]) -> str:
    new = read_model(LicenceNew, typed)
    declarer, now_ms = station.recorder.declarer, station.clock()
    station.writer.submit(lambda session: register_licence(session, declarer, whose.uscc, new, now_ms))
    return "/workbench/licences"


_PLACE_FORM: Final = _Form("work_place.html", "/workbench/places/new", _PLACE, _place_boxes, _keep_place)
_LICENCE_FORM: Final = _Form(
    "work_licences.html", "/workbench/licences", _LICENCE, _licence_boxes, _keep_licence
)


@router.api_route("/workbench/places/new", methods=PAGE)
def place_form(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Ask for a new place of the party."""
    return _asked(_PLACE_FORM, request, caller, station)


@router.post("/workbench/places/new")
async def place_sent(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Register the place, or say what is wrong with it."""
    return await _sent(_PLACE_FORM, request, caller, station)


@router.api_route("/workbench/licences", methods=PAGE)
def licence_form(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Show the licences of the party and ask for a new one."""
    return _asked(_LICENCE_FORM, request, caller, station)


@router.post("/workbench/licences")
async def licence_sent(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Register the licence, or say what is wrong with it."""
    return await _sent(_LICENCE_FORM, request, caller, station)


async def _sent(which: _Form, request: Request, caller: Caller, station: Station) -> Response:
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        with station.backlog.room():
            return await run_in_threadpool(_kept, which, request, caller, station, form)


def _kept(which: _Form, request: Request, caller: Caller, station: Station, form: FormData) -> Response:
    typed = typed_in(form, which.names)
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
    try:
        onward = which.keep(station, whose, typed)
    except DaodiError as fault:
        wrongs = small_wrongs(fault, which.names, language_of(request))
        return _asked(which, request, caller, station, Filled(typed=typed, wrongs=wrongs))
    return RedirectResponse(reader_of(request, caller).link(onward, done="kept"), HTTPStatus.SEE_OTHER)


def _asked(
    which: _Form, request: Request, caller: Caller, station: Station, filled: Filled | None = None
) -> Response:
    words, shown = words_in(language_of(request)), filled or Filled(typed={})
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        held = licences(session, whose.uscc)
    parts = {
        "boxes": which.boxes(shown, words),
        "path": which.path,
        "wrongs": shown.wrongs,
        "licences": held,
        "divisions": [each for each in all_divisions() if each.level == "county" and not each.last_year],
        "now_ms": station.clock(),
    }
    said = words("work_register.kept") if "done" in request.query_params and not shown.wrongs else ""
    status = 422 if shown.wrongs else 200
    return work_page(request, caller, which.template, area=_AREA, status=status, parts=parts, said=said)
