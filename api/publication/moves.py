"""How far every node of a level moved over a week, a month or a year 涨跌榜, and what it gave the composite.

Values are read in one query. What each node gave the composite's change is read off the computation behind
the release, which is dear: `parts_between` is kept by its caller, under the digest of the inputs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from sqlmodel import Session

from api.publication.overview import (
    change,
    comparison_days,
    family_of,
    finest,
    months_before,
    overview_of,
    run_of,
)
from priceindex import service
from priceindex.calendar import day_number, day_of
from priceindex.classification import COMPOSITE, Level
from priceindex.engine.contributions import contributions
from priceindex.engine.engine_errors import NotAnIndexDay, ValueNotPublished
from priceindex.releases.cross_section import Section, cross_section
from priceindex.releases.release import Release

Period: TypeAlias = Literal["day", "week", "month", "year"]
Way: TypeAlias = Literal["up", "down", "both"]
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "year")
Parts: TypeAlias = Mapping[tuple[Level, str], Decimal]
"""Index points that each node of the tree gave the composite's change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesAsked:
    """Which movements are meant."""

    level: Level = Level.HERB
    period: Period = "month"
    part_class: str = ""
    """Only nodes of this class by medicinal part; empty for all. A cut has none."""
    history_months: int = 0
    """Only nodes that had a value so many months before the last day: what began lately swings widely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One node's movement; index points and per cent."""

    node: str
    part_class: str | None
    """Key of its class; None for a cut."""
    before: Decimal
    now: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The movements of a level between two days of a release, by node."""

    before: date | None
    """None where the index is younger than the period: nothing can be compared then."""
    day: date
    moves: tuple[Move, ...]
    too_young: int
    """Nodes that moved and were left out for their short history."""

    def ranked(self, way: Way) -> list[Move]:
        """Return what rose most first, or fell most first, or both by size; what stood still is left out."""
        if way == "both":
            return sorted((each for each in self.moves if each.percent), key=_by_size)
        sign = 1 if way == "up" else -1
        return sorted((each for each in self.moves if each.percent * sign > 0), key=_by_size)


def _by_size(move: Move) -> tuple[Decimal, str]:
    return -abs(move.percent), move.node


def moves_of(session: Session, release: Release, asked: MovesAsked) -> Moves:
    """Return the movements of a level up to the last day of a release."""
    frequency = finest(family_of(release))
    days = service.values(session, release.release_id, Level.COMPOSITE, COMPOSITE, frequency).days.tolist()
    compared = comparison_days(days)
    before, last = compared.get(asked.period), compared["last"]
    if before is None:
        return Moves(before=None, day=day_of(last), moves=(), too_young=0)
    old = _day_before(days, last, asked.history_months)
    section = Section(
        family=release.family,
        ordinal=release.ordinal,
        frequency=frequency,
        levels=(asked.level,),
        days=sorted({last, before, *([old] if old is not None else [])}),
    )
    told: dict[str, dict[int, Decimal]] = {}
    parents: dict[str, str | None] = {}
    for each in cross_section(session, section, as_of_ms=release.published_ms):
        parents[each.node] = each.parent
        if each.observation.point.value is not None:
            told.setdefault(each.node, {})[day_number(each.observation.point.day)] = (
                each.observation.point.value
            )
    class_of = _classes(session, release, asked.level, parents)
    found = [
        (node, values)
        for node, values in told.items()
        if before in values and last in values and asked.part_class in ("", class_of.get(node))
    ]
    aged = [(node, values) for node, values in found if not asked.history_months or old in values]
    return Moves(
        before=day_of(before),
        day=day_of(last),
        moves=tuple(
            Move(
                node=node,
                part_class=class_of.get(node),
                before=values[before],
                now=values[last],
                percent=change(values[last], values[before]) or Decimal(0),
            )
            for node, values in sorted(aged)
        ),
        too_young=len(found) - len(aged),
    )


def _day_before(days: list[int], last: int, months: int) -> int | None:
    """Return the newest index day at least so many months before `last`; None where there is none."""
    limit = day_number(months_before(day_of(last), months))
    return next((day for day in reversed(days) if day <= limit), None) if months else None


def _classes(
    session: Session, release: Release, level: Level, parents: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Return the class of every node that has one."""
    if level is Level.HERB:
        return dict(parents)
    if level is Level.CLASS:
        return {node: node for node in parents}
    if level is not Level.GRADE:
        return {}
    herbs = {each.node: each.parent for each in overview_of(session, release).of(Level.HERB)}
    return {node: herbs.get(herb or "") for node, herb in parents.items()}


def parts_between(session: Session, release: Release, before: date, day: date) -> Parts:
    """Return what every class, herb and grade gave the composite's change between two index days.

    Empty where a composite of one of the days was not published: there is no change to take apart.
    """
    try:
        found = contributions(run_of(session, release), before, day)
    except (NotAnIndexDay, ValueNotPublished):
        return {}
    return {(each.level, each.node): each.points for each in found}
