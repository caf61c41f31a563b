"""Complaints 投诉: filed by anyone, answered by the party, decided by a regulator."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.callers import Anyone, Clerk, Supervisor, TheStation
from api.errors import (
    FieldWrong,
    NotYourParty,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    TooManyRequests,
    WriterClosed,
)
from api.languages import language_of
from api.problems import problems
from api.routes.inspections import Stated, acting_as
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.vocabulary import Named
from api.station import Station
from api.web.conditional import conditional_model
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from ledger.plain_text import PlainText
from trace.coding.code_reading import code_state
from trace.errors import ForgedCode, MalformedCode, UnknownCode, UnknownParty
from trace.integrity.complaints import (
    Complaint,
    ComplaintNew,
    DecisionNew,
    answer,
    complaint,
    complaints,
    decide,
    file_complaint,
)
from trace.integrity.integrity_errors import BadComplaint, ComplaintClosed, NotByRegulator, UnknownComplaint

router = APIRouter(prefix="/v1/complaints", tags=["integrity"])

ComplaintId = Annotated[
    str, Path(max_length=64, pattern=r"^complaint-[0-9a-f]{32}$", description="Id of the complaint.")
]


class ComplaintFiled(BaseModel):
    """A complaint was taken."""

    complaint: str = Field(description="Keep it: by it you can see what came of it.")


class ComplaintAnswer(BaseModel):
    """A complaint without anything private."""

    complaint: str
    category: Named
    lot: str | None
    party: str | None
    status: str = Field(description="filed, answered, upheld or rejected.")
    points: int
    filed: datetime
    answered: datetime | None
    decided: datetime | None

    @classmethod
    def of(cls, one: Complaint, language: Language) -> "ComplaintAnswer":
        """Return a complaint in the answer's language."""
        return cls(
            complaint=one.complaint_id,
            category=Named.of(one.category, language),
            lot=one.lot,
            party=one.party,
            status=one.status,
            points=one.points,
            filed=local(one.filed_ms, 0),
            answered=moment_or_none(one.answered_ms),
            decided=moment_or_none(one.decided_ms),
        )


class ComplaintsAnswer(BaseModel):
    """Complaints, the newest first."""

    complaints: list[ComplaintAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class Reply(BaseModel):
    """What the party answers."""

    model_config = ConfigDict(extra="forbid")

    words: PlainText = Field(min_length=2, max_length=1000, description="Private: for the regulator.")


@router.post(
    "",
    summary="File a complaint",
    status_code=HTTPStatus.CREATED,
    response_model=ComplaintFiled,
    responses=problems(BadComplaint, MalformedCode, ForgedCode, UnknownParty, TooManyRequests, WriterClosed),
)
def file(new: ComplaintNew, caller: Anyone, station: TheStation) -> ComplaintFiled:
    """Complain about a pack, a lot or a party; no account is needed, and a contact is not asked for.

    What you write and how to reach you is kept private; the log shows only that there was a complaint.
    """
    return ComplaintFiled(complaint=filed(station, new, caller.address))


def filed(station: Station, new: ComplaintNew, address: str) -> str:
    """File a complaint from a network address that may file only so many; returns its id.

    Raises `MalformedCode`, `ForgedCode`, `TooManyRequests` and what `file_complaint` raises.
    """
    station.limiter.count("complaint", address)
    if new.code is not None:
        station.limiter.require("unknown_code", address)

    def work(session: Session) -> str:
        lot = None if new.code is None else code_state(session, new.code, station.code_keys).lot_id
        return file_complaint(session, station.recorder.declarer, new, station.clock(), lot_of_code=lot)

    try:
        return station.writer.submit(work)
    except (MalformedCode, ForgedCode, UnknownCode) as fault:
        station.limiter.count("unknown_code", address)
        if isinstance(fault, UnknownCode):  # said alike: that a guess met our tag is worth knowing
            raise ForgedCode from fault
        raise


@router.get(
    "/{complaint_id}",
    summary="See what came of a complaint",
    response_model=ComplaintAnswer,
    responses=problems(UnknownComplaint),
)
def read(complaint_id: ComplaintId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return how far a complaint has come; whoever filed it has its id."""
    with station.database.read() as session:
        found = complaint(session, complaint_id)
    return conditional_model(request, ComplaintAnswer.of(found, language_of(request)))


@router.get(
    "",
    summary="List complaints",
    response_model=ComplaintsAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, UnknownComplaint, FieldWrong),
)
def list_all(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    party: Annotated[str | None, Query(min_length=18, max_length=18)] = None,
    status: Literal["filed", "answered", "upheld", "rejected"] | None = None,
    limit: Limit = 100,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> ComplaintsAnswer:
    """Return complaints, newest first, of one party or status where given."""
    after = None if next is None else str(*read_cursor(next, (str,)))
    with station.database.read() as session:
        found = complaints(session, uscc=party, status=status, limit=limit + 1, after=after)
    shown, following = split(found, limit, lambda each: (each.complaint_id,))
    language = language_of(request)
    told = [ComplaintAnswer.of(each, language) for each in shown]
    return ComplaintsAnswer(complaints=told, next=following)


@router.post(
    "/{complaint_id}/answer",
    summary="Answer a complaint",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotYourParty,
        UnknownComplaint,
        ComplaintClosed,
        WriterClosed,
    ),
)
def answer_it(complaint_id: ComplaintId, reply: Reply, caller: Clerk, station: TheStation) -> Stated:
    """State the answer of the party the complaint is about; its words stay private."""
    if caller.party is None:
        raise NotYourParty(own="—")
    party = caller.party
    return Stated(
        statement_id=station.writer.submit(
            lambda session: answer(
                session, station.recorder.declarer, complaint_id, reply.words, party, station.clock()
            )
        )
    )


@router.post(
    "/{complaint_id}/decision",
    summary="Decide a complaint",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotByRegulator,
        UnknownComplaint,
        ComplaintClosed,
        BadComplaint,
        WriterClosed,
    ),
)
def decide_it(
    complaint_id: ComplaintId, decision: DecisionNew, caller: Supervisor, station: TheStation
) -> Stated:
    """Uphold a complaint with 2 to 5 points, or reject it; the reason is public."""
    by = acting_as(caller)
    return Stated(
        statement_id=station.writer.submit(
            lambda session: decide(
                session, station.recorder.declarer, complaint_id, decision, by, station.clock()
            )
        )
    )
