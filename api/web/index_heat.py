"""What the page of the heat map shows: classes by month, and classes by market, drawn and as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.publication.overview import change
from api.web.chart_frame import NARROW, WIDE
from api.web.csv_body import Cell, csv_body
from api.web.formats import Formats
from api.web.heat_chart import HeatCell, HeatChart, draw_heat
from api.web.node_names import node_name
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.classification import CLASSES, COMPOSITE, Level
from priceindex.engine.class_by_market import ClassInMarket
from priceindex.releases.cross_section import NodeObservation

MONTHS: Final = 12
"""Months of change shown; a first value before them is needed."""
MARKETS: Final = 12
"""Markets drawn, those with the most prices first; the table and the file have all of them."""
MONTH_HEADINGS: Final = ("class", "name", "month", "value", "change_percent")
MARKET_HEADINGS: Final = ("class", "name", "market", "before_day", "day", "change_percent", "prices", "moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One heat map: its picture, and the same as a table."""

    picture: Pictures
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, str, tuple[Decimal | None, ...]], ...]
    """Level, node and name of each row, and per cent by column; None where nothing can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthGrid:
    """Change of the composite and every class by month, oldest month first."""

    months: tuple[date, ...]
    rows: tuple[tuple[Level, str, tuple[Decimal | None, ...], tuple[Decimal | None, ...]], ...]
    """Level, node, values and changes in per cent."""


def month_grid(told: Sequence[NodeObservation]) -> MonthGrid:
    """Lay out monthly values; a month without a value, or the first of all, has no change."""
    values: dict[tuple[Level, str], dict[date, Decimal]] = {}
    for each in told:
        if each.observation.point.value is not None:
            node = values.setdefault((each.level, each.node), {})
            node[each.observation.point.day] = each.observation.point.value
    known = sorted({day for days in values.values() for day in days})
    months = tuple(known[1:][-MONTHS:])
    before = dict(zip(known[1:], known, strict=False))
    order = [(Level.COMPOSITE, COMPOSITE), *((Level.CLASS, key) for key in CLASSES)]
    return MonthGrid(
        months=months,
        rows=tuple(
            (
                level,
                node,
                tuple(values[level, node].get(month) for month in months),
                tuple(
                    change(values[level, node].get(month), values[level, node].get(before[month]))
                    for month in months
                ),
            )
            for level, node in order
            if (level, node) in values
        ),
    )


def drawn_months(grid: MonthGrid, family_name: str, words: Words) -> Grid | None:
    """Draw the changes by month; None before there are two months to compare."""
    if not grid.months:
        return None
    formats = Formats(words.language)
    rows = tuple(
        (str(level), node, _name(level, node, words), changes) for level, node, _, changes in grid.rows
    )
    columns = tuple(f"{month:%Y-%m}" for month in grid.months)
    title = words("heat.months_title", name=family_name)
    said = _said(rows, columns, words)
    return Grid(
        picture=_picture("months", (title, words("heat.months_unit"), said), columns, rows, formats, words),
        columns=columns,
        rows=rows,
    )


def drawn_markets(
    found: Sequence[ClassInMarket], first: date, last: date, family_name: str, words: Words
) -> Grid | None:
    """Draw the changes by market; None where no class has a price on both days."""
    if not found:
        return None
    formats = Formats(words.language)
    at = {(each.part_class, each.market): each for each in found}
    markets = _by_prices(found)
    rows = tuple(
        (
            "class",
            key,
            node_name(Level.CLASS, key, words.language),
            tuple(_percent(at, key, market) for market in markets),
        )
        for key in CLASSES
        if any(each.part_class == key for each in found)
    )
    columns = tuple(node_name(Level.MARKET, market, words.language) for market in markets)
    title = words("heat.markets_title", name=family_name)
    unit = words("heat.markets_unit", first=formats.day(first), last=formats.day(last))
    shown = tuple((*row[:3], row[3][:MARKETS]) for row in rows)
    said = _said(rows, columns, words)
    return Grid(
        picture=_picture("markets", (title, unit, said), columns[:MARKETS], shown, formats, words),
        columns=columns,
        rows=rows,
    )


def months_csv(grid: MonthGrid, words: Words) -> bytes:
    """Return values and changes by month, a row for each class and month."""
    lines: list[list[Cell]] = []
    for level, node, values, changes in grid.rows:
        for month, value, moved in zip(grid.months, values, changes, strict=True):
            said = None if moved is None else f"{moved:.4f}"
            lines.append([node, _name(level, node, words), f"{month:%Y-%m}", value, said])
    return csv_body(MONTH_HEADINGS, lines)


def markets_csv(found: Sequence[ClassInMarket], first: date, last: date, words: Words) -> bytes:
    """Return the change of every class in every market with the number of prices behind it."""
    return csv_body(
        MARKET_HEADINGS,
        (
            [
                each.part_class,
                node_name(Level.CLASS, each.part_class, words.language),
                each.market,
                first.isoformat(),
                last.isoformat(),
                f"{each.change * 100:.4f}",
                each.cells,
                each.moved,
            ]
            for each in found
        ),
    )


def _name(level: Level, node: str, words: Words) -> str:
    return words("heat.composite") if level is Level.COMPOSITE else node_name(level, node, words.language)


def _by_prices(found: Sequence[ClassInMarket]) -> list[str]:
    prices: dict[str, int] = {}
    for each in found:
        prices[each.market] = prices.get(each.market, 0) + each.cells
    return sorted(prices, key=lambda market: (-prices[market], market))


def _percent(at: Mapping[tuple[str, str], ClassInMarket], key: str, market: str) -> Decimal | None:
    found = at.get((key, market))
    return None if found is None else Decimal(str(found.change)) * 100


def _picture(
    name: str,
    said: tuple[str, str, str],
    columns: Sequence[str],
    rows: Sequence[tuple[str, str, str, tuple[Decimal | None, ...]]],
    formats: Formats,
    words: Words,
) -> Pictures:
    chart = HeatChart(
        name=name,
        title=said[0],
        description=said[2],
        columns=columns,
        rows=[
            (label, [None if each is None else _cell(each, formats) for each in changes])
            for _, _, label, changes in rows
        ],
        nothing=words("heat.nothing"),
    )
    return in_both_sizes(chart, draw_heat, said, (NARROW, WIDE))


def _cell(moved: Decimal, formats: Formats) -> HeatCell:
    return HeatCell(float(moved), formats.points(moved))


def _said(
    rows: Sequence[tuple[str, str, str, tuple[Decimal | None, ...]]], columns: Sequence[str], words: Words
) -> str:
    """Say the largest rise and the largest fall."""
    formats = Formats(words.language)
    told = [
        (moved, name, column)
        for _, _, name, changes in rows
        for column, moved in zip(columns, changes, strict=True)
        if moved is not None
    ]
    if not told:
        return words("heat.said_nothing")
    most, least = max(told), min(told)
    return words(
        "heat.said",
        up_name=most[1],
        up_column=most[2],
        up=formats.change(most[0]),
        down_name=least[1],
        down_column=least[2],
        down=formats.change(least[0]),
    )
