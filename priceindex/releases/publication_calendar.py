"""The publication calendar 发布日历: when each period's release is due, a year ahead.

A period is due on its last day at the hour its family's text names, in China. On a day that the operator
entered as closed nothing is due: what falls on it is due on the first day after it that is not closed,
at the same hour. The days of 春节 and 国庆 are entered when the State Council has announced them; this
program knows no holidays and invents none.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from priceindex.calendar import CHINA_OFFSET_MINUTES, day_number, day_of
from priceindex.family_text import Publication
from priceindex.releases.persons import Person
from priceindex.releases.release_tables import ClosedDayRow

AHEAD_DAYS: Final = 366
_DAY: Final = datetime.timedelta(days=1)
_MS_PER_MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMoment:
    """When the release of one period is due."""

    first: datetime.date
    last: datetime.date
    """The period."""
    due_ms: int
    moved_from: datetime.date | None
    """The closed day it would have been due on."""
    reason: str
    """Why that day is closed; empty where nothing was moved."""


def due_of(publication: Publication, day: datetime.date, closed: Mapping[datetime.date, str]) -> DueMoment:
    """When the release of the period that holds `day` is due.

    >>> due = due_of(Publication(every="month", at="16:30"), datetime.date(2026, 2, 3), {})
    >>> due.first.isoformat(), due.last.isoformat(), due.due_ms
    ('2026-02-01', '2026-02-28', 1772267400000)
    """
    first, last = period_of(publication.every, day)
    due = last
    while due in closed:
        due += _DAY
    return DueMoment(
        first=first,
        last=last,
        due_ms=moment_ms(due, publication.at),
        moved_from=last if due != last else None,
        reason=closed.get(last, ""),
    )


def due_moments(
    publication: Publication,
    first: datetime.date,
    until: datetime.date,
    closed: Mapping[datetime.date, str],
) -> list[DueMoment]:
    """The due moments of every period whose last day lies between two days, both included."""
    found: list[DueMoment] = []
    day = first
    while day <= until:
        moment = due_of(publication, day, closed)
        if moment.last <= until:
            found.append(moment)
        day = moment.last + _DAY
    return found


def period_of(every: str, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the day, ISO week or month that holds `day`.

    >>> [each.isoformat() for each in period_of("week", datetime.date(2026, 1, 1))]
    ['2025-12-29', '2026-01-04']
    """
    if every == "day":
        return day, day
    if every == "week":
        monday = day - datetime.timedelta(days=day.weekday())
        return monday, monday + datetime.timedelta(days=6)
    first = day.replace(day=1)
    following = (first + datetime.timedelta(days=31)).replace(day=1)
    return first, following - _DAY


def moment_ms(day: datetime.date, at: str) -> int:
    """Epoch milliseconds of a time of day such as `16:30` on a day in China.

    >>> moment_ms(datetime.date(1970, 1, 1), "08:00")
    0
    """
    hours, minutes = at.split(":")
    since_midnight = 60 * int(hours) + int(minutes) - CHINA_OFFSET_MINUTES
    return (day_number(day) * 1440 + since_midnight) * _MS_PER_MINUTE


def close_days(
    session: Session, days: Sequence[datetime.date], reason: str, person: Person, at_ms: int
) -> None:
    """Enter days on which nothing is published; one that is entered already keeps its reason."""
    known = closed_days(session)
    for day in sorted(set(days) - known.keys()):
        session.add(ClosedDayRow(day=day_number(day), reason=reason, by_name=person.name, entered_ms=at_ms))
    session.flush()


def closed_days(session: Session) -> dict[datetime.date, str]:
    """Every day that was entered as closed, with the reason, in order."""
    rows = session.exec(select(ClosedDayRow).order_by(col(ClosedDayRow.day)))
    return {day_of(row.day): row.reason for row in rows}
