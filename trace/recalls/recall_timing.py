"""A recall against the clock: how long it is open, and what its class leaves for notifying and reporting."""

from dataclasses import dataclass
from typing import Final

from trace.recalls.recall_tables import RecallRow
from trace.recalls.recall_words import RecallClass, class_words

_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallTiming:
    """The clocks of one recall; a time that is over is below zero."""

    open_ms: int
    """How long it has been open, or was."""
    notify_ms: int
    """What the class leaves to tell every holder."""
    notify_left_ms: int
    plan_left_ms: int
    """Until the plan is to be filed."""
    report_left_ms: int
    """Until the next report on its progress."""
    recalled: bool
    """Whether the limits are known from memory alone, and so to be confirmed."""


def timing(recall: RecallRow, now_ms: int) -> RecallTiming:
    """Return the clocks of a recall at a moment; those of one that is closed stand still."""
    words = class_words(RecallClass(recall.recall_class))
    at_ms = now_ms if recall.closed_ms is None else recall.closed_ms
    open_ms = max(0, at_ms - recall.opened_ms)
    every = words.report_days * _DAY_MS
    return RecallTiming(
        open_ms=open_ms,
        notify_ms=words.notify_ms,
        notify_left_ms=words.notify_ms - open_ms,
        plan_left_ms=words.plan_days * _DAY_MS - open_ms,
        report_left_ms=every - open_ms % every,
        recalled=words.confidence != "source",
    )
