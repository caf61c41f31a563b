"""What happened to an index that its course should be read with, and on which day.

Corrections, declarations of its standing, new versions of its method, other weights, herbs that entered or
left, and warnings of public rules. All of it is public and dated; nothing is concluded from the values.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from sqlmodel import Session

from api.publication.overview import family_of, finest
from priceindex import service
from priceindex.calendar import china_day
from priceindex.classification import COMPOSITE, Level
from priceindex.releases.node_changes import NodeChange, node_changes
from priceindex.releases.notices import Notice, notices
from priceindex.releases.release import Release
from priceindex.releases.standing import StandingLine, standings
from priceindex.warning.alerts.happenings import Warned
from priceindex.warning.alerts.warning_store import Asking, warnings

EventKind: TypeAlias = Literal["correction", "standing", "method", "weights", "basket", "warning"]
MOST: Final = 9
"""Events marked on one chart, the newest: more could not be told apart."""
_RELEASES: Final = 400
"""Releases looked through for another method or other weights."""
_LOOKED: Final = 40


@dataclass(frozen=True, slots=True)
class IndexEvent:
    """One event and the day of the index it stands at."""

    day: date
    kind: EventKind
    about: Notice | StandingLine | Release | Warned | tuple[NodeChange, ...]
    """What it is made from: the notice, the declaration, the first release of another method or weights, the
    warning, or the herbs."""


def events_of(
    session: Session, release: Release, level: Level, node: str, *, as_of_ms: int
) -> list[IndexEvent]:
    """Return the newest events known at a moment that concern a node of a release, the oldest first.

    The family's own (standing, method, weights) concern every node; a correction and a warning the node they
    name, and those of any node the composite; herbs that enter or leave the composite alone.
    """
    top = level is Level.COMPOSITE
    found = [
        *_corrections(session, release.family, None if top else (level, node), as_of_ms),
        *(
            IndexEvent(china_day(each.since_ms), "standing", each)
            for each in standings(session, release.family, as_of_ms)
            if each.since_ms is not None
        ),
        *_releases(session, release, top=top, as_of_ms=as_of_ms),
        *_warnings(session, release.family, level, node, as_of_ms),
    ]
    return sorted(found, key=lambda each: (each.day, each.kind))[-MOST:]


def _corrections(
    session: Session, family: str, only: tuple[Level, str] | None, as_of_ms: int
) -> Iterator[IndexEvent]:
    for each in notices(session, family, as_of_ms=as_of_ms, limit=_LOOKED):
        if only in (None, (each.level, each.node)) or (each.level, each.node) == (Level.COMPOSITE, COMPOSITE):
            yield IndexEvent(each.last_day, "correction", each)


def _releases(session: Session, release: Release, *, top: bool, as_of_ms: int) -> Iterator[IndexEvent]:
    """Give the releases with which the method, the weights or the herbs became others."""
    known = service.releases(session, release.family, limit=_RELEASES, public_at_ms=as_of_ms)
    ordered = sorted(
        (each for each in known if each.ordinal <= release.ordinal), key=lambda each: each.ordinal
    )
    for before, after in itertools.pairwise(ordered):
        if before.method_id != after.method_id:
            yield IndexEvent(after.last_day, "method", after)
        elif before.summary.weights != after.summary.weights:
            yield IndexEvent(after.last_day, "weights", after)
    if top:
        yield from _baskets(session, release, ordered)


def _baskets(session: Session, release: Release, known: Sequence[Release]) -> Iterator[IndexEvent]:
    frequency = finest(family_of(release))
    by_vintage: dict[int, list[NodeChange]] = {}
    for each in node_changes(session, release.family, Level.HERB, frequency, ordinal=release.ordinal):
        by_vintage.setdefault(each.vintage, []).append(each)
    for one in known:
        if one.ordinal in by_vintage:
            yield IndexEvent(one.last_day, "basket", tuple(by_vintage[one.ordinal]))


def _warnings(session: Session, family: str, level: Level, node: str, as_of_ms: int) -> Iterator[IndexEvent]:
    asked = Asking(regulator=False, family=family, level=str(level), node=node)
    for each in warnings(session, asked, before=None, limit=_LOOKED):
        if each.told_ms is not None and each.told_ms <= as_of_ms:
            yield IndexEvent(china_day(each.told_ms), "warning", each)
