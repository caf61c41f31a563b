"""Trace codes as a firm orders them: batches issued, listed, written out, printed, spoiled, retired."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.callers import Caller, Clerk, TheStation
from api.code_issuing import issue_batch
from api.errors import NotYourParty, ScopeMissing, TokenMissing, TokenRefused, TooBusy, WriterClosed
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.station import Station
from api.tokens import Scope
from api.web.csv_body import MEDIA_TYPE, csv_body, csv_lines
from api.web.formats import local
from trace.coding.batch_reading import BatchState, batch_state, batches
from trace.coding.code_errors import (
    CodeCannotBecome,
    CodeOrderDiffers,
    CodeRangeWrong,
    CodesNotYours,
    ContainerNotEmpty,
    NoCodesNamed,
)
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_batch
from trace.coding.code_orders import CodeOrder
from trace.coding.code_words import CodeStatus, Level
from trace.coding.runs import Range
from trace.coding.status_changes import change_status, range_between, ranges_named
from trace.coding.trace_code import encode_many, grouped
from trace.errors import ForgedCode, MalformedCode, UnknownCode, UnknownCodeBatch, UnknownParty

router = APIRouter(prefix="/v1", tags=["codes"])

MOST_CODES: Final = 20_000_000
"""In one batch: twice what the city's food codes came to, and about a minute's work."""
_LINES: Final = 4_096

Uscc = Annotated[str, Field(min_length=18, max_length=18)]
BatchId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="Batch of codes 码批: its root in hex.")]
Code = Annotated[str, Field(min_length=1, max_length=64)]


class CodesWanted(BaseModel):
    """An order for codes."""

    model_config = ConfigDict(extra="forbid")

    party: Uscc = Field(description="Unified social credit code of who will use them.")
    count: int = Field(gt=0, le=MOST_CODES, strict=True, description="How many.")
    level: Level = Field(Level.PACK, description="What they will be stuck on: pack, box, bag or bulk.")
    id: str | None = Field(
        None,
        min_length=1,
        max_length=64,
        pattern=r"^[\x21-\x7e]+$",
        description="The party's own id for this order: sending it twice issues one batch.",
    )


class BatchAnswer(BaseModel):
    """A batch of codes 码批."""

    batch: str = Field(description="Merkle root of its codes, in hex: its name.")
    party: str
    level: Level
    count: int
    first: str = Field(description="The first code, in the order of issue.")
    last: str
    issued: datetime
    statement_id: str = Field(description="Its statement; the receipt stands at /v1/receipts.")
    counts: dict[CodeStatus, int] = Field(description="How many of its codes are in which status.")


class BatchPage(BaseModel):
    """Batches, the newest first."""

    batches: list[BatchAnswer]
    next: str | None = Field(description="Ask with this for the next page; null on the last.")


class CodesNamed(BaseModel):
    """Codes that were printed, spoiled or retired: a range of one batch, or a list."""

    model_config = ConfigDict(extra="forbid")

    party: Uscc | None = Field(None, description="Whose codes they are; only the operator may leave it out.")
    first: Code | None = Field(None, description="First code of a range in the order of issue.")
    last: Code | None = Field(None, description="Last code of the range.")
    codes: list[Code] = Field(default_factory=list, max_length=1000, description="Codes one by one.")
    reason: str | None = Field(None, pattern=r"^[a-z0-9-]{1,64}$", description="Why, as a slug; public.")


class StatusAnswer(BaseModel):
    """What was stated about codes."""

    statement_id: str = Field(description="Its statement; the receipt stands at /v1/receipts.")
    status: CodeStatus
    count: int = Field(description="How many codes it is about.")


_REFUSED: Final = problems(
    TokenMissing, TokenRefused, ScopeMissing, NotYourParty, MalformedCode, ForgedCode, UnknownCode,
    NoCodesNamed, CodeRangeWrong, CodesNotYours, CodeCannotBecome, ContainerNotEmpty, WriterClosed,
)  # fmt: skip


@router.post(
    "/codes",
    summary="Issue a batch of trace codes",
    status_code=HTTPStatus.CREATED,
    response_model=BatchAnswer,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotYourParty,
        UnknownParty,
        CodeOrderDiffers,
        TooBusy,
        WriterClosed,
    ),
)
def issue(wanted: CodesWanted, caller: Clerk, station: TheStation) -> BatchAnswer:
    """Issue codes under one statement that carries the Merkle root of them all.

    They answer "not activated" until a packing (or, for boxes, a nesting) puts them to use. Ten million
    take about a minute; others go on writing meanwhile. The same order under the same `id` answers with the
    same batch; without an id asking twice issues two.
    """
    caller.must_speak_for(wanted.party)
    order = CodeOrder(party=wanted.party, count=wanted.count, level=wanted.level, client_id=wanted.id)
    batch = issue_batch(station, order)
    with station.database.read() as session:
        return _answer(batch_state(session, batch, wanted.party), station.code_keys)


@router.get(
    "/code-batches",
    summary="List batches of trace codes",
    response_model=BatchPage,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, NotYourParty),
)
def list_batches(
    caller: Clerk,
    station: TheStation,
    party: Annotated[str | None, Query(min_length=18, max_length=18, description="Whose; USCC.")] = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> BatchPage:
    """Return the batches issued to a party, the newest first, with how far each is used up."""
    whose = _own(caller, party)
    serial = None if next is None else int(str(read_cursor(next, (int,))[0]))
    with station.database.read() as session:
        found = batches(session, whose, before_serial=serial, limit=limit + 1)
    shown, following = split(found, limit, lambda batch: [batch.first_serial])
    return BatchPage(batches=[_answer(each, station.code_keys) for each in shown], next=following)


@router.get(
    "/code-batches/{batch}",
    summary="Read the state of a batch of trace codes",
    response_model=BatchAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, UnknownCodeBatch),
)
def read_batch(batch: BatchId, caller: Clerk, station: TheStation) -> BatchAnswer:
    """Return how many of its codes are reserved, printed, in use, sold and so on."""
    with station.database.read() as session:
        return _answer(batch_state(session, batch, _own(caller, None)), station.code_keys)


@router.get(
    "/code-batches/{batch}/codes",
    summary="Fetch the codes of a batch as CSV",
    response_class=StreamingResponse,
    responses={
        200: {"description": "One code a line, in the order of issue.", "content": {"text/csv": {}}},
        **problems(TokenMissing, TokenRefused, ScopeMissing, UnknownCodeBatch),
    },
)
def list_codes_of_batch(
    batch: BatchId,
    caller: Clerk,
    station: TheStation,
    first: Annotated[int, Query(ge=0, le=MOST_CODES, description="Place to begin at, from 0 on.")] = 0,
    count: Annotated[
        int | None, Query(ge=1, le=MOST_CODES, description="How many; all when left out.")
    ] = None,
) -> StreamingResponse:
    """Return the codes, as stored and as printed, for the party they were issued to or the operator."""
    with station.database.read() as session:
        found = batch_state(session, batch, _own(caller, None))
    name = f'attachment; filename="codes-{batch[:12]}.csv"'
    return StreamingResponse(
        _lines(found, station.code_keys, first, count),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


@router.post(
    "/codes/printed",
    summary="Say that codes are printed",
    status_code=HTTPStatus.CREATED,
    response_model=StatusAnswer,
    responses=_REFUSED,
)
def printed(named: CodesNamed, caller: Clerk, station: TheStation) -> StatusAnswer:
    """State that reserved codes are printed 已印制."""
    return _changed(station, caller, CodeStatus.PRINTED, named)


@router.post(
    "/codes/spoiled",
    summary="Say that labels are spoiled",
    status_code=HTTPStatus.CREATED,
    response_model=StatusAnswer,
    responses=_REFUSED,
)
def spoiled(named: CodesNamed, caller: Clerk, station: TheStation) -> StatusAnswer:
    """State that labels were spoiled in printing 印废: their codes can never be put to use."""
    return _changed(station, caller, CodeStatus.SPOILED, named)


@router.post(
    "/codes/retired",
    summary="Retire codes",
    status_code=HTTPStatus.CREATED,
    response_model=StatusAnswer,
    responses=_REFUSED,
)
def retired(named: CodesNamed, caller: Clerk, station: TheStation) -> StatusAnswer:
    """State that codes that are not sold yet count no longer 停用, on packs or off."""
    return _changed(station, caller, CodeStatus.RETIRED, named)


def _own(caller: Caller, party: str | None) -> str | None:
    """Return whose batches the caller may read; raises `NotYourParty`. None: everybody's."""
    if Scope.OPERATOR in caller.scopes:
        return party
    if caller.party is None or party not in (None, caller.party):
        raise NotYourParty(own=caller.party or "—")
    return caller.party


def _changed(station: Station, caller: Caller, status: CodeStatus, named: CodesNamed) -> StatusAnswer:
    if named.party is not None:
        caller.must_speak_for(named.party)
    elif Scope.OPERATOR not in caller.scopes:
        raise NotYourParty(own=caller.party or "—")

    def work(session: Session) -> StatusAnswer:
        keys = station.code_keys
        ranges = _ranges(session, named, keys)
        said = change_status(
            session, station.recorder.declarer, keys, status, ranges,
            by=named.party, at_ms=station.clock(), reason=named.reason,
        )  # fmt: skip
        count = sum(last - first + 1 for first, last in ranges)
        return StatusAnswer(statement_id=said.statement_id, status=status, count=count)

    return station.writer.submit(work)


def _ranges(session: Session, named: CodesNamed, keys: CodeKeys) -> list[Range]:
    listed = ranges_named(session, named.codes, keys)
    if named.first is None:
        return listed
    return listed + range_between(session, named.first, named.last or named.first, keys)


def _lines(batch: BatchState, keys: CodeKeys, first: int, count: int | None) -> Iterator[bytes]:
    yield csv_body(["code", "printed"], [])
    codes = codes_of_batch(batch, keys, first, count)
    while some := list(islice(codes, _LINES)):
        yield csv_lines([code, grouped(code)] for code in some)


def _answer(batch: BatchState, keys: CodeKeys) -> BatchAnswer:
    def code(place: int) -> str:
        return grouped(encode_many(batch.first_serial + place, 1, keys, batch.key_version)[0])

    return BatchAnswer(
        batch=batch.batch_id,
        party=batch.party,
        level=batch.level,
        count=batch.count,
        first=code(0),
        last=code(batch.count - 1),
        issued=local(batch.issued_ms, 0),
        statement_id=batch.statement_id,
        counts=dict(batch.counts),
    )
