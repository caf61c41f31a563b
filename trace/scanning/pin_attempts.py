"""Attempts at a PIN, counted before they are judged: five wrong ones a day close a code's PIN for the day.

The count is the code's and not the caller's: guessers change their address. Whoever holds the pack is at
worst told to come back tomorrow, and the page says that others were trying.
"""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from trace.scanning.scan_tables import PinRow
from trace.vocabulary import Word

MOST_WRONG: Final = 5
WINDOW_MS: Final = 86_400_000


class PinOutcome(Word):
    """What an attempt came to."""

    MATCHES = "matches", "相符", "matches"
    WRONG = "wrong", "不符", "does not match"
    CLOSED = "closed", "暂停核对", "closed for now"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinAnswer:
    """What whoever tried is told."""

    outcome: PinOutcome
    matched_before: int = 0
    """How often it was matched before: the layer of a fresh pack was never read."""
    first_match_ms: int | None = None
    """When it was matched first, before this."""
    left: int = 0
    """Wrong attempts left in this window."""


def try_pin(session: Session, serial: int, *, right: bool, at_ms: int) -> PinAnswer:
    """Count one attempt at the PIN of the code with `serial` and say what it came to.

    `right` is whether the PIN was that of the code. While the PIN is closed a right one is not let
    through: a guesser could tell it by that.
    """
    row = session.get(PinRow, serial, with_for_update=True, populate_existing=True)
    if row is None:
        row = PinRow(serial=serial, wrong=0, window_ms=at_ms, wrong_ever=0, matched=0)
    if at_ms - row.window_ms >= WINDOW_MS:
        row.wrong, row.window_ms = 0, at_ms
    answer = _judged(row, right=right, at_ms=at_ms)
    session.add(row)
    session.flush()
    return answer


def _judged(row: PinRow, *, right: bool, at_ms: int) -> PinAnswer:
    if row.wrong >= MOST_WRONG:
        return PinAnswer(outcome=PinOutcome.CLOSED)
    if not right:
        if row.wrong == 0:
            row.window_ms = at_ms
        row.wrong += 1
        row.wrong_ever += 1
        return PinAnswer(outcome=PinOutcome.WRONG, left=MOST_WRONG - row.wrong)
    answer = PinAnswer(
        outcome=PinOutcome.MATCHES,
        matched_before=row.matched,
        first_match_ms=row.first_match_ms,
        left=MOST_WRONG - row.wrong,
    )
    row.matched += 1
    row.first_match_ms = row.first_match_ms or at_ms
    return answer
