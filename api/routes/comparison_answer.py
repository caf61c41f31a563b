"""The comparison of a release as JSON: shares and changes in per cent, index points as published."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from api.comparing import Beside
from api.web.formats import local
from api.web.node_names import node_name
from ledger.errors import Language
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.comparison.coverage import Coverage, CoverageLine
from priceindex.comparison.price_spread import PriceSpread
from priceindex.comparison.two_indices import SpreadPoint
from priceindex.releases.series import Frequency


class SpreadAnswer(BaseModel):
    """Both indices in one period."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    day: date
    """First day of the period."""
    asked: str
    """The quote index: market and web quotes alone."""
    paid: str
    """The transaction index: recorded trades alone."""
    spread_percent: str
    """How far the first stands above the second."""

    @classmethod
    def of(cls, point: SpreadPoint, kept: int) -> "SpreadAnswer":
        """Return one period; `kept` are the digits after the point."""
        return cls(
            day=day_of(point.day),
            asked=points(point.asked, kept),
            paid=points(point.paid, kept),
            spread_percent=percent(point.spread_bp),
        )


class PriceSpreadAnswer(BaseModel):
    """How quotes stand to trades of the same cell in the same week."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    pairs: int
    """Cells and weeks that have both."""
    median_percent: str
    """Quote over trade less one."""
    quartiles_percent: tuple[str, str]

    @classmethod
    def of(cls, spread: PriceSpread) -> "PriceSpreadAnswer":
        """Return the spread of prices."""
        low, high = spread.quartiles_bp
        return cls(
            pairs=spread.pairs,
            median_percent=percent(spread.median_bp),
            quartiles_percent=(percent(low), percent(high)),
        )


class CoverageLineAnswer(BaseModel):
    """How much of one market's, or of all, recorded trade is quoted; shares of value in per cent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    market: str
    """Empty: all of it together."""
    herbs_percent: str
    """Trade in herbs that are quoted at all."""
    grades_percent: str
    """Trade in grades that are quoted at all."""
    cells_percent: str
    """Trade in grades that are quoted at the very market they were traded at."""
    herbs_traded: int
    herbs_quoted: int

    @classmethod
    def of(cls, line: CoverageLine) -> "CoverageLineAnswer":
        """Return one line."""
        return cls(
            market=line.market,
            herbs_percent=percent(line.herb_bp),
            grades_percent=percent(line.grade_bp),
            cells_percent=percent(line.cell_bp),
            herbs_traded=line.herbs_traded,
            herbs_quoted=line.herbs_quoted,
        )


class UncoveredAnswer(BaseModel):
    """A herb that is traded and not quoted."""

    herb: str
    percent: str


class CoverageAnswer(BaseModel):
    """The sample against the trade recorded in one year."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    first: date
    last: date
    whole: CoverageLineAnswer
    markets: list[CoverageLineAnswer]
    """The largest first."""
    markets_unnamed: int
    """Markets with too few sales or sellers to be named; they count in the whole."""
    uncovered: list[UncoveredAnswer]
    """Herbs traded and not quoted, the largest first."""
    uncovered_unnamed: int

    @classmethod
    def of(cls, told: Coverage, found: Beside) -> "CoverageAnswer":
        """Return the coverage of a release."""
        return cls(
            first=found.first,
            last=found.last,
            whole=CoverageLineAnswer.of(told.whole),
            markets=[CoverageLineAnswer.of(line) for line in told.markets],
            markets_unnamed=told.markets_unnamed,
            uncovered=[
                UncoveredAnswer(herb=each.herb, percent=percent(each.share_bp)) for each in told.uncovered
            ],
            uncovered_unnamed=told.uncovered_unnamed,
        )


class ComparisonAnswer(BaseModel):
    """A release's quotes beside the trades recorded here. Analysis, no publication of its own."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    release: str
    family: str
    computed: datetime
    """Trades recorded later are not in it."""
    level: str
    node: str
    name: str
    frequency: str
    base: date | None
    """First day of the month both indices are based on; null where no cell has both quotes and trades."""
    cells: int
    """Cells that have both: the basket of both indices."""
    points: list[SpreadAnswer]
    """Periods in which both are published, oldest first."""
    prices: PriceSpreadAnswer | None
    coverage: CoverageAnswer | None
    """Null where too little trade was recorded."""

    @classmethod
    def of(
        cls, found: Beside, level: Level, node: str, frequency: Frequency, language: Language
    ) -> "ComparisonAnswer":
        """Return the comparison of one node."""
        indices = found.indices
        spread = indices.spread(level, node, frequency) if indices else ()
        prices = indices.prices if indices else None
        return cls(
            release=found.release.release_id,
            family=found.release.family,
            computed=local(found.computed_ms, 0),
            level=level.value,
            node=node,
            name=node_name(level, node, language),
            frequency=frequency,
            base=indices.base if indices else None,
            cells=indices.cells if indices else 0,
            points=[SpreadAnswer.of(point, indices.kept) for point in spread] if indices else [],
            prices=PriceSpreadAnswer.of(prices) if prices else None,
            coverage=CoverageAnswer.of(found.coverage, found) if found.coverage else None,
        )


def points(units: int, kept: int) -> str:
    """Write whole units of the last digit kept as index points.

    >>> points(10_123_456, 4)
    '1012.3456'
    """
    return format(Decimal(units).scaleb(-kept), "f")


def percent(basis_points: int) -> str:
    """Write basis points as per cent with two decimals.

    >>> percent(7512), percent(-5)
    ('75.12', '-0.05')
    """
    return format(Decimal(basis_points).scaleb(-2), ".2f")
