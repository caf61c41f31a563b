"""What the rules look at, handed in as plain arrays: published series, quotes, stocks, stored forecasts.

Nothing here is read from a database; `api.warning_work` collects it, and is the one place that also knows
the trace.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from priceindex.formulas.relatives import Floats, Places
from priceindex.quotes import Cell
from priceindex.warning.sightings import Evidence

PERIOD_DAYS = {"day": 7, "week": 7, "month": 31}
"""Days after which a value of a published frequency is a period old; daily ones are watched by the week."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NodeValues:
    """One published node: every column has one entry a period, oldest first."""

    level: str
    node: str
    parent: str | None
    weight: float
    """Share of the composite's weight, 0..1."""
    days: Places
    """Day number of the last day of each period."""
    values: Floats
    """Index points; NaN where none was published."""
    quoted: Places
    """Cells with a quote of that very period; where it was not told, 1 for every published value."""
    stale_bp: Floats
    """Share of the node's weight on quotes of earlier days; negative where it was not told."""

    @property
    def last_quoted(self) -> int | None:
        """The last day with a quote of its own; None where there never was one."""
        fresh = np.flatnonzero(self.quoted > 0)
        return int(self.days[fresh[-1]]) if len(fresh) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuotesSeen:
    """The quotes a release was computed from: columns of equal length, sorted by day."""

    cells: tuple[Cell, ...]
    sources: tuple[str, ...]
    cell: Places
    source: Places
    day: Places
    fen: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StocksSeen:
    """Traced stocks of herbs at month ends, summed over all parties: grams, (herbs, months)."""

    herbs: tuple[str, ...]
    ends: Places
    """(months,): last day of each month."""
    stock: Floats
    outflow: Floats
    """Grams that left in each month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalSeen:
    """What a stored forecast said of one node on one day: its interval and median, in index points."""

    level: str
    node: str
    day: int
    median: float
    low: float
    high: float
    forecast_id: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """Everything one look at one family rests on."""

    family: str
    release_id: str
    values_sha256: str
    bundle_sha256: str
    frequency: Literal["day", "week", "month"]
    """The finest that is published."""
    until: int
    """Day number of the release's last day."""
    today: int
    """The day the look is taken: prices grow stale without a release."""
    nodes: tuple[NodeValues, ...]
    quotes: QuotesSeen | None = None
    stocks: StocksSeen | None = None
    intervals: tuple[IntervalSeen, ...] = ()
    grain: tuple[Places, Floats] | None = None
    """Days, and fen per kilogram of grain, as the operator entered them."""
    listed: frozenset[str] = frozenset()
    """Herbs on the public-health list."""

    @property
    def origin(self) -> Evidence:
        """What every piece of evidence names: from which publication the numbers are."""
        return {
            "release": self.release_id,
            "values_sha256": self.values_sha256,
            "bundle_sha256": self.bundle_sha256,
        }

    @property
    def there(self) -> frozenset[tuple[str, str]]:
        """The (level, node) the index has."""
        return frozenset((one.level, one.node) for one in self.nodes)

    def is_stale(self, one: NodeValues, periods: int) -> bool:
        """Whether a node's newest quote is more than so many periods old today."""
        last = one.last_quoted
        return last is None or self.today - last > periods * PERIOD_DAYS[self.frequency]
