"""The base period: named days, or a calendar month that no later quote moves."""

import datetime

import numpy as np

from priceindex.calendar import day_number, month_numbers, month_of, month_start
from priceindex.engine.panel import Marks
from priceindex.errors import NothingInBase
from priceindex.families import Family
from priceindex.formulas.relatives import Places


def base_days(family: Family, days: Places, base_month: datetime.date | None = None) -> Marks:
    """Which index days belong to the base period; raises `NothingInBase` when none does.

    Under `first_month` that is `base_month`, given by its first day, or the month of the first index day.
    """
    months = month_numbers(days)
    if family.base.first is not None and family.base.last is not None:
        first, last = family.base.first, family.base.last
        inside = np.asarray((days >= day_number(first)) & (days <= day_number(last)))
    elif base_month is not None:
        first = base_month
        inside = np.asarray(months == month_of(base_month))
    else:
        first = month_start(int(months[0]))
        inside = np.asarray(months == months[0])
    if not inside.any():
        last = family.base.last or month_start(month_of(first) + 1) - datetime.timedelta(days=1)
        raise NothingInBase(family=family.id, first=first, last=last)
    return inside
