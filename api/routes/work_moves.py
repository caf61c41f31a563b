"""Shipping and receiving by pages of the workbench, on top of the rules of shipment and receipt."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Caller, Clerk, TheStation
from api.errors import NoSuchAddress
from api.languages import language_of
from api.routes.pages import PAGE
from api.station import Station
from api.web.formats import local
from api.web.step_faults import Wrong, step_wrongs
from api.web.step_form import lot_words
from api.web.step_lines import UNITS
from api.web.words import words_in
from api.web.work_ask import typed_in
from api.web.work_frame import reader_of, work_page
from api.web.work_party import PartyAsked, ask_party, party_wanted
from api.web.work_receipt import ACCEPT, REFUSE, Receipt, names_of, record_all, steps_of
from ledger.errors import DaodiError
from trace.dealings import lots_to_choose, other_sides, places_of
from trace.flows import FLOWS
from trace.parties import Party
from trace.profiles import profile
from trace.read_rows import each_of
from trace.shipments import consignments, received, sent, was_received_by
from trace.vocabulary import Stage
from trace.waiting import awaited, packs_awaited

router = APIRouter(include_in_schema=False)

_MOST_FIELDS: Final = 700
_SHOWN: Final = 20
_DONE: Final = frozenset({ACCEPT, REFUSE})


@dataclass(frozen=True, slots=True)
class _Filled:
    """What was typed for one consignment, and what is wrong with it."""

    shipped_step: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    wrongs: Sequence[Wrong] = ()


@router.api_route("/workbench/ship", methods=PAGE)
def ship_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Let lots or codes and the receiver be chosen, and show what is on the way."""
    asked, language = request.query_params, language_of(request)
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, "ship", whose)
        lots = lots_to_choose(session, whose.uscc, FLOWS[Stage.SHIP].takes)
        parts = {
            "lots": [(lot, lot_words(lot, language)) for lot in lots],
            "sides": other_sides(session, whose.uscc),
            "sent": sent(session, whose.uscc),
        }
    chosen = {name: asked.get(name, "") for name in ("codes", "counterparty")}
    named = {lot for each in asked.getlist("lots") for lot in each.replace("；", ";").split(";")}
    parts |= {"chosen": chosen, "named": {each.partition("=")[0].strip() for each in named}}
    return work_page(request, caller, "work_ship.html", area="ship", parts=parts)


@router.api_route("/workbench/receive", methods=PAGE)
def receive_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Show what was shipped to the party, each consignment with a form to accept or refuse it."""
    return _shown(request, caller, station, _Filled())


@router.post("/workbench/receive/{shipped_step}")
async def receive_sent(
    shipped_step: Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")],
    request: Request,
    caller: Clerk,
    station: TheStation,
) -> Response:
    """Record the receipt, and the return where it is refused; 404 for goods that go to others."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        with station.backlog.room():
            return await run_in_threadpool(_received, shipped_step, request, caller, station, form)


def _received(
    shipped_step: str, request: Request, caller: Caller, station: Station, form: FormData
) -> Response:
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, "receive", whose)
        found = {each.shipped_step: each for each in consignments(awaited(session, whose.uscc))}
    reader, do = reader_of(request, caller), str(form.get("do"))
    onward = RedirectResponse(reader.link("/workbench/receive", done=do), HTTPStatus.SEE_OTHER)
    consignment = found.get(shipped_step)
    if consignment is None:
        return _gone(station, whose, shipped_step, onward)
    typed = typed_in(form, names_of(consignment))
    try:
        record_all(station, steps_of(Receipt(consignment, whose.uscc, typed), do))
    except DaodiError as fault:
        stage = Stage.RETURN if do == REFUSE else Stage.RECEIVE
        wrongs = step_wrongs(stage, each_of(fault), language_of(request))
        return _shown(request, caller, station, _Filled(shipped_step, tuple(typed.items()), wrongs))
    return onward


def _gone(station: Station, whose: Party, shipped_step: str, onward: Response) -> Response:
    """Answer for goods that do not wait: sent twice it is no fault, and another's goods are not there."""
    with station.database.read() as session:
        if was_received_by(session, shipped_step, whose.uscc):
            return onward
    raise NoSuchAddress


def _shown(request: Request, caller: Caller, station: Station, filled: _Filled) -> Response:
    words, asked = words_in(language_of(request)), request.query_params
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, "receive", whose)
        parts = {
            "consignments": consignments(awaited(session, whose.uscc))[:_SHOWN],
            "packs": packs_awaited(session, whose.uscc),
            "places": places_of(session, whose.uscc),
            "received": received(session, whose.uscc),
        }
    chinese = words.language == "zh"
    reasons = profile(Stage.RETURN).by_name["reason"].choices
    parts |= {
        "reasons": [(each.key, each.zh if chinese else each.en) for each in reasons],
        "units": UNITS,
        "now": local(station.clock()).strftime("%Y-%m-%dT%H:%M"),
        "new_id": lambda: str(uuid.UUID(bytes=station.randomness(16), version=4)),
        "filled": filled,
        "typed": defaultdict(str, filled.typed),
    }
    done = asked.get("done", "")
    said = words(f"work_move.done_{done}") if done in _DONE and not filled.wrongs else ""
    status = 422 if filled.wrongs else 200
    return work_page(
        request, caller, "work_receive.html", area="receive", status=status, parts=parts, said=said
    )
