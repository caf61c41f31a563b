"""Integrity 诚信: the formula, each party's score with everything behind it, and scoring a period."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Anyone, Operator, TheStation
from api.errors import ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, cursor, read_cursor
from api.routes.parameters import known_parameters
from api.web.conditional import conditional_model
from api.web.formats import local
from ledger.errors import Language
from trace.errors import UnknownParty
from trace.integrity import formula
from trace.integrity.evidence_statements import behind
from trace.integrity.formula import Component, Part
from trace.integrity.integrity_errors import BadPeriod, NoScores, PeriodNotOver
from trace.integrity.periods import period as period_named
from trace.integrity.scoring import Scored, score_period, scores_of, scores_page
from trace.integrity.source_trust import trusted_as_source
from trace.parties import party as party_named

router = APIRouter(prefix="/v1", tags=["integrity"], dependencies=[Depends(known_parameters)])

Uscc = Annotated[str, Path(min_length=18, max_length=18, description="USCC of a party.")]
PeriodName = Annotated[str, Query(max_length=6, examples=["2026Q3"], description="A year or a quarter.")]


class ComponentAnswer(BaseModel):
    """One line of the formula."""

    component: str
    name: str
    kind: str = Field(description="share: a share of goods, weighted. deduction: taken off the score.")
    weight: int = Field(description="Thousandths: of the full score, or for each point or time.")
    steep: int = Field(description="How many times what is amiss counts.")
    bound: int = Field(description="The most a deduction takes, in thousandths; 0 for shares.")
    counts: str = Field(description="What is counted.")
    reason: str
    source: str

    @classmethod
    def of(cls, one: Component, language: Language) -> "ComponentAnswer":
        """Return a line in the answer's language."""
        return cls(
            component=one.name,
            name=one.words(language),
            kind=one.kind,
            weight=one.weight,
            steep=one.steep,
            bound=one.bound,
            counts=one.counts(language),
            reason=one.reason(language),
            source=one.source,
        )


class MethodAnswer(BaseModel):
    """The formula as it is published."""

    method: str
    middle: int = Field(description="What a share counts while there is no evidence, in thousandths.")
    prior_weeks: int = Field(description="As many weeks of evidence as the middle weighs.")
    stars: list[int] = Field(description="From how many thousandths on there is one star more.")
    components: list[ComponentAnswer]


class PartAnswer(BaseModel):
    """What one component came to, and the statements behind it."""

    component: str
    name: str
    reason: str
    good: int | None = Field(description="Grams (or particulars) as they should be; null for deductions.")
    whole: int | None = Field(description="Of how many in all.")
    count: int = Field(description="Points or times deducted for; 0 for shares.")
    value: int = Field(description="Thousandths: how good the share is, or what was taken.")
    points: int = Field(description="Thousandths of the score it gives; negative for a deduction.")
    weight: int
    evidence: list[str] = Field(description="Statements behind what is amiss, at most 20, the newest first.")

    @classmethod
    def of(cls, part: Part, evidence: list[str], language: Language) -> "PartAnswer":
        """Return a part in the answer's language."""
        return cls(
            component=part.component.name,
            name=part.component.words(language),
            reason=part.component.reason(language),
            good=None if part.share is None else part.share.good,
            whole=None if part.share is None else part.share.whole,
            count=part.count,
            value=part.value,
            points=part.points,
            weight=part.component.weight,
            evidence=evidence,
        )


class ScoreLine(BaseModel):
    """A score without its parts."""

    uscc: str
    period: str
    score: int = Field(description="Thousandths.")
    stars: int = Field(description="1 to 5.")
    statement_id: str = Field(description="The `integrity.scored` statement that says so, with its inputs.")
    scored: datetime


class IntegrityAnswer(BaseModel):
    """The integrity of one party."""

    uscc: str
    name: str
    score: ScoreLine | None = Field(description="Null while the party was never scored.")
    unit: str | None = Field(description="USCC of the unit it is scored with.")
    weeks: int | None = Field(description="Effective weeks of evidence behind the score.")
    method: str | None
    parts: list[PartAnswer]
    history: list[ScoreLine] = Field(description="Every period, the newest first.")
    trusted_as_source: bool = Field(description="Whether its trades count for the price index.")
    why_not: str = Field(description="Empty where they do.")


class ScoresAnswer(BaseModel):
    """Everybody's scores for a period."""

    period: str
    scores: list[ScoreLine]
    next: str | None


class ScoringWish(BaseModel):
    """Which period to score."""

    model_config = ConfigDict(extra="forbid")

    period: str = Field(max_length=6, examples=["2026Q3"])


class ScoringAnswer(BaseModel):
    """What was stated."""

    period: str
    statements: list[str] = Field(description="One for each 150 parties; receipts stand at /v1/receipts.")


@router.get(
    "/integrity/method",
    summary="Read the formula of integrity scores",
    response_model=MethodAnswer,
    responses=problems(),
)
def method(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return every weight of the 诚信 formula with its reason; docs/integrity.md explains them."""
    language = language_of(request)
    answer = MethodAnswer(
        method=formula.METHOD,
        middle=formula.MIDDLE,
        prior_weeks=formula.PRIOR_WEEKS,
        stars=list(formula.STARS),
        components=[ComponentAnswer.of(each, language) for each in formula.components()],
    )
    return conditional_model(request, answer)


@router.get(
    "/parties/{uscc}/integrity",
    summary="Read the integrity score of a party",
    response_model=IntegrityAnswer,
    responses=problems(UnknownParty, NoScores, BadPeriod),
)
def integrity(
    uscc: Uscc,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    period: PeriodName | None = None,
) -> Response:
    """Return the newest score, or that of `period`, with every component and the statements behind it."""
    language = language_of(request)
    with station.database.read() as session:
        known = party_named(session, uscc)
        history = scores_of(session, uscc)
        trust = trusted_as_source(session, uscc, station.clock())
        chosen = _chosen(history, period)
        parts = []
        if chosen is not None:
            found = behind(session, uscc, period_named(chosen.period))
            parts = [
                PartAnswer.of(part, found.get(part.component.name, []), language)
                for part in chosen.score.parts
            ]
    answer = IntegrityAnswer(
        uscc=uscc,
        name=known.name,
        score=None if chosen is None else _line(chosen),
        unit=None if chosen is None else chosen.unit,
        weeks=None if chosen is None else chosen.score.weeks,
        method=None if chosen is None else chosen.method,
        parts=parts,
        history=[_line(each) for each in history],
        trusted_as_source=trust.trusted,
        why_not=trust.reason(language),
    )
    return conditional_model(request, answer)


@router.get(
    "/integrity/scores",
    summary="List everybody's integrity scores",
    response_model=ScoresAnswer,
    responses=problems(NoScores, BadPeriod),
)
def scores(
    period: PeriodName,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = 100,
    after: Annotated[Next, Query(alias="next")] = None,
) -> Response:
    """Return the scores of a period by USCC."""
    name = period_named(period).name
    last = "" if after is None else str(read_cursor(after, (str,))[0])
    with station.database.read() as session:
        found = scores_page(session, name, last, limit + 1)
    shown = found[:limit]
    answer = ScoresAnswer(
        period=name,
        scores=[_line(each) for each in shown],
        next=cursor([shown[-1].uscc]) if len(found) > limit else None,
    )
    return conditional_model(request, answer)


@router.post(
    "/integrity/scores",
    summary="Score every party for a period",
    status_code=HTTPStatus.CREATED,
    response_model=ScoringAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, BadPeriod, PeriodNotOver, WriterClosed),
)
def score_all(wish: ScoringWish, caller: Operator, station: TheStation) -> ScoringAnswer:  # noqa: ARG001  declares who may call
    """Compute every score of a period that is over and state it with its inputs; may be done again."""
    chosen = period_named(wish.period)
    stated = station.writer.submit(
        lambda session: score_period(session, station.recorder.declarer, chosen, station.clock())
    )
    return ScoringAnswer(period=chosen.name, statements=stated)


def _chosen(history: list[Scored], period: str | None) -> Scored | None:
    if period is None:
        return history[0] if history else None
    name = period_named(period).name
    found = next((each for each in history if each.period == name), None)
    if found is None:
        raise NoScores(period=name)
    return found


def _line(each: Scored) -> ScoreLine:
    return ScoreLine(
        uscc=each.uscc,
        period=each.period,
        score=each.score.thousandths,
        stars=each.score.stars,
        statement_id=each.statement_id,
        scored=local(each.scored_ms, 0),
    )
