"""Writing what a plan says: series, their places in the tree, and points, a million in seconds."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select
from sqlmodel import Session, col

from ledger.writing.bulk import write_rows
from priceindex.releases.point_planning import Plan, SeriesKey
from priceindex.releases.point_reading import StoredPoints
from priceindex.releases.release_tables import SeriesRow
from priceindex.releases.series import COUNTS

_POINT_COLUMNS: Final = (
    ("series_id", "int8"), ("day", "int8"), ("vintage", "int4"), ("units", "int8"), ("status", "varchar"),
    ("counts", "bytea"),
)  # fmt: skip
_NODE_COLUMNS: Final = (
    ("series_id", "int8"), ("vintage", "int4"), ("parent", "varchar"), ("weight", "varchar"),
)  # fmt: skip


def write(session: Session, family: str, plan: Plan) -> None:
    """Write a plan; nothing that stands is changed."""
    ids = _with_new_series(session, family, plan)
    rows = [(ids.get(series, series), plan.ordinal, parent, weight) for series, parent, weight in plan.nodes]
    write_rows(session, "price_node", _NODE_COLUMNS, rows)
    write_points(session, plan.points, ids)


def write_points(session: Session, points: StoredPoints, ids: Mapping[int, int]) -> None:
    """Write points; `ids` gives the id of a series that is numbered otherwise."""
    width = 4 * len(COUNTS)
    packed = points.counts.astype("<i4").tobytes()
    rows = zip(
        (ids.get(series, series) for series in points.series.tolist()),
        points.days.tolist(),
        points.vintages.tolist(),
        points.units.tolist(),
        points.statuses.tolist(),
        (packed[start : start + width] for start in range(0, len(packed), width)),
        strict=True,
    )
    write_rows(session, "price_point", _POINT_COLUMNS, list(rows))


def _with_new_series(session: Session, family: str, plan: Plan) -> dict[int, int]:
    """Insert the series never published before; returns the id of each by its number in the plan."""
    new: dict[SeriesKey, int] = {key: number for number, key in plan.names.items() if number < 0}
    if not new:
        return {}
    rows = [
        {"family": family, "level": level, "node": node, "frequency": frequency}
        for level, node, frequency in new
    ]
    session.connection().execute(insert(SeriesRow), rows)
    asked = select(
        col(SeriesRow.series_id), col(SeriesRow.level), col(SeriesRow.node), col(SeriesRow.frequency)
    ).where(col(SeriesRow.family) == family)
    return {
        new[level, node, frequency]: series_id
        for series_id, level, node, frequency in session.connection().execute(asked)
        if series_id is not None and (level, node, frequency) in new
    }
