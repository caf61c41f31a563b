"""How an open warning stands today: when its family was looked at last, and what its index is now.

Its evidence is of the day on which something last happened to it, which may be months ago.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from api.web.formats import Formats
from api.web.words import Words
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.releases import release_store
from priceindex.releases.release_tables import ReleaseRow
from priceindex.releases.series import in_points
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


def today_of(session: Session, warned: Warned, now_ms: int) -> Today | None:
    """Return how the subject of an open warning stands; None for one that is over, or never looked at."""
    asked = (
        select(func.max(col(WarningWatchRow.watched_ms)))
        .join(ReleaseRow, col(ReleaseRow.release_id) == col(WarningWatchRow.release_id))
        .where(ReleaseRow.family == warned.family)
    )
    watched_ms = session.exec(asked).one() if warned.open else None
    if watched_ms is None:
        return None
    return Today(watched_ms, warned.unjudged_ms, _newest(session, warned, now_ms))


def today_words(today: Today, state: str, since: date, words: Words) -> str:
    """Say that a warning still stands, of which day its numbers are, and what its index is now."""
    formats = Formats(words.language)
    told = {"moment": formats.moment(today.watched_ms), "state": state, "since": formats.day(since)}
    if today.unjudged_ms is None:
        said = words("warning.today", **told)
    else:
        said = words("warning.today_unjudged", **told, unjudged=formats.moment(today.unjudged_ms))
    if today.newest is None:
        return said
    day, value = today.newest
    return said + words("warning.today_value", day=formats.day(day), value=formats.index(value))


def _newest(session: Session, warned: Warned, now_ms: int) -> tuple[date, Decimal] | None:
    release = release_store.latest(session, warned.family, public_at_ms=now_ms)
    if release is None or warned.key.level not in {str(level) for level in Level}:
        return None
    try:
        series = release_store.values(session, release.release_id, warned.key.level, warned.key.node)
    except UnknownNode:
        return None  # it is in no basket any more
    for day, units in zip(reversed(series.days), reversed(series.units), strict=True):
        value = in_points(int(units), series.kept)
        if value is not None:
            return day_of(int(day)), value
    return None
