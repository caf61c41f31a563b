"""The breaker of a host: after five faults in a row it is left alone, then asked once to see.

Closed: it is asked. Open: it is not, for fifteen minutes. Half open: one request tries; if it fails the
breaker is open for another fifteen. The state is kept in the database, so a restart does not forget it, and
the trial is claimed there before it is made, so two processes do not both try.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from ledger.errors import Said
from priceindex.feeds.feed_errors import HostResting
from priceindex.feeds.feed_tables import FeedHostRow

FAULTS_ALLOWED: Final = 5
REST_MS: Final = 15 * 60_000


class BreakerState(StrEnum):
    """Whether a host is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"

    def words(self, language: str) -> str:
        """Name the state for people.

        >>> BreakerState.OPEN.words("zh"), BreakerState.HALF_OPEN.words("en")
        ('暂停请求', 'to be tried again')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    BreakerState.CLOSED: ("正常", "asked"),
    BreakerState.OPEN: ("暂停请求", "left alone"),
    BreakerState.HALF_OPEN: ("将再试一次", "to be tried again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBreaker:
    """How a host has answered lately."""

    faults: int = 0
    """Faults in a row."""
    opened_ms: int | None = None
    """When it was last left alone; None while it is asked."""

    def state(self, now_ms: int) -> BreakerState:
        """Whether the host may be asked now.

        >>> HostBreaker(faults=5, opened_ms=0).state(REST_MS)
        <BreakerState.HALF_OPEN: 'half_open'>
        """
        if self.opened_ms is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now_ms < self.opened_ms + REST_MS else BreakerState.HALF_OPEN

    def after_fault(self, now_ms: int) -> "HostBreaker":
        """Return the breaker after one more fault."""
        faults = self.faults + 1
        return HostBreaker(faults=faults, opened_ms=now_ms if faults >= FAULTS_ALLOWED else self.opened_ms)


def breaker_of(session: Session, host: str) -> HostBreaker:
    """Return the kept state of a host's breaker; closed for one that never failed."""
    row = session.get(FeedHostRow, host)
    return HostBreaker() if row is None else HostBreaker(faults=row.faults, opened_ms=row.opened_ms)


def require_asking(session: Session, host: str, now_ms: int) -> None:
    """Raise `HostResting` while the host is left alone; claim the trial when it is due."""
    found = breaker_of(session, host)
    state = found.state(now_ms)
    if state is BreakerState.OPEN:
        minutes = -(-((found.opened_ms or 0) + REST_MS - now_ms) // 60_000)
        until = Said(zh=f"{minutes} 分钟", en=f"{minutes} more minutes are over")
        raise HostResting(host=host, faults=found.faults, until=until)
    if state is BreakerState.HALF_OPEN:
        _keep(session, host, HostBreaker(faults=found.faults, opened_ms=now_ms), now_ms)


def told_fault(session: Session, host: str, now_ms: int) -> None:
    """Count a fault of a host."""
    _keep(session, host, breaker_of(session, host).after_fault(now_ms), now_ms)


def told_answer(session: Session, host: str, now_ms: int) -> None:
    """Close a host's breaker: it answered."""
    if breaker_of(session, host) != HostBreaker():
        _keep(session, host, HostBreaker(), now_ms)


def _keep(session: Session, host: str, breaker: HostBreaker, now_ms: int) -> None:
    row = session.get(FeedHostRow, host) or FeedHostRow(host=host, changed_ms=now_ms)
    row.faults, row.opened_ms, row.changed_ms = breaker.faults, breaker.opened_ms, now_ms
    session.add(row)
    session.flush()
