"""The revision triangle 修订三角: how the value of each period changed from release to release.

Rows are periods, columns are vintages. The mean absolute revision over the rows is the quality figure
statistics offices publish with it (OECD/Eurostat, Guidelines on Revisions Policy and Analysis).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col

from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.releases.observations import ReleaseHead, heads
from priceindex.releases.point_reading import (
    WITHDRAWN,
    newest_ordinal,
    points_where,
    series_id_of,
    was_published,
)
from priceindex.releases.release_tables import PointRow, ReleaseRow
from priceindex.releases.series import Frequency, in_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """The values of the last periods in every vintage that changed one of them."""

    periods: tuple[date, ...]
    """First day of each row's period, oldest first."""
    vintages: tuple[ReleaseHead, ...]
    """The release of each column, oldest first."""
    values: tuple[tuple[Decimal | None, ...], ...]
    """values[row][column] as it stood after that release; None before the first and where unpublished."""

    @property
    def revisions(self) -> tuple[Decimal | None, ...]:
        """For each row the newest value less the first one published, in index points."""
        found: list[Decimal | None] = []
        for row in self.values:
            told = [value for value in row if value is not None]
            found.append(told[-1] - told[0] if told else None)
        return tuple(found)

    @property
    def mean_absolute_revision(self) -> Decimal | None:
        """Mean of the absolute `revisions`, in index points; None without any value."""
        told = [abs(each) for each in self.revisions if each is not None]
        return sum(told, Decimal(0)) / len(told) if told else None

    @property
    def mean_revision(self) -> Decimal | None:
        """Mean of the `revisions` with their signs: far from nothing, first values lean to one side."""
        told = [each for each in self.revisions if each is not None]
        return sum(told, Decimal(0)) / len(told) if told else None


def triangle(
    session: Session,
    family: str,
    level: Level | str,
    node: str,
    frequency: Frequency,
    last_n: int,
    *,
    as_of_ms: int | None = None,
) -> Triangle:
    """The triangle of the last `last_n` periods of a series; raises `UnknownNode` for one never published."""
    series = series_id_of(session, family, str(level), node, frequency)
    ordinal = newest_ordinal(session, family, as_of_ms)
    if series is None or not was_published(session, series, ordinal):
        raise UnknownNode(release=family, level=level, node=node)
    stored = points_where(
        session,
        col(PointRow.series_id) == series,
        col(PointRow.vintage) <= ordinal,
    )
    periods = sorted(set(stored.days.tolist()))[-last_n:]
    shown = stored.where(stored.days >= periods[0]) if periods else stored
    columns = sorted(set(shown.vintages.tolist()))
    known = heads(session, family, col(ReleaseRow.ordinal) >= min(columns, default=0))
    said = {
        (day, vintage): None if units == WITHDRAWN else in_points(units, known[vintage].kept)
        for day, vintage, units in zip(
            shown.days.tolist(), shown.vintages.tolist(), shown.units.tolist(), strict=True
        )
    }
    return Triangle(
        periods=tuple(day_of(day) for day in periods),
        vintages=tuple(known[vintage] for vintage in columns),
        values=tuple(_row(day, columns, said) for day in periods),
    )


def _row(
    day: int, columns: list[int], said: dict[tuple[int, int], Decimal | None]
) -> tuple[Decimal | None, ...]:
    held: Decimal | None = None
    found: list[Decimal | None] = []
    for vintage in columns:
        held = said.get((day, vintage), held)
        found.append(held)
    return tuple(found)
