"""What the index page shows of one node of one release: value, course, parts, what it rests on.

Pure: it gets what was read and only arranges it. No figure here is rounded before the last moment, and
a day without a published value stays a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from api.publication.cell_prices import CellPrice
from api.publication.overview import Changes, NodeState, Overview, family_of, index_name
from api.web.event_words import EventLine
from api.web.formats import Formats
from api.web.index_drawing import Drawing, PartsDrawing, draw_course, draw_parts
from api.web.node_names import node_name
from api.web.words import Words
from ledger.errors import Language
from priceindex.calendar import day_number
from priceindex.classification import COMPOSITE, Level
from priceindex.engine.movers import Mover
from priceindex.families import Family
from priceindex.releases.observations import Observation
from priceindex.releases.release import Release
from priceindex.releases.series import Frequency

MOVERS: Final = 5
"""Herbs that rose or fell most, and prices that moved most, in either direction."""
CUTS: Final = (Level.CLASS, Level.HERB, Level.MARKET, Level.ORIGIN, Level.THEME)
"""What the composite can be told apart by on the page; grades stand under their herb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which node a reader looks at, and how."""

    level: Level = Level.COMPOSITE
    node: str = COMPOSITE
    frequency: Frequency = "day"
    cut: Level = Level.CLASS
    """What the composite is told apart by."""

    def link(self) -> dict[str, str]:
        """Return the parameters of the page that shows it."""
        return {"level": str(self.level), "node": self.node}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """One node in a table."""

    level: Level
    node: str
    name: str
    weight: Decimal
    value: Decimal
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMove:
    """A cell whose price moved on the last day."""

    name: str
    before_fen: int
    now_fen: int
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """What one node of one release looks like in one language; it depends on nothing else."""

    name: str
    way: tuple[tuple[Level, str, str], ...]
    """The nodes above it, from the top: level, node, name."""
    state: NodeState
    last: Observation
    """The newest value published."""
    base: str
    course: Drawing
    table: tuple[Observation, ...]
    """Rows of the chart's table twin, newest first: month ends of days, every week or month."""
    events: tuple[EventLine, ...]
    """What happened to it, numbered as on the chart."""
    siblings: tuple[tuple[str, str], ...]
    """The nodes of its level under the same parent, itself among them: node and name."""
    parts: PartsDrawing | None
    herb_parts: PartsDrawing | None
    """Of the composite what each herb gave its change, of a class what each of its herbs gave."""
    below: tuple[NodeLine, ...]
    risen: tuple[NodeLine, ...]
    fallen: tuple[NodeLine, ...]
    dearer: tuple[PriceMove, ...]
    cheaper: tuple[PriceMove, ...]
    cells: tuple[CellPrice, ...]
    """Of a grade: its cells and their prices."""


def node_view(
    overview: Overview,
    state: NodeState,
    told: Sequence[Observation],
    cells: Sequence[CellPrice],
    chosen: Chosen,
    words: Words,
    events: tuple[EventLine, ...] = (),
) -> NodeView:
    """Arrange one node of a release; `told` are its values at the frequency chosen, oldest first."""
    language, release = words.language, overview.release
    family = family_of(release)
    name = node_name(state.level, state.node, language)
    if state.level is Level.COMPOSITE:
        name = index_name(release, language)
    base = base_words(family, told, words)
    contributions = [each for each in release.summary.contributions if each.level is Level.CLASS]
    top = state.level is Level.COMPOSITE
    risen, fallen = movers(node_lines(overview.of(Level.HERB), language))
    dearer, cheaper = price_moves(release.summary.movers)
    below = overview.of(chosen.cut) if top else overview.below(state.level, state.node)
    return NodeView(
        name=name,
        way=way_to(overview, state, language),
        state=state,
        last=state.observation if state.value is not None else last_published(told),
        base=base,
        course=draw_course(told, name, family, base, words, events),
        table=tuple(table_rows(told, chosen.frequency)),
        events=events,
        siblings=siblings_of(overview, state, language),
        parts=draw_parts(contributions, words) if top else None,
        herb_parts=_herb_parts(overview, state, words),
        below=tuple(node_lines(below, language)),
        risen=tuple(risen) if top else (),
        fallen=tuple(fallen) if top else (),
        dearer=tuple(dearer) if top else (),
        cheaper=tuple(cheaper) if top else (),
        cells=tuple(cells),
    )


def siblings_of(overview: Overview, state: NodeState, language: Language) -> tuple[tuple[str, str], ...]:
    """Return node and name of every node beside this one; none beside the composite."""
    return tuple(
        (each.node, node_name(each.level, each.node, language))
        for each in overview.of(state.level)
        if each.parent == state.parent and each.value is not None and state.level is not Level.COMPOSITE
    )


def _herb_parts(overview: Overview, state: NodeState, words: Words) -> PartsDrawing | None:
    """Draw what herbs gave the composite's change of the last day: all of them, or those of a class."""
    if state.level not in (Level.COMPOSITE, Level.CLASS):
        return None
    class_of = {each.node: each.parent for each in overview.of(Level.HERB)}
    found = [
        each
        for each in overview.release.summary.contributions
        if each.level is Level.HERB
        and (state.level is Level.COMPOSITE or class_of.get(each.node) == state.node)
    ]
    return draw_parts(found, words, "herb-parts")


def way_to(overview: Overview, state: NodeState, language: Language) -> tuple[tuple[Level, str, str], ...]:
    """Return the nodes above a node, from the composite down."""
    above: list[tuple[Level, str, str]] = []
    order = [Level.COMPOSITE, Level.CLASS, Level.HERB, Level.GRADE]
    reached: NodeState | None = state
    while reached is not None and reached.level is not Level.COMPOSITE:
        in_tree = reached.level in order
        level = order[order.index(reached.level) - 1] if in_tree else Level.COMPOSITE
        parent = overview.find(level, (reached.parent or COMPOSITE) if in_tree else COMPOSITE)
        if parent is not None:
            above.append((parent.level, parent.node, node_name(parent.level, parent.node, language)))
        reached = parent
    return tuple(reversed(above))


def last_published(told: Sequence[Observation]) -> Observation:
    """Return the newest value; StopIteration for a series without any."""
    return next(each for each in reversed(told) if each.point.value is not None)


def table_rows(told: Sequence[Observation], frequency: Frequency) -> list[Observation]:
    """Return the rows beside the chart, newest first: of daily values the last of every month."""
    known = [each for each in told if each.point.value is not None]
    if frequency != "day":
        return list(reversed(known))
    last_of = {(each.point.day.year, each.point.day.month): each for each in known}
    return list(reversed(last_of.values()))


def node_lines(states: Sequence[NodeState], language: Language) -> list[NodeLine]:
    """Return a line for every node that has a last value, in the order given."""
    return [
        NodeLine(
            level=each.level,
            node=each.node,
            name=node_name(each.level, each.node, language),
            weight=each.weight,
            value=each.value,
            changes=each.changes,
        )
        for each in states
        if each.value is not None
    ]


def movers(lines: Sequence[NodeLine]) -> tuple[list[NodeLine], list[NodeLine]]:
    """Return the nodes that rose most and fell most against a month before, `MOVERS` of each."""
    moved = sorted((line for line in lines if line.changes.month), key=lambda line: line.changes.month or 0)
    fallen = [line for line in moved if (line.changes.month or 0) < 0][:MOVERS]
    risen = [line for line in reversed(moved) if (line.changes.month or 0) > 0][:MOVERS]
    return risen, fallen


def price_moves(found: Sequence[Mover]) -> tuple[list[PriceMove], list[PriceMove]]:
    """Return the prices that rose most and fell most on the last day, `MOVERS` of each."""
    moves = [
        PriceMove(
            name=" ".join(part for part in each.cell if part),
            before_fen=each.before_fen_per_kg,
            now_fen=each.now_fen_per_kg,
            percent=(Decimal(each.now_fen_per_kg) / each.before_fen_per_kg - 1) * 100,
        )
        for each in found
    ]
    moves.sort(key=lambda move: (-abs(move.percent), move.name))
    dearer = [move for move in moves if move.percent > 0][:MOVERS]
    return dearer, [move for move in moves if move.percent < 0][:MOVERS]


def base_words(family: Family, told: Sequence[Observation], words: Words) -> str:
    """Say the base: its period and its level."""
    formats = Formats(words.language)
    first, last = family.base.first, family.base.last
    if first and last and first != last:
        period = words("index.period", first=formats.day(first), last=formats.day(last))
    else:
        period = formats.month(first or told[0].point.day)
    return words("index.base", period=period, level=formats.number(family.level))


def newest_of_families(releases: Sequence[Release], language: Language) -> list[tuple[str, Release]]:
    """Return the name and the newest release of every family that has one, by name."""
    newest: dict[str, Release] = {}
    for release in releases:
        if release.family not in newest or newest[release.family].ordinal < release.ordinal:
            newest[release.family] = release
    named = [(index_name(release, language), release) for release in newest.values()]
    return sorted(named, key=lambda each: each[0])


def last_period(release: Release) -> int:
    """Return the day number of the last day a release has values of."""
    return day_number(release.last_day)
