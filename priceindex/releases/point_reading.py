"""Reading stored points as columns, and which of several vintages of a period holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from priceindex.formulas.relatives import Places
from priceindex.releases.release_tables import NodeRow, PointRow, ReleaseRow, SeriesRow
from priceindex.releases.series import COUNTS

WITHDRAWN: Final = -2
"""In a stored column of units: from this vintage on the period is in the index no more."""


@dataclass(frozen=True, slots=True)
class StoredPoints:
    """Points of one or several series, sorted by series, day and vintage."""

    series: Places
    days: Places
    vintages: Places
    units: Places
    statuses: NDArray[np.str_]
    counts: NDArray[np.int32]
    """(points, counts) in the order of `COUNTS`."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.days)

    def where(self, marked: NDArray[np.bool_]) -> "StoredPoints":
        """The points that are marked."""
        return self.taken(np.flatnonzero(marked))

    def taken(self, places: Places) -> "StoredPoints":
        """The points at these places, in that order."""
        return StoredPoints(
            self.series[places],
            self.days[places],
            self.vintages[places],
            self.units[places],
            self.statuses[places],
            self.counts[places],
        )

    def newest(self) -> "StoredPoints":
        """Of every series and day the newest vintage, periods that were withdrawn included."""
        last = np.ones(len(self), dtype=np.bool_)
        last[:-1] = (self.series[1:] != self.series[:-1]) | (self.days[1:] != self.days[:-1])
        return self.where(last)

    def standing(self) -> "StoredPoints":
        """Of every series and day the newest vintage, without the periods that were withdrawn."""
        newest = self.newest()
        return newest.where(newest.units != WITHDRAWN)


def points_where(session: Session, *conditions: ColumnElement[bool]) -> StoredPoints:
    """Read the points that meet `conditions`, over `price_point` joined with `price_series`."""
    asked = (
        select(
            col(PointRow.series_id), col(PointRow.day), col(PointRow.vintage), col(PointRow.units),
            col(PointRow.status), col(PointRow.counts),
        )
        .join(SeriesRow, col(SeriesRow.series_id) == col(PointRow.series_id))
        .where(*conditions)
    )  # fmt: skip
    return _columns(session.connection().execute(asked).all())


def _columns(rows: Iterable[tuple[int, int, int, int, str, bytes]]) -> StoredPoints:
    found = list(zip(*rows, strict=True)) or [(), (), (), (), (), ()]
    series, days, vintages, units = (np.array(column, dtype=np.int64) for column in found[:4])
    counts = np.frombuffer(b"".join(found[5]), dtype="<i4").reshape(-1, len(COUNTS)).astype(np.int32)
    whole = StoredPoints(series, days, vintages, units, np.array(found[4], dtype="U1"), counts)
    return whole.taken(np.lexsort((vintages, days, series)))


def series_id_of(session: Session, family: str, level: str, node: str, frequency: str) -> int | None:
    """The id of a series; None where no release of the family ever published it."""
    asked = select(col(SeriesRow.series_id)).where(
        col(SeriesRow.family) == family,
        col(SeriesRow.level) == level,
        col(SeriesRow.node) == node,
        col(SeriesRow.frequency) == frequency,
    )
    return session.connection().execute(asked).scalar()


def was_published(session: Session, series_id: int, ordinal: int) -> bool:
    """Whether a series belonged to the index in any vintage up to `ordinal`."""
    asked = select(func.min(col(NodeRow.vintage))).where(col(NodeRow.series_id) == series_id)
    first = session.connection().execute(asked).scalar()
    return first is not None and first <= ordinal


def newest_ordinal(session: Session, family: str, as_of_ms: int | None = None) -> int:
    """Ordinal of the family's newest release published at or before a moment; 0 where there is none."""
    asked = select(func.max(col(ReleaseRow.ordinal))).where(col(ReleaseRow.family) == family)
    if as_of_ms is not None:
        asked = asked.where(col(ReleaseRow.published_ms) <= as_of_ms)
    return session.connection().execute(asked).scalar() or 0


@dataclass(frozen=True, slots=True)
class NodeAt:
    """Where one series stood in the tree."""

    series_id: int
    level: str
    node: str
    frequency: str
    parent: str | None
    weight: str


def nodes_at(session: Session, family: str, ordinal: int, *conditions: ColumnElement[bool]) -> list[NodeAt]:
    """The series that a family had as of a vintage, with their places in the tree."""
    asked = (
        select(
            col(SeriesRow.series_id), col(SeriesRow.level), col(SeriesRow.node), col(SeriesRow.frequency),
            col(NodeRow.parent), col(NodeRow.weight),
        )
        .join(NodeRow, col(NodeRow.series_id) == col(SeriesRow.series_id))
        .where(col(SeriesRow.family) == family, col(NodeRow.vintage) <= ordinal, *conditions)
        .order_by(col(NodeRow.vintage))
    )  # fmt: skip
    newest = {row[0]: row for row in session.connection().execute(asked)}
    return [
        NodeAt(series_id, level, node, frequency, parent, weight)
        for series_id, level, node, frequency, parent, weight in newest.values()
        if series_id is not None and weight is not None
    ]


def newest_points(
    session: Session,
    family: str,
    ordinal: int,
    *conditions: ColumnElement[bool],
    until: int | None = None,
) -> StoredPoints:
    """Of every series the newest period as of a vintage, none after the day number `until`."""
    later = aliased(PointRow)
    bounded = [] if until is None else [col(later.day) <= until]
    newest_day = (
        select(func.max(col(later.day)))
        .where(
            col(later.series_id) == col(SeriesRow.series_id),
            col(later.vintage) <= ordinal,
            col(later.units) != WITHDRAWN,
            *bounded,
        )
        .correlate(SeriesRow)
        .scalar_subquery()
    )
    return points_where(
        session,
        col(SeriesRow.family) == family,
        col(PointRow.vintage) <= ordinal,
        col(PointRow.day) == newest_day,
        *conditions,
    ).standing()
