"""The drawings of the index page: a node's course over time, and what moved the composite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from api.web.bar_chart import Bar, BarChart, draw_bars
from api.web.chart_frame import NARROW, WIDE
from api.web.charts import Chart, Mark, draw_steps
from api.web.event_words import EventLine
from api.web.formats import Formats
from api.web.node_names import node_name
from api.web.words import Words
from priceindex.engine.contributions import Contribution
from priceindex.families import Family
from priceindex.releases.observations import Observation

BARS: Final = 12
"""Bars of one picture; there are twelve classes."""
REVISED: Final = "R"
PROVISIONAL: Final = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing in both sizes, and the words that go with it."""

    title: str
    unit: str
    description: str
    narrow: Markup
    wide: Markup
    provisional: bool
    """Whether final and provisional values are told apart in it."""
    revised: int
    """How many of them stand in place of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the composite's change, as the table beside the bars has it."""

    name: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsDrawing:
    """The bars in both sizes and their table."""

    description: str
    narrow: Markup
    wide: Markup
    parts: tuple[Part, ...]


def draw_course(
    told: Sequence[Observation],
    name: str,
    family: Family,
    base: str,
    words: Words,
    events: Sequence[EventLine] = (),
) -> Drawing:
    """Draw a node's values with the events marked; ValueError when none was published."""
    formats = Formats(words.language)
    known = [(each.point.day, each.point.value) for each in told if each.point.value is not None]
    high, low = max(known, key=lambda each: each[1]), min(known, key=lambda each: each[1])
    revised = [each.point.day for each in told if each.status == REVISED]
    provisional_from = _provisional_from(told)
    chart = Chart(
        name="level",
        title=words("index.chart_title", name=name),
        description=words(
            "index.chart_description",
            first=formats.day(known[0][0]),
            first_value=formats.index(known[0][1]),
            last=formats.day(known[-1][0]),
            last_value=formats.index(known[-1][1]),
            high=formats.index(high[1]),
            high_day=formats.day(high[0]),
            low=formats.index(low[1]),
            low_day=formats.day(low[0]),
        ),
        points=[
            (each.point.day, None if each.point.value is None else float(each.point.value)) for each in told
        ],
        base=float(family.level),
        base_label=words("index.base_line", level=formats.number(family.level)),
        provisional_from=provisional_from,
        revised=revised,
        marks=_marks(events, told[-1].point.day, words),
        write_value=formats.number,
        write_day=formats.month,
    )
    return Drawing(
        title=chart.title,
        unit=words("index.chart_unit", base=base),
        description=chart.description,
        narrow=Markup(draw_steps(chart, NARROW)),  # noqa: S704  every text in it was escaped when drawn
        wide=Markup(draw_steps(chart, WIDE)),  # noqa: S704  as above
        provisional=provisional_from is not None,
        revised=len(revised),
    )


def draw_parts(
    contributions: Sequence[Contribution], words: Words, name: str = "parts"
) -> PartsDrawing | None:
    """Draw contributions as bars, the largest first; None when nothing moved. `name` is the drawing's own."""
    moved = sorted(
        (each for each in contributions if each.points), key=lambda each: (-abs(each.points), each.node)
    )
    if not moved:
        return None
    formats = Formats(words.language)
    shown = moved[:BARS]
    named = [(node_name(each.level, each.node, words.language), each.points) for each in shown]
    rest = sum((each.points for each in moved[BARS:]), Decimal(0))
    if moved[BARS:]:
        named.append((words("index.parts_rest", count=len(moved) - BARS), rest))
    chart = BarChart(
        name=name,
        title=words("index.parts_heading" if name == "parts" else "index.herb_parts_heading"),
        description=words("index.parts_description", name=named[0][0], points=formats.points(named[0][1])),
        bars=[Bar(name, float(points), formats.points(points)) for name, points in named],
    )
    return PartsDrawing(
        description=chart.description,
        narrow=Markup(draw_bars(chart, NARROW)),  # noqa: S704  every text in it was escaped when drawn
        wide=Markup(draw_bars(chart, WIDE)),  # noqa: S704  as above
        parts=tuple(Part(name=name, points=points) for name, points in named),
    )


def _marks(events: Sequence[EventLine], last: date, words: Words) -> list[Mark]:
    """Return the marks of events; what happened after the last day stands at that day, under its own date."""
    formats = Formats(words.language)
    return [
        Mark(
            min(each.day, last),
            number,
            words("events.mark", number=number, kind=each.kind, day=formats.day(each.day)),
        )
        for number, each in enumerate(events, 1)
    ]


def _provisional_from(told: Sequence[Observation]) -> date | None:
    """Return the day after the last final value; None where all are alike, final or provisional."""
    settled = [place for place, each in enumerate(told) if each.final]
    if not settled or settled[-1] + 1 == len(told):
        return None
    return told[settled[-1] + 1].point.day
