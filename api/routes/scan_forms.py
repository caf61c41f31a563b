"""The forms behind a scan page: the PIN under the scratch layer, and a complaint. Whole without a script."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import ValidationError

from api.callers import Anyone, TheStation
from api.pin_checks import check
from api.routes.lookup import NOT_OURS, state_of_code
from api.routes.pages import PAGE
from api.station import Station
from api.web.site import page
from trace.coding.code_reading import CodeState
from trace.coding.trace_code import grouped
from trace.integrity.complaints import Category, ComplaintNew, file_complaint
from trace.scanning.pin_attempts import PinOutcome

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Path(max_length=10_000)]
_TONES: Final[Mapping[PinOutcome, str]] = {
    PinOutcome.MATCHES: "good",
    PinOutcome.WRONG: "bad",
    PinOutcome.CLOSED: "doubt",
}


@router.api_route("/s/{code}/pin", methods=PAGE)
def pin_page(code: Code, request: Request, caller: Anyone, station: TheStation) -> Response:
    """Ask for the PIN under the scratch layer."""
    try:
        known = state_of_code(station, code, caller)
    except NOT_OURS:
        return page(request, "no_code.html", status=404)
    return page(request, "pin.html", parts=_pin_parts(known))


@router.post("/s/{code}/pin")
def pin_checked(
    code: Code,
    request: Request,
    caller: Anyone,
    station: TheStation,
    pin: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Say whether the PIN is that of the code, and whether somebody read it before."""
    try:
        known = state_of_code(station, code, caller)
    except NOT_OURS:
        return page(request, "no_code.html", status=404)
    if not pin.strip():
        return page(request, "pin.html", parts=_pin_parts(known))
    answer = check(station, known, pin[:40], caller)
    again = "_again" if answer.outcome is PinOutcome.MATCHES and answer.matched_before else ""
    shown = {
        "answer": answer,
        "tone": "doubt" if again else _TONES[answer.outcome],
        "sentence": f"{answer.outcome.value}{again}",
    }
    return page(request, "pin.html", parts=_pin_parts(known) | shown)


@router.api_route("/s/{code}/complain", methods=PAGE)
def complain_page(code: Code, request: Request, caller: Anyone, station: TheStation) -> Response:
    """Ask what is wrong with a pack."""
    try:
        known = state_of_code(station, code, caller)
    except NOT_OURS:
        return page(request, "no_code.html", status=404)
    return page(request, "complain.html", parts=_complain_parts(known))


@router.post("/s/{code}/complain")
def complained(
    code: Code,
    request: Request,
    caller: Anyone,
    station: TheStation,
    category: Annotated[str, Form(max_length=40)] = "",
    words: Annotated[str, Form(max_length=4000)] = "",
    contact: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """File the complaint, and give its number; what is missing is asked for again, nothing typed is lost."""
    try:
        known = state_of_code(station, code, caller)
    except NOT_OURS:
        return page(request, "no_code.html", status=404)
    typed = {"category": category, "words": words, "contact": contact}
    try:
        new = ComplaintNew.model_validate(
            {
                "category": category,
                "words": " ".join(words.split()),
                "contact": contact.strip() or None,
                "code": known.code,
            }
        )
    except ValidationError as error:
        wrong = [str(each["loc"][0]) for each in error.errors()]
        return page(request, "complain.html", status=422, parts=_complain_parts(known, typed, wrong))
    station.limiter.count("complaint", caller.address)
    return page(request, "complained.html", parts={"number": _filed(station, new, known), "code": known.code})


def _filed(station: Station, new: ComplaintNew, known: CodeState) -> str:
    return station.writer.submit(
        lambda session: file_complaint(
            session, station.recorder.declarer, new, station.clock(), lot_of_code=known.lot_id
        )
    )


def _pin_parts(known: CodeState) -> dict[str, object]:
    return {"code": known.code, "printed": grouped(known.code), "answer": None, "tone": "", "sentence": ""}


def _complain_parts(
    known: CodeState, typed: Mapping[str, str] | None = None, wrong: list[str] | None = None
) -> dict[str, object]:
    return {
        "code": known.code,
        "printed": grouped(known.code),
        "categories": tuple(Category),
        "typed": typed or {"category": "", "words": "", "contact": ""},
        "wrong": wrong or [],
    }
