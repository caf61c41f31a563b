"""Notices of recalls to a party, and mock recalls 模拟召回."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api import holding
from api.callers import ClerkOrSupervisor, Supervisor, TheStation
from api.drilling import drill
from api.errors import (
    FieldWrong,
    NotARegulator,
    NotYourParty,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    WriterClosed,
)
from api.problems import problems
from api.routes.paging import Limit, Next, by_time, link_next, split
from api.web.formats import local, moment_or_none
from ledger.plain_text import PlainText
from trace.errors import UnknownLot
from trace.recalls.hold_listing import drills
from trace.recalls.hold_world import Role
from trace.recalls.notices import mark_read, notices_to
from trace.recalls.recall_errors import NotYourGoods, UnknownNotice
from trace.recalls.recall_tables import DrillRow, NoticeRow
from trace.recalls.recalls import MOST_LOTS

router = APIRouter(prefix="/v1", tags=["recalls"])

_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, NotARegulator, NotYourParty)


class NoticeAnswer(BaseModel):
    """One notice 通知."""

    notice: str
    recall: str
    kind: str = Field(description="opened, extended, reminder or closed.")
    sent: datetime
    due: datetime | None = Field(description="By when it is to be acknowledged; null: nothing is asked.")
    read: datetime | None
    acknowledged: datetime | None

    @classmethod
    def of(cls, row: NoticeRow, read_ms: int | None) -> "NoticeAnswer":
        """Return a notice with when it was first read."""
        return cls(
            notice=row.notice_id,
            recall=row.recall_id,
            kind=row.kind,
            sent=local(row.sent_ms, 0),
            due=moment_or_none(row.due_ms),
            read=moment_or_none(read_ms),
            acknowledged=moment_or_none(row.acknowledged_ms),
        )


class NoticesAnswer(BaseModel):
    """Notices to one party, newest first."""

    party: str
    notices: list[NoticeAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class DrillNew(BaseModel):
    """A mock recall."""

    model_config = ConfigDict(extra="forbid")

    lots: list[PlainText] = Field(min_length=1, max_length=MOST_LOTS, description="Lots to find.")


class DrillAnswer(BaseModel):
    """What a mock recall found, and how long each part took."""

    drill: str
    lots: int
    packs: int
    grams: int
    holders: int
    root: str = Field(description="Merkle root of the sorted ids of the lots.")
    phases_us: dict[str, int] = Field(description="Microseconds: lots, holders, list.")
    drilled: datetime | None = None
    statement_id: str | None = None

    @classmethod
    def of(cls, row: DrillRow) -> "DrillAnswer":
        """Return a mock recall as it is on record."""
        return cls(
            drill=row.drill_id,
            lots=row.lots,
            packs=row.packs,
            grams=row.grams,
            holders=row.holders,
            root=row.root,
            phases_us=orjson.loads(row.phases),
            drilled=moment_or_none(row.drilled_ms),
            statement_id=row.statement_id,
        )


@router.get(
    "/notices",
    summary="Notices to a party",
    response_model=NoticesAnswer,
    responses=problems(*_REFUSED, FieldWrong),
)
def list_notices(
    caller: ClerkOrSupervisor,
    station: TheStation,
    party: Annotated[
        str | None, Query(min_length=18, max_length=18, description="USCC; by default the caller's own.")
    ] = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> NoticesAnswer:
    """Return what a party was told of recalls, newest first."""
    wanted = party or caller.party
    if wanted is None or (wanted != caller.party and not (caller.operates or caller.regulator)):
        raise NotYourParty(own=caller.party or "—")
    with station.database.read() as session:
        found = notices_to(session, wanted, limit + 1, by_time(next))
    shown, following = split(found, limit, lambda each: (each[0].sent_ms, each[0].notice_id))
    told = [NoticeAnswer.of(row, read_ms) for row, read_ms in shown]
    return NoticesAnswer(party=wanted, notices=told, next=following)


@router.post(
    "/notices/{notice}/readings",
    summary="Mark a notice as read",
    status_code=HTTPStatus.CREATED,
    response_model=NoticeAnswer,
    responses=problems(*_REFUSED, WriterClosed, UnknownNotice),
)
def read_notice(
    notice: Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="Id of the notice.")],
    caller: ClerkOrSupervisor,
    station: TheStation,
) -> NoticeAnswer:
    """Keep when somebody of the party first opened it; later readings change nothing."""
    person = holding.person_of(caller)
    party = None if person.role is Role.OPERATOR else person.party
    at_ms = station.clock()

    def work(session: Session) -> NoticeAnswer:
        read_ms = mark_read(session, notice, party, at_ms)
        row = session.get_one(NoticeRow, notice)
        return NoticeAnswer.of(row, read_ms)

    return station.writer.submit(work)


@router.post(
    "/drills",
    summary="Hold a mock recall",
    status_code=HTTPStatus.CREATED,
    response_model=DrillAnswer,
    responses=problems(*_REFUSED, WriterClosed, UnknownLot, NotYourGoods),
)
def hold_drill(new: DrillNew, caller: ClerkOrSupervisor, station: TheStation) -> DrillAnswer:
    """Find what a recall of these lots would find, timed; nothing is frozen, and the log says it was held."""
    done = drill(station, new.lots, holding.person_of(caller))
    with station.database.read() as session:
        return DrillAnswer.of(session.get_one(DrillRow, done.drill_id))


@router.get(
    "/drills",
    summary="List mock recalls",
    response_model=list[DrillAnswer],
    responses=problems(*_REFUSED, FieldWrong),
)
def list_drills(
    request: Request,
    response: Response,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> list[DrillAnswer]:
    """Return mock recalls, newest first; a `Link` header names the following page."""
    with station.database.read() as session:
        found = drills(session, limit + 1, by_time(next))
    shown, following = split(found, limit, lambda row: (row.drilled_ms, row.drill_id))
    link_next(request, response, following)
    return [DrillAnswer.of(row) for row in shown]
