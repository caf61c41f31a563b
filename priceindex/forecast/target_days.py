"""The last days of the periods a forecast is of."""

import numpy as np

from priceindex.calendar import month_numbers
from priceindex.forecast.method import ForecastFrequency
from priceindex.formulas.relatives import Places


def target_days(frequency: ForecastFrequency, origin_day: int, horizon: int) -> Places:
    """The ends of the next `horizon` weeks or months after the period that ends on `origin_day`.

    >>> target_days("week", 8, 2).tolist(), target_days("month", 30, 2).tolist()
    ([15, 22], [58, 89])
    """
    steps = np.arange(1, horizon + 1, dtype=np.int64)
    if frequency == "week":
        return origin_day + 7 * steps
    month = int(month_numbers(np.array([origin_day]))[0])
    following = (month + 1 + steps).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(following.astype(np.int64) - 1)
