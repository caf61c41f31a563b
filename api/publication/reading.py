"""What of the index is public at a moment: families, their newest releases, single series.

Every read is bounded by the moment it is made at: nobody learns by `as_of` what is still embargoed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from api.publication.publication_errors import TooManyValues
from api.publication.value_table import ValueLine, value_line
from ledger.errors import Location
from priceindex import service
from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.families import all_families, family
from priceindex.releases.cross_section import NodeObservation, Section, cross_section, stored_values
from priceindex.releases.point_reading import newest_ordinal, series_id_of
from priceindex.releases.release import Release
from priceindex.releases.series import Frequency

MOST: Final = 100_000
"""Values of one answer, vintages counted: about twenty megabytes of CSV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which values of one family are asked for, and as of when; None stands for all or for no limit."""

    family: str
    frequency: Frequency
    levels: Sequence[Level] | None = None
    node: str | None = None
    first: date | None = None
    last: date | None = None
    days: Sequence[date] | None = None
    as_of_ms: int
    since_ms: int | None = None
    history: bool = False


def moment_ms(now_ms: int, asked: datetime | None) -> int:
    """Return the moment asked for in epoch milliseconds, and never a later one than now."""
    return now_ms if asked is None else min(now_ms, int(asked.timestamp() * 1000))


def newest_releases(session: Session, as_of_ms: int, only: str | None = None) -> Iterator[Release]:
    """Give the newest release of every family that has one, by family; of `only` one when it is named.

    Raises `UnknownFamily` for a name no family has.
    """
    known = {each.id for each in all_families()} if only is None else {family(only).id}
    for family_id in sorted(known):
        found = service.latest(session, family_id, public_at_ms=as_of_ms)
        if found is not None:
            yield found


def require_series(session: Session, asked: Asked) -> None:
    """Raise `UnknownFamily` or `UnknownNode` unless some public release published the series."""
    family(asked.family)
    node, levels = asked.node or "", asked.levels or ()
    known = newest_ordinal(session, asked.family, asked.as_of_ms) > 0 and any(
        series_id_of(session, asked.family, str(level), node, asked.frequency) for level in levels
    )
    if not known:
        at = Location(field="node", value=node[:100])
        raise UnknownNode(at=at, release=asked.family, level=" ".join(levels), node=node[:100])


def read_values(session: Session, asked: Asked) -> list[NodeObservation]:
    """Return the values asked for, by level, node, period and vintage; raises `TooManyValues`.

    With `since_ms` only what was published after that moment.
    """
    section = _section(session, asked)
    _require_few(stored_values(session, section))
    return cross_section(session, section, as_of_ms=asked.as_of_ms)


def read_together(session: Session, asked: Sequence[Asked]) -> list[ValueLine]:
    """Return the values of several sections as rows, one after the other; raises `TooManyValues`."""
    sections = [_section(session, each) for each in asked]
    _require_few(sum(stored_values(session, section) for section in sections))
    return [
        line
        for each, section in zip(asked, sections, strict=True)
        for line in lines_of(each.family, cross_section(session, section, as_of_ms=each.as_of_ms))
    ]


def _require_few(values: int) -> None:
    if values > MOST:
        raise TooManyValues(most=MOST)


def _section(session: Session, asked: Asked) -> Section:
    after = 0 if asked.since_ms is None else newest_ordinal(session, asked.family, asked.since_ms)
    return Section(
        family=asked.family,
        ordinal=newest_ordinal(session, asked.family, asked.as_of_ms),
        frequency=asked.frequency,
        levels=asked.levels,
        node=asked.node,
        days=None if asked.days is None else [day_number(day) for day in asked.days],
        first=None if asked.first is None else day_number(asked.first),
        last=None if asked.last is None else day_number(asked.last),
        after=after,
        history=asked.history,
    )


def lines_of(family_id: str, found: Sequence[NodeObservation]) -> list[ValueLine]:
    """Return values as rows of the table."""
    return [
        value_line(family_id, str(each.level), each.node, each.frequency, each.observation) for each in found
    ]
