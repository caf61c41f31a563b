"""How an open warning stands today: when its family was looked at last, and what its index is now.

Its evidence is of the day on which something last happened to it, which may be months ago.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from api.web.formats import Formats
from api.web.warning_course import Published
from api.web.words import Words
from priceindex.releases.release_tables import ReleaseRow
from priceindex.warning.alerts.happenings import Warned
from priceindex.warning.alerts.warning_tables import WarningWatchRow


@dataclass(frozen=True, slots=True)
class Today:
    """What is known of a warning's subject now."""

    watched_ms: int
    """When the rules last looked at its family."""
    unjudged_ms: int | None
    """Since when its rule has nothing to judge it by; None where it has."""
    newest: tuple[date, Decimal] | None
    """Day and index points of the newest published value; None for what has no index."""


def today_of(session: Session, warned: Warned, published: Published | None) -> Today | None:
    """Return how the subject of an open warning stands; None for one that is over, or never looked at.

    `published` is the subject's index, where it has one.
    """
    asked = (
        select(func.max(col(WarningWatchRow.watched_ms)))
        .join(ReleaseRow, col(ReleaseRow.release_id) == col(WarningWatchRow.release_id))
        .where(ReleaseRow.family == warned.family)
    )
    watched_ms = session.exec(asked).one() if warned.open else None
    if watched_ms is None:
        return None
    return Today(watched_ms, warned.unjudged_ms, _newest(published))


def today_words(today: Today, state: str, since: date, words: Words, *, drawn: bool) -> str:
    """Say that a warning still stands, of which day its numbers are, and what its index is now.

    `drawn` says whether its drawings are of that day too.
    """
    formats = Formats(words.language)
    told = {"moment": formats.moment(today.watched_ms), "state": state}
    if today.unjudged_ms is None:
        said = words("warning.today", **told)
    else:
        said = words("warning.today_unjudged", **told, unjudged=formats.moment(today.unjudged_ms))
    of = formats.day(since)
    said += words("warning.today_drawn", since=of) if drawn else words("warning.today_numbers", since=of)
    if today.newest is None:
        return said
    day, value = today.newest
    return said + words("warning.today_value", day=formats.day(day), value=formats.index(value))


def _newest(published: Published | None) -> tuple[date, Decimal] | None:
    points = () if published is None else published.points
    return next(((day, value) for day, value in reversed(points) if value is not None), None)
