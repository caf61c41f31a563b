"""Draws 双随机 on the desk: announce, reveal the seed and draw, verify; with what proves each."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from api.callers import Caller, Supervisor, TheStation
from api.languages import language_of
from api.routes.desk_sending import led_on, sent
from api.routes.inspections import SeedRevealed, acting_as
from api.routes.pages import PAGE
from api.station import Station
from api.web.desk_asked import asked_of
from api.web.desk_frame import desk_page
from api.web.desk_inspections import candidates_table, draws_table, picks_table
from api.web.desk_typed import Typed, checked, faults_in, said_of
from api.web.words import words_in
from api.web.work_frame import reader_of
from ledger import log
from ledger.errors import DaodiError, NoCheckpointYet
from trace.integrity import draws
from trace.integrity.draw_reading import draw, draw_ids
from trace.integrity.draw_verification import VerifiedDraw, verify_draw
from trace.integrity.draws import DrawNew
from trace.integrity.ranking import scored_periods
from trace.supervision.party_seats import seats

router = APIRouter(include_in_schema=False)

DrawId = Annotated[str, Path(max_length=64, pattern=r"^draw-[0-9a-f]{32}$")]
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class _Proof:
    """What drawing again from the log alone says of a draw that was made."""

    verified: VerifiedDraw | None
    fault: str
    """What does not follow, in the reader's language; empty where all does."""


@router.api_route("/desk/draws", methods=PAGE)
def draws_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show draws, and the form that announces one."""
    return _all(request, caller, station, Typed({}))


@router.post("/desk/draws")
async def draw_announced(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Announce a draw: the list with everybody's odds, and the hash of a seed that stays with who draws."""

    def answer(typed: Typed) -> Response:
        try:
            new, by = checked(DrawNew, _told(typed)), acting_as(caller)
            draw_id = station.writer.submit(
                lambda session: draws.announce(session, station.recorder.declarer, new, by, station.clock())
            )
        except DaodiError as fault:
            return _all(request, caller, station, typed, fault)
        return led_on(request, caller, f"/desk/draws/{draw_id}", "announced")

    return await sent(request, station, answer)


@router.api_route("/desk/draws/{draw_id}", methods=PAGE)
def draw_page(draw_id: DrawId, request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show a draw, what came of it, and the check of it; raises `UnknownDraw`."""
    return _one(draw_id, request, caller, station)


@router.post("/desk/draws/{draw_id}")
async def draw_made(draw_id: DrawId, request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Reveal the seed and draw, once the log has grown to the size announced."""

    def answer(typed: Typed) -> Response:
        try:
            seed = bytes.fromhex(checked(SeedRevealed, {"seed": typed["seed"].lower()}).seed)
            by = acting_as(caller)
            station.writer.submit(
                lambda session: draws.make(
                    session, station.recorder.declarer, draw_id, seed, by, station.clock()
                )
            )
        except DaodiError as fault:
            return _one(draw_id, request, caller, station, fault)
        return led_on(request, caller, f"/desk/draws/{draw_id}", "drawn")

    return await sent(request, station, answer)


def _told(typed: Typed) -> dict[str, Any]:
    return {
        "period": typed["scores"],
        "commitment": typed["commitment"].lower(),
        "inspectors": typed.lines("inspectors"),
        "parties": typed.number("parties"),
        "inspectors_each": typed.number("inspectors_each"),
        "area": typed["area"],
        "rested_since_ms": typed.day_over_ms("rested_since_ms"),
        "margin": typed.number("margin"),
    }


def _all(
    request: Request, caller: Caller, station: Station, typed: Typed, fault: DaodiError | None = None
) -> Response:
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        found = [draw(session, each) for each in draw_ids(session, limit=_SHOWN)]
        scored = scored_periods(session)
    return desk_page(
        request,
        caller,
        asked,
        "draws",
        template="desk_draws.html",
        tables=(draws_table(found, reader_of(request, caller), words),),
        faults=() if fault is None else faults_in(fault),
        parts={"typed": typed, "inspectors": "\n".join(typed.lines("inspectors")), "scored": scored},
    )


def _one(
    draw_id: str, request: Request, caller: Caller, station: Station, fault: DaodiError | None = None
) -> Response:
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader = reader_of(request, caller)
    with station.database.read() as session:
        found = draw(session, draw_id)
        known = seats(session, (each.name for each in found.candidates))
        proof = None if found.done_ms is None else _proved(session, draw_id, request)
        size = _log_size(session)
    tables = [candidates_table(found, known, reader, words)]
    if found.done_ms is not None:
        tables.insert(0, picks_table(found, known, reader, words))
    return desk_page(
        request,
        caller,
        asked,
        "draws",
        template="desk_draw.html",
        tables=tables,
        faults=() if fault is None else faults_in(fault),
        parts={"found": found, "proof": proof, "size": size, "regulator": found.by_party or "–"},
        said=said_of(request, words),
    )


def _proved(session: Session, draw_id: str, request: Request) -> _Proof:
    try:
        return _Proof(verify_draw(session, draw_id), "")
    except DaodiError as fault:
        return _Proof(None, fault.message(language_of(request)))


def _log_size(session: Session) -> int:
    """Return how many entries the newest checkpoint covers; 0 before the first."""
    try:
        return log.checkpoint(session).size
    except NoCheckpointYet:
        return 0
