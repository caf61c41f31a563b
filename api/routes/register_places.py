"""Places 地点 and their registers: outlines, changes, standing, transfer."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from api.callers import Anyone, Caller, Clerk, Supervisor, TheStation
from api.errors import NotARegulator, ScopeMissing, TokenMissing, TokenRefused
from api.languages import language_of
from api.problems import problems
from api.routes.register_answers import Declared, OutlineAnswer, PlaceAnswer
from api.routes.registers import REFUSED, SUPERVISED, Because, TransferAsked, by_party, by_regulator
from api.station import Station
from api.web.conditional import MATCH_HEADER, conditional_model, require_match
from api.web.precondition_errors import ChangedMeanwhile
from trace.errors import AlreadyRegistered, BadIdentifier, UnknownMarket, UnknownParty, UnknownPlace
from trace.places import PlaceNew, place
from trace.registers.changes import PlaceChange, change_place
from trace.registers.outlines import OutlineNew, exact_outline, outline, outline_place
from trace.registers.register_errors import (
    BadOutline,
    BadValidity,
    DivisionRetired,
    NothingChanged,
    NotItsParty,
    StandingUnchanged,
    SuspensionNotYours,
)
from trace.registers.register_reading import place_shown
from trace.registers.register_words import Registered
from trace.registers.ring import SCALE
from trace.registers.standing import close, resume, suspend
from trace.registers.transfers import transfer_place

router = APIRouter(prefix="/v1/places", tags=["registers"])

PlaceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="Id of the place.")]


class PlaceTransferAsked(TransferAsked):
    """To whom a place goes, and when."""

    day: date | None = Field(None, description="First day; today when left out.")


class ExactOutline(BaseModel):
    """The outline of a place as GeoJSON; for regulators."""

    type: str = "Polygon"
    coordinates: list[list[list[str]]] = Field(description="Degrees as text: longitude, latitude (WGS 84).")
    statement_id: str


@router.post(
    "",
    summary="Register a place",
    status_code=HTTPStatus.CREATED,
    response_model=PlaceAnswer,
    responses=problems(
        *REFUSED, UnknownParty, UnknownMarket, BadIdentifier, AlreadyRegistered, DivisionRetired
    ),
)
def add_place(new: PlaceNew, request: Request, caller: Clerk, station: TheStation) -> PlaceAnswer:
    """Register a place of a party; its address enters the log as a salted digest only."""
    caller.must_speak_for(new.party)
    recorder, now_ms = station.recorder, station.clock()
    made = station.writer.submit(lambda session: recorder.register_place(session, new, now_ms))
    return _shown(station, made.place_id, request)


@router.get(
    "/{place_id}", summary="Show a place", response_model=PlaceAnswer, responses=problems(UnknownPlace)
)
def show_place(place_id: PlaceId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return a place with its area, standing and history; never its address or exact outline.

    Its `ETag` is what a change names.
    """
    return conditional_model(request, _shown(station, place_id, request))


@router.post(
    "/{place_id}/outlines",
    summary="Outline a place",
    status_code=HTTPStatus.CREATED,
    response_model=OutlineAnswer,
    responses=problems(*REFUSED, UnknownPlace, NotItsParty, BadOutline),
)
def draw_outline(place_id: PlaceId, new: OutlineNew, caller: Clerk, station: TheStation) -> OutlineAnswer:
    """State the outline of a place; the area is computed and public, the outline is for regulators."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    by = _owner(station, place_id, caller)
    made = station.writer.submit(
        lambda session: outline_place(session, declarer, place_id, new, at_ms=now_ms, by=by)
    )
    return OutlineAnswer.of(made)


@router.get(
    "/{place_id}/outline",
    summary="Exact outline of a place",
    response_model=ExactOutline,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, NotARegulator, UnknownPlace),
)
def show_outline(place_id: PlaceId, caller: Supervisor, station: TheStation) -> ExactOutline:  # noqa: ARG001  declares who may call
    """Return the outline itself; for a regulator, or the operator."""
    with station.database.read() as session:
        known = outline(session, place_id)
        ring = None if known is None else exact_outline(session, station.recorder.vault, known.statement_id)
    if known is None or ring is None:
        raise UnknownPlace(place=place_id)
    positions = [[_degrees(longitude), _degrees(latitude)] for longitude, latitude in ring]
    return ExactOutline(coordinates=[positions], statement_id=known.statement_id)


@router.post(
    "/{place_id}/changes",
    summary="Change a place",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(
        *REFUSED,
        UnknownPlace,
        UnknownMarket,
        NothingChanged,
        BadValidity,
        BadIdentifier,
        DivisionRetired,
        ChangedMeanwhile,
    ),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def amend_place(
    place_id: PlaceId, new: PlaceChange, request: Request, caller: Clerk, station: TheStation
) -> Declared:
    """State a new name, division code or market; what held before is kept with its dates."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    by = _owner(station, place_id, caller)

    def work(session: Session) -> str:
        require_match(request, lambda: _read(session, place_id, request))
        return change_place(session, declarer, place_id, new, at_ms=now_ms, by=by)

    return Declared(statement_id=station.writer.submit(work))


@router.post(
    "/{place_id}/transfers",
    summary="Transfer a place",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*REFUSED, UnknownPlace, UnknownParty, NotItsParty, NothingChanged, BadValidity),
)
def hand_over_place(
    place_id: PlaceId, asked: PlaceTransferAsked, caller: Clerk, station: TheStation
) -> Declared:
    """State that another party runs a place."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    by = _owner(station, place_id, caller)
    stated = station.writer.submit(
        lambda session: transfer_place(
            session, declarer, place_id, asked.to, day=asked.day, at_ms=now_ms, by=by
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/{place_id}/suspensions",
    summary="Suspend a place",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*SUPERVISED, UnknownPlace, StandingUnchanged),
)
def suspend_place(place_id: PlaceId, asked: Because, caller: Supervisor, station: TheStation) -> Declared:
    """State that nothing may be done at a place from now on."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    by = by_regulator(caller)
    stated = station.writer.submit(
        lambda session: suspend(
            session, declarer, Registered.PLACE, place_id, reason=asked.reason, at_ms=now_ms, by=by
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/{place_id}/resumptions",
    summary="Let a place be used again",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*SUPERVISED, UnknownPlace, StandingUnchanged, SuspensionNotYours),
)
def resume_place(place_id: PlaceId, asked: Because, caller: Supervisor, station: TheStation) -> Declared:
    """State that a suspended place may be used again."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    by = by_regulator(caller)
    stated = station.writer.submit(
        lambda session: resume(
            session, declarer, Registered.PLACE, place_id, reason=asked.reason, at_ms=now_ms, by=by
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/{place_id}/closings",
    summary="Close a place",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*REFUSED, UnknownPlace, StandingUnchanged),
)
def close_place(place_id: PlaceId, asked: Because, caller: Clerk, station: TheStation) -> Declared:
    """State that a place is closed for good."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    by = _owner(station, place_id, caller)
    stated = station.writer.submit(
        lambda session: close(
            session, declarer, Registered.PLACE, place_id, reason=asked.reason, at_ms=now_ms, by=by
        )
    )
    return Declared(statement_id=stated)


def _owner(station: Station, place_id: str, caller: Caller) -> str | None:
    """Return who states something about a place: its party, or None for the operator."""
    with station.database.read() as session:
        owner = place(session, place_id).party
    caller.must_speak_for(owner)
    return by_party(caller, owner)


def _shown(station: Station, place_id: str, request: Request) -> PlaceAnswer:
    with station.database.read() as session:
        return _read(session, place_id, request)


def _read(session: Session, place_id: str, request: Request) -> PlaceAnswer:
    return PlaceAnswer.shown(place_shown(session, place_id), language_of(request))


def _degrees(number: int) -> str:
    whole, part = divmod(abs(number), SCALE)
    return f"{'-' if number < 0 else ''}{whole}.{part:07d}"
