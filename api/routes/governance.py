"""Governance 治理 of the indices: the compliance table, declarations, yearly assessments."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import governing
from api.callers import Anyone, Operator, TheStation
from api.errors import (
    FieldWrong,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    WriterClosed,
)
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, by_time, page_of, split
from api.routes.vocabulary import Named
from api.web.conditional import conditional_model
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from ledger.plain_text import PlainText
from priceindex.errors import UnknownFamily
from priceindex.families import family
from priceindex.governance.assessments import Assessment, assessment, assessments
from priceindex.governance.compliance import Line, compliance
from priceindex.governance.declarations import Declaration, DeclarationKind, DeclarationNew, declarations
from priceindex.governance.governance_errors import (
    DeclarationEnded,
    DeclarationWrong,
    UnknownAssessment,
    UnknownDeclaration,
    YearNotOver,
)
from priceindex.governance.requirements import norms

router = APIRouter(prefix="/v1", tags=["governance"])

_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, WriterClosed)
DeclarationId = Annotated[str, Path(pattern=r"^declaration-[0-9a-f]{32}$", description="Its id.")]
Year = Annotated[int, Path(ge=2000, le=9998, description="A calendar year.")]


class RequirementAnswer(BaseModel):
    """One requirement, and what its automatic check finds now."""

    id: str
    norm: str
    clause: str = Field(description="Article or principle; empty where it was not seen.")
    requirement: str
    certainty: str = Field(description="seen, trial_text_2021 or recalled.")
    certainty_words: str
    evidence: str
    check: str | None
    stops: list[str] = Field(description="Standings whose releases a failed check stops.")
    passed: bool | None = Field(description="Null where nothing is automatic, or no computation is at hand.")
    found: str | None

    @classmethod
    def of(cls, line: Line, language: Language) -> "RequirementAnswer":
        """Return one line in the answer's language."""
        told, outcome = line.requirement, line.outcome
        return cls(
            id=told.id,
            norm=told.norm,
            clause=told.clause(language),
            requirement=told.words(language),
            certainty=told.certainty,
            certainty_words=told.certainty_words(language),
            evidence=told.evidence(language),
            check=told.check or None,
            stops=list(told.must),
            passed=None if outcome is None else outcome.passed,
            found=None if outcome is None else outcome.words(language),
        )


class ComplianceAnswer(BaseModel):
    """The compliance table of one family."""

    family: str
    norms: dict[str, str]
    requirements: list[RequirementAnswer]


class DeclarationAnswer(BaseModel):
    """A declaration of the operator."""

    declaration: str
    kind: Named
    subject: str = Field(description="A family, a source, or * for the operator as a whole.")
    words: str
    share_bp: int | None
    document: str | None
    valid_from: date
    valid_until: date
    declared: datetime
    ended: datetime | None
    end_reason: str | None

    @classmethod
    def of(cls, one: Declaration, language: Language) -> "DeclarationAnswer":
        """Return a declaration in the answer's language."""
        return cls(
            declaration=one.declaration_id,
            kind=Named(key=str(one.kind), name=one.kind.words(language)),
            subject=one.subject,
            words=one.words,
            share_bp=one.share_bp,
            document=one.document,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            declared=local(one.declared_ms, 0),
            ended=moment_or_none(one.ended_ms),
            end_reason=one.end_reason,
        )


class DeclarationsAnswer(BaseModel):
    """Declarations, the newest first."""

    declarations: list[DeclarationAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class EndWish(BaseModel):
    """Why a declaration ends."""

    model_config = ConfigDict(extra="forbid")

    reason: PlainText = Field(min_length=5, max_length=400, description="Public for ever.")


class AssessmentAnswer(BaseModel):
    """A yearly self-assessment."""

    year: int
    number: int = Field(description="0 for the year's first.")
    sha256: str = Field(description="Digest of the canonical JSON of `report`; the log holds it too.")
    assessed: datetime
    report: dict[str, Any]

    @classmethod
    def of(cls, one: Assessment) -> "AssessmentAnswer":
        """Return an assessment."""
        return cls(
            year=one.year,
            number=one.number,
            sha256=one.sha256,
            assessed=local(one.assessed_ms, 0),
            report=one.members,
        )


class AssessmentsAnswer(BaseModel):
    """Assessments, the newest year first."""

    assessments: list[AssessmentAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class AssessmentWish(BaseModel):
    """Which year to assess."""

    model_config = ConfigDict(extra="forbid")

    year: int = Field(ge=2000, le=9998)


@router.get(
    "/governance/compliance",
    summary="Read the compliance table",
    response_model=ComplianceAnswer,
    responses=problems(UnknownFamily, FieldWrong),
)
def read_compliance(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    of: Annotated[str, Query(alias="family", max_length=40, description="Family id.")] = "bozhou",
) -> Response:
    """Return every requirement with how sure its text is, its evidence, and what its check finds now."""
    language = language_of(request)
    with station.database.read() as session:
        lines = compliance(session, family(of), station.clock())
    told = ComplianceAnswer(
        family=of,
        norms={norm.id: norm.words(language) for norm in norms()},
        requirements=[RequirementAnswer.of(line, language) for line in lines],
    )
    return conditional_model(request, told)


@router.get(
    "/governance/declarations",
    summary="List declarations",
    response_model=DeclarationsAnswer,
    responses=problems(FieldWrong),
)
def list_declarations(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    kind: Annotated[DeclarationKind | None, Query(description="Only this kind.")] = None,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return what the operator declared in public, ended declarations too."""
    language = language_of(request)
    with station.database.read() as session:
        found = declarations(session, kind, limit + 1, by_time(next))
    shown, following = split(found, limit, lambda one: (one.declared_ms, one.declaration_id))
    told = [DeclarationAnswer.of(one, language) for one in shown]
    return conditional_model(request, DeclarationsAnswer(declarations=told, next=following))


@router.post(
    "/governance/declarations",
    summary="Make a declaration",
    status_code=HTTPStatus.CREATED,
    response_model=DeclarationAnswer,
    responses=problems(*_REFUSED, DeclarationWrong),
)
def make_declaration(
    new: DeclarationNew,
    request: Request,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> DeclarationAnswer:
    """Declare independence, a conflict, coverage, a submitter, a review, a consultation or an audit."""
    return DeclarationAnswer.of(governing.declared(station, new), language_of(request))


@router.post(
    "/governance/declarations/{declaration_id}/end",
    summary="End a declaration",
    response_model=DeclarationAnswer,
    responses=problems(*_REFUSED, UnknownDeclaration, DeclarationEnded),
)
def end(
    declaration_id: DeclarationId,
    wish: EndWish,
    request: Request,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> DeclarationAnswer:
    """End a declaration with a public reason; it stays readable."""
    return DeclarationAnswer.of(governing.ended(station, declaration_id, wish.reason), language_of(request))


@router.get(
    "/governance/assessments",
    summary="List the self-assessments",
    response_model=AssessmentsAnswer,
    responses=problems(FieldWrong),
)
def list_assessments(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return every yearly self-assessment, the newest first."""
    with station.database.read() as session:
        found = assessments(session)
    shown, following = page_of(found, limit, next, lambda one: (-one.year, -one.number), (int, int))
    told = [AssessmentAnswer.of(one) for one in shown]
    return conditional_model(request, AssessmentsAnswer(assessments=told, next=following))


@router.get(
    "/governance/assessments/{year}",
    summary="Read a self-assessment",
    response_model=AssessmentAnswer,
    responses=problems(UnknownAssessment),
)
def read_assessment(year: Year, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the newest report of a year, requirement by requirement."""
    with station.database.read() as session:
        found = assessment(session, year)
    return conditional_model(request, AssessmentAnswer.of(found))


@router.post(
    "/governance/assessments",
    summary="Assess a year",
    status_code=HTTPStatus.CREATED,
    response_model=AssessmentAnswer,
    responses=problems(*_REFUSED, YearNotOver),
)
def make_assessment(
    wish: AssessmentWish,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> AssessmentAnswer:
    """Check every family against every requirement, add the year's figures, and state the digest."""
    return AssessmentAnswer.of(governing.assessed(station, wish.year))
