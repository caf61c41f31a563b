"""Feeds of quotes: which sources are polled, how they are doing, and setting them up.

An address is shown without its query, which may hold a key; settings hold no secrets.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.callers import Anyone, Caller, Feeder, TheStation
from api.errors import FieldWrong, NotYourSource, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of
from api.station import Station
from api.web.conditional import MATCH_HEADER, conditional_model, require_match
from api.web.formats import local
from api.web.precondition_errors import ChangedMeanwhile
from ledger.errors import Language
from priceindex.feeds.feed_errors import FeedDisabled, FeedExists, MalformedFeed, UnknownFeed
from priceindex.feeds.feed_polls import FeedHealth, Outcome, Poll, feed_health, polls_of
from priceindex.feeds.feed_settings import FeedSettings
from priceindex.feeds.feeds import FeedNew, FeedSetUp, add_feed, feeds, switch_feed
from priceindex.feeds.feeds import feed as feed_named
from priceindex.feeds.grid import Form
from priceindex.feeds.host_breaker import BreakerState, breaker_of

router = APIRouter(prefix="/v1", tags=["prices"])

FeedName = Annotated[
    str,
    Path(max_length=40, pattern=r"^[a-z][a-z0-9-]*$", description="Name of a feed.", examples=["yt1998"]),
]


class PollAnswer(BaseModel):
    """What one poll of a feed brought."""

    at: datetime
    outcome: Outcome
    rows: int | None = Field(description="Rows of the body; null where none came.")
    written: int = Field(description="Quotes added to the book, quarantined ones among them.")
    quarantined: int
    faults: int = Field(description="Rows that were not taken in.")
    claims_agreed: int = Field(
        description="Earlier prices, implied by stated changes, that the book confirms."
    )
    claims_differed: int
    body_sha256: str | None = Field(description="Digest of the archived body.")
    message: str = Field(description="What was wrong or odd; empty where nothing was.")

    @classmethod
    def of(cls, poll: Poll, language: Language) -> "PollAnswer":
        """Return a poll."""
        return cls(
            at=local(poll.at_ms, 0),
            outcome=poll.outcome,
            rows=poll.rows,
            written=poll.written,
            quarantined=poll.quarantined,
            faults=poll.faults,
            claims_agreed=poll.claims_agreed,
            claims_differed=poll.claims_differed,
            body_sha256=poll.body_sha256,
            message=poll.message(language),
        )


class FeedAnswer(BaseModel):
    """One feed and how it is doing."""

    name: str
    source: str
    shape: str
    form: Form
    address: str = Field(description="Without its query.")
    every_minutes: int
    settings: FeedSettings
    enabled: bool
    breaker: BreakerState = Field(description="Whether its host is asked.")
    last_answer: datetime | None = Field(description="When the source last answered, changed or not.")
    last_new: datetime | None = Field(description="When quotes of it last entered the book.")
    last_poll: PollAnswer | None
    next_poll: datetime | None = Field(description="Not before; null for a disabled feed.")

    @classmethod
    def of(
        cls, found: FeedSetUp, health: FeedHealth, breaker: BreakerState, language: Language
    ) -> "FeedAnswer":
        """Return a feed."""
        return cls(
            name=found.name,
            source=found.source,
            shape=found.shape,
            form=found.form,
            address=found.shown,
            every_minutes=found.every_minutes,
            settings=found.settings,
            enabled=found.enabled,
            breaker=breaker,
            last_answer=None if health.last_answer_ms is None else local(health.last_answer_ms, 0),
            last_new=None if health.last_new_ms is None else local(health.last_new_ms, 0),
            last_poll=None if health.last is None else PollAnswer.of(health.last, language),
            next_poll=local(found.next_ms, 0) if found.enabled else None,
        )


class FeedList(BaseModel):
    """Every feed."""

    feeds: list[FeedAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class FeedWhole(FeedAnswer):
    """One feed with its last polls."""

    polls: list[PollAnswer]


class FeedSwitch(BaseModel):
    """Whether a feed is polled."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool


@router.get("/feeds", summary="List feeds", response_model=FeedList, responses=problems(FieldWrong))
def list_feeds(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return every feed with its last answer, its last new quotes and the state of its host's breaker."""
    with station.database.read() as session:
        shown, following = page_of(feeds(session), limit, next, lambda feed: (feed.name,), (str,))
        told = [_answer(session, each, station, language_of(request)) for each in shown]
    return conditional_model(request, FeedList(feeds=told, next=following))


@router.get(
    "/feeds/{feed}",
    summary="Read a feed",
    response_model=FeedWhole,
    responses=problems(UnknownFeed, FieldWrong),
)
def read_feed(
    feed: FeedName,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Return a feed with its last twenty polls."""
    with station.database.read() as session:
        return conditional_model(request, _whole(session, feed, station, language_of(request)))


def _whole(session: Session, feed: str, station: Station, language: Language) -> FeedWhole:
    told = _answer(session, feed_named(session, feed), station, language)
    polls = [PollAnswer.of(each, language) for each in polls_of(session, feed)]
    return FeedWhole(**told.model_dump(), polls=polls)


_WRITING = (TokenMissing, TokenRefused, ScopeMissing, NotYourSource, WriterClosed)


@router.post(
    "/feeds",
    summary="Set a feed up",
    status_code=HTTPStatus.CREATED,
    response_model=FeedAnswer,
    responses=problems(*_WRITING, MalformedFeed, FeedExists),
)
def set_feed_up(
    new: FeedNew, request: Request, response: Response, caller: Feeder, station: TheStation
) -> FeedAnswer:
    """Have a source polled from now on; the same again changes nothing.

    A token bound to one source sets up feeds of that source alone.
    """
    caller.must_speak_as(new.source or new.name)
    now_ms = station.clock()
    made = station.writer.submit(lambda session: add_feed(session, new, _by(caller), now_ms))
    response.headers["Location"] = f"/v1/feeds/{made.name}"
    return _read_back(made, request, station)


@router.post(
    "/feeds/{feed}/switches",
    summary="Enable or disable a feed",
    response_model=FeedAnswer,
    responses=problems(*_WRITING, UnknownFeed, ChangedMeanwhile),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def switch(
    feed: FeedName, wanted: FeedSwitch, request: Request, caller: Feeder, station: TheStation
) -> FeedAnswer:
    """Stop polling a feed, or begin again; what it brought stays."""
    _must_own(station, feed, caller)
    now_ms, language = station.clock(), language_of(request)

    def work(session: Session) -> FeedSetUp:
        require_match(request, lambda: _whole(session, feed, station, language))
        return switch_feed(session, feed, on=wanted.enabled, at_ms=now_ms)

    return _read_back(station.writer.submit(work), request, station)


@router.post(
    "/feeds/{feed}/polls",
    summary="Poll a feed now",
    response_model=PollAnswer,
    responses=problems(*_WRITING, UnknownFeed, FeedDisabled),
)
def poll_now(
    feed: FeedName,
    request: Request,
    caller: Feeder,
    station: TheStation,
) -> PollAnswer:
    """Ask the source now, with its breaker, politeness and checks; the answer says what came of it."""
    _must_own(station, feed, caller)
    return PollAnswer.of(station.polling.poll(feed), language_of(request))


def _must_own(station: Station, name: str, caller: Caller) -> None:
    with station.database.read() as session:
        found = feed_named(session, name)
    caller.must_speak_as(found.source)


def _by(caller: Caller) -> str:
    return f"token {caller.token}"


def _read_back(found: FeedSetUp, request: Request, station: Station) -> FeedAnswer:
    with station.database.read() as session:
        return _answer(session, found, station, language_of(request))


def _answer(session: Session, found: FeedSetUp, station: Station, language: Language) -> FeedAnswer:
    breaker = breaker_of(session, found.host).state(station.clock())
    return FeedAnswer.of(found, feed_health(session, found.name), breaker, language)
