"""What the comparison page shows: both indices in one chart with its table, prices, and the coverage."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.comparing import Beside
from api.publication.overview import index_name
from api.web.chart_frame import NARROW, WIDE
from api.web.charts import Chart, draw_steps
from api.web.csv_body import csv_body
from api.web.formats import Formats
from api.web.node_names import node_name
from api.web.words import Words
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.comparison.coverage import Coverage, CoverageLine
from priceindex.comparison.price_spread import PriceSpread
from priceindex.comparison.two_indices import Comparison
from priceindex.releases.series import Frequency


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadLine:
    """One period in the table beside the chart; index points and per cent."""

    day: date
    asked: float
    paid: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLines:
    """Both series drawn in both sizes, and their table, newest first."""

    narrow: Markup
    wide: Markup
    description: str
    table: tuple[SpreadLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLink:
    """A node that can be compared."""

    level: Level
    node: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """The comparison of a release in one language."""

    name: str
    first: date
    last: date
    computed_ms: int
    frequency: Frequency
    base: date | None
    cells: int
    nodes: tuple[NodeLink, ...]
    """What both indices tell, from the composite down."""
    chosen: NodeLink | None
    """What is drawn; None where the two never meet."""
    lines: TwoLines | None
    prices: PriceSpread | None
    coverage: Coverage | None
    markets: tuple[tuple[str, CoverageLine], ...]
    """Every market with its name; all trade together first."""
    uncovered: tuple[tuple[str, int], ...]
    """Herbs traded and not quoted, with their share of all trade in basis points."""


def comparison_view(
    found: Beside, frequency: Frequency, asked: tuple[str, str], words: Words
) -> ComparisonView:
    """Arrange the comparison of a node: the level and node asked for, or the first that can be compared."""
    indices = found.indices
    nodes = _nodes(indices, frequency, words) if indices else ()
    chosen = next((each for each in nodes if (each.level, each.node) == asked), nodes[0] if nodes else None)
    return ComparisonView(
        name=index_name(found.release, words.language),
        first=found.first,
        last=found.last,
        computed_ms=found.computed_ms,
        frequency=frequency,
        base=indices.base if indices else None,
        cells=indices.cells if indices else 0,
        nodes=nodes,
        chosen=chosen,
        lines=_drawn(indices, chosen, frequency, words) if indices and chosen else None,
        prices=indices.prices if indices else None,
        coverage=found.coverage,
        markets=_markets(found.coverage, words) if found.coverage else (),
        uncovered=_uncovered(found.coverage, words) if found.coverage else (),
    )


def comparison_csv(lines: TwoLines) -> bytes:
    """Return both lines as CSV: index points, and how far quotes stand above trades in per cent."""
    rows = (
        [line.day.isoformat(), f"{line.asked:.4f}", f"{line.paid:.4f}", f"{line.spread:.2f}"]
        for line in reversed(lines.table)
    )
    return csv_body(("day", "quote_index", "transaction_index", "spread_percent"), rows)


def _markets(told: Coverage, words: Words) -> tuple[tuple[str, CoverageLine], ...]:
    named = tuple((node_name(Level.MARKET, line.market, words.language), line) for line in told.markets)
    return ((words("comparison.whole"), told.whole), *named)


def _uncovered(told: Coverage, words: Words) -> tuple[tuple[str, int], ...]:
    return tuple((node_name(Level.HERB, each.herb, words.language), each.share_bp) for each in told.uncovered)


def _nodes(indices: Comparison, frequency: Frequency, words: Words) -> tuple[NodeLink, ...]:
    return tuple(
        NodeLink(level=level, node=node, name=node_name(level, node, words.language))
        for level, node in indices.nodes(frequency)
    )


def _drawn(indices: Comparison, chosen: NodeLink, frequency: Frequency, words: Words) -> TwoLines:
    formats, unit = Formats(words.language), 10.0**indices.kept
    table = [
        SpreadLine(
            day=day_of(point.day),
            asked=point.asked / unit,
            paid=point.paid / unit,
            spread=point.spread_bp / 100,
        )
        for point in indices.spread(chosen.level, chosen.node, frequency)
    ]
    last = table[-1]
    chart = Chart(
        name="comparison",
        title=words("comparison.chart_title", name=chosen.name),
        description=words(
            "comparison.chart_description",
            day=formats.day(last.day),
            asked=formats.index(last.asked),
            paid=formats.index(last.paid),
            spread=formats.change(last.spread),
        ),
        points=[(line.day, line.asked) for line in table],
        beside=[(line.day, line.paid) for line in table],
        write_value=formats.number,
        write_day=formats.month,
    )
    return TwoLines(
        narrow=Markup(draw_steps(chart, NARROW)),  # noqa: S704  every text in it was escaped when drawn
        wide=Markup(draw_steps(chart, WIDE)),  # noqa: S704  as above
        description=chart.description,
        table=tuple(reversed(table)),
    )
