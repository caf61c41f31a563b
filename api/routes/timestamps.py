"""Timestamps of checkpoints (RFC 3161): evidence from outside that the log stood so at a certain time."""

from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from ledger.errors import LogNotFounded
from ledger.timestamps.timestamp_errors import NoTimestamp
from ledger.timestamps.timestamping import KeptTimestamp, kept_timestamp, kept_timestamps

router = APIRouter(prefix="/v1", tags=["ledger"])

_LARGEST = 2**53 - 1


class TimestampAnswer(BaseModel):
    """One timestamp."""

    size: int = Field(description="Size of the checkpoint that was stamped.")
    at: datetime = Field(description="When the authority says that it saw it, UTC.")
    authority: str = Field(description="Subject of the certificate that signed (RFC 4514).")

    @classmethod
    def of(cls, kept: KeptTimestamp) -> "TimestampAnswer":
        """Return a kept timestamp as the API tells it."""
        at = datetime.fromtimestamp(kept.stated_ms / 1000, UTC)
        return cls(size=kept.size, at=at, authority=kept.authority)


class TimestampsAnswer(BaseModel):
    """Timestamps, the largest checkpoint first."""

    timestamps: list[TimestampAnswer]
    next_below: int | None = Field(description="The `below` of the following page: an older way; null: none.")
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


@router.get(
    "/log/timestamps",
    summary="List the timestamps of checkpoints",
    response_model=TimestampsAnswer,
    responses=problems(LogNotFounded, FieldWrong),
)
def list_timestamps(
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    response: Response,
    limit: Limit = 20,
    next: Next = None,  # noqa: A002  the name of every page mark
    below: Annotated[int | None, Query(ge=1, le=_LARGEST, description="Only of smaller checkpoints.")] = None,
) -> TimestampsAnswer:
    """Return which checkpoints an outside authority has timestamped, and when; none unless one is set up."""
    response.headers["Cache-Control"] = "no-store"
    if next is not None:
        below = cast("int", read_cursor(next, (int,))[0])
    with station.database.read() as session:
        found = kept_timestamps(session, limit + 1, below)
    shown, following = split(found, limit, lambda each: (each.size,))
    return TimestampsAnswer(
        timestamps=[TimestampAnswer.of(each) for each in shown],
        next_below=None if following is None else shown[-1].size,
        next=following,
    )


@router.get(
    "/log/timestamps/{size}",
    summary="Fetch the timestamp of a checkpoint",
    response_class=Response,
    responses={
        200: {
            "description": "A `daodi-timestamp@v1` file: signed checkpoint and TimeStampResp.",
            "content": {"application/json": {}},
        },
        **problems(NoTimestamp, LogNotFounded),
    },
)
def read_timestamp(
    size: Annotated[int, Path(ge=1, le=_LARGEST)],
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Return the file that `daodi verify FILE --tsa-certificates PEM` checks."""
    with station.database.read() as session:
        kept = kept_timestamp(session, size)
    name = f'attachment; filename="timestamp-{size}.json"'
    headers = {"Content-Disposition": name, "Cache-Control": "public, max-age=86400"}
    return Response(kept.file.to_text(), media_type="application/json", headers=headers)
