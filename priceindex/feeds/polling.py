"""One poll of one feed, step by step; who opens sessions, fetches and keeps time is the layer above.

Ask the breaker, fetch, archive, read, take in, remember: every step that writes is one short function that
the caller runs in a transaction of its own, and no transaction is open while the source is waited for.
"""

from dataclasses import dataclass, replace
from typing import Final

from sqlmodel import Session

from ledger.errors import DaodiError, Said
from priceindex import archive
from priceindex.feeds.body_checks import row_count_warning
from priceindex.feeds.claims import ClaimsChecked, check_claims
from priceindex.feeds.contract import RawBody
from priceindex.feeds.feed_polls import Outcome, Poll, feed_health, note_poll
from priceindex.feeds.feeds import FeedSetUp, put_off
from priceindex.feeds.host_breaker import told_answer, told_fault
from priceindex.feeds.readers import reading_of
from priceindex.feeds.shapes import read_body
from priceindex.feeds.state import FeedState, remember, state_of
from priceindex.intake.known_names import KnownNames
from priceindex.intake.taking_in import IntakeReport, take_in
from priceindex.naming.aliases import known_here
from priceindex.quotes import ReadResult

ROW_COUNT_OFF: Final = "row-count-off"
"""Rule code of the quotes of a body whose number of rows is far from the last body's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRead:
    """A body with what was read out of it."""

    raw: RawBody
    read: ReadResult
    warning: Said | None
    """What is odd about its number of rows."""


def keep_body(session: Session, feed: FeedSetUp, raw: RawBody, at_ms: int) -> None:
    """Archive what a source sent, before anything is read out of it, and close its host's breaker."""
    archive.keep(session, raw, feed.shape, feed.settings.text())
    told_answer(session, feed.host, at_ms)


def read_kept(session: Session, feed: FeedSetUp, raw: RawBody, known: KnownNames) -> BodyRead:
    """Read a body that is archived; nothing is written. Raises what is wrong with the body as a whole."""
    names = known_here(session, known, feed.source, raw.received_ms)
    read = read_body(feed.shape, raw, reading_of(session, raw, feed.source, feed.settings, names))
    rows = len(read.quotes) + len(read.faults)
    checked = feed.settings.rows == "checked"
    warning = row_count_warning(rows, feed_health(session, feed.name).last_rows) if checked else None
    if warning is not None:
        marked = (replace(quote, rules=(*quote.rules, ROW_COUNT_OFF)) for quote in read.quotes)
        read = replace(read, quotes=tuple(marked))
    return BodyRead(raw=raw, read=read, warning=warning)


def take_body(session: Session, feed: FeedSetUp, body: BodyRead, known: KnownNames, at_ms: int) -> Poll:
    """Take the quotes of a body in, remember its validators, and note the poll; bad rows stay out."""
    report = take_in(
        session,
        body.read.quotes,
        feed.source,
        at_ms,
        known=known,
        faults=body.read.faults,
        archive_sha256=body.raw.sha256,
        proceed=True,
        submitter=f"poll {feed.name}",
    )
    checked = check_claims(session, body.read.claims, feed.source)
    remember(session, feed.address, body.raw, at_ms)
    poll = _brought(feed, body, report, checked, at_ms)
    note_poll(session, poll)
    return poll


def note_unchanged(session: Session, feed: FeedSetUp, at_ms: int) -> Poll:
    """Note that the source has nothing new: its heartbeat."""
    told_answer(session, feed.host, at_ms)
    remember(session, feed.address, None, at_ms)
    poll = Poll(feed=feed.name, at_ms=at_ms, outcome=Outcome.UNCHANGED)
    note_poll(session, poll)
    return poll


def note_failed(session: Session, feed: FeedSetUp, fault: DaodiError, at_ms: int) -> Poll:
    """Note that the source gave no quotes, count it against its host, and keep the patience it asked for."""
    told_fault(session, feed.host, at_ms)
    wait_s = fault.parts.get("wait_s")
    if isinstance(wait_s, float):
        put_off(session, feed.name, at_ms + int(wait_s * 1000))
    poll = Poll.refused(feed.name, at_ms, Outcome.FAILED, fault)
    note_poll(session, poll)
    return poll


def note_unreadable(session: Session, feed: FeedSetUp, raw: RawBody, fault: DaodiError, at_ms: int) -> Poll:
    """Note that a body came and could not be read: it is archived, and asked for again at the next poll."""
    refused = Poll.refused(feed.name, at_ms, Outcome.UNREADABLE, fault)
    poll = replace(refused, body_sha256=raw.sha256)
    note_poll(session, poll)
    return poll


def note_resting(session: Session, feed: FeedSetUp, fault: DaodiError, at_ms: int) -> Poll:
    """Note that a feed was not polled because its host is left alone."""
    poll = Poll.refused(feed.name, at_ms, Outcome.RESTING, fault)
    note_poll(session, poll)
    return poll


def validators_of(session: Session, feed: FeedSetUp) -> FeedState:
    """Return what the last good fetch of a feed's address told."""
    return state_of(session, feed.address)


def _brought(
    feed: FeedSetUp, body: BodyRead, report: IntakeReport, checked: ClaimsChecked, at_ms: int
) -> Poll:
    return Poll(
        feed=feed.name,
        at_ms=at_ms,
        outcome=Outcome.NEW,
        rows=len(body.read.quotes) + len(body.read.faults),
        written=report.written,
        quarantined=report.quarantined,
        faults=report.rejected,
        claims_agreed=checked.agreed,
        claims_differed=len(checked.differed),
        body_sha256=body.raw.sha256,
        message_zh="" if body.warning is None else body.warning.zh,
        message_en="" if body.warning is None else body.warning.en,
    )
