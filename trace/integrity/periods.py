"""Calendar quarters and years in China's time: what scores and coverage are counted over."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from trace.integrity.integrity_errors import BadPeriod

CHINA: Final = timezone(timedelta(hours=8))
"""One time for all of China, without summer time since 1992."""
_FORM: Final = re.compile(r"(\d{4})(?:Q([1-4]))?")
_FIRST_YEAR: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A calendar year, or a quarter of it."""

    year: int
    quarter: int | None

    @property
    def name(self) -> str:
        """How it is written: 2026 or 2026Q3."""
        return str(self.year) if self.quarter is None else f"{self.year}Q{self.quarter}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.quarter is None else 3 * self.quarter - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        if self.quarter in (None, 4):
            return date(self.year, 12, 31)
        return date(self.year, 3 * (self.quarter or 0) + 1, 1) - timedelta(days=1)

    @property
    def since_ms(self) -> int:
        """Its first moment in China: epoch milliseconds, UTC."""
        return day_ms(self.first)

    @property
    def until_ms(self) -> int:
        """The first moment after it."""
        return day_ms(self.last + timedelta(days=1))


def period(text: str) -> Period:
    """Read a period; raises `BadPeriod`.

    >>> period("2026Q1").last, period("2026").name
    (datetime.date(2026, 3, 31), '2026')
    """
    form = _FORM.fullmatch(text.strip().upper())
    if form is None or int(form[1]) < _FIRST_YEAR:
        raise BadPeriod(text=text[:20])
    return Period(year=int(form[1]), quarter=int(form[2]) if form[2] else None)


def quarter_of(at_ms: int) -> Period:
    """Return the quarter a moment lies in.

    >>> quarter_of(1_775_000_000_000).name
    '2026Q2'
    """
    day = china_day(at_ms)
    return Period(year=day.year, quarter=(day.month + 2) // 3)


def earlier(than: Period) -> Period:
    """Return the quarter before a quarter, or the year before a year.

    >>> earlier(period("2026Q1")).name, earlier(period("2026")).name
    ('2025Q4', '2025')
    """
    if than.quarter is None or than.quarter > 1:
        return Period(
            year=than.year if than.quarter else than.year - 1,
            quarter=than.quarter - 1 if than.quarter else None,
        )
    return Period(year=than.year - 1, quarter=4)


def day_ms(day: date) -> int:
    """Return the first moment of a day in China: epoch milliseconds, UTC."""
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1000)


def china_day(at_ms: int) -> date:
    """Return the day a moment lies on in China.

    >>> china_day(day_ms(date(2026, 7, 1))), china_day(day_ms(date(2026, 7, 1)) - 1)
    (datetime.date(2026, 7, 1), datetime.date(2026, 6, 30))
    """
    return datetime.fromtimestamp(at_ms / 1000, CHINA).date()
