"""Warnings that nobody acknowledged in time are marked, once for each time they were told or grew worse."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from priceindex.warning.alerts.happenings import Event, Happening, Warned
from priceindex.warning.alerts.warning_store import Asking, add_event, open_warnings
from priceindex.warning.rule_text import LifeRule

_HOUR_MS: Final = int(timedelta(hours=1).total_seconds() * 1000)


def overdue(one: Warned, life: LifeRule, now_ms: int) -> bool:
    """Whether an open warning that people were told of waits too long for somebody to acknowledge it."""
    heard = one.acknowledged_ms is not None or one.escalated_ms is not None or one.snoozed(now_ms)
    if not one.open or one.told_ms is None or one.gathered_into is not None or heard:
        return False
    return now_ms - one.changed_ms >= life.escalate_hours * _HOUR_MS


def escalate(session: Session, life: LifeRule, now_ms: int) -> list[Warned]:
    """Mark what is overdue; returns what was marked now."""
    late = [one for one in open_warnings(session, Asking(regulator=True)) if overdue(one, life, now_ms)]
    marked = [
        add_event(
            session,
            one,
            Event(number=one.events + 1, kind=Happening.ESCALATED, at_ms=now_ms, state=one.state),
        )
        for one in late
    ]
    session.flush()
    return marked
