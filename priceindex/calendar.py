"""Days as whole numbers, and the months that the chain is linked by."""

import datetime

import numpy as np
from numpy.typing import NDArray

_EPOCH = datetime.date(1970, 1, 1)
_MS_PER_MINUTE = 60_000
CHINA_OFFSET_MINUTES = 480
"""Prices carry the date that stood on the wall in China, which has one time zone."""


def day_number(day: datetime.date) -> int:
    """Days since 1970-01-01.

    >>> day_number(datetime.date(1970, 1, 2))
    1
    """
    return (day - _EPOCH).days


def day_of(number: int) -> datetime.date:
    """The date of a day number.

    >>> day_of(20146).isoformat()
    '2025-02-27'
    """
    return _EPOCH + datetime.timedelta(days=number)


def china_day(at_ms: int) -> datetime.date:
    """The date in China at a moment given in epoch milliseconds.

    >>> china_day(0), china_day(16 * 3_600_000)
    (datetime.date(1970, 1, 1), datetime.date(1970, 1, 2))
    """
    return day_of((at_ms // _MS_PER_MINUTE + CHINA_OFFSET_MINUTES) // 1440)


def month_numbers(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Months since January 1970 of each day number.

    >>> month_numbers(np.array([0, 30, 31])).tolist()
    [0, 0, 1]
    """
    dates = days.astype("datetime64[D]").astype("datetime64[M]")
    return dates.astype(np.int64)


def month_of(day: datetime.date) -> int:
    """Months since January 1970 of a date.

    >>> month_of(datetime.date(1971, 2, 28))
    13
    """
    return (day.year - 1970) * 12 + day.month - 1


def month_start(month: int) -> datetime.date:
    """The first day of a month counted since January 1970.

    >>> month_start(13).isoformat()
    '1971-02-01'
    """
    return datetime.date(1970 + month // 12, month % 12 + 1, 1)


def mondays(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day number of the Monday of each day's ISO week; 1970-01-01 was a Thursday.

    >>> mondays(np.array([0, 3, 4])).tolist()
    [-3, -3, 4]
    """
    return np.asarray(days - (days + 3) % 7)
