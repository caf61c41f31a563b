"""When a forecast comes too late: not before the day begins, in China, whose value it is about."""

from typing import Final

from priceindex.calendar import CHINA_OFFSET_MINUTES

_MS_PER_MINUTE: Final = 60_000
_MINUTES_PER_DAY: Final = 1440


def begins_ms(day: int) -> int:
    """The moment a day begins in China, epoch milliseconds, by its day number.

    >>> begins_ms(0)
    -28800000
    """
    return (day * _MINUTES_PER_DAY - CHINA_OFFSET_MINUTES) * _MS_PER_MINUTE


def is_late(target_day: int, made_ms: int) -> bool:
    """Whether what was said at a moment about a target day is hindsight: the day had begun.

    Quotes of a day are gathered during it, so the last moment of foresight is the midnight before.

    >>> is_late(1, begins_ms(1) - 1), is_late(1, begins_ms(1))
    (False, True)
    """
    return made_ms >= begins_ms(target_day)
