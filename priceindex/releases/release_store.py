"""Reading what was published: releases, their series, their input bundles.

What is not published yet stands in other tables (`priceindex.releases.drafts`) and is never read here.
"""

import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np
from sqlalchemy import or_
from sqlmodel import Session, col, select

from ledger.errors import Location
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode, UnknownRelease
from priceindex.releases.observations import IndexLine, Observation, indices, observations, vintages
from priceindex.releases.point_reading import (
    NodeAt,
    StoredPoints,
    newest_points,
    nodes_at,
    points_where,
)
from priceindex.releases.release import Release, ReleaseStatus, summary_of
from priceindex.releases.release_tables import BundleRow, PointRow, ReleaseRow, SeriesRow
from priceindex.releases.series import COUNTS, Frequency, Series, in_points, order_of
from priceindex.releases.triangle import Triangle, triangle

__all__ = [
    "IndexLine",
    "NodeLine",
    "Observation",
    "Triangle",
    "all_series",
    "bundle",
    "indices",
    "latest",
    "nodes",
    "observations",
    "release",
    "releases",
    "triangle",
    "values",
    "vintages",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """One line of a release's table of contents."""

    level: Level
    node: str
    parent: str | None
    weight: Decimal
    last_value: Decimal | None


def releases(
    session: Session,
    family: str | None = None,
    *,
    before: tuple[int, str] | None = None,
    limit: int = 100,
    public_at_ms: int | None = None,
) -> list[Release]:
    """Releases, the newest published first; of one family when it is named.

    `before` is `(published_ms, release_id)` of the last release of the page before; with `public_at_ms`
    only those that were public at that moment.
    """
    asked = select(ReleaseRow)
    if family is not None:
        asked = asked.where(ReleaseRow.family == family)
    if public_at_ms is not None:
        asked = asked.where(ReleaseRow.published_ms <= public_at_ms)
    if before is not None:
        at_ms, named = before
        earlier = col(ReleaseRow.published_ms) < at_ms
        same = (col(ReleaseRow.published_ms) == at_ms) & (col(ReleaseRow.release_id) < named)
        asked = asked.where(or_(earlier, same))
    newest = asked.order_by(col(ReleaseRow.published_ms).desc(), col(ReleaseRow.release_id).desc())
    return [_release(row) for row in session.exec(newest.limit(limit))]


def latest(session: Session, family: str, *, public_at_ms: int | None = None) -> Release | None:
    """The newest release of a family; None before the first."""
    asked = select(ReleaseRow).where(ReleaseRow.family == family)
    if public_at_ms is not None:
        asked = asked.where(ReleaseRow.published_ms <= public_at_ms)
    row = session.exec(asked.order_by(col(ReleaseRow.ordinal).desc()).limit(1)).first()
    return None if row is None else _release(row)


def release(session: Session, release_id: str, *, public_at_ms: int | None = None) -> Release:
    """Return one release; raises `UnknownRelease`, also for one published after `public_at_ms`."""
    row = _row(session, release_id)
    if public_at_ms is not None and row.published_ms > public_at_ms:
        raise _unknown(release_id)
    return _release(row)


def nodes(
    session: Session, release_id: str, level: Level | str | None = None, *, frequency: Frequency = "day"
) -> list[NodeLine]:
    """What a release has series of, without the series; raises `UnknownRelease`."""
    row = _row(session, release_id)
    conditions = [col(SeriesRow.frequency) == frequency]
    if level is not None:
        conditions.append(col(SeriesRow.level) == str(level))
    stored = newest_points(session, row.family, row.ordinal, *conditions, until=row.last_day)
    last = dict(zip(stored.series.tolist(), stored.units.tolist(), strict=True))
    lines = [
        NodeLine(
            level=Level(node.level),
            node=node.node,
            parent=node.parent,
            weight=Decimal(node.weight),
            last_value=in_points(last[node.series_id], row.kept),
        )
        for node in nodes_at(session, row.family, row.ordinal, col(SeriesRow.frequency) == frequency)
        if node.series_id in last
    ]
    order = list(Level)
    return sorted(lines, key=lambda line: (order.index(line.level), line.node))


def values(
    session: Session, release_id: str, level: Level | str, node: str, frequency: Frequency = "day"
) -> Series:
    """The published series of one node; raises `UnknownRelease` or `UnknownNode`."""
    row = _row(session, release_id)
    named = (
        col(SeriesRow.level) == str(level),
        col(SeriesRow.node) == node,
        col(SeriesRow.frequency) == frequency,
    )
    found = nodes_at(session, row.family, row.ordinal, *named)
    if not found:
        at = Location(field="node", value=node[:100])
        raise UnknownNode(at=at, release=release_id, level=level, node=node)
    stored = points_where(
        session,
        col(PointRow.series_id) == found[0].series_id,
        col(PointRow.vintage) <= row.ordinal,
        col(PointRow.day) <= row.last_day,
    )
    return _series(found[0], stored.standing(), row.kept)


def all_series(session: Session, release_id: str) -> list[Series]:
    """Every series of a release, in the order they are digested; raises `UnknownRelease`."""
    row = _row(session, release_id)
    stored = points_where(
        session,
        col(SeriesRow.family) == row.family,
        col(PointRow.vintage) <= row.ordinal,
        col(PointRow.day) <= row.last_day,
    ).standing()
    places = {node.series_id: node for node in nodes_at(session, row.family, row.ordinal)}
    ids, starts = np.unique(stored.series, return_index=True)
    ends = np.append(starts[1:], len(stored))[: len(starts)]  # nothing stored has no end either
    found = [
        _series(places[series], stored.taken(np.arange(start, end)), row.kept)
        for series, start, end in zip(ids.tolist(), starts.tolist(), ends.tolist(), strict=True)
        if series in places
    ]
    return sorted(found, key=order_of)


def bundle(session: Session, release_id: str) -> bytes:
    """The exact input bundle bytes of a release; raises `UnknownRelease`."""
    row = session.get(BundleRow, _row(session, release_id).bundle_sha256)
    if row is None:
        raise _unknown(release_id)
    return zlib.decompress(row.body)


def _series(node: NodeAt, stored: StoredPoints, kept: int) -> Series:
    counts = stored.counts.astype(np.int64)
    return Series(
        level=Level(node.level),
        node=node.node,
        parent=node.parent,
        weight=Decimal(node.weight),
        frequency=cast("Frequency", node.frequency),
        days=stored.days,
        units=stored.units,
        kept=kept,
        counts={name: counts[:, place] for place, name in enumerate(COUNTS)},
    )


def _row(session: Session, release_id: str) -> ReleaseRow:
    row = session.get(ReleaseRow, release_id)
    if row is None:
        raise _unknown(release_id)
    return row


def _unknown(release_id: str) -> UnknownRelease:
    return UnknownRelease(at=Location(field="release", value=release_id[:100]), release=release_id[:100])


def _release(row: ReleaseRow) -> Release:
    same = (
        "release_id", "family", "ordinal", "method_id", "method_sha256", "revision", "bundle_sha256",
        "values_sha256", "form", "kept", "final_after_days", "as_of_ms", "published_ms", "due_ms",
        "statement_id", "sealed_statement",
    )  # fmt: skip
    return Release(
        **{name: getattr(row, name) for name in same},
        status=ReleaseStatus(row.status),
        until=day_of(row.until),
        last_day=day_of(row.last_day),
        headline=Decimal(row.headline),
        summary=summary_of(row.summary),
    )
