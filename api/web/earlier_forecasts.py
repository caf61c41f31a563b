"""What was forecast of one and the same day, one forecast after another, each as it was committed then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.web.dot_chart import Aim, Dot, DotChart, draw_dots
from api.web.fan_drawing import Past, known_at, points_of, short_day
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.calendar import day_number, day_of
from priceindex.forecast.forecasts import SkillStatus
from priceindex.forecast.track.reading import NodeForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLine:
    """What one forecast said of the day; index points."""

    forecast_id: str
    origin: date
    step: int
    quantiles: tuple[Decimal | None, ...]
    """In the order of `priceindex.forecast.method.QUANTILES`."""
    skill: SkillStatus
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """All forecasts of one day, and which other days one can look at."""

    target: date
    targets: tuple[date, ...]
    actual: Decimal | None
    picture: Pictures
    lines: tuple[EarlierLine, ...]
    """Oldest first."""


def earlier_of(
    vintages: Sequence[NodeForecast],
    target: date,
    targets: Sequence[date],
    past: Sequence[Past],
    said: tuple[str, str],
    words: Words,
) -> Earlier:
    """Arrange the forecasts that name a day, the oldest first; ValueError where none does.

    `said` are the node's name and its base.
    """
    lines = [_line(each, target) for each in vintages if day_number(target) in each.series.targets]
    actual = known_at(past, vintages[0].forecast.frequency, target)
    return Earlier(
        target=target,
        targets=tuple(targets),
        actual=actual,
        picture=_drawn(lines, target, actual, said, words),
        lines=tuple(lines),
    )


def _line(found: NodeForecast, target: date) -> EarlierLine:
    place = found.series.targets.index(day_number(target))
    kept = found.forecast.kept
    return EarlierLine(
        forecast_id=found.forecast.forecast_id,
        origin=found.forecast.origin_day,
        step=place + 1,
        quantiles=tuple(points_of(units, kept) for units in found.series.quantiles[place]),
        skill=found.series.skill[place],
        late=found.late(place),
    )


def _drawn(
    lines: Sequence[EarlierLine], target: date, actual: Decimal | None, said: tuple[str, str], words: Words
) -> Pictures:
    formats, (name, base) = Formats(words.language), said
    first, last = lines[0], lines[-1]
    title = words("forecast.earlier_title", name=name, day=formats.day(target))
    description = words(
        "forecast.earlier_description",
        count=formats.number(len(lines)),
        first=formats.day(first.origin),
        first_value=formats.index(first.quantiles[2] or 0),
        last=formats.day(last.origin),
        last_value=formats.index(last.quantiles[2] or 0),
    )
    chart = DotChart(
        name="earlier",
        title=title,
        description=description,
        places=[short_day(line.origin) for line in lines],
        dots=[_dot(place, line) for place, line in enumerate(lines)],
        aims=[]
        if actual is None
        else [Aim(float(actual), words("forecast.earlier_actual", value=formats.index(actual)))],
        write_value=formats.number,
    )
    return in_both_sizes(chart, draw_dots, (title, words("forecast.earlier_unit", base=base), description))


def _dot(place: int, line: EarlierLine) -> Dot:
    low, value, high = (None if edge is None else float(edge) for edge in line.quantiles[1:4])
    return Dot(place=place, value=value or 0.0, low=low, high=high)


def targets_of(found: NodeForecast) -> list[date]:
    """Return the target days of a forecast."""
    return [day_of(day) for day in found.series.targets]
