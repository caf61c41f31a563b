"""Complaints about the indices: filed by anyone, answered by the operator in public."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import governing
from api.callers import Anyone, Operator, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, TooManyRequests, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, by_time, split
from api.routes.vocabulary import Named
from api.web.conditional import conditional_model
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from ledger.plain_text import PlainText
from priceindex.governance.governance_errors import IndexComplaintAnswered, UnknownIndexComplaint
from priceindex.governance.index_complaints import (
    IndexComplaint,
    IndexComplaintNew,
    complaint_words,
    index_complaints,
)

router = APIRouter(prefix="/v1", tags=["governance"])

_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, WriterClosed)
ComplaintId = Annotated[str, Path(pattern=r"^index-complaint-[0-9a-f]{32}$", description="Its id.")]


class IndexComplaintAnswer(BaseModel):
    """A complaint about an index, without what was written."""

    complaint: str = Field(description="Keep it: by it you can see what came of it.")
    category: Named
    subject: str
    filed: datetime
    due: datetime = Field(description="Until when an answer is owed.")
    answered: datetime | None
    upheld: bool | None
    answer: str | None

    @classmethod
    def of(cls, one: IndexComplaint, language: Language) -> "IndexComplaintAnswer":
        """Return a complaint in the answer's language."""
        return cls(
            complaint=one.complaint_id,
            category=Named(key=str(one.category), name=one.category.words(language)),
            subject=one.subject,
            filed=local(one.filed_ms, 0),
            due=local(one.due_ms, 0),
            answered=moment_or_none(one.answered_ms),
            upheld=one.upheld,
            answer=one.answer,
        )


class IndexComplaintsAnswer(BaseModel):
    """Complaints, the newest first."""

    complaints: list[IndexComplaintAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class IndexComplaintWords(BaseModel):
    """What was written: for the operator."""

    words: str
    contact: str | None


class AnswerWish(BaseModel):
    """What the operator answers."""

    model_config = ConfigDict(extra="forbid")

    answer: PlainText = Field(min_length=5, max_length=2000, description="Public; no names of persons.")
    upheld: bool


@router.post(
    "/index-complaints",
    summary="Complain about an index",
    status_code=HTTPStatus.CREATED,
    response_model=IndexComplaintAnswer,
    responses=problems(TooManyRequests, WriterClosed),
)
def complain(
    new: IndexComplaintNew, request: Request, caller: Anyone, station: TheStation
) -> IndexComplaintAnswer:
    """Complain about a value, a method, a quote, a delay or conduct; your words are for the operator."""
    return IndexComplaintAnswer.of(governing.complained(station, new, caller.address), language_of(request))


@router.get(
    "/index-complaints",
    summary="List complaints about the indices",
    response_model=IndexComplaintsAnswer,
    responses=problems(FieldWrong),
)
def list_index_complaints(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return the register: about what, when, and how each was answered."""
    language = language_of(request)
    with station.database.read() as session:
        found = index_complaints(session, limit + 1, by_time(next))
    shown, following = split(found, limit, lambda one: (one.filed_ms, one.complaint_id))
    told = [IndexComplaintAnswer.of(one, language) for one in shown]
    return conditional_model(request, IndexComplaintsAnswer(complaints=told, next=following))


@router.get(
    "/index-complaints/{index_complaint}/words",
    summary="Read what a complaint says",
    response_model=IndexComplaintWords,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, UnknownIndexComplaint),
)
def read_complaint_words(
    index_complaint: ComplaintId,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> IndexComplaintWords:
    """Return what was written and how to reach who wrote it: for the operator."""
    with station.database.read() as session:
        words, contact = complaint_words(session, index_complaint)
    return IndexComplaintWords(words=words, contact=contact)


@router.post(
    "/index-complaints/{index_complaint}/answer",
    summary="Answer a complaint about an index",
    response_model=IndexComplaintAnswer,
    responses=problems(*_REFUSED, UnknownIndexComplaint, IndexComplaintAnswered),
)
def answer_complaint(
    index_complaint: ComplaintId,
    wish: AnswerWish,
    request: Request,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> IndexComplaintAnswer:
    """Answer once, in public."""
    done = governing.answered(station, index_complaint, wish.answer, upheld=wish.upheld)
    return IndexComplaintAnswer.of(done, language_of(request))
