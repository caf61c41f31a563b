"""Lockout 暂停登录: failed sign-ins counted in the database, which all workers share.

An attempt is charged before the password is looked at and paid back when it was right: however many run at
once, no more than the limit are ever tried. Counting is one statement, so that two workers lose no count.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from api.accounts.account_errors import SignInLocked
from ledger.writing.bulk import ask, tell

WINDOW_MS: Final = 15 * 60_000
"""How long failures count together, and how long the first lock lasts."""
_MOST_DOUBLINGS: Final = 7
"""Doublings of a lock: 15 minutes to 32 hours."""
_MINUTE_MS: Final = 60_000
_KEPT_MS: Final = 2 * 86_400_000
"""How long a counter remembers its locks after the last failure."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Failures within the window after which is locked."""

    account: int
    address: int


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter and its limit."""

    key: str
    limit: int


_COUNT: Final = """
INSERT INTO api_sign_in_failure (counted, failures, since_ms, locks, locked_until_ms, forget_ms)
VALUES (?, 1, ?, 0, 0, ?)
ON CONFLICT (counted) DO UPDATE SET
 failures = CASE WHEN api_sign_in_failure.since_ms <= ? THEN 1 ELSE api_sign_in_failure.failures + 1 END,
 since_ms = CASE WHEN api_sign_in_failure.since_ms <= ? THEN excluded.since_ms
            ELSE api_sign_in_failure.since_ms END,
 forget_ms = excluded.forget_ms
WHERE api_sign_in_failure.locked_until_ms <= ?
RETURNING failures, locks
"""
"""Gives no row where the counter is locked: then nothing was counted."""
_LOCK: Final = """
UPDATE api_sign_in_failure SET failures = 0, locks = locks + 1, locked_until_ms = ?, forget_ms = ?
WHERE counted = ?
"""
_UNTIL: Final = "SELECT locked_until_ms FROM api_sign_in_failure WHERE counted = ?"
_PAY_BACK: Final = "UPDATE api_sign_in_failure SET failures = failures - 1 WHERE counted = ? AND failures > 0"
_FORGET: Final = "DELETE FROM api_sign_in_failure WHERE forget_ms <= ?"
_CLEAR: Final = "DELETE FROM api_sign_in_failure WHERE counted = ?"


def charge(session: Session, counters: Sequence[Counted], now_ms: int) -> int | None:
    """Count one attempt, before it is made, against each counter in turn.

    Returns None where it may be made; where a counter is locked, or is now, the epoch milliseconds until
    which it is, and no further counter is charged. The caller commits either way, and refuses afterwards.
    """
    tell(session, _FORGET, now_ms)
    for counter in counters:
        begun = now_ms - WINDOW_MS
        counted = ask(session, _COUNT, counter.key, now_ms, now_ms + _KEPT_MS, begun, begun, now_ms)
        if not counted:
            return int(ask(session, _UNTIL, counter.key)[0][0])
        failures, locks = counted[0]
        if failures > counter.limit:
            until = now_ms + (WINDOW_MS << min(int(locks), _MOST_DOUBLINGS))
            tell(session, _LOCK, until, until + _KEPT_MS, counter.key)
            return until
    return None


def pay_back(session: Session, counters: Sequence[Counted]) -> None:
    """Take back one charge from each counter: the attempt was right as far as it went."""
    for counter in counters:
        tell(session, _PAY_BACK, counter.key)


def clear(session: Session, counter: str) -> bool:
    """Forget all failures of a counter, its locks too; return whether there were any."""
    return tell(session, _CLEAR, counter) > 0


def require_open(locked_until_ms: int | None, now_ms: int) -> None:
    """Raise `SignInLocked`, with the minutes to wait, for what `charge` returned."""
    if locked_until_ms is not None:
        raise SignInLocked(minutes=max(1, math.ceil((locked_until_ms - now_ms) / _MINUTE_MS)))
