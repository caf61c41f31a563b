"""Changes of keys by two persons: one asks, another carries it out."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import key_requests
from api.callers import Operator, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.key_request_errors import KeyRequestDecided, KeyRequestUnknown, SamePersonAgain
from api.key_request_tables import KeyRequestRow
from api.key_requests import KeyChange
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, by_time, link_next, split
from ledger.errors import Location
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NoSuchKey
from ledger.plain_text import PlainText
from ledger.witnessing.witness_errors import PolicyOutdated
from trace.errors import BadIdentifier
from trace.identifiers import check_uscc

router = APIRouter(prefix="/v1/key-requests", tags=["ledger"])

_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, WriterClosed)
RequestId = Annotated[str, Path(max_length=40, pattern=r"^key-request-[0-9a-f]{24}$")]


class KeyRequestNew(BaseModel):
    """A change of keys somebody asks for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"change": "add", "reason": "yearly renewal"}]},
    )

    change: KeyChange
    about: str | None = Field(
        None, max_length=40, description="Id of the log key to retire, or USCC of the party; null for `add`."
    )
    reason: PlainText = Field(min_length=1, max_length=200)


class KeyRequestAnswer(BaseModel):
    """A request for a change of keys."""

    id: str
    change: KeyChange
    about: str | None
    reason: str
    asked_by: str = Field(description="Account id or prefix of a token.")
    asked: datetime
    done_by: str | None
    done: datetime | None
    key_id: str | None = Field(description="The key that was made or retired.")

    @classmethod
    def of(cls, row: KeyRequestRow) -> "KeyRequestAnswer":
        """Return a request as the API tells it."""
        return cls(
            id=row.request_id,
            change=KeyChange(row.change),
            about=row.about,
            reason=row.reason,
            asked_by=row.asked_by,
            asked=datetime.fromtimestamp(row.asked_ms / 1000, UTC),
            done_by=row.done_by,
            done=None if row.done_ms is None else datetime.fromtimestamp(row.done_ms / 1000, UTC),
            key_id=row.made,
        )


@router.get(
    "",
    summary="List requests for changes of keys",
    response_model=list[KeyRequestAnswer],
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, FieldWrong),
)
def list_key_requests(
    request: Request,
    response: Response,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> list[KeyRequestAnswer]:
    """Return requests, newest first; a `Link` header names the following page."""
    with station.database.read() as session:
        found = key_requests.requests(session, limit + 1, by_time(next))
    shown, following = split(found, limit, lambda row: (row.asked_ms, row.request_id))
    link_next(request, response, following)
    return [KeyRequestAnswer.of(row) for row in shown]


@router.post(
    "",
    summary="Ask for a change of keys",
    status_code=HTTPStatus.CREATED,
    response_model=KeyRequestAnswer,
    responses=problems(*_REFUSED, FieldWrong, BadIdentifier),
)
def ask_key_change(new: KeyRequestNew, caller: Operator, station: TheStation) -> KeyRequestAnswer:
    """Ask for a further log key, the end of one, or a new key for a party; another person carries it out."""
    return KeyRequestAnswer.of(key_requests.ask(station, caller, new.change, _about(new), new.reason))


@router.post(
    "/{key_request}/approval",
    summary="Carry out a change of keys",
    status_code=HTTPStatus.CREATED,
    response_model=KeyRequestAnswer,
    responses=problems(
        *_REFUSED,
        KeyRequestUnknown,
        KeyRequestDecided,
        SamePersonAgain,
        NoSuchKey,
        KeyEnded,
        KeyStatementRefused,
        PolicyOutdated,
    ),
)
def carry_out_key_change(key_request: RequestId, caller: Operator, station: TheStation) -> KeyRequestAnswer:
    """Carry out what another operator asked for; told apart by account or token, and by name."""
    return KeyRequestAnswer.of(key_requests.carry_out(station, caller, key_request))


def _about(new: KeyRequestNew) -> str | None:
    if (new.about is None) is not (new.change is KeyChange.ADD):
        raise FieldWrong(
            at=Location(field="about"),
            reason_zh="retire 要写密钥编号，renew 要写主体代码，add 不写",
            reason_en="retire names a key, renew a party, add nothing",
        )
    return check_uscc(new.about) if new.change is KeyChange.RENEW and new.about else new.about
