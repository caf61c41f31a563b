"""What the page that compares series shows: the lines, their growth table, and the same as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.publication.compared import Rebased, SeriesKey, written
from api.publication.overview import index_name
from api.web.csv_body import Cell, csv_body
from api.web.formats import Formats
from api.web.lines_chart import LinesChart, draw_lines
from api.web.node_names import node_name
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.classification import Level

BASE_LEVEL: Final = 100.0
"""What every series is on the base day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One series in the legend and the growth table."""

    key: SeriesKey
    name: str
    without: str
    """The other series, as an address names them."""
    found: Rebased


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedView:
    """Some series in one language."""

    base: date
    lines: tuple[ComparedLine, ...]
    picture: Pictures
    table: tuple[tuple[date, tuple[Decimal | None, ...]], ...]
    """Month ends, newest first, with every series."""


def compared_view(found: Sequence[Rebased], base: date, words: Words) -> ComparedView:
    """Arrange one to five series."""
    keys = [each.told.key for each in found]
    names = [series_name(each, words) for each in found]
    formats = Formats(words.language)
    most = max(range(len(found)), key=lambda place: found[place].since_base)
    title = words("compare.chart_title", base=formats.day(base))
    said = words("compare.chart_description", name=names[most], change=formats.change(found[most].since_base))
    chart = LinesChart(
        name="compare",
        title=title,
        description=said,
        lines=[
            [(day, None if value is None else float(value)) for day, value in each.points] for each in found
        ],
        base=BASE_LEVEL,
        base_label=words("compare.base_label"),
        write_value=formats.number,
        write_day=formats.month,
    )
    return ComparedView(
        base=base,
        lines=tuple(
            ComparedLine(
                key=key,
                name=name,
                without=written([other for other in keys if other != key]),
                found=each,
            )
            for key, name, each in zip(keys, names, found, strict=True)
        ),
        picture=in_both_sizes(
            chart, draw_lines, (title, words("compare.unit", base=formats.day(base)), said)
        ),
        table=_month_ends(found),
    )


def series_name(found: Rebased, words: Words) -> str:
    """Name a series with its family, as two families may both have the herb."""
    key = found.told.key
    family = index_name(found.told.release, words.language)
    if key.level is Level.COMPOSITE:
        return family
    return words("compare.named", node=node_name(key.level, key.node, words.language), family=family)


def compared_csv(found: Sequence[Rebased], base: date) -> bytes:
    """Return every day with the published and the rebased value of every series."""
    headings = ["day", "base_day"]
    for each in found:
        headings += [f"{each.told.key.written()} published", f"{each.told.key.written()} rebased"]
    by_day: dict[date, list[Cell]] = {}
    for place, each in enumerate(found):
        for (day, value), told in zip(each.points, each.told.values, strict=True):
            row = by_day.setdefault(day, [None] * (2 * len(found)))
            row[2 * place] = told
            row[2 * place + 1] = None if value is None else f"{value:.4f}"
    rows = ([day.isoformat(), base.isoformat(), *by_day[day]] for day in sorted(by_day))
    return csv_body([*headings], rows)


def _month_ends(found: Sequence[Rebased]) -> tuple[tuple[date, tuple[Decimal | None, ...]], ...]:
    """Return the last day of every month that any series has, with the newest value of each by then."""
    last_of: dict[tuple[int, int], date] = {}
    for each in found:
        for day, _ in each.told.known:
            month = (day.year, day.month)
            last_of[month] = max(day, last_of.get(month, day))
    return tuple(
        (day, tuple(_rebased_at(each, day) for each in found))
        for day in sorted(last_of.values(), reverse=True)
    )


def _rebased_at(each: Rebased, day: date) -> Decimal | None:
    value = each.told.at(day)
    return None if value is None else value * each.rebased / each.last
