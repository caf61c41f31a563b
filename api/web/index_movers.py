"""What the page of movers 涨跌榜 shows: nodes that rose or fell most, as bars and tables, and all as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.publication.moves import Move, Moves, MovesAsked, Parts, Way
from api.web.bar_chart import Bar, BarChart, draw_bars
from api.web.csv_body import csv_body
from api.web.formats import Formats
from api.web.node_names import node_name
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.classification import CLASSES, Level
from priceindex.releases.release import Release

LISTED: Final = 20
"""Nodes listed in either direction."""
DRAWN: Final = 10
LEVELS: Final[tuple[Level, ...]] = (
    Level.HERB,
    Level.CLASS,
    Level.GRADE,
    Level.MARKET,
    Level.ORIGIN,
    Level.THEME,
)
"""What can be ranked, the usual one first."""
HISTORIES: Final = (0, 3, 12, 24)
"""Months of history a reader may ask for."""
HEADINGS: Final = (
    "release", "level", "node", "name", "class", "before_day", "before", "day", "value", "change_percent",
    "contribution_points",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MoverLine:
    """One node in a table."""

    level: Level
    node: str
    name: str
    class_name: str
    before: Decimal
    now: Decimal
    percent: Decimal
    contribution: Decimal | None
    """Index points it gave the composite's change; None for a cut, and where no change can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoversView:
    """The movers of a release in one language."""

    before: date | None
    day: date
    risen: tuple[MoverLine, ...]
    fallen: tuple[MoverLine, ...]
    counts: tuple[int, int, int]
    """Nodes that rose, fell, stood still."""
    too_young: int
    picture: Pictures | None


def movers_view(moves: Moves, parts: Parts, asked: MovesAsked, way: Way, words: Words) -> MoversView:
    """Arrange movements for a page; `way` names the direction a reader wants to see."""
    risen = _lines(moves.ranked("up")[:LISTED], parts, asked.level, words)
    fallen = _lines(moves.ranked("down")[:LISTED], parts, asked.level, words)
    shown = [*(risen if way != "down" else [])[:DRAWN], *(fallen if way != "up" else [])[:DRAWN]]
    up, down = len(moves.ranked("up")), len(moves.ranked("down"))
    return MoversView(
        before=moves.before,
        day=moves.day,
        risen=tuple(risen if way != "down" else ()),
        fallen=tuple(fallen if way != "up" else ()),
        counts=(up, down, len(moves.moves) - up - down),
        too_young=moves.too_young,
        picture=_drawn(shown, moves, words) if shown else None,
    )


def class_names(words: Words) -> list[tuple[str, str]]:
    """Return key and name of every class, in the order of the classification."""
    return [(key, node_name(Level.CLASS, key, words.language)) for key in CLASSES]


def movers_csv(
    release: Release, moves: Moves, parts: Parts, asked: MovesAsked, way: Way, words: Words
) -> bytes:
    """Return every node that moved as CSV, the largest move first."""
    lines = _lines(moves.ranked(way), parts, asked.level, words)
    before = "" if moves.before is None else moves.before.isoformat()
    return csv_body(
        HEADINGS,
        (
            [
                release.release_id,
                str(line.level),
                line.node,
                line.name,
                line.class_name,
                before,
                line.before,
                moves.day.isoformat(),
                line.now,
                f"{line.percent:.4f}",
                line.contribution,
            ]
            for line in lines
        ),
    )


def _lines(moved: Sequence[Move], parts: Parts, level: Level, words: Words) -> list[MoverLine]:
    return [
        MoverLine(
            level=level,
            node=each.node,
            name=node_name(level, each.node, words.language),
            class_name=node_name(Level.CLASS, each.part_class, words.language) if each.part_class else "",
            before=each.before,
            now=each.now,
            percent=each.percent,
            contribution=parts.get((level, each.node)),
        )
        for each in moved
    ]


def _drawn(shown: Sequence[MoverLine], moves: Moves, words: Words) -> Pictures:
    formats = Formats(words.language)
    first = formats.day(moves.before or moves.day)
    title = words("movers.chart_title", first=first, last=formats.day(moves.day))
    most = max(shown, key=lambda line: abs(line.percent))
    description = words("movers.chart_description", name=most.name, change=formats.change(most.percent))
    chart = BarChart(
        name="movers",
        title=title,
        description=description,
        bars=[Bar(line.name, float(line.percent), formats.change(line.percent)) for line in shown],
    )
    return in_both_sizes(chart, draw_bars, (title, words("movers.unit", first=first), description))
