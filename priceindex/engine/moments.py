"""What the quote book knew at a moment fixed for ever: where the base lies, and what each review counts.

A moment is the first of a day in China. What is recorded after it changes nothing that was decided by it.
"""

import datetime
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from priceindex.book import enough_deals, in_basket
from priceindex.calendar import CHINA_OFFSET_MINUTES, china_day, day_number, day_of, month_of, month_start
from priceindex.classification import Level
from priceindex.engine.selection import REVIEW_MONTHS, Review, turnover_of_herbs
from priceindex.engine.weights import WeightSet
from priceindex.families import Family
from priceindex.quotes import USABLE, Cell
from priceindex.releases.release_tables import PointRow, ReleaseRow, SeriesRow
from priceindex.tables import CellRow, QuoteRow

SetsKnown = Callable[[int], Sequence[WeightSet]]
"""The weight sets of a family as known at a moment."""
_MS_PER_MINUTE = 60_000
_MINUTES_PER_DAY = 1440
_ONE_DAY = datetime.timedelta(days=1)


def start_ms(day: datetime.date) -> int:
    """The first moment of a day in China, in epoch milliseconds.

    >>> start_ms(datetime.date(1970, 1, 2)) // 3_600_000
    16
    """
    return (day_number(day) * _MINUTES_PER_DAY - CHINA_OFFSET_MINUTES) * _MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Eligible:
    """The quotes a family may use at all."""

    session: Session
    family: Family
    cells: dict[int, Cell]
    """Cells of the basket whose herbs have a class, by id."""

    def base_month(self, as_of_ms: int) -> datetime.date | None:
        """First day of the month the family's index begins with.

        That of its first release; before one, the month of the earliest quote known when the first day of
        recording ended. A quote told later of an earlier day does not enter and moves nothing. None where
        nothing is known at `as_of_ms`, or the text names the days of its base.
        """
        if self.family.base.rule == "days":
            return None
        released = first_day_released(self.session, self.family.id, as_of_ms)
        if released is not None:
            return released.replace(day=1)
        first_ms = self._first_recorded((), as_of_ms)
        if first_ms is None:
            return None
        known = self._known((), min(_next_day(first_ms), as_of_ms))
        days = [day for _, _, day in known]
        return day_of(min(days)).replace(day=1) if days else None

    def review(self, month: int, as_of_ms: int, sets_known: SetsKnown) -> Review:
        """The review at the end of `month`; one whose moment is not past yet tells what is known so far."""
        effective, after = month_start(month), month_start(month + 1)
        window = (
            col(QuoteRow.day) >= day_number(month_start(month + 1 - REVIEW_MONTHS)),
            col(QuoteRow.day) < day_number(after),
        )
        moment = min(start_ms(after), as_of_ms)
        known = self._known(window, moment)
        if not known:
            first_ms = self._first_recorded(window, as_of_ms)
            moment = moment if first_ms is None else min(_next_day(first_ms), as_of_ms)
            known = self._known(window, moment) if first_ms is not None else []
        sizes: dict[str, int] = {}
        if self.family.selection.rule == "share_of_turnover":
            sizes = turnover_of_herbs(sets_known(moment), month)
        else:
            for cell_id, quotes, _ in known:
                herb = self.cells[cell_id].herb
                sizes[herb] = sizes.get(herb, 0) + quotes
        told = tuple(sorted((herb, size) for herb, size in sizes.items() if size > 0))
        return Review(effective=effective, as_of_ms=moment, sizes=told)

    def _first_recorded(self, window: Collection[ColumnElement[bool]], as_of_ms: int) -> int | None:
        """When the first usable quote was recorded."""
        asked = (
            select(col(QuoteRow.cell_id), func.min(QuoteRow.recorded_ms))
            .join(CellRow, col(CellRow.cell_id) == col(QuoteRow.cell_id))
            .where(
                col(QuoteRow.recorded_ms) <= as_of_ms,
                col(QuoteRow.status).in_(USABLE),
                enough_deals(self.family),
                *in_basket(self.family),
                *window,
            )
            .group_by(col(QuoteRow.cell_id))
        )
        rows = self.session.connection().execute(asked)
        return min((at_ms for cell_id, at_ms in rows if cell_id in self.cells), default=None)

    def _known(self, window: Collection[ColumnElement[bool]], as_of_ms: int) -> list[tuple[int, int, int]]:
        """Cell, number of usable quotes and their first day, as they stood at a moment."""
        newest = (
            select(
                col(QuoteRow.cell_id),
                col(QuoteRow.day),
                col(QuoteRow.source),
                func.max(QuoteRow.revision).label("revision"),
            )
            .join(CellRow, col(CellRow.cell_id) == col(QuoteRow.cell_id))
            .where(col(QuoteRow.recorded_ms) <= as_of_ms, *in_basket(self.family), *window)
            .group_by(col(QuoteRow.cell_id), col(QuoteRow.day), col(QuoteRow.source))
            .subquery()
        )
        asked = (
            select(col(QuoteRow.cell_id), func.count(), func.min(QuoteRow.day))
            .join(
                newest,
                and_(
                    col(QuoteRow.cell_id) == newest.c.cell_id,
                    col(QuoteRow.day) == newest.c.day,
                    col(QuoteRow.source) == newest.c.source,
                    col(QuoteRow.revision) == newest.c.revision,
                ),
            )
            .where(col(QuoteRow.status).in_(USABLE), enough_deals(self.family))
            .group_by(col(QuoteRow.cell_id))
        )
        rows = self.session.connection().execute(asked)
        return [(cell_id, count, day) for cell_id, count, day in rows if cell_id in self.cells]


def first_day_released(session: Session, family_id: str, as_of_ms: int) -> datetime.date | None:
    """The first index day of a family's first release; None where none was public at `as_of_ms`."""
    first = (
        select(col(ReleaseRow.ordinal))
        .where(col(ReleaseRow.family) == family_id, col(ReleaseRow.published_ms) <= as_of_ms)
        .order_by(col(ReleaseRow.ordinal))
        .limit(1)
        .scalar_subquery()
    )
    asked = (
        select(func.min(PointRow.day))
        .join(SeriesRow, col(SeriesRow.series_id) == col(PointRow.series_id))
        .where(
            col(SeriesRow.family) == family_id,
            col(SeriesRow.level) == str(Level.COMPOSITE),
            col(SeriesRow.frequency) == "day",
            col(PointRow.vintage) == first,
        )
    )
    number = session.connection().execute(asked).scalar()
    return None if number is None else day_of(number)


def months_over(until: datetime.date) -> int:
    """The last month that is over at the end of `until`.

    >>> months_over(datetime.date(1970, 2, 27)), months_over(datetime.date(1970, 2, 28))
    (0, 1)
    """
    return month_of(until + _ONE_DAY) - 1


def _next_day(at_ms: int) -> int:
    """The first moment of the day after, in China."""
    return start_ms(china_day(at_ms) + _ONE_DAY)
