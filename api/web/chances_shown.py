"""What the forecast page shows of direction: each kind of chances with its drawing, or why it is withheld.

Chances of up, flat and down, and the chance of up given that the price changes, are judged apart; where one
shows no skill the page says so as loudly as it shows the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from api.web.chance_bars import ChanceBars, Chances, draw_chances
from api.web.fan_drawing import short_day
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.calendar import day_of
from priceindex.forecast.forecasts import DIRECTION_KINDS, DirectionKind, DirectionLine
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.reading import NodeForecast

_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChancesShown:
    """One kind of chances of one node."""

    kind: DirectionKind
    picture: Pictures | None
    """None where no step has any."""
    withheld: bool
    """Whether they were tried and none were good enough to be published."""
    skill: tuple[str, ...]
    """How they did in the past, step by step, and whether they are published."""


def chances_shown(
    found: NodeForecast, judged: Sequence[DirectionLine], name: str, words: Words
) -> tuple[ChancesShown, ...]:
    """Arrange both kinds for a node; none at all where its level was not judged, nor has chances."""
    shown = []
    for kind in DIRECTION_KINDS:
        rows = _rows(found, kind, words)
        lines = [each for each in judged if each.kind == kind]
        if rows or lines:
            shown.append(
                ChancesShown(
                    kind=kind,
                    picture=_drawn(rows, kind, name, words) if rows else None,
                    withheld=bool(lines) and not any(line.published for line in lines),
                    skill=tuple(direction_words(each, found.forecast.frequency, words) for each in lines),
                )
            )
    return tuple(shown)


def usual_change_words(found: NodeForecast, words: Words) -> str | None:
    """Say how far the node's siblings go when they go; None where that is not known."""
    size = found.series.usual_change_bp
    if size is None:
        return None
    return words("forecast.usual_change", size=Formats(words.language).share(Decimal(size) / _WHOLE))


def steps_words(first: int, last: int, frequency: str, words: Words) -> str:
    """Name some steps in a row, such as weeks 2 to 5."""
    if first == last:
        return words(f"forecast.steps_{frequency}_one", first=first)
    return words(f"forecast.steps_{frequency}", first=first, last=last)


def direction_words(line: DirectionLine, frequency: str, words: Words) -> str:
    """Say how the chances of one step did in the past, and whether they are published."""
    steps = steps_words(line.step, line.step, frequency, words)
    if line.brier_skill is None or line.low is None or line.high is None:
        return words("forecast.direction_untried", steps=steps)
    formats = Formats(words.language)
    skill, low, high = (formats.number(figure, 2) for figure in (line.brier_skill, line.low, line.high))
    forecasts, origins = formats.number(line.forecasts), formats.number(line.origins)
    told = {"steps": steps, "skill": skill, "low": low, "high": high}
    told |= {"forecasts": forecasts, "origins": origins}
    if line.published:
        return words("forecast.direction_line", **told)
    return words("forecast.direction_withheld", **told)


def _rows(found: NodeForecast, kind: DirectionKind, words: Words) -> list[Chances]:
    """Return a bar for every step that has chances of a kind; up given a change leaves no room for flat."""
    formats, series = Formats(words.language), found.series
    rows = []
    for step, day in enumerate(series.targets, 1):
        label = words(
            f"forecast.chances_label_{found.forecast.frequency}", step=step, day=short_day(day_of(day))
        )
        three, rise = series.chances_bp[step - 1], series.rise_if_changed_bp[step - 1]
        if kind == "up_flat_down" and three is not None:
            up, flat, down = (formats.share(Decimal(share) / _WHOLE) for share in three)
            rows.append(Chances(label, three, words("forecast.chances_words", up=up, flat=flat, down=down)))
        if kind == "up_if_changed" and rise is not None:
            told = formats.share(Decimal(rise) / _WHOLE)
            rows.append(Chances(label, (rise, 0, _WHOLE - rise), words("forecast.rise_words", up=told)))
    return rows


def _drawn(rows: Sequence[Chances], kind: DirectionKind, name: str, words: Words) -> Pictures:
    title = words(f"forecast.{kind}_title", name=name)
    description = words("forecast.chances_description", day=rows[0].label, words=rows[0].words)
    within = Formats(words.language).share(forecast_method().text.direction.flat_within)
    chart = ChanceBars(name=f"chances-{kind}", title=title, description=description, rows=rows)
    return in_both_sizes(
        chart, draw_chances, (title, words(f"forecast.{kind}_lead", within=within), description)
    )
