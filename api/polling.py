"""The thread that polls feeds of quotes, and the one way a feed is polled by hand.

It holds no truth: which feeds are due, how their hosts behave and what was seen last stand in the database,
so a restart forgets nothing. No transaction is open while a source is waited for.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Self, TypeVar

import httpx
import structlog
from sqlmodel import Session

from api.database import Database
from api.errors import WriterClosed
from api.looking import Looking
from api.quoted_names import known_names
from api.settings import Settings
from api.writer import Writer
from ledger.clock import Clock
from ledger.errors import DaodiError
from priceindex.feeds import polling
from priceindex.feeds.address_guard import AddressGuard
from priceindex.feeds.contract import RawBody
from priceindex.feeds.feed_errors import FeedDisabled, HostResting
from priceindex.feeds.feed_polls import Poll
from priceindex.feeds.feeds import FeedSetUp, claim_poll, due_feeds, feed
from priceindex.feeds.host_breaker import require_asking
from priceindex.feeds.host_turns import HostTurns
from priceindex.feeds.http_feed import TIMEOUT, HttpFeed
from priceindex.feeds.state import FeedState

T = TypeVar("T")
_log = structlog.get_logger(__name__)
AT_ONCE: Final = 4
"""Feeds polled at the same time; of one host no more than two requests run."""
CLOSING_SECONDS: Final = 3.0
"""How long closing waits for sources that are being asked; what then answers is asked again next time."""
_NO_REUSE: Final = httpx.Limits(max_connections=8, max_keepalive_connections=0)
"""A connection is never used for another name than the one its certificate was checked for."""


class Polling:
    """Polls the feeds that are due; `poll` may also be called by hand."""

    def __init__(
        self, database: Database, writer: Writer, clock: Clock, guard: AddressGuard, turns: HostTurns
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._guard = guard
        self._turns = turns
        self._closing = False
        self._looking = Looking(self.look, "daodi-feeds")

    @classmethod
    def of(cls, settings: Settings, database: Database, writer: Writer, clock: Clock) -> Self:
        """Return it as the settings say."""
        guard = AddressGuard(private_allowed=settings.feeds_private_addresses)
        # A pause between requests is no secret: any randomness will do.
        turns = HostTurns(time.monotonic, time.sleep, random.random)
        return cls(database, writer, clock, guard, turns)

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread. A poll that is cut off loses nothing: each of its steps is written whole or not."""
        self._closing = True
        self._looking.close(CLOSING_SECONDS)

    def look(self) -> None:
        """Poll what is due; a failure of one feed is logged and holds up no other."""
        try:
            self.poll_due()
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("feeds_failed")

    def poll_due(self) -> list[Poll]:
        """Poll every feed whose time has come and that no other process took; return what they brought."""
        with self._database.read() as session:
            due = due_feeds(session, self._clock())
        return self._together([each for each in due if self._claim(each)])

    def poll(self, name: str) -> Poll:
        """Poll one feed now, due or not; raises `UnknownFeed`, `FeedDisabled`."""
        with self._database.read() as session:
            found = feed(session, name)
        if not found.enabled:
            raise FeedDisabled(name=name)
        self._claim(found)
        return self._poll(found)

    def _claim(self, due: FeedSetUp) -> bool:
        now_ms = self._clock()
        return self._writer.submit(lambda session: claim_poll(session, due, now_ms))

    def _together(self, mine: Sequence[FeedSetUp]) -> list[Poll]:
        """Poll several feeds in threads that no end of the process waits for."""
        waiting, polls = deque(mine), list[Poll]()

        def work() -> None:
            while waiting and not self._closing:
                try:
                    due = waiting.popleft()
                except IndexError:
                    return  # another thread took the last one between the two lines
                polls.extend(self._polled(due))

        workers = [threading.Thread(target=work, daemon=True) for _ in range(min(AT_ONCE, len(mine)))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return polls

    def _polled(self, due: FeedSetUp) -> list[Poll]:
        try:
            poll = self._poll(due)
        except WriterClosed:
            return []  # the service ends; the feed is due again when it is back
        except Exception:  # noqa: BLE001  one feed's failure must not end the others' polls; it is logged
            _log.exception("feed_failed", feed=due.name)
            return []
        _log.info("feed_polled", feed=due.name, outcome=str(poll.outcome), written=poll.written)
        return [poll]

    def _poll(self, due: FeedSetUp) -> Poll:
        try:
            self._note(lambda session, now_ms: require_asking(session, due.host, now_ms))
        except HostResting as resting:
            return self._note(_with(polling.note_resting, due, resting))
        with self._database.read() as session:
            validators = polling.validators_of(session, due)
        try:
            raw = self._fetch(due, validators)
        except DaodiError as fault:
            return self._note(_with(polling.note_failed, due, fault))
        if raw is None:
            return self._note(lambda session, now_ms: polling.note_unchanged(session, due, now_ms))
        return self._take(due, raw)

    def _fetch(self, due: FeedSetUp, validators: FeedState) -> RawBody | None:
        with httpx.Client(
            timeout=TIMEOUT, limits=_NO_REUSE, follow_redirects=False, trust_env=False
        ) as client:
            return HttpFeed(
                url=due.address,
                client=client,
                clock=self._clock,
                monotonic=time.monotonic,
                guard=self._guard,
                turns=self._turns,
                form=due.form,
                state=validators,
            ).fetch()

    def _take(self, due: FeedSetUp, raw: RawBody) -> Poll:
        self._note(lambda session, now_ms: polling.keep_body(session, due, raw, now_ms))
        try:
            with self._database.read() as session:
                body = polling.read_kept(session, due, raw, known_names())
        except DaodiError as error:
            unread = error
        else:
            return self._note(
                lambda session, now_ms: polling.take_body(session, due, body, known_names(), now_ms)
            )
        return self._note(lambda session, now_ms: polling.note_unreadable(session, due, raw, unread, now_ms))

    def _note(self, step: Callable[[Session, int], T]) -> T:
        now_ms = self._clock()
        return self._writer.submit(lambda session: step(session, now_ms))


def _with(
    note: Callable[[Session, FeedSetUp, DaodiError, int], Poll], due: FeedSetUp, fault: DaodiError
) -> Callable[[Session, int], Poll]:
    return lambda session, now_ms: note(session, due, fault, now_ms)
