"""Several published series on one scale: each set to 100 on a chosen day, with its growth up to now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlmodel import Session

from api.publication.overview import change, family_of, finest, months_before
from priceindex import service
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.releases.cross_section import Section, cross_section
from priceindex.releases.release import Release

MOST: Final = 5
GROWTH_MONTHS: Final = (1, 3, 12)
_PARTS: Final = "~"
_SERIES: Final = ";"
_LONGEST: Final = 1200
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """Which published series is meant."""

    family: str
    level: Level
    node: str

    def written(self) -> str:
        """Write it as it stands in an address.

        >>> SeriesKey("bozhou", Level.HERB, "白芍").written()
        'bozhou~herb~白芍'
        """
        return _PARTS.join((self.family, self.level.value, self.node))


def keys_of(text: str) -> list[SeriesKey]:
    """Read the series an address names, each once, `MOST` at most; what names none is passed over.

    >>> [each.node for each in keys_of("bozhou~herb~白芍;nothing;bozhou~composite~all")]
    ['白芍', 'all']
    """
    levels = {level.value: level for level in Level}
    found: dict[SeriesKey, None] = {}
    for part in text[:_LONGEST].split(_SERIES):
        family, _, rest = part.partition(_PARTS)
        level, _, node = rest.partition(_PARTS)
        if family and node and level in levels:
            found[SeriesKey(family, levels[level], node)] = None
    return list(found)[:MOST]


def written(keys: Sequence[SeriesKey]) -> str:
    """Write several series as they stand in an address."""
    return _SERIES.join(each.written() for each in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The published values of one series, oldest first."""

    key: SeriesKey
    release: Release
    days: tuple[date, ...]
    values: tuple[Decimal | None, ...]

    @property
    def known(self) -> list[tuple[date, Decimal]]:
        """The days that have a value."""
        return [(day, value) for day, value in zip(self.days, self.values, strict=True) if value is not None]

    def at(self, day: date) -> Decimal | None:
        """Return the newest value not after a day; None where there is none."""
        return next((value for known, value in reversed(self.known) if known <= day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebased:
    """One series with 100 on the base day."""

    told: Told
    points: tuple[tuple[date, Decimal | None], ...]
    last_day: date
    last: Decimal
    """The newest published value, in the points of its own index."""
    rebased: Decimal
    growth: tuple[Decimal | None, ...]
    """Per cent over each of `GROWTH_MONTHS`; None where the series is younger."""
    since_base: Decimal


def read(session: Session, key: SeriesKey, as_of_ms: int) -> Told | None:
    """Return a series as its family's newest release tells it; None for what is not published."""
    release = service.latest(session, key.family, public_at_ms=as_of_ms)
    if release is None:
        return None
    section = Section(
        family=key.family,
        ordinal=release.ordinal,
        frequency=finest(family_of(release)),
        levels=(key.level,),
        node=key.node,
    )
    try:
        found = cross_section(session, section, as_of_ms=release.published_ms)
    except UnknownNode:
        return None
    told = Told(
        key=key,
        release=release,
        days=tuple(each.observation.point.day for each in found),
        values=tuple(each.observation.point.value for each in found),
    )
    return told if told.known else None


def common_base(told: Sequence[Told], asked: date | None) -> date:
    """Return the day on which all are 100: the one asked for, or the first on which every series has a value.

    Never before that first day, and never after the last day all of them have.
    """
    first = max(each.known[0][0] for each in told)
    last = max(first, min(each.known[-1][0] for each in told))
    return first if asked is None else min(max(asked, first), last)


def rebased(told: Told, base: date) -> Rebased:
    """Set a series to 100 on a day on which it has a value or had one before."""
    start = told.at(base)
    if start is None:
        raise ValueError(base)
    last_day, last = told.known[-1]
    grown = tuple(change(last, told.at(months_before(last_day, months))) for months in GROWTH_MONTHS)
    return Rebased(
        told=told,
        points=tuple(
            (day, None if value is None else value / start * _HUNDRED)
            for day, value in zip(told.days, told.values, strict=True)
        ),
        last_day=last_day,
        last=last,
        rebased=last / start * _HUNDRED,
        growth=grown,
        since_base=(last / start - 1) * 100,
    )
