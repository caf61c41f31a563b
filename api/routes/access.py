"""The notes of access: for the operator all of them, for a party those of its own people."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.access.access_reading import Wanted, notes_wanted
from api.access.access_tables import AccessNoteRow
from api.access.noting import Kind
from api.callers import Holder, TheStation
from api.errors import FieldWrong, TokenMissing, TokenRefused
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE, csv_body
from ledger.canonical import JsonValue, parse
from trace.steps import event_ms

router = APIRouter(prefix="/v1", tags=["access"])

As = Annotated[str | None, Query(alias="as", pattern="^(json|csv)$", description="json or csv.")]
Moment = Annotated[AwareDatetime | None, Query(description="RFC 3339 with offset.")]


class AccessNote(BaseModel):
    """One note of access."""

    number: int = Field(description="Place in the table; digests in the log name runs of numbers.")
    at: datetime
    kind: Kind
    who: str = Field(description="Account id, prefix of a token, `command`, or `public`.")
    party: str | None = Field(description="USCC of the party it spoke for.")
    operation: str = Field(examples=["POST /v1/steps"])
    objects: dict[str, str] = Field(description="What the address named.")
    status: int | None = Field(description="HTTP status; null where it was noted in the writing transaction.")
    request_id: str

    @classmethod
    def of(cls, row: AccessNoteRow) -> "AccessNote":
        """Return a note as the API tells it."""
        objects = parse(row.objects.encode())
        return cls(
            number=row.number or 0,
            at=datetime.fromtimestamp(row.at_ms / 1000, UTC),
            kind=Kind(row.kind),
            who=row.who,
            party=row.party,
            operation=row.operation,
            objects=_texts(objects),
            status=row.status,
            request_id=row.request_id,
        )


class AccessNotes(BaseModel):
    """Notes of access, newest first."""

    notes: list[AccessNote]
    next: str | None


@router.get(
    "/access",
    summary="List notes of access",
    response_model=AccessNotes,
    responses=problems(TokenMissing, TokenRefused, FieldWrong),
)
def list_access(
    request: Request,
    caller: Holder,
    station: TheStation,
    limit: Limit = 50,
    page: Annotated[Next, Query(alias="next")] = None,
    kind: Annotated[Kind | None, Query(description="Only notes of this kind.")] = None,
    who: Annotated[str | None, Query(max_length=64, description="Only of this account or token.")] = None,
    since: Moment = None,
    until: Moment = None,
    form: As = None,
) -> Response | AccessNotes:
    """Return who wrote what and who read what is private.

    The operator sees all, a token bound to a party the notes of that party, any other its own.
    """
    wanted = Wanted(
        who=who if caller.operates or caller.party else caller.token,
        party=None if caller.operates else caller.party,
        kind=kind,
        since_ms=None if since is None else event_ms(since),
        until_ms=None if until is None else event_ms(until),
    )
    below = None if page is None else _number(page)
    with station.database.read() as session:
        found = notes_wanted(session, wanted, limit + 1, below)
    shown, following = split(found, limit, lambda row: (row.number or 0,))
    notes = [AccessNote.of(row) for row in shown]
    if form == "csv":
        return conditional(request, csv_of(notes), MEDIA_TYPE)
    return AccessNotes(notes=notes, next=following)


def _texts(objects: JsonValue) -> dict[str, str]:
    return {name: str(value) for name, value in objects.items()} if isinstance(objects, dict) else {}


def _number(page: str) -> int:
    (number,) = read_cursor(page, (int,))
    return int(str(number))


def csv_of(notes: list[AccessNote]) -> bytes:
    """Return notes as a CSV table."""
    heads = ("number", "at", "kind", "who", "party", "operation", "objects", "status", "request_id")
    return csv_body(
        heads,
        (
            (
                each.number,
                each.at.isoformat(timespec="milliseconds"),
                each.kind.value,
                each.who,
                each.party,
                each.operation,
                " ".join(f"{name}={value}" for name, value in each.objects.items()),
                each.status,
                each.request_id,
            )
            for each in notes
        ),
    )
