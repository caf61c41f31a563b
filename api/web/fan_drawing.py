"""The drawing of a stored forecast: the fan with its past."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np

from api.web.fan_chart import FanChart, FanStep, draw_fan
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.calendar import day_number, day_of
from priceindex.forecast.track.actuals import starts_of
from priceindex.forecast.track.reading import NodeForecast
from priceindex.releases.series import in_points

Past: TypeAlias = tuple[date, Decimal | None]
"""A day and the value published for it, oldest first; None where none was."""
SHOWN_DAYS: Final = {"week": 26 * 7, "month": 24 * 31}
"""How much of the past is drawn before the fan."""


def draw_forecast(found: NodeForecast, past: Sequence[Past], name: str, base: str, words: Words) -> Pictures:
    """Draw the fan of a node's forecast after its published values, and what came since."""
    formats, forecast, series = Formats(words.language), found.forecast, found.series
    origin, first = forecast.origin_day, forecast.origin_day - timedelta(days=SHOWN_DAYS[forecast.frequency])
    fan = _fan(found)
    before = [(day, _float(value)) for day, value in past if first <= day < origin]
    after = [(day, _float(value)) for day, value in past if origin < day <= fan[-1].day]
    start = (origin, series.origin_units / 10**forecast.kept)
    title = words("forecast.chart_title", name=name)
    description = _fan_words(start, fan[-1], words) + _carried_words(fan, words)
    chart = FanChart(
        name="fan",
        title=title,
        description=description,
        history=[*before, start],
        fan=fan,
        outcome=[start, *after] if any(value is not None for _, value in after) else [],
        origin_label=words("forecast.origin_label", day=short_day(origin)),
        write_value=formats.number,
        write_day=formats.month,
    )
    if forecast.frequency == "week":
        axes = words("forecast.unit_week", base=base)
    else:
        axes = words("forecast.unit_month", base=base)
    return in_both_sizes(chart, draw_fan, (title, axes, description))


def known_at(past: Sequence[Past], frequency: str, target: date) -> Decimal | None:
    """Return the actual of a target day: the last value within its period; None while it may still come.

    The same as `priceindex.forecast.track.actuals` scores against.

    >>> told = [(date(2026, 1, 1), Decimal(5)), (date(2026, 1, 3), None)]
    >>> known_at(told, "week", date(2026, 1, 2)), known_at(told, "week", date(2026, 1, 9))
    (Decimal('5'), None)
    """
    if not past or past[-1][0] < target:
        return None
    first = day_of(int(starts_of(frequency, np.array([day_number(target)]))[0]))
    told = [value for day, value in past if first <= day <= target and value is not None]
    return told[-1] if told else None


def short_day(day: date) -> str:
    """Write a day where there is little room.

    >>> short_day(date(2026, 11, 7))
    '11-07'
    """
    return f"{day:%m-%d}"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _fan(found: NodeForecast) -> list[FanStep]:
    """Return the steps of a fan, up to the first that has no value."""
    unit = 10**found.forecast.kept
    steps: list[FanStep] = []
    told = zip(found.series.targets, found.series.quantiles, found.series.skill, strict=True)
    for day, quantiles, skill in told:
        low_95, low_80, median, high_80, high_95 = (
            None if units is None else units / unit for units in quantiles
        )
        if median is None:
            break
        steps.append(
            FanStep(
                day=day_of(day),
                low_95=low_95,
                low_80=low_80,
                median=median,
                high_80=high_80,
                high_95=high_95,
                carried=skill != "shown",
            )
        )
    return steps


def _fan_words(start: tuple[date, float], last: FanStep, words: Words) -> str:
    """Say where the fan begins and how wide it ends."""
    formats = Formats(words.language)
    told = {
        "origin": formats.day(start[0]),
        "value": formats.index(start[1]),
        "last": formats.day(last.day),
        "median": formats.index(last.median),
    }
    if last.low_80 is None or last.high_80 is None or last.low_95 is None or last.high_95 is None:
        return words("forecast.chart_description_bare", **told)
    return words(
        "forecast.chart_description",
        **told,
        low_80=formats.index(last.low_80),
        high_80=formats.index(last.high_80),
        low_95=formats.index(last.low_95),
        high_95=formats.index(last.high_95),
    )


def _carried_words(fan: Sequence[FanStep], words: Words) -> str:
    """Say what the light line is; nothing where no value is merely carried forward."""
    return words("forecast.chart_carried") if any(step.carried for step in fan) else ""


def points_of(units: int | None, kept: int) -> Decimal | None:
    """Return stored units in index points; None where there is no value.

    >>> points_of(10_250, 1), points_of(None, 1)
    (Decimal('1025.0'), None)
    """
    return None if units is None else in_points(units, kept)
