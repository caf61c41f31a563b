"""Inspections 日常检查 and draws 双随机: what regulators do, open to everybody's eyes."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Anyone, Caller, Supervisor, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.vocabulary import Named
from api.web.conditional import conditional_model
from api.web.formats import local, moment_or_none
from ledger.errors import Language, NoCheckpointYet
from trace.errors import UnknownParty
from trace.integrity import draws
from trace.integrity.draw_reading import Draw, draw, draw_ids
from trace.integrity.draw_verification import verify_draw
from trace.integrity.draws import DrawNew
from trace.integrity.inspections import Inspection, InspectionNew, find, inspections
from trace.integrity.integrity_errors import (
    BadInspection,
    DrawDone,
    DrawFalse,
    DrawNotOpenToChance,
    DrawTooEarly,
    EmptyDraw,
    NoScores,
    NotByRegulator,
    SeedDiffers,
    UnknownDraw,
)

router = APIRouter(prefix="/v1", tags=["integrity"])

DrawId = Annotated[str, Path(max_length=64, pattern=r"^draw-[0-9a-f]{32}$", description="Id of the draw.")]
Party = Annotated[str | None, Query(min_length=18, max_length=18, description="USCC of a party.")]


class Stated(BaseModel):
    """What was stated."""

    statement_id: str = Field(description="Its receipt stands at /v1/receipts/{statement_id}.")


class SubjectAnswer(BaseModel):
    """One subject of an inspection."""

    subject: Named
    outcome: Named


class InspectionAnswer(BaseModel):
    """An inspection."""

    inspection: str
    party: str
    by: str = Field(description="USCC of the regulator; empty where the operator entered it.")
    role: str
    result: Named
    subjects: list[SubjectAnswer]
    lots: list[str]
    points: int
    document: str | None
    due: datetime | None
    draw: str | None
    follows: str | None
    found: datetime

    @classmethod
    def of(cls, one: Inspection, language: Language) -> "InspectionAnswer":
        """Return an inspection in the answer's language."""
        return cls(
            inspection=one.inspection_id,
            party=one.party,
            by=one.by_party,
            role=one.role,
            result=Named.of(one.result, language),
            subjects=[
                SubjectAnswer(subject=Named.of(subject, language), outcome=Named.of(outcome, language))
                for subject, outcome in one.subjects
            ],
            lots=list(one.lots),
            points=one.points,
            document=one.document,
            due=moment_or_none(one.due_ms),
            draw=one.draw,
            follows=one.follows,
            found=local(one.found_ms, 0),
        )


class InspectionsAnswer(BaseModel):
    """Inspections, the newest first."""

    inspections: list[InspectionAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class PickAnswer(BaseModel):
    """A party drawn, and who inspects it."""

    party: str
    inspectors: list[str] = Field(description="The regulator's own numbers of them.")


class DrawAnswer(BaseModel):
    """A draw as announced, and what came of it."""

    draw: str
    by: str
    period: str
    commitment: str = Field(description="SHA-256 of the seed.")
    list_digest: str
    listed: int = Field(
        description="Parties on the list; the list itself is in the `draw.listed` statements."
    )
    parties: int
    inspectors_each: int
    beacon_size: int = Field(description="Size of the log whose root the draw awaits.")
    announced: datetime
    seed: str | None = Field(description="Null until it is drawn.")
    root: str | None
    picks: list[PickAnswer]
    done: datetime | None

    @classmethod
    def of(cls, one: Draw) -> "DrawAnswer":
        """Return a draw."""
        return cls(
            draw=one.draw_id,
            by=one.by_party,
            period=one.period,
            commitment=one.commitment,
            list_digest=one.list_digest,
            listed=len(one.candidates),
            parties=one.parties,
            inspectors_each=one.inspectors_each,
            beacon_size=one.beacon_size,
            announced=local(one.announced_ms, 0),
            seed=one.seed,
            root=one.root,
            picks=[PickAnswer(party=each.party, inspectors=list(each.inspectors)) for each in one.picks],
            done=moment_or_none(one.done_ms),
        )


class DrawsAnswer(BaseModel):
    """Draws, the newest first."""

    draws: list[str]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class VerifiedAnswer(BaseModel):
    """A draw that follows from its announcement."""

    draw: str
    listed: int
    others: int = Field(description="Entries of others between announcement and root: what made it chance.")
    picks: list[PickAnswer]


class SeedRevealed(BaseModel):
    """The seed the announcement committed to."""

    model_config = ConfigDict(extra="forbid")

    seed: str = Field(pattern=r"^[0-9a-f]{64}$", description="32 bytes in hexadecimal digits.")


@router.get(
    "/inspections",
    summary="List inspections",
    response_model=InspectionsAnswer,
    responses=problems(FieldWrong),
)
def list_inspections(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    party: Party = None,
    limit: Limit = 100,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return inspections, newest first, of one party where given."""
    after = None if next is None else str(*read_cursor(next, (str,)))
    with station.database.read() as session:
        found = inspections(session, party, limit=limit + 1, after=after)
    shown, following = split(found, limit, lambda each: (each.inspection_id,))
    language = language_of(request)
    told = [InspectionAnswer.of(each, language) for each in shown]
    return conditional_model(request, InspectionsAnswer(inspections=told, next=following))


@router.post(
    "/inspections",
    summary="Enter an inspection",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotByRegulator, UnknownParty, BadInspection, WriterClosed
    ),
)
def enter_inspection(new: InspectionNew, caller: Supervisor, station: TheStation) -> Stated:
    """State what an inspection found; names of inspectors and remarks are kept private."""
    by = acting_as(caller)
    return Stated(
        statement_id=station.writer.submit(
            lambda session: find(session, station.recorder.declarer, new, by, station.clock())
        )
    )


@router.get(
    "/draws",
    summary="List draws of inspections",
    response_model=DrawsAnswer,
    responses=problems(FieldWrong),
)
def list_draws(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = 100,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return the ids of draws, the newest first."""
    after = None if next is None else str(*read_cursor(next, (str,)))
    with station.database.read() as session:
        found = draw_ids(session, limit=limit + 1, after=after)
    shown, following = split(found, limit, lambda each: (each,))
    return conditional_model(request, DrawsAnswer(draws=shown, next=following))


@router.post(
    "/draws",
    summary="Announce a draw of inspections",
    status_code=HTTPStatus.CREATED,
    response_model=DrawAnswer,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotByRegulator, NoScores, EmptyDraw, WriterClosed
    ),
)
def announce(new: DrawNew, caller: Supervisor, station: TheStation) -> DrawAnswer:
    """State the list with everybody's odds and the hash of a seed you keep; nobody can choose after that."""
    by = acting_as(caller)
    draw_id = station.writer.submit(
        lambda session: draws.announce(session, station.recorder.declarer, new, by, station.clock())
    )
    with station.database.read() as session:
        return DrawAnswer.of(draw(session, draw_id))


@router.get(
    "/draws/{draw_id}", summary="Read a draw", response_model=DrawAnswer, responses=problems(UnknownDraw)
)
def read_draw(draw_id: DrawId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return a draw as announced and, once drawn, its result."""
    with station.database.read() as session:
        return conditional_model(request, DrawAnswer.of(draw(session, draw_id)))


@router.post(
    "/draws/{draw_id}/result",
    summary="Reveal the seed and draw",
    status_code=HTTPStatus.CREATED,
    response_model=DrawAnswer,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotByRegulator,
        UnknownDraw,
        DrawDone,
        SeedDiffers,
        DrawTooEarly,
        DrawNotOpenToChance,
        NoCheckpointYet,
        WriterClosed,
    ),
)
def make_draw(draw_id: DrawId, revealed: SeedRevealed, caller: Supervisor, station: TheStation) -> DrawAnswer:
    """Draw, once the log has grown to the size the announcement named."""
    by, seed = acting_as(caller), bytes.fromhex(revealed.seed)
    return DrawAnswer.of(
        station.writer.submit(
            lambda session: draws.make(session, station.recorder.declarer, draw_id, seed, by, station.clock())
        )
    )


@router.get(
    "/draws/{draw_id}/verification",
    summary="Draw again from the log and compare",
    response_model=VerifiedAnswer,
    responses=problems(UnknownDraw, DrawTooEarly, DrawFalse, NoCheckpointYet),
)
def verify(draw_id: DrawId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Make the draw anew from its statements; `daodi inspections verify` does so on your own machine."""
    with station.database.read() as session:
        verified = verify_draw(session, draw_id)
    answer = VerifiedAnswer(
        draw=verified.draw_id,
        listed=verified.listed,
        others=verified.others,
        picks=[PickAnswer(party=each.party, inspectors=list(each.inspectors)) for each in verified.picks],
    )
    return conditional_model(request, answer)


def acting_as(caller: Caller) -> str | None:
    """Return the regulator a caller acts as (its USCC), or None for the operator."""
    return None if caller.operates else caller.party
