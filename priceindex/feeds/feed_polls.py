"""The polls of feeds: what each brought, kept for ever, and the state of a feed that follows from them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from ledger.errors import DaodiError
from priceindex.feeds.feed_tables import FeedPollRow


class Outcome(StrEnum):
    """How a poll ended."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    RESTING = "resting"

    def words(self, language: str) -> str:
        """Name the outcome for people.

        >>> Outcome.NEW.words("zh"), Outcome.FAILED.words("en")
        ('有新内容', 'no answer')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    Outcome.NEW: ("有新内容", "new body"),
    Outcome.UNCHANGED: ("无变化", "unchanged"),
    Outcome.FAILED: ("未取到", "no answer"),
    Outcome.UNREADABLE: ("读不了", "not readable"),
    Outcome.RESTING: ("暂停请求", "left alone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll of a feed brought."""

    feed: str
    at_ms: int
    outcome: Outcome
    rows: int | None = None
    """Rows of the body, read or refused; None where no body came."""
    written: int = 0
    """Quotes added to the book, quarantined ones among them."""
    quarantined: int = 0
    faults: int = 0
    """Rows that were not taken in."""
    claims_agreed: int = 0
    """Earlier prices, implied by stated changes, that the book confirms."""
    claims_differed: int = 0
    body_sha256: str | None = None
    message_zh: str = ""
    """What was wrong or odd; empty where nothing was."""
    message_en: str = ""

    @classmethod
    def refused(cls, feed: str, at_ms: int, outcome: Outcome, fault: DaodiError) -> "Poll":
        """Return a poll that brought nothing, and why."""
        return cls(
            feed=feed,
            at_ms=at_ms,
            outcome=outcome,
            message_zh=fault.message("zh"),
            message_en=fault.message("en"),
        )

    def message(self, language: str) -> str:
        """Say what was wrong or odd."""
        return self.message_zh if language == "zh" else self.message_en


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What a feed's polls say of it."""

    last: Poll | None
    last_answer_ms: int | None
    """When its source last answered, changed or not."""
    last_new_ms: int | None
    """When quotes of it last entered the book."""
    last_rows: int | None
    """Rows of the last body."""


def note_poll(session: Session, poll: Poll) -> None:
    """Keep what a poll brought."""
    row = FeedPollRow(**{name: getattr(poll, name) for name in _COLUMNS})
    session.add(row)
    session.flush()


def feed_health(session: Session, feed: str) -> FeedHealth:
    """Return how a feed is doing."""
    answered = (Outcome.NEW, Outcome.UNCHANGED, Outcome.UNREADABLE)
    polls = select(FeedPollRow).where(col(FeedPollRow.feed) == feed).order_by(col(FeedPollRow.at_ms).desc())
    last = session.exec(polls.limit(1)).first()
    answer = session.exec(polls.where(col(FeedPollRow.outcome).in_(answered)).limit(1)).first()
    new = session.exec(polls.where(col(FeedPollRow.written) > 0).limit(1)).first()
    body = session.exec(polls.where(col(FeedPollRow.rows).is_not(None)).limit(1)).first()
    return FeedHealth(
        last=None if last is None else _poll(last),
        last_answer_ms=None if answer is None else answer.at_ms,
        last_new_ms=None if new is None else new.at_ms,
        last_rows=None if body is None else body.rows,
    )


def polls_of(session: Session, feed: str, limit: int = 20) -> list[Poll]:
    """Return the last polls of a feed, newest first."""
    asked = select(FeedPollRow).where(col(FeedPollRow.feed) == feed)
    ordered = asked.order_by(col(FeedPollRow.at_ms).desc(), col(FeedPollRow.poll_id).desc())
    return [_poll(row) for row in session.exec(ordered.limit(limit))]


_COLUMNS: Final = (
    "feed", "at_ms", "outcome", "rows", "written", "quarantined", "faults", "claims_agreed",
    "claims_differed", "body_sha256", "message_zh", "message_en",
)  # fmt: skip


def _poll(row: FeedPollRow) -> Poll:
    told = {name: getattr(row, name) for name in _COLUMNS}
    return Poll(**told | {"outcome": Outcome(row.outcome)})
