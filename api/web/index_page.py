"""What the index page shows of one release: level, changes, chart, classes, movers, what it rests on.

Pure: it gets the release, its family and its series, and only arranges them. No figure here is rounded
before the last moment, and a day without a published value stays a gap.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from api.web.charts import NARROW, WIDE, Chart, draw_steps
from api.web.formats import Formats
from api.web.scan import receipt_path
from api.web.words import Words
from ledger.errors import Language
from priceindex.classification import Level, node_words
from priceindex.families import Family, all_families
from priceindex.releases.series import Point, Series
from priceindex.service import Release
from trace.herbs import all_herbs

MOVERS: Final = 5
SHOWN_RELEASES: Final = 20
"""Releases listed below the chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Movement of the last value in per cent; None where there is nothing to compare with."""

    day: Decimal | None
    month: Decimal | None
    year: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """One class or herb in a table."""

    name: str
    value: Decimal
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The chart in both sizes, and the words that go with it."""

    title: str
    unit: str
    description: str
    narrow: Markup
    wide: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """What the values of one release look like in one language; it depends on nothing else."""

    last: Point
    base: str
    now: Changes
    chart: Drawing
    months: tuple[Point, ...]
    classes: tuple[NodeLine, ...]
    herbs: tuple[NodeLine, ...]
    risen: tuple[NodeLine, ...]
    fallen: tuple[NodeLine, ...]


def index_parts(
    release: Release, view: ReleaseView, releases: Sequence[Release], entry: int | None, words: Words
) -> dict[str, object]:
    """Return everything `index.html` needs besides the frame.

    `entry` is the release's ledger index, None while it waits to be integrated; `releases` are all there
    are, newest first.
    """
    language = words.language
    family = family_of(release)
    return {
        "view": view,
        "name": family.words(language),
        "scope": _sentence(family.scope_zh if language == "zh" else family.scope_en),
        "status": words(f"index.status_{release.status}"),
        "weights": words(f"index.weights_{family.weights.rule}"),
        "release": release,
        "releases": [each for each in releases if each.family == release.family][:SHOWN_RELEASES],
        "families": newest_of_families(releases, language),
        "entry": entry,
        "receipt": receipt_path(release.statement_id),
    }


def release_view(release: Release, series: Mapping[Level, Sequence[Series]], words: Words) -> ReleaseView:
    """Arrange the series of a release: the composite, the classes and the herbs."""
    language = words.language
    family = family_of(release)
    composite = series[Level.COMPOSITE][0]
    herbs = node_lines(series[Level.HERB], language)
    risen, fallen = movers(herbs)
    return ReleaseView(
        last=last_published(composite),
        base=base_words(family, composite, words),
        now=changes(composite),
        chart=drawing(family, composite, words),
        months=tuple(month_ends(composite.points)),
        classes=tuple(node_lines(series[Level.CLASS], language)),
        herbs=tuple(herbs),
        risen=tuple(risen),
        fallen=tuple(fallen),
    )


def newest_of_families(releases: Sequence[Release], language: Language) -> list[tuple[str, Release]]:
    """Return the name and the newest release of every family that has one, by name."""
    newest: dict[str, Release] = {}
    for release in releases:
        if release.family not in newest or newest[release.family].last_day < release.last_day:
            newest[release.family] = release
    named = [(family_of(release).words(language), release) for release in newest.values()]
    return sorted(named, key=lambda each: each[0])


def family_of(release: Release) -> Family:
    """Return the version of the family a release was made under; KeyError when this program lacks it."""
    return {family.method_id: family for family in all_families()}[release.method_id]


def last_published(series: Series) -> Point:
    """Return the newest point with a value: a release always has one (`TooMuchImputed`)."""
    return next(point for point in reversed(series.points) if point.value is not None)


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last day when it is shorter.

    >>> months_before(date(2025, 3, 31), 1)
    datetime.date(2025, 2, 28)
    """
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def changes(series: Series) -> Changes:
    """Compare the last value with the index day before, a month before and a year before."""
    day = series.change()
    return Changes(
        day=None if day is None else day * 100,
        month=_since(series, months_before(series.last.day, 1)),
        year=_since(series, months_before(series.last.day, 12)),
    )


def month_ends(points: Sequence[Point]) -> list[Point]:
    """Return the last point with a value of every month, newest first: the chart's table twin."""
    last_of: dict[tuple[int, int], Point] = {}
    for point in points:
        if point.value is not None:
            last_of[point.day.year, point.day.month] = point
    return list(reversed(last_of.values()))


def node_lines(series: Sequence[Series], language: Language) -> list[NodeLine]:
    """Return a line for every node that has a last value, in the order given."""
    pinyin = {herb.name_zh: herb.pinyin for herb in all_herbs()}
    lines = []
    for each in series:
        if each.last.value is not None:
            name = _sentence(node_words(each.level, each.node, language))
            if language == "en" and each.node in pinyin:
                name = f"{pinyin[each.node].capitalize()} {each.node}"
            lines.append(NodeLine(name=name, value=each.last.value, changes=changes(each)))
    return lines


def movers(lines: Sequence[NodeLine]) -> tuple[list[NodeLine], list[NodeLine]]:
    """Return the nodes that rose most and fell most against a month before, `MOVERS` of each."""
    moved = sorted((line for line in lines if line.changes.month), key=lambda line: line.changes.month or 0)
    fallen = [line for line in moved if (line.changes.month or 0) < 0][:MOVERS]
    risen = [line for line in reversed(moved) if (line.changes.month or 0) > 0][:MOVERS]
    return risen, fallen


def drawing(family: Family, composite: Series, words: Words) -> Drawing:
    """Draw the composite; ValueError for a series without values."""
    formats = Formats(words.language)
    known = [(point.day, point.value) for point in composite.points if point.value is not None]
    high, low = max(known, key=lambda each: each[1]), min(known, key=lambda each: each[1])
    title = words("index.chart_title", name=family.words(words.language))
    chart = Chart(
        name="level",
        title=title,
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
            (point.day, None if point.value is None else float(point.value)) for point in composite.points
        ],
        base=float(family.level),
        base_label=words("index.base_line", level=formats.number(family.level)),
        write_value=formats.number,
        write_day=formats.month,
    )
    return Drawing(
        title=title,
        unit=words("index.chart_unit", base=base_words(family, composite, words)),
        description=chart.description,
        narrow=Markup(draw_steps(chart, NARROW)),  # noqa: S704  every text in it was escaped when drawn
        wide=Markup(draw_steps(chart, WIDE)),  # noqa: S704  as above
    )


def base_words(family: Family, composite: Series, words: Words) -> str:
    """Say the base: its period and its level."""
    formats = Formats(words.language)
    if family.base.first and family.base.last and family.base.first != family.base.last:
        period = words(
            "index.period", first=formats.day(family.base.first), last=formats.day(family.base.last)
        )
    else:
        period = formats.month(family.base.first or composite.points[0].day)
    return words("index.base", period=period, level=formats.number(family.level))


def _sentence(words: str) -> str:
    """Begin with a capital letter, and leave every other one as it is."""
    return words[:1].upper() + words[1:]


def _since(series: Series, day: date) -> Decimal | None:
    """Compare with the newest value on or before `day`, in per cent."""
    before = [point.value for point in series.points if point.day <= day and point.value is not None]
    now = series.last.value
    if now is None or not before:
        return None
    return (now / before[-1] - 1) * 100
