"""Many series at once: what a family's vintages said of every node on a few days, or on all of them.

A page or a file needs a few days of many nodes, or many days of some: one query each, not one a series.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from priceindex.classification import Level
from priceindex.releases.observations import Observation, heads, observation_of
from priceindex.releases.point_reading import WITHDRAWN, NodeAt, StoredPoints, nodes_at, points_where
from priceindex.releases.release_tables import PointRow, ReleaseRow, SeriesRow
from priceindex.releases.series import Frequency, last_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Which values of a family are meant; None stands for all."""

    family: str
    ordinal: int
    """The newest vintage that counts: later ones are as if they were not there."""
    frequency: Frequency
    levels: Sequence[Level] | None = None
    node: str | None = None
    days: Sequence[int] | None = None
    """Day numbers of the first days of the periods."""
    first: int | None = None
    last: int | None = None
    after: int = 0
    """Only what was said by later vintages than this; then periods that left the index are told too."""
    history: bool = False
    """Every vintage of a value and not the newest alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeObservation:
    """One value, and the node it is of."""

    level: Level
    node: str
    frequency: Frequency
    parent: str | None
    weight: str
    """Share of the composite's weight at the last link, a decimal string; "0" where it left the index."""
    observation: Observation


def cross_section(session: Session, section: Section, *, as_of_ms: int) -> list[NodeObservation]:
    """Return the values of a section, by level, node, period and vintage.

    `as_of_ms` settles which values have become final.
    """
    named = _series_conditions(section)
    places = {each.series_id: each for each in _places(session, section, named)}
    known = heads(session, section.family, col(ReleaseRow.ordinal) <= section.ordinal)
    stored = _chosen(points_where(session, *named, *_point_conditions(section)), section)
    rows = zip(
        stored.series.tolist(), stored.days.tolist(), stored.vintages.tolist(), stored.units.tolist(),
        stored.statuses.tolist(), stored.counts.tolist(), strict=True,
    )  # fmt: skip
    found = [
        NodeObservation(
            level=Level(place.level),
            node=place.node,
            frequency=cast("Frequency", place.frequency),
            parent=place.parent,
            weight=place.weight,
            observation=observation_of(
                known, day, _end(place, day), vintage, units, status, counts, as_of_ms
            ),
        )
        for series, day, vintage, units, status, counts in rows
        if (place := places.get(series)) is not None
    ]
    order = {level: number for number, level in enumerate(Level)}
    return sorted(
        found,
        key=lambda each: (
            order[each.level],
            each.node,
            each.observation.point.day,
            each.observation.vintage,
        ),
    )


def stored_values(session: Session, section: Section) -> int:
    """Count what `cross_section` would have to read, all vintages alike."""
    asked = (
        select(func.count())
        .select_from(PointRow)
        .join(SeriesRow, col(SeriesRow.series_id) == col(PointRow.series_id))
        .where(*_series_conditions(section), *_point_conditions(section))
    )
    return session.connection().execute(asked).scalar() or 0


def _places(session: Session, section: Section, named: list[ColumnElement[bool]]) -> list[NodeAt]:
    """Return the series meant; whoever asks for the past hears of those that left the index too."""
    standing = nodes_at(session, section.family, section.ordinal, *named)
    if not (section.history or section.after):
        return standing
    found = {each.series_id for each in standing}
    asked = select(
        col(SeriesRow.series_id), col(SeriesRow.level), col(SeriesRow.node), col(SeriesRow.frequency)
    ).where(*named)
    rows = session.connection().execute(asked).all()
    left = [NodeAt(row[0] or 0, row[1], row[2], row[3], None, "0") for row in rows if row[0] not in found]
    return [*standing, *left]


def _chosen(stored: StoredPoints, section: Section) -> StoredPoints:
    newest = stored if section.history else stored.newest()
    if section.after:
        return newest.where(newest.vintages > section.after)
    return newest if section.history else newest.where(newest.units != WITHDRAWN)


def _series_conditions(section: Section) -> list[ColumnElement[bool]]:
    conditions = [
        col(SeriesRow.family) == section.family,
        col(SeriesRow.frequency) == section.frequency,
    ]
    if section.levels is not None:
        conditions.append(col(SeriesRow.level).in_([str(level) for level in section.levels]))
    if section.node is not None:
        conditions.append(col(SeriesRow.node) == section.node)
    return conditions


def _point_conditions(section: Section) -> list[ColumnElement[bool]]:
    conditions = [col(PointRow.vintage) <= section.ordinal]
    if section.days is not None:
        conditions.append(col(PointRow.day).in_(sorted(set(section.days))))
    if section.first is not None:
        conditions.append(col(PointRow.day) >= section.first)
    if section.last is not None:
        conditions.append(col(PointRow.day) <= section.last)
    return conditions


def _end(place: NodeAt, day: int) -> int:
    """The last day of the period that begins on `day`."""
    return int(last_days(place.frequency, np.array([day]))[0])
