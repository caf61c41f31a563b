"""What a further release has to write: only points that are new, or differ from what was said before.

The comparison is made over whole columns, so that a release of a million points takes seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from priceindex.calendar import china_day, day_number
from priceindex.families import Family
from priceindex.formulas.relatives import Places
from priceindex.releases.observations import heads
from priceindex.releases.point_reading import (
    WITHDRAWN,
    StoredPoints,
    newest_ordinal,
    nodes_at,
    points_where,
)
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.release_tables import SeriesRow
from priceindex.releases.series import COUNTS, NOT_COUNTED, UNPUBLISHED, Series, last_days

SeriesKey = tuple[str, str, str]
"""Level, node and frequency of a series."""
Marks = NDArray[np.bool_]
_DAYS: Final = 1 << 24
"""More than there are day numbers: joins series and day into one number."""


@dataclass(frozen=True, slots=True)
class Change:
    """Published values that a release changes: columns, one entry each."""

    series: Places
    days: Places
    vintages: Places
    """Vintage of the value as it stood."""
    before: Places
    """Units before; `UNPUBLISHED` where no value stood."""
    after: Places
    """Units after; `UNPUBLISHED` where none is published any more."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All a release has to write."""

    ordinal: int
    names: Mapping[int, SeriesKey]
    """Every series of the family by its number: its id, or below zero for one never published before."""
    points: StoredPoints
    nodes: tuple[tuple[int, str | None, str | None], ...]
    """Series that enter, leave (weight None) or stand elsewhere: series, parent, weight."""
    change: Change
    kept_before: int
    """Digits of the units in `change.before`."""


def plan(
    session: Session, family: Family, series: Sequence[Series], status: ReleaseStatus, at_ms: int
) -> Plan:
    """Compare a release's series with all that its family says now."""
    newest = newest_ordinal(session, family.id)
    known = heads(session, family.id)
    kept_before = known[newest].kept if newest else family.digits.kept
    ids = _ids(session, family.id)
    keys = tuple((str(one.level), one.node, str(one.frequency)) for one in series)
    numbers = tuple(ids.get(key, -1 - place) for place, key in enumerate(keys))
    stands = points_where(session, col(SeriesRow.family) == family.id).newest()
    stands = stands.where(stands.units != WITHDRAWN)
    told = _told(series, numbers, newest + 1, _open_from(family, status, at_ms))
    place, matched = _places(told, stands)
    moved = _moved(told, stands, place, matched, kept_before, family.digits.kept)
    same = matched & (kept_before == family.digits.kept)
    same[matched] &= (stands.units[place[matched]] == told.units[matched]) & (
        stands.counts[place[matched]] == told.counts[matched]
    ).all(axis=1)
    told.statuses[matched] = stands.statuses[place[matched]]
    told.statuses[moved] = "R"
    gone = _gone(told, stands, newest + 1)
    return Plan(
        ordinal=newest + 1,
        names={**{number: key for key, number in ids.items()}, **dict(zip(numbers, keys, strict=True))},
        points=_joined(told.where(~same), gone),
        nodes=_nodes(session, family.id, newest, series, numbers),
        change=_change(told.where(moved), stands.where(_marked(place[moved], len(stands))), gone, stands),
        kept_before=kept_before,
    )


def _open_from(family: Family, status: ReleaseStatus, at_ms: int) -> int:
    """Day number from which on what ends is provisional; what ended before is final where official."""
    if status is not ReleaseStatus.OFFICIAL:
        return -_DAYS
    return day_number(china_day(at_ms)) - family.publication.final_after_days + 1


def _ids(session: Session, family: str) -> dict[SeriesKey, int]:
    asked = select(
        col(SeriesRow.level), col(SeriesRow.node), col(SeriesRow.frequency), col(SeriesRow.series_id)
    ).where(col(SeriesRow.family) == family)
    rows = session.connection().execute(asked)
    return {(level, node, frequency): series for level, node, frequency, series in rows if series is not None}


def _told(series: Sequence[Series], numbers: Sequence[int], vintage: int, open_from: int) -> StoredPoints:
    """The release's own points, sorted by series and day."""
    lengths = [len(one.days) for one in series]
    days = np.concatenate([one.days for one in series])
    ends = np.concatenate([last_days(one.frequency, one.days) for one in series])
    counts = np.concatenate(
        [np.stack([one.column(name) for name in COUNTS], axis=1) for one in series]
    ).astype(np.int32)
    numbered = np.repeat(np.array(numbers, dtype=np.int64), lengths)
    whole = StoredPoints(
        numbered,
        days,
        np.full(len(days), vintage, dtype=np.int64),
        np.concatenate([one.units for one in series]),
        np.where(ends < open_from, "F", "P"),
        counts,
    )
    return whole.taken(np.lexsort((days, numbered)))


def _places(told: StoredPoints, stands: StoredPoints) -> tuple[Places, Marks]:
    """Where each point of a release stands among those that stand, and whether it does."""
    ours, theirs = told.series * _DAYS + told.days, stands.series * _DAYS + stands.days
    place = np.minimum(np.searchsorted(theirs, ours), max(len(theirs) - 1, 0))
    matched = theirs[place] == ours if len(theirs) else np.zeros(len(ours), dtype=np.bool_)
    return place, matched


def _moved(
    told: StoredPoints, stands: StoredPoints, place: Places, matched: Marks, before: int, after: int
) -> Marks:
    """Which points say another value than stands, told to the digits both have."""
    moved = np.zeros(len(told), dtype=np.bool_)
    common = min(before, after)
    ours = to_digits(told.units[matched], after, common)
    theirs = to_digits(stands.units[place[matched]], before, common)
    moved[matched] = ours != theirs
    return moved


def to_digits(units: Places, kept: int, digits: int) -> Places:
    """Units with fewer digits, half-even; what is not published stays so.

    >>> to_digits(np.array([1000_12345678, 1000_00005000, -1]), 8, 4).tolist()
    [10001235, 10000000, -1]
    """
    step = 10 ** (kept - digits)
    whole, rest = np.divmod(units, step)
    twice = 2 * rest
    up = (twice > step) | ((twice == step) & (whole % 2 == 1))
    return np.where(units == UNPUBLISHED, units, whole + up)


def _gone(told: StoredPoints, stands: StoredPoints, vintage: int) -> StoredPoints:
    """The withdrawals: for each point that stands and that the release does not have."""
    ours, theirs = told.series * _DAYS + told.days, stands.series * _DAYS + stands.days
    left = stands.where(~np.isin(theirs, ours))
    size = len(left)
    return StoredPoints(
        left.series,
        left.days,
        np.full(size, vintage, dtype=np.int64),
        np.full(size, WITHDRAWN, dtype=np.int64),
        np.full(size, "R", dtype="U1"),
        np.full((size, len(COUNTS)), NOT_COUNTED, dtype=np.int32),
    )


def _joined(first: StoredPoints, second: StoredPoints) -> StoredPoints:
    return StoredPoints(
        *(np.concatenate([getattr(first, name), getattr(second, name)]) for name in StoredPoints.__slots__)
    )


def _marked(places: Places, size: int) -> Marks:
    marks = np.zeros(size, dtype=np.bool_)
    marks[places] = True
    return marks


def _change(after: StoredPoints, before: StoredPoints, gone: StoredPoints, stands: StoredPoints) -> Change:
    """The changed values, withdrawn ones last; a withdrawn period without a value changes nothing."""
    keys = stands.series * _DAYS + stands.days
    left = stands.where(np.isin(keys, gone.series * _DAYS + gone.days) & (stands.units != UNPUBLISHED))
    both = _joined(before, left)
    return Change(
        both.series,
        both.days,
        both.vintages,
        both.units,
        np.concatenate([after.units, np.full(len(left), UNPUBLISHED, dtype=np.int64)]),
    )


def _nodes(
    session: Session, family: str, newest: int, series: Sequence[Series], numbers: Sequence[int]
) -> tuple[tuple[int, str | None, str | None], ...]:
    stood = {node.series_id: (node.parent, node.weight) for node in nodes_at(session, family, newest)}
    told = {
        number: (one.parent, format(one.weight, "f")) for number, one in zip(numbers, series, strict=True)
    }
    entered = [(number, *line) for number, line in told.items() if stood.get(number) != line]
    left = [(number, parent, None) for number, (parent, _) in stood.items() if number not in told]
    return (*entered, *left)
