"""Correcting a step 更正: it is declared wrong, and what really happened takes its place."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from api.callers import Caller, ClerkOrSupervisor, TheStation
from api.correcting import correct_step
from api.errors import NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.steps import FindingSaid
from ledger.errors import Language
from trace.corrections.correction_errors import (
    AlreadyCorrected,
    CorrectionHeld,
    CorrectiveMisfit,
    NotStatedByYou,
    PackStepFinal,
    UnknownStep,
)
from trace.corrections.correction_words import Corrected, CorrectionNew
from trace.errors import BadField, BadFlow, MissingField, RuleRefused, StepConflict
from trace.tables import StepRow

router = APIRouter(prefix="/v1", tags=["trace"])

StepId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="Id of the step that is wrong.")]


class BrokenStep(BaseModel):
    """A step that breaks a rule now that another one was corrected."""

    step: str
    finding: FindingSaid


class CorrectionMade(BaseModel):
    """What became of a correction."""

    step: str = Field(description="The step declared wrong: it counts for nothing and stays to be seen.")
    statement_id: str = Field(
        description="Statement of the correction; the receipt stands at /v1/receipts/{statement_id}."
    )
    corrective: str | None = Field(description="The step in its place; null where nothing happened.")
    findings: list[BrokenStep] = Field(description="Steps after it that no longer fit; they stay recorded.")
    replayed: bool = Field(description="True when this very correction was made before.")

    @classmethod
    def of(cls, done: Corrected, language: Language) -> "CorrectionMade":
        """Return what a correction answers in `language`."""
        return cls(
            step=done.step_id,
            statement_id=done.statement_id,
            corrective=done.corrective,
            findings=[
                BrokenStep(
                    step=step,
                    finding=FindingSaid(
                        rule=each.rule.code,
                        lot=each.lot,
                        message=each.message(language),
                        remedy=each.remedy(language),
                    ),
                )
                for step, each in done.findings
            ],
            replayed=done.replayed,
        )


@router.post(
    "/steps/{step}/corrections",
    summary="Correct a step",
    status_code=HTTPStatus.CREATED,
    response_model=CorrectionMade,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotYourParty, UnknownStep, NotStatedByYou,
        CorrectiveMisfit, PackStepFinal, AlreadyCorrected, CorrectionHeld, MissingField, BadField, BadFlow,
        RuleRefused, StepConflict, WriterClosed,
    ),
)  # fmt: skip
def correct(
    step: StepId,
    asked: CorrectionNew,
    request: Request,
    response: Response,
    caller: ClerkOrSupervisor,
    station: TheStation,
) -> CorrectionMade:
    """Declare a step wrong (EPCIS 2.0 error declaration); for who stated it, a regulator or the operator.

    `did_not_occur` brings no step. `incorrect_data` brings `instead`, the whole step as it should have been
    recorded; it is judged where the wrong one stood. A regulator states nothing for a party: it only
    declares a step wrong. Nothing in the log is changed; lots, shipments, sales and codes follow,
    and later steps that no longer fit are flagged. The same correction again gives the same answer.
    """
    with station.database.read() as session:
        by, supervising = _entitled(session, step, caller, states=asked.instead is not None)
    done = correct_step(station, step, asked, by, supervising=supervising)
    response.headers["Location"] = f"/v1/receipts/{quote(done.statement_id, safe=':')}"
    return CorrectionMade.of(done, language_of(request))


def _entitled(session: Session, step: str, caller: Caller, *, states: bool) -> tuple[str | None, bool]:
    """Return as whom the caller corrects, and whether it supervises; raises `UnknownStep`, `NotYourParty`.

    The operator brings a step (`states`) for the party it is of, as when it records one.
    """
    row = session.get(StepRow, step)
    if row is None:
        raise UnknownStep(step=step)
    if caller.operates and caller.party is None and not states:
        return None, True
    if caller.regulator and caller.party != row.party:
        return caller.party, True
    caller.must_speak_for(row.party)
    return row.party, False
