"""Documents 文件: uploaded with what they are, read by whoever may, erased for good."""

from contextlib import ExitStack
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Form, Path, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.callers import Clerk, TheStation, Visitor
from api.documents import (
    content,
    erase_document,
    readable,
    reader_of,
    state_alone,
    statements,
    streamed,
    take_in_document,
)
from api.errors import FieldWrong, NotYourParty, RequestTooLarge, ScopeMissing, TokenMissing, TokenRefused
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of, read_cursor, split
from api.web.formats import local, moment_or_none
from ledger.private.private_errors import BadReason
from trace.documents.document_errors import (
    DocumentErased,
    DocumentNotStored,
    DocumentRepeated,
    DocumentStoreFull,
    DocumentTooLarge,
    DocumentTypeRefused,
    ImageTooLarge,
    SeriesWrong,
    UnknownDocument,
)
from trace.documents.document_reading import Document, PlaceOfLot, page_of_lot
from trace.documents.document_store import chunks
from trace.documents.documents import DocumentKind, DocumentNew
from trace.documents.media_types import media_type
from trace.errors import ErasureHeld, UnknownLot, UnknownParty
from trace.profiles import Visibility
from trace.sensors.sensing import Quantity

router = APIRouter(prefix="/v1/documents", tags=["documents"])

HASH: Final = r"^[0-9a-f]{64}$"
Sha256 = Annotated[str, Path(pattern=HASH, description="SHA-256 of the file, in hex.")]
_SAFE: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
"""Whatever a file holds can neither run nor load anything; and each use asks whether it is still there."""


class DocumentAnswer(BaseModel):
    """One statement of a document."""

    sha256: str
    statement_id: str = Field(description="Its receipt stands at /v1/receipts/{statement_id}.")
    party: str = Field(description="USCC of who stated it.")
    kind: str
    media_type: str
    size: int = Field(description="In bytes.")
    width: int | None = Field(description="Of a picture, in pixels.")
    height: int | None
    title: str | None = Field(
        description="Null where the document is not public: then it is a private value."
    )
    visibility: str
    stored: bool = Field(description="False: only the hash was stated, the file is with the party.")
    lots: list[str]
    step: str | None
    kept: datetime
    erased: datetime | None
    reason: str | None = Field(description="Why it was erased.")
    is_series: bool = Field(description="Whether /v1/series/{sha256} sums it up.")

    @classmethod
    def of(cls, document: Document) -> "DocumentAnswer":
        """Return a statement as the answer says it."""
        return cls(
            **{
                name: getattr(document, name)
                for name in cls.model_fields
                if name not in ("lots", "visibility", "kept", "erased")
            },
            kept=local(document.kept_ms, 0),
            erased=moment_or_none(document.erased_ms),
            lots=list(document.lots),
            visibility=document.visibility.value,
        )


class DocumentsAnswer(BaseModel):
    """Statements of documents that the caller may see."""

    documents: list[DocumentAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class DocumentTaken(BaseModel):
    """What became of an upload."""

    sha256: str = Field(description="Name it in a step as sha256:<this>.")
    statement_id: str
    media_type: str
    size: int
    replayed: bool = Field(description="The party had stated this very document before.")
    series: dict[str, Any] | None = Field(description="What a raw series of readings sums up to.")


class Erasure(BaseModel):
    """Which statement's document to erase, and why. There is no way back."""

    model_config = ConfigDict(extra="forbid")

    statement_id: str = Field(max_length=200)
    reason: str = Field(max_length=64, examples=["subject-request"], description="A slug, public for ever.")


class ErasureAnswer(BaseModel):
    """What was erased."""

    sha256: str
    statement_id: str


@router.post(
    "",
    summary="Upload a document",
    status_code=HTTPStatus.CREATED,
    response_model=DocumentTaken,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotYourParty, UnknownParty, UnknownLot, UnknownDocument,
        DocumentTypeRefused, DocumentTooLarge, DocumentStoreFull, ImageTooLarge, DocumentErased,
        DocumentRepeated, SeriesWrong, RequestTooLarge,
    ),
)  # fmt: skip
def upload_document(
    caller: Clerk,
    station: TheStation,
    party: Annotated[str, Form(min_length=18, max_length=18, description="USCC of who states it.")],
    kind: Annotated[DocumentKind, Form(description="What it is.")],
    title: Annotated[str, Form(min_length=1, max_length=120)],
    visibility: Annotated[Visibility, Form()] = Visibility.PARTNER,
    lots: Annotated[str, Form(max_length=5000, description="Lots it speaks of, with commas.")] = "",
    step: Annotated[str | None, Form(pattern=r"^[0-9a-f-]{36}$")] = None,
    quantity: Annotated[Quantity | None, Form(description="Of a series: what was measured.")] = None,
    file: UploadFile | None = None,
    sha256: Annotated[str | None, Form(pattern=HASH, description="Of a video that is not sent.")] = None,
    size: Annotated[int | None, Form(ge=1, description="Of a video that is not sent, in bytes.")] = None,
) -> DocumentTaken:
    """Keep a file by its hash and state it, or state the hash of a long video alone.

    The type is judged by the file's own bytes. Sending the same again states it once.
    """
    caller.must_speak_for(party)
    new = _new(party=party, kind=kind, title=title, visibility=visibility, lots=_listed(lots), step=step)
    if file is not None:
        done = take_in_document(station, new, chunks(file.file), file.content_type or "", quantity)
    else:
        if sha256 is None or size is None:
            raise DocumentTypeRefused(
                fault_zh="没有文件，也没有摘要与大小",
                fault_en="there is neither a file nor hash and size",
                known="file",
            )
        done = state_alone(station, new, sha256, size, "video/mp4")
    return DocumentTaken(
        sha256=done.kept.sha256,
        statement_id=done.stated.statement_id,
        media_type=done.kept.media_type,
        size=done.kept.size,
        replayed=done.stated.replayed,
        series=done.series,
    )


@router.post(
    "/erasures",
    summary="Erase a document",
    status_code=HTTPStatus.CREATED,
    response_model=ErasureAnswer,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotYourParty, UnknownDocument, DocumentErased, ErasureHeld,
        BadReason,
    ),
)  # fmt: skip
def erase(asked: Erasure, caller: Clerk, station: TheStation) -> ErasureAnswer:
    """Delete the bytes of a document for good; its statement, its hash and every proof stay.

    For the operator, or the party that stated it unless it or a lot concerned is on hold.
    """
    sha256 = erase_document(station, asked.statement_id, asked.reason, caller)
    return ErasureAnswer(sha256=sha256, statement_id=asked.statement_id)


@router.get(
    "",
    summary="List the documents of a lot",
    response_model=DocumentsAnswer,
    responses=problems(TokenRefused, FieldWrong),
)
def list_documents(
    caller: Visitor,
    station: TheStation,
    lot: Annotated[str, Query(min_length=1, max_length=40)],
    limit: Limit = 100,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> DocumentsAnswer:
    """Return the documents that speak of a lot and the caller may see, newest first."""
    after = None if next is None else cast("PlaceOfLot", read_cursor(next, (int, int, str)))
    with station.database.read() as session:
        found = page_of_lot(session, lot, reader_of(caller), limit + 1, after)
    shown, following = split(found, limit, lambda each: each[1])
    return DocumentsAnswer(documents=[DocumentAnswer.of(each) for each, _ in shown], next=following)


@router.get(
    "/{sha256}/statements",
    summary="Read what was stated of a document",
    response_model=DocumentsAnswer,
    responses=problems(TokenRefused, UnknownDocument, FieldWrong),
)
def document_statements(
    sha256: Sha256,
    caller: Visitor,
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> DocumentsAnswer:
    """Return every statement of a document that the caller may see, oldest first."""
    found = statements(station, sha256, reader_of(caller))
    shown, following = page_of(found, limit, next, lambda each: (each.kept_ms, each.statement_id), (int, str))
    return DocumentsAnswer(documents=[DocumentAnswer.of(each) for each in shown], next=following)


@router.get(
    "/{sha256}",
    summary="Read a document",
    response_class=StreamingResponse,
    responses=problems(TokenRefused, UnknownDocument, DocumentErased, DocumentNotStored),
)
def read_document(sha256: Sha256, request: Request, caller: Visitor, station: TheStation) -> Response:
    """Return the bytes of a document, checked against its hash before the first of them is sent.

    Pictures and PDF may be shown in place, without scripts; everything else is a download.
    """
    reader, tag = reader_of(caller), f'"{sha256}"'
    headers = {**_SAFE, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        readable(station, sha256, reader)
        return Response(status_code=HTTPStatus.NOT_MODIFIED.value, headers=headers)
    with ExitStack() as stack:
        document, file = stack.enter_context(content(station, sha256, reader))
        kind = media_type(document.media_type)
        shown = "inline" if kind.inline else "attachment"
        headers["Content-Disposition"] = f'{shown}; filename="{sha256[:16]}{kind.suffix}"'
        headers["Content-Length"] = str(document.size)
        return StreamingResponse(streamed(stack.pop_all(), file), media_type=kind.name, headers=headers)


def _listed(lots: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in lots.split(",") if each.strip())


def _new(**members: object) -> DocumentNew:
    try:
        return DocumentNew.model_validate(members)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in faults]) from None
