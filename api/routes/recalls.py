"""Recalls 召回: opened for lots, listed by holder and pack, measured, closed by two."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api import holding
from api.callers import Anyone, ClerkOrSupervisor, TheStation
from api.errors import NotARegulator, NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.vocabulary import Named
from api.station import Station
from api.web.csv_body import MEDIA_TYPE
from api.web.formats import local, moment_or_none
from api.web.recall_csv import codes_lines, holders_lines
from ledger.errors import Language
from ledger.plain_text import PlainText
from trace.errors import UnknownLot, UnknownParty
from trace.lineages.lineage_graph import party_names
from trace.recalls.closure import lots_under
from trace.recalls.effectiveness import Effectiveness
from trace.recalls.hold_listing import recalls
from trace.recalls.hold_world import Role
from trace.recalls.persons import Person
from trace.recalls.recall_ending import Closing
from trace.recalls.recall_errors import (
    AlreadyRecalled,
    ClosingChanged,
    LiftNotAsked,
    NotARecallHolder,
    NotYourGoods,
    NotYoursToLift,
    PersonForgotten,
    RecallClosed,
    SamePerson,
    UnknownRecall,
)
from trace.recalls.recall_progress import Progress, progress_of
from trace.recalls.recall_tables import HoldRow, RecallRow
from trace.recalls.recalls import RecallNew

router = APIRouter(prefix="/v1", tags=["recalls"])

RecallId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="Id of the recall.")]
_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, NotARegulator, NotYourParty, WriterClosed)


class RecallOpenedAnswer(BaseModel):
    """A recall that was opened."""

    recall: str = Field(description="Its id; its hold has the same.")
    statement_id: str
    lots: int = Field(description="Lots it covers and froze.")
    packs: int
    grams: int
    holders: int = Field(description="Parties that have some of it; each was sent a notice.")


class RecallListed(BaseModel):
    """One recall, as the public may know it."""

    recall: str
    recall_class: int = Field(serialization_alias="class", description="1, 2 or 3: 一级, 二级, 三级.")
    reason: str
    advice: str
    state: str = Field(description="open, completed or lifted.")
    responsible: str = Field(description="USCC of who takes the goods back.")
    opened_by: Named = Field(description="regulator, owner or operator.")
    named: list[str] = Field(description="Lots it was opened for.")
    lots: int = Field(description="All lots it covers.")
    document: str | None
    opened: datetime
    notify_until: datetime
    closed: datetime | None
    statement_id: str

    @classmethod
    def of(cls, recall: RecallRow, hold: HoldRow, language: Language) -> "RecallListed":
        """Return what the two rows hold, in the answer's language."""
        return cls(
            recall=recall.recall_id,
            recall_class=recall.recall_class,
            reason=hold.reason,
            advice=recall.advice,
            state=recall.state,
            responsible=recall.responsible,
            opened_by=Named.of(Role(hold.role), language),
            named=orjson.loads(recall.roots),
            lots=hold.lots,
            document=hold.document,
            opened=local(recall.opened_ms, 0),
            notify_until=local(recall.notify_until_ms, 0),
            closed=moment_or_none(recall.closed_ms),
            statement_id=hold.statement_id,
        )


class RecallsAnswer(BaseModel):
    """A page of recalls, newest first."""

    recalls: list[RecallListed]
    next: str | None


class EffectivenessAnswer(BaseModel):
    """How far a recall has come; what the responsible party had itself is not counted."""

    distributed_grams: int
    distributed_packs: int
    recovered_grams: int = Field(description="Came back or was destroyed.")
    recovered_packs: int
    destroyed_grams: int
    per_mille: int | None = Field(description="Recovered of distributed mass, in thousandths.")
    packs_per_mille: int | None

    @classmethod
    def of(cls, reached: Effectiveness) -> "EffectivenessAnswer":
        """Return the sums with their shares."""
        names = set(cls.model_fields)
        return cls(**{name: getattr(reached, name) for name in names})


class RecallAnswer(RecallListed):
    """One recall with how far it has come."""

    effectiveness: EffectivenessAnswer
    report: str | None = Field(description="The final report, once it is closed.")


class ClosingAsked(BaseModel):
    """How a recall should be closed."""

    model_config = ConfigDict(extra="forbid")

    state: Closing = Field(description="completed: what is out stays frozen; lifted: it was unfounded.")
    report: PlainText = Field(min_length=1, max_length=2_000, description="Final report, public.")


class ClosingConfirmed(BaseModel):
    """What the second person approves."""

    model_config = ConfigDict(extra="forbid")

    state: Closing | None = Field(
        None, description="What it read it is to be closed as; refused where another is asked for now."
    )


class StatedAnswer(BaseModel):
    """Something said of a recall."""

    recall: str
    statement_id: str | None = Field(description="Null where nothing new was said.")
    state: str | None = None
    at: datetime | None = None
    parties: list[str] = Field(default_factory=list, description="Who was reminded.")


@router.post(
    "/recalls",
    summary="Open a recall",
    status_code=HTTPStatus.CREATED,
    response_model=RecallOpenedAnswer,
    responses=problems(*_REFUSED, UnknownLot, UnknownParty, NotYourGoods, AlreadyRecalled),
)
def open_recall(new: RecallNew, caller: ClerkOrSupervisor, station: TheStation) -> RecallOpenedAnswer:
    """Freeze lots and all that was made from them, list who has what, and notify them, at once.

    For a regulator, the operator, or whoever made or holds every named lot. One person suffices.
    """
    done = holding.recall(station, new, holding.person_of(caller))
    return RecallOpenedAnswer(
        recall=done.recall_id,
        statement_id=done.statement_id,
        lots=len(done.lots),
        packs=done.packs,
        grams=done.grams,
        holders=done.holders,
    )


@router.get("/recalls", summary="List recalls", response_model=RecallsAnswer, responses=problems())
def list_recalls(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    only_open: Annotated[bool, Query(alias="open", description="Only those not closed.")] = False,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> RecallsAnswer:
    """Return recalls, newest first."""
    after = None if next is None else read_cursor(next, (int, str))
    with station.database.read() as session:
        found = recalls(session, only_open=only_open, after=after, limit=limit + 1)
    shown, more = split(found, limit, lambda each: (each[0].opened_ms, each[0].recall_id))
    language = language_of(request)
    return RecallsAnswer(recalls=[RecallListed.of(*each, language) for each in shown], next=more)


@router.get(
    "/recalls/{recall}",
    summary="Read a recall",
    response_model=RecallAnswer,
    responses=problems(UnknownRecall),
)
def read_recall(
    request: Request,
    recall: RecallId,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> RecallAnswer:
    """Return what is recalled, why, and how much of it came back."""
    with station.database.read() as session:
        found = progress_of(session, recall)
        listed = RecallListed.of(found.recall, found.hold, language_of(request))
        report = orjson.loads(found.recall.outcome)["report"] if found.recall.outcome else None
    return RecallAnswer(
        **listed.model_dump(), effectiveness=EffectivenessAnswer.of(found.effectiveness), report=report
    )


@router.get(
    "/recalls/{recall}/holders.csv",
    summary="Who has recalled goods",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {}}, "description": "A line for each holder and lot."},
        **problems(*_REFUSED[:-1], UnknownRecall),
    },
)
def list_holders(recall: RecallId, caller: ClerkOrSupervisor, station: TheStation) -> Response:
    """Return where the goods are now: all of it to whoever recalls them, to a holder its own."""
    with station.database.read() as session:
        found = progress_of(session, recall)
        own = _only(found, holding.person_of(caller))
        shown = [each for each in found.portions if own is None or own in (each.holder, each.to)]
        names = party_names(session, sorted({each.holder for each in shown if each.holder}))
    return Response(holders_lines(shown, names), media_type=MEDIA_TYPE, headers=_file(f"holders-{recall}"))


@router.get(
    "/recalls/{recall}/codes.csv",
    summary="Every recalled pack",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/csv": {}}, "description": "A line for each pack, in parts."},
        **problems(*_REFUSED[:-1], UnknownRecall),
    },
)
def list_codes(recall: RecallId, caller: ClerkOrSupervisor, station: TheStation) -> StreamingResponse:
    """Return the code of every pack: all of them to whoever recalls them, to a holder its own."""
    with station.database.read() as session:
        found = progress_of(session, recall)
        own = _only(found, holding.person_of(caller))
    lines = _streamed(station, recall, own)
    return StreamingResponse(lines, media_type=MEDIA_TYPE, headers=_file(f"codes-{recall}"))


@router.post(
    "/recalls/{recall}/acknowledgements",
    summary="Acknowledge a recall",
    status_code=HTTPStatus.CREATED,
    response_model=StatedAnswer,
    responses=problems(*_REFUSED, UnknownRecall, NotARecallHolder),
)
def acknowledge(recall: RecallId, caller: ClerkOrSupervisor, station: TheStation) -> StatedAnswer:
    """State that the caller's party knows of the recall; again it answers when it first said so."""
    at_ms, statement = holding.acknowledge_recall(station, recall, holding.person_of(caller))
    return StatedAnswer(recall=recall, statement_id=statement, at=local(at_ms, 0))


@router.post(
    "/recalls/{recall}/reminders",
    summary="Remind who has not acknowledged",
    status_code=HTTPStatus.CREATED,
    response_model=StatedAnswer,
    responses=problems(*_REFUSED, UnknownRecall, RecallClosed, NotYoursToLift),
)
def remind(recall: RecallId, caller: ClerkOrSupervisor, station: TheStation) -> StatedAnswer:
    """Send another notice to every holder whose time to acknowledge is up."""
    late = holding.remind_holders(station, recall, holding.person_of(caller))
    return StatedAnswer(recall=recall, statement_id=None, parties=list(late))


@router.post(
    "/recalls/{recall}/closing-requests",
    summary="Ask for a recall to be closed",
    status_code=HTTPStatus.CREATED,
    response_model=StatedAnswer,
    responses=problems(*_REFUSED, UnknownRecall, RecallClosed, NotYoursToLift),
)
def ask_to_close(
    recall: RecallId, asked: ClosingAsked, caller: ClerkOrSupervisor, station: TheStation
) -> StatedAnswer:
    """Ask, as the first of two persons, with the final report."""
    statement = holding.ask_closing(station, recall, asked.state, asked.report, holding.person_of(caller))
    return StatedAnswer(recall=recall, statement_id=statement, state="open")


@router.post(
    "/recalls/{recall}/closings",
    summary="Close a recall",
    status_code=HTTPStatus.CREATED,
    response_model=StatedAnswer,
    responses=problems(
        *_REFUSED,
        UnknownRecall,
        RecallClosed,
        NotYoursToLift,
        LiftNotAsked,
        SamePerson,
        PersonForgotten,
        ClosingChanged,
    ),
)
def close(
    recall: RecallId,
    caller: ClerkOrSupervisor,
    station: TheStation,
    approved: ClosingConfirmed | None = None,
) -> StatedAnswer:
    """Close, as the second of two persons, in the way the first asked for."""
    confirmed = None if approved is None else approved.state
    state, statement = holding.close(station, recall, holding.person_of(caller), confirmed)
    return StatedAnswer(recall=recall, statement_id=statement, state=state)


def _only(found: Progress, person: Person) -> str | None:
    """Return the party whose goods alone the caller may see; None for who recalls them."""
    if person.role is not Role.OWNER or person.party in (found.recall.responsible, found.hold.party):
        return None
    return person.party


def _streamed(station: Station, recall: str, own: str | None) -> Iterator[bytes]:
    # The session opens and ends inside the iteration, which runs after the route has returned.
    with station.database.read() as session:
        yield from codes_lines(session, lots_under(session, recall), station.code_keys, own)


def _file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.csv"'}
