"""What every rule says of a step: the lots it touches, and times as the party's clock showed them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from trace.steps import Amount, Step

BEIJING_MINUTES: Final = 480
"""All of China keeps one time: UTC+8."""


def used(step: Step) -> tuple[Amount, ...]:
    """Return the lots a step takes or sees; packs named by their codes are judged as packs."""
    return () if step.by_code else (*step.inputs, *step.lots)


def local_time(at_ms: int, offset: int) -> str:
    """Write a moment as the party's clock showed it.

    >>> local_time(1772668800000, 480)
    '2026-03-05 08:00'
    """
    return _local(at_ms, offset).strftime("%Y-%m-%d %H:%M")


def local_day(at_ms: int, offset: int) -> str:
    """Write the day of a moment, so many minutes from UTC.

    >>> local_day(1772668800000, 480)
    '2026-03-05'
    """
    return _local(at_ms, offset).date().isoformat()


def step_time(step: Step) -> str:
    """Write when a step happened."""
    return local_time(step.event_ms, step.offset_minutes)


def _local(at_ms: int, offset: int) -> datetime:
    zone = timezone(timedelta(minutes=offset))
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
