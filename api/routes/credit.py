"""Credit measures 信用惩戒 against parties, and their repair 信用修复 by two persons."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Anyone, Clerk, Supervisor, TheStation
from api.errors import FieldWrong, NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.holding import person_of
from api.languages import language_of
from api.problems import problems
from api.routes.inspections import Stated, acting_as
from api.routes.paging import MOST, Limit, Next, page_of
from api.routes.vocabulary import Named
from api.web.conditional import conditional_model
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from trace.errors import UnknownParty
from trace.integrity import credit
from trace.integrity.credit import CreditMeasure, PunishmentNew
from trace.integrity.integrity_errors import MeasureClosed, NotByRegulator, UnknownMeasure
from trace.recalls.recall_errors import PersonForgotten, SamePerson

router = APIRouter(prefix="/v1", tags=["integrity"])

MeasureId = Annotated[
    str, Path(max_length=64, pattern=r"^credit-[0-9a-f]{32}$", description="Id of the measure.")
]


class RepairWish(BaseModel):
    """By what a party asks for repair."""

    model_config = ConfigDict(extra="forbid")

    evidence: str = Field(pattern=r"^sha256:[0-9a-f]{64}$", description="SHA-256 of the document.")


class MeasureAnswer(BaseModel):
    """A credit measure."""

    measure: str
    party: str
    kind: Named
    reason: str
    document: str | None
    valid_from: datetime
    valid_until: datetime
    asked: datetime | None = Field(description="When the party asked for repair.")
    agreed: bool = Field(description="Whether one of the two persons has agreed.")
    repaired: datetime | None
    in_force: bool

    @classmethod
    def of(cls, one: CreditMeasure, language: Language, now_ms: int) -> "MeasureAnswer":
        """Return a measure in the answer's language."""
        return cls(
            measure=one.measure_id,
            party=one.party,
            kind=Named.of(one.measure, language),
            reason=one.reason,
            document=one.document,
            valid_from=local(one.from_ms, 0),
            valid_until=local(one.until_ms, 0),
            asked=moment_or_none(one.asked_ms),
            agreed=one.agreed,
            repaired=moment_or_none(one.repaired_ms),
            in_force=one.in_force(now_ms),
        )


class MeasuresAnswer(BaseModel):
    """Credit measures, the newest first."""

    measures: list[MeasureAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


@router.get(
    "/credit-measures",
    summary="List credit measures",
    response_model=MeasuresAnswer,
    responses=problems(FieldWrong),
)
def list_measures(
    party: Annotated[str, Query(min_length=18, max_length=18, description="USCC of the party.")],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return the measures against a party, in force or not."""
    with station.database.read() as session:
        found = credit.measures(session, party)
    shown, following = page_of(found, limit, next, lambda one: (-one.from_ms, one.measure_id), (int, str))
    language, now_ms = language_of(request), station.clock()
    told = [MeasureAnswer.of(each, language, now_ms) for each in shown]
    return conditional_model(request, MeasuresAnswer(measures=told, next=following))


@router.post(
    "/credit-measures",
    summary="Take a credit measure",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotByRegulator, UnknownParty, MeasureClosed, WriterClosed
    ),
)
def punish(new: PunishmentNew, caller: Supervisor, station: TheStation) -> Stated:
    """State a measure against a party, with its reason and its time."""
    by = acting_as(caller)
    return Stated(
        statement_id=station.writer.submit(
            lambda session: credit.punish(session, station.recorder.declarer, new, by, station.clock())
        )
    )


@router.post(
    "/credit-measures/{measure}/repair-request",
    summary="Ask for repair",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotYourParty, UnknownMeasure, MeasureClosed, WriterClosed
    ),
)
def ask_repair(measure: MeasureId, wish: RepairWish, caller: Clerk, station: TheStation) -> Stated:
    """State that the punished party asks for repair, with a document."""
    if caller.party is None:
        raise NotYourParty(own="—")
    party = caller.party
    return Stated(
        statement_id=station.writer.submit(
            lambda session: credit.ask_repair(
                session, station.recorder.declarer, measure, wish.evidence, party, station.clock()
            )
        )
    )


@router.post(
    "/credit-measures/{measure}/repair-decision",
    summary="Agree to a repair, or decide it",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotByRegulator,
        UnknownMeasure,
        MeasureClosed,
        SamePerson,
        PersonForgotten,
        WriterClosed,
    ),
)
def decide_repair(measure: MeasureId, caller: Supervisor, station: TheStation) -> Stated:
    """Agree as the first of two persons, or decide as the second: another name and another token."""
    by, person = acting_as(caller), person_of(caller)
    return Stated(
        statement_id=station.writer.submit(
            lambda session: credit.decide_repair(
                session, station.recorder.declarer, measure, person, by, station.clock()
            )
        )
    )
