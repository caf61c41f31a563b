"""What was said of a period and when: every vintage of a value, and the one that held at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from ledger.errors import Location
from priceindex.calendar import china_day, day_number, day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.formulas.relatives import Places
from priceindex.releases.point_reading import (
    WITHDRAWN,
    StoredPoints,
    newest_ordinal,
    newest_points,
    nodes_at,
    points_where,
    series_id_of,
    was_published,
)
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.release_tables import PointRow, ReleaseRow, SeriesRow
from priceindex.releases.series import COUNTS, FREQUENCIES, Frequency, Point, in_points, last_days

PointStatus = Literal["P", "F", "R"]
"""Provisional 初步, final 终值, revised 修订."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One vintage of one value."""

    point: Point
    withdrawn: bool
    """From this vintage on the period is in the index no more; the point then has no value."""
    status: PointStatus
    """As of the moment asked for: a provisional value of an official release becomes final with age."""
    final: bool
    """Whether a change needs a correction notice from then on."""
    vintage: int
    release_id: str
    method_id: str
    published_ms: int


@dataclass(frozen=True, slots=True)
class ReleaseHead:
    """What of a release its values need."""

    ordinal: int
    release_id: str
    method_id: str
    status: str
    published_ms: int
    kept: int
    final_after_days: int
    last_day: int

    def is_final(self, last_day: int, as_of_ms: int) -> bool:
        """Whether a value for the period that ends on `last_day` is final while this release is the newest.

        Values of a trial stay provisional: nobody may settle a contract on them.
        """
        old = day_number(china_day(as_of_ms)) - last_day >= self.final_after_days
        return self.status == ReleaseStatus.OFFICIAL and old


def heads(session: Session, family: str, *conditions: ColumnElement[bool]) -> dict[int, ReleaseHead]:
    """The heads of a family's releases by ordinal, the oldest first."""
    asked = select(
        col(ReleaseRow.ordinal), col(ReleaseRow.release_id), col(ReleaseRow.method_id),
        col(ReleaseRow.status), col(ReleaseRow.published_ms), col(ReleaseRow.kept),
        col(ReleaseRow.final_after_days), col(ReleaseRow.last_day),
    ).where(col(ReleaseRow.family) == family, *conditions).order_by(col(ReleaseRow.ordinal))  # fmt: skip
    return {row[0]: ReleaseHead(*row) for row in session.connection().execute(asked)}


def observations(
    session: Session,
    family: str,
    level: Level | str,
    node: str,
    frequency: Frequency,
    *,
    as_of_ms: int,
    first: date | None = None,
    last: date | None = None,
    since_ms: int | None = None,
    history: bool = False,
) -> list[Observation]:
    """The series as it was public at `as_of_ms`, oldest period first.

    With `history` every vintage published until then, the oldest of each period first. With `since_ms`
    only what was published after that moment: what a subscriber who read everything then has not seen.
    These two alone give observations that are `withdrawn`. Raises `UnknownNode` for a series that no
    release had published by then.
    """
    stored = _stored(session, family, level, node, frequency, as_of_ms, first, last)
    found = stored if history else stored.newest()
    if since_ms is not None:
        found = found.where(found.vintages > newest_ordinal(session, family, since_ms))
    elif not history:
        found = found.where(found.units != WITHDRAWN)
    return _observed(session, family, found, last_days(frequency, found.days), as_of_ms)


def vintages(
    session: Session,
    family: str,
    level: Level | str,
    node: str,
    frequency: Frequency,
    day: date,
    *,
    as_of_ms: int | None = None,
) -> list[Observation]:
    """Everything published of one period, oldest first, by `as_of_ms` where it is given.

    Raises `UnknownNode` for a series that no release had published by then.
    """
    stored = _stored(session, family, level, node, frequency, as_of_ms, day, day)
    return _observed(session, family, stored, last_days(frequency, stored.days), as_of_ms)


def _stored(
    session: Session,
    family: str,
    level: Level | str,
    node: str,
    frequency: Frequency,
    as_of_ms: int | None,
    first: date | None,
    last: date | None,
) -> StoredPoints:
    ordinal = newest_ordinal(session, family, as_of_ms)
    series = series_id_of(session, family, str(level), node, frequency)
    if series is None or not was_published(session, series, ordinal):
        raise UnknownNode(at=Location(field="node", value=node[:100]), release=family, level=level, node=node)
    conditions = [col(PointRow.series_id) == series, col(PointRow.vintage) <= ordinal]
    if first is not None:
        conditions.append(col(PointRow.day) >= day_number(first))
    if last is not None:
        conditions.append(col(PointRow.day) <= day_number(last))
    return points_where(session, *conditions)


def _observed(
    session: Session, family: str, stored: StoredPoints, ends: Places, as_of_ms: int | None
) -> list[Observation]:
    """What was said, point by point; `ends` are the last days of their periods."""
    if not len(stored):
        return []
    visible = [] if as_of_ms is None else [col(ReleaseRow.published_ms) <= as_of_ms]
    known = heads(session, family, col(ReleaseRow.ordinal) >= int(stored.vintages.min()), *visible)
    rows = zip(
        stored.days.tolist(),
        ends.tolist(),
        stored.vintages.tolist(),
        stored.units.tolist(),
        stored.statuses.tolist(),
        stored.counts.tolist(),
        strict=True,
    )
    return [
        observation_of(known, day, end, vintage, units, status, counts, as_of_ms)
        for day, end, vintage, units, status, counts in rows
    ]


def observation_of(
    known: dict[int, ReleaseHead],
    day: int,
    end: int,
    vintage: int,
    units: int,
    status: str,
    counts: list[int],
    as_of_ms: int | None,
) -> Observation:
    """One stored point of a period from `day` to `end`, with what its release says of it.

    `as_of_ms` None: as it was published.

    `known` are heads in order, the last that of the newest release public then: it says again whatever
    it leaves standing, so a value said first on trial becomes final once an official release repeats it.
    """
    head = known[vintage]
    if as_of_ms is None:
        final = head.is_final(end, head.published_ms)
    else:
        final = known[next(reversed(known))].is_final(end, as_of_ms)
    gone = units == WITHDRAWN
    return Observation(
        point=Point(
            day=day_of(day),
            value=None if gone else in_points(units, head.kept),
            **dict(zip(COUNTS, counts, strict=True)),
        ),
        withdrawn=gone,
        status="F" if final and status == "P" else cast("PointStatus", status),
        final=final,
        vintage=vintage,
        release_id=head.release_id,
        method_id=head.method_id,
        published_ms=head.published_ms,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """One index that can be followed, with its newest value."""

    family: str
    level: Level
    node: str
    frequency: Frequency
    parent: str | None
    weight: str
    """Share of the composite's weight, a decimal string."""
    newest: Observation


def indices(
    session: Session, *, as_of_ms: int, family: str | None = None, level: Level | str | None = None
) -> list[IndexLine]:
    """Every series public at a moment with its newest value; of one family or level when named."""
    asked = select(col(ReleaseRow.family)).where(col(ReleaseRow.published_ms) <= as_of_ms).distinct()
    if family is not None:
        asked = asked.where(col(ReleaseRow.family) == family)
    families = sorted(session.connection().execute(asked).scalars())
    return [line for each in families for line in _lines(session, each, as_of_ms, level)]


def _lines(session: Session, family: str, as_of_ms: int, level: Level | str | None) -> list[IndexLine]:
    ordinal = newest_ordinal(session, family, as_of_ms)
    conditions = [] if level is None else [col(SeriesRow.level) == str(level)]
    places = {node.series_id: node for node in nodes_at(session, family, ordinal, *conditions)}
    stored = newest_points(session, family, ordinal, *conditions)
    ends = _ends(stored, {series: node.frequency for series, node in places.items()})
    found = dict(zip(stored.series.tolist(), _observed(session, family, stored, ends, as_of_ms), strict=True))
    order = {each: place for place, each in enumerate(Level)}
    lines = [
        IndexLine(
            family=family,
            level=Level(node.level),
            node=node.node,
            frequency=cast("Frequency", node.frequency),
            parent=node.parent,
            weight=node.weight,
            newest=found[series],
        )
        for series, node in places.items()
        if series in found
    ]
    return sorted(lines, key=lambda line: (order[line.level], line.node, line.frequency))


def _ends(stored: StoredPoints, frequency_of: Mapping[int, str]) -> Places:
    """The last day of each point's period; points of series that are in the tree no more count as days."""
    ends = stored.days.copy()
    for frequency in FREQUENCIES:
        of_it = [series for series, told in frequency_of.items() if told == frequency]
        chosen = np.isin(stored.series, of_it)
        ends[chosen] = last_days(frequency, stored.days[chosen])
    return ends
