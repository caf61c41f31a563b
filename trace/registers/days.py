"""Days of licences and changes: a Chinese date begins at midnight in Beijing (UTC+8), wherever it is read."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from ledger.errors import Location
from trace.registers.register_errors import BadValidity

_BEIJING: Final = timezone(timedelta(hours=8))
DAY_MS: Final = 86_400_000


def begin_ms(day: date) -> int:
    """Return the first moment of `day`, epoch milliseconds UTC.

    >>> begin_ms(date(2024, 3, 1))
    1709222400000
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=_BEIJING).timestamp() * 1000)


def end_ms(day: date) -> int:
    """Return the first moment after `day`.

    >>> end_ms(date(2024, 2, 29)) == begin_ms(date(2024, 3, 1))
    True
    """
    return begin_ms(day) + DAY_MS


def day_of(at_ms: int) -> date:
    """Return the date in Beijing at a moment.

    >>> day_of(1709222400000), day_of(1709222399999)
    (datetime.date(2024, 3, 1), datetime.date(2024, 2, 29))
    """
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_BEIJING).date()


def check_period(first: date, last: date | None, field: str) -> None:
    """Raise `BadValidity` when `last` comes before `first`."""
    if last is not None and last < first:
        raise BadValidity(
            field_zh="有效期",
            field_en="the validity",
            fault_zh=f"{last} 早于 {first}",
            fault_en=f"{last} comes before {first}",
            at=Location(field=field, value=str(last)),
        )


def begun(day: date | None, at_ms: int, field: str) -> int:
    """Return the first moment of `day`, or `at_ms` without one; raises `BadValidity` for a day to come."""
    if day is None:
        return at_ms
    start = begin_ms(day)
    if start > at_ms:
        raise BadValidity(
            field_zh="生效日",
            field_en="the day it takes effect",
            fault_zh=f"{day} 尚未到来",
            fault_en=f"{day} is still to come",
            at=Location(field=field, value=str(day)),
        )
    return start
