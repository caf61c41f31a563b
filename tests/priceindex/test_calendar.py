"""Days and months are those of the calendar in China."""

import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import china_day, day_number, day_of, month_numbers


@settings(max_examples=30)
@given(day=st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1)))
def test_days_and_months_are_those_of_the_calendar(day: datetime.date) -> None:
    number = day_number(day)
    assert day_of(number) == day
    assert month_numbers(np.array([number]))[0] == (day.year - 1970) * 12 + day.month - 1
    midnight_in_china_ms = number * 86_400_000 - 8 * 3_600_000
    assert china_day(midnight_in_china_ms) == day
    assert china_day(midnight_in_china_ms - 1) == day - datetime.timedelta(days=1)
