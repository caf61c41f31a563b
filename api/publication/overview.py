"""What one release says of every node on its last day, and how far each moved: one query, then kept.

A release never changes, so what was made of it can be old but never wrong.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from api.web.kept import Kept
from priceindex import service
from priceindex.calendar import day_number, day_of
from priceindex.classification import COMPOSITE, Level
from priceindex.engine.index_run import IndexRun
from priceindex.families import Family, all_families
from priceindex.releases.cross_section import NodeObservation, Section, cross_section
from priceindex.releases.observations import Observation
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.series import FREQUENCIES, Frequency
from priceindex.service import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Movement of the last value in per cent; None where there is nothing to compare with."""

    day: Decimal | None = None
    """Against the index day before, or the period before where values are weekly or monthly."""
    week: Decimal | None = None
    month: Decimal | None = None
    year: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """One node on the last day of a release."""

    level: Level
    node: str
    parent: str | None
    weight: Decimal
    """Share of the composite's weight at the last link, 0..1."""
    observation: Observation
    """The value with its status, its counts and the release that first said it."""
    before: Decimal | None
    """The value on the index day before."""
    changes: Changes

    @property
    def value(self) -> Decimal | None:
        """The value in index points; None where none is published."""
        return self.observation.point.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Every node on the last day of a release."""

    release: Release
    frequency: Frequency
    day: date
    """First day of the last period."""
    nodes: tuple[NodeState, ...]

    def of(self, level: Level) -> list[NodeState]:
        """Return the nodes of a level, by key."""
        return [each for each in self.nodes if each.level is level]

    def find(self, level: Level, node: str) -> NodeState | None:
        """Return one node; None when the release does not have it."""
        return next((each for each in self.nodes if each.level is level and each.node == node), None)

    def below(self, level: Level, node: str) -> list[NodeState]:
        """Return the nodes right under a node of the tree."""
        under = {Level.COMPOSITE: Level.CLASS, Level.CLASS: Level.HERB, Level.HERB: Level.GRADE}.get(level)
        return [each for each in self.nodes if each.level is under and each.parent == node]

    @property
    def levels(self) -> list[Level]:
        """The levels and cuts this release has nodes of, in their usual order."""
        found = {each.level for each in self.nodes}
        return [level for level in Level if level in found]


_overviews: Kept[tuple[str, str], Overview] = Kept(limit=32)
_runs: Kept[str, IndexRun] = Kept(limit=2)
"""Computed runs by the digest of their bundle: what moved between any two days is read off them."""


def overview_of(session: Session, release: Release) -> Overview:
    """Return the overview of a published release."""
    key = (release.release_id, release.values_sha256)
    return _overviews.get(key, lambda: _made(session, release))


def run_of(session: Session, release: Release) -> IndexRun:
    """Return the computation of a published release, recomputed from its bundle."""
    key = release.bundle_sha256
    return _runs.get(key, lambda: service.verify_bundle(service.bundle(session, release.release_id)))


def family_of(release: Release) -> Family:
    """Return the version of the family a release was made under; KeyError when this program lacks it."""
    return {family.method_id: family for family in all_families()}[release.method_id]


def index_name(release: Release, language: str) -> str:
    """Name the index of a release as its status has it; the id of a family this program lacks."""
    named = {family.method_id: family for family in all_families()}.get(release.method_id)
    if named is None:
        return release.family
    return named.words(language, official=release.status is ReleaseStatus.OFFICIAL)


def comparison_days(days: Sequence[int]) -> dict[str, int]:
    """Return the last period and those it is compared with: day, week, month and year before.

    `days` are day numbers, ascending; a comparison that lies before the first is left out.

    >>> comparison_days([0, 5, 20, 45, 50]) == {"last": 50, "day": 45, "week": 20, "month": 5}
    True
    """
    last = days[-1]
    wanted = {
        "week": last - 7,
        "month": day_number(months_before(day_of(last), 1)),
        "year": day_number(months_before(day_of(last), 12)),
    }
    found = {"last": last}
    if len(days) > 1:
        found["day"] = days[-2]
    for name, limit in wanted.items():
        before = [day for day in days if day <= limit]
        if before:
            found[name] = before[-1]
    return found


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last day when it is shorter.

    >>> months_before(date(2025, 3, 31), 1)
    datetime.date(2025, 2, 28)
    """
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return the movement from `before` to `now` in per cent.

    >>> change(Decimal(110), Decimal(100)), change(None, Decimal(1))
    (Decimal('10.0'), None)
    """
    return None if now is None or not before else (now / before - 1) * 100


def finest(family: Family) -> Frequency:
    """Return the finest frequency a family publishes."""
    return next(each for each in FREQUENCIES if each in family.values.frequencies)


def _made(session: Session, release: Release) -> Overview:
    frequency = finest(family_of(release))
    composite = service.values(session, release.release_id, Level.COMPOSITE, COMPOSITE, frequency)
    days = comparison_days(composite.days.tolist())
    by_node: dict[tuple[Level, str], dict[int, NodeObservation]] = {}
    section = Section(
        family=release.family, ordinal=release.ordinal, frequency=frequency, days=list(days.values())
    )
    for each in cross_section(session, section, as_of_ms=release.published_ms):
        day = day_number(each.observation.point.day)
        by_node.setdefault((each.level, each.node), {})[day] = each
    states = [_state(found, days) for found in by_node.values() if days["last"] in found]
    return Overview(release=release, frequency=frequency, day=day_of(days["last"]), nodes=tuple(states))


def _state(found: Mapping[int, NodeObservation], days: Mapping[str, int]) -> NodeState:
    now = found[days["last"]]
    values = {day: each.observation.point.value for day, each in found.items()}
    return NodeState(
        level=now.level,
        node=now.node,
        parent=now.parent,
        weight=Decimal(now.weight),
        observation=now.observation,
        before=values.get(days.get("day", -1)),
        changes=_changes(values, days),
    )


def _changes(values: Mapping[int, Decimal | None], days: Mapping[str, int]) -> Changes:
    now = values[days["last"]]
    moved = {name: change(now, values.get(day)) for name, day in days.items() if name != "last"}
    return Changes(**moved)
