"""The days of the demo city: its two seasons, its quote window, and when markets shut.

Fixed dates, no clock: a demonstration that changed with the day it runs could not be tested.
"""

from datetime import UTC, date, datetime, timedelta

FIRST_DAY = date(2024, 5, 1)
"""The first quoted day."""
LAST_DAY = date(2026, 4, 30)
"""The last quoted day, and the day on which the city stands still."""
SEASONS = (2024, 2025)
"""The harvest years."""
OFFSET_MINUTES = 8 * 60
"""China keeps one time: UTC+08:00."""
DAY_MS = 86_400_000

CLOSURES = (
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 2, 15), date(2026, 2, 23)),
)
"""National Day and Spring Festival closures: 国务院办公厅 关于2024/2025/2026年部分节假日安排的通知."""


def days() -> tuple[date, ...]:
    """Return every quoted day, first to last."""
    return tuple(FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1))


def is_shut(day: date) -> bool:
    """Say whether the markets are shut for a national holiday on `day`.

    >>> is_shut(date(2025, 10, 3)), is_shut(date(2025, 10, 9))
    (True, False)
    """
    return any(first <= day <= last for first, last in CLOSURES)


def reopens(day: date) -> bool:
    """Say whether `day` is the first trading day after a holiday: the day on which quotes jump.

    >>> reopens(date(2025, 10, 9))
    True
    """
    return any(day == last + timedelta(1) for _, last in CLOSURES)


def at_ms(day: date, hour: int = 9, minute: int = 0) -> int:
    """Return epoch milliseconds UTC of a wall-clock time in China on `day`.

    >>> at_ms(date(1970, 1, 1), 8)
    0
    """
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    return int(local.timestamp() * 1000) - OFFSET_MINUTES * 60_000
