"""The log's own keys: which sign its checkpoints, and the operator's way from one to the next."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api import key_service
from api.callers import Anyone, Operator, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.key_request_errors import SecondPersonFirst
from api.key_requests import require_console
from api.problems import problems
from api.routes.keys import KeyId
from api.routes.paging import MOST, Limit, Next, link_next, page_of
from ledger.errors import LogNotFounded
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NoSuchKey
from ledger.keyring.key_reading import LogKeyTerm, log_key_terms
from ledger.note import NoteKey
from ledger.witnessing.witness_errors import PolicyOutdated

router = APIRouter(prefix="/v1/log", tags=["ledger"])


class LogKeyAnswer(BaseModel):
    """One key of the log and the checkpoints that bear its signature."""

    vkey: str = Field(description="The key as a C2SP signed-note verifier key: what verifiers are given.")
    key_id: str
    from_index: int = Field(description="Checkpoints of larger sizes bear its signature.")
    until_index: int | None = Field(description="The largest size it signs; null while it is in force.")


class LogKeyMade(BaseModel):
    """A log key that was made or retired; its statement is in the log within seconds."""

    vkey: str
    key_id: str


@router.get(
    "/keys",
    summary="List the log's keys",
    response_model=list[LogKeyAnswer],
    responses=problems(LogNotFounded, FieldWrong),
)
def list_log_keys(
    request: Request,
    response: Response,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> list[LogKeyAnswer]:
    """Return every key the log ever had, oldest first, with the entries that added and retired it.

    Compare with a second source before you trust one that you did not know. A `Link` header names the
    following page.
    """
    with station.database.read() as session:
        found = log_key_terms(session)
    shown, following = page_of(found, limit, next, lambda term: (term.from_index, term.key_id), (int, str))
    link_next(request, response, following)
    return [_answer(term) for term in shown]


@router.post(
    "/keys",
    summary="Add a key to the log",
    status_code=HTTPStatus.CREATED,
    response_model=LogKeyMade,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, SecondPersonFirst, WriterClosed),
)
def add_log_key(caller: Operator, station: TheStation) -> LogKeyMade:
    """Make a log key in the service's folder and log it: checkpoints bear its signature too from then on."""
    require_console(station, caller)
    return _told(key_service.add_log_key(station))


@router.post(
    "/keys/{key_id}/retirement",
    summary="Retire a key of the log",
    status_code=HTTPStatus.CREATED,
    response_model=LogKeyMade,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        SecondPersonFirst,
        NoSuchKey,
        KeyEnded,
        KeyStatementRefused,
        PolicyOutdated,
        WriterClosed,
    ),
)
def retire_log_key(key_id: KeyId, caller: Operator, station: TheStation) -> LogKeyMade:
    """End the overlap: this key signs no checkpoint beyond the statement. The last key cannot be retired."""
    require_console(station, caller)
    return _told(key_service.retire_log_key(station, key_id))


def _told(key: NoteKey) -> LogKeyMade:
    return LogKeyMade(vkey=key.to_vkey(), key_id=key.key.key_id)


def _answer(term: LogKeyTerm) -> LogKeyAnswer:
    return LogKeyAnswer(
        vkey=term.vkey, key_id=term.key_id, from_index=term.from_index, until_index=term.until_index
    )
