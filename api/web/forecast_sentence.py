"""The one sentence a forecast begins with: what is expected, how sure that is, and if it is "no change".

It speaks of one day only, four weeks or three months ahead: far enough to matter, near enough to be told.
"""

from decimal import Decimal
from typing import Final

from api.web.fan_drawing import points_of
from api.web.formats import Formats
from api.web.words import Words
from priceindex.calendar import day_of
from priceindex.forecast.forecasts import SkillStatus
from priceindex.forecast.method import ForecastFrequency
from priceindex.forecast.track.reading import NodeForecast

SPOKEN_OF: Final[dict[ForecastFrequency, int]] = {"week": 4, "month": 3}
"""Steps ahead of the day the sentence is about, where the forecast reaches so far."""
_SMALLEST: Final = Decimal("0.05")
"""Changes below this many per cent are written 0.0, so they are called none."""


def forecast_sentence(found: NodeForecast, words: Words) -> str:
    """Return the sentence; empty where the series has no value to begin from."""
    series, kept = found.series, found.forecast.kept
    step = min(SPOKEN_OF[found.forecast.frequency], len(series.targets))
    low_80, median, high_80 = (points_of(series.quantiles[step - 1][place], kept) for place in (1, 2, 3))
    start = points_of(series.origin_units, kept)
    if median is None or not start:
        return ""
    formats = Formats(words.language)
    per_cent = (median / start - 1) * 100
    expected = words(
        f"forecast.expected_{_kind(series.skill[step - 1], per_cent)}",
        when=words(
            f"forecast.when_{found.forecast.frequency}",
            step=step,
            day=formats.day(day_of(series.targets[step - 1])),
        ),
        origin=formats.day(found.forecast.origin_day),
        median=formats.number(median),
        change=formats.number(abs(per_cent), 1),
    )
    if low_80 is None or high_80 is None:
        return expected + words("forecast.unsure")
    return expected + words("forecast.sure", low=formats.number(low_80), high=formats.number(high_80))


def _kind(skill: SkillStatus, per_cent: Decimal) -> str:
    if skill != "shown":
        return "carried"
    if abs(per_cent) < _SMALLEST:
        return "level"
    return "higher" if per_cent > 0 else "lower"
