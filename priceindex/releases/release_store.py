"""Reading what was published: releases, their series, their input bundles."""

import zlib
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from ledger.errors import Location
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode, UnknownRelease
from priceindex.releases.release import Release, ReleaseStatus, summary_of
from priceindex.releases.series import Series, unpack
from priceindex.tables import BundleRow, ReleaseRow, ValueRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """One line of a release's table of contents."""

    level: Level
    node: str
    parent: str | None
    weight: Decimal
    last_value: Decimal | None


def releases(
    session: Session, family: str | None = None, *, limit: int = 100, offset: int = 0
) -> list[Release]:
    """Releases, newest last day first and then highest revision; of one family when it is named."""
    asked = select(ReleaseRow)
    if family is not None:
        asked = asked.where(ReleaseRow.family == family)
    newest = asked.order_by(
        col(ReleaseRow.last_day).desc(), col(ReleaseRow.family), col(ReleaseRow.revision).desc()
    )
    return [_release(row) for row in session.exec(newest.limit(limit).offset(offset))]


def latest(session: Session, family: str) -> Release | None:
    """The newest release of a family; None before the first."""
    found = releases(session, family, limit=1)
    return found[0] if found else None


def release(session: Session, release_id: str) -> Release:
    """Return one release; raises `UnknownRelease`."""
    return _release(_row(session, release_id))


def nodes(session: Session, release_id: str, level: Level | str | None = None) -> list[NodeLine]:
    """What a release has series of, without the series; raises `UnknownRelease`."""
    _row(session, release_id)
    asked = columns_of(
        col(ValueRow.level),
        col(ValueRow.node),
        col(ValueRow.parent),
        col(ValueRow.weight),
        col(ValueRow.last_value),
    ).where(col(ValueRow.release_id) == release_id)
    if level is not None:
        asked = asked.where(col(ValueRow.level) == str(level))
    lines = [
        NodeLine(
            level=Level(row[0]),
            node=row[1],
            parent=row[2],
            weight=Decimal(row[3]),
            last_value=None if row[4] is None else Decimal(row[4]),
        )
        for row in session.connection().execute(asked)
    ]
    order = list(Level)
    return sorted(lines, key=lambda line: (order.index(line.level), line.node))


def values(session: Session, release_id: str, level: Level | str, node: str) -> Series:
    """The published series of one node; raises `UnknownRelease` or `UnknownNode`."""
    _row(session, release_id)
    row = session.get(ValueRow, (release_id, str(level), node))
    if row is None:
        at = Location(field="node", value=node[:100])
        raise UnknownNode(at=at, release=release_id, level=level, node=node)
    return unpack(row.series)


def all_series(session: Session, release_id: str) -> list[Series]:
    """Every series of a release, in the order they were digested; raises `UnknownRelease`."""
    _row(session, release_id)
    rows = session.exec(select(ValueRow).where(ValueRow.release_id == release_id))
    order = list(Level)
    found = [unpack(row.series) for row in rows]
    return sorted(found, key=lambda one: (order.index(one.level), one.node))


def bundle(session: Session, release_id: str) -> bytes:
    """The exact input bundle bytes of a release; raises `UnknownRelease`."""
    row = session.get(BundleRow, _row(session, release_id).bundle_sha256)
    if row is None:
        raise UnknownRelease(at=Location(field="release", value=release_id[:100]), release=release_id[:100])
    return zlib.decompress(row.body)


def _row(session: Session, release_id: str) -> ReleaseRow:
    row = session.get(ReleaseRow, release_id)
    if row is None:
        raise UnknownRelease(at=Location(field="release", value=release_id[:100]), release=release_id[:100])
    return row


def _release(row: ReleaseRow) -> Release:
    return Release(
        release_id=row.release_id,
        family=row.family,
        method_id=row.method_id,
        method_sha256=row.method_sha256,
        status=ReleaseStatus(row.status),
        revision=row.revision,
        until=day_of(row.until),
        last_day=day_of(row.last_day),
        bundle_sha256=row.bundle_sha256,
        values_sha256=row.values_sha256,
        as_of_ms=row.as_of_ms,
        published_ms=row.published_ms,
        statement_id=row.statement_id,
        headline=Decimal(row.headline),
        summary=summary_of(row.summary),
    )
