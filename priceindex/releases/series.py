"""A published series: what one node of the index said in each period, and on how much it rested.

A series is columns: one whole number a period in each. Values are whole units of the last digit that is
published, so that nothing is rounded, compared or stored as a binary fraction.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, Literal

import numpy as np

from ledger.canonical import canonical
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.formulas.relatives import Places

Frequency = Literal["day", "week", "month"]
FREQUENCIES: Final[tuple[Frequency, ...]] = ("day", "week", "month")
COUNTS: Final = (
    "imputed_bp", "stale_bp", "quoted", "carried", "missing", "up", "down", "flat", "quotes", "markets",
    "grades", "sources", "trade_bp", "market_bp", "web_bp", "judgement_bp", "left_out",
)  # fmt: skip
"""What is told of every point, in the order in which it is stored and digested."""
UNPUBLISHED: Final = -1
"""In a column of values: no value is published for this period."""
NOT_COUNTED: Final = -1
"""In a column of counts: a release of an older form did not tell it."""


def last_days(frequency: str, days: Places) -> Places:
    """The last day of each period of a frequency, by its first day (day numbers): it ages from there.

    >>> [last_days(each, np.array([0, 31])).tolist() for each in FREQUENCIES]
    [[0, 31], [6, 37], [30, 58]]
    """
    if frequency == "day":
        return days
    if frequency == "week":
        return days + 6
    following = days.astype("datetime64[D]").astype("datetime64[M]") + 1
    return following.astype("datetime64[D]").astype(np.int64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One node in one period; `NOT_COUNTED` where a release of an older form did not tell a count."""

    day: datetime.date
    """First day of the period."""
    value: Decimal | None
    """Index points as published; None where too much was imputed to publish a value."""
    imputed_bp: int = NOT_COUNTED
    """Share of the node's weight that took its parent's movement, in basis points."""
    stale_bp: int = NOT_COUNTED
    """Share of the node's weight that rests on quotes of earlier days, in basis points."""
    quoted: int = NOT_COUNTED
    """Cells under the node with a quote of that very period."""
    carried: int = NOT_COUNTED
    """Cells for which an earlier quote stands in."""
    missing: int = NOT_COUNTED
    """Cells of the basket without a price."""
    up: int = NOT_COUNTED
    """Cells dearer than in the period before."""
    down: int = NOT_COUNTED
    flat: int = NOT_COUNTED
    quotes: int = NOT_COUNTED
    """Quotes behind the cells quoted."""
    markets: int = NOT_COUNTED
    grades: int = NOT_COUNTED
    sources: int = NOT_COUNTED
    trade_bp: int = NOT_COUNTED
    """Share of the weight priced by recorded trades, in basis points; the tiers below likewise."""
    market_bp: int = NOT_COUNTED
    web_bp: int = NOT_COUNTED
    judgement_bp: int = NOT_COUNTED
    left_out: int = NOT_COUNTED
    """Quotes of the period kept out."""

    def shown(self, digits: int = 2) -> str | None:
        """The value rounded half-even for display.

        >>> Point(day=datetime.date(2025, 3, 1), value=Decimal("1000.125")).shown()
        '1000.12'
        """
        return None if self.value is None else rounded(self.value, digits)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """One node over all index periods of one frequency, oldest first."""

    level: Level
    node: str
    """`all`, the class key, the herb, `herb|grade`, or the market, origin or theme of a cut."""
    parent: str | None
    weight: Decimal
    """Share of the composite's weight at the last link, 0..1."""
    frequency: Frequency = "day"
    days: Places
    """Day number of the first day of each period."""
    units: Places
    """Value in units of 10**-kept; `UNPUBLISHED` where none is published."""
    kept: int
    """Digits after the point."""
    counts: Mapping[str, Places]
    """One column for each name in `COUNTS`; a name that is absent was not counted."""

    def __eq__(self, other: object) -> bool:
        """Two series are equal when their digested bytes are."""
        return isinstance(other, Series) and bytes_of(self) == bytes_of(other)

    def __hash__(self) -> int:
        """Equal series have equal hashes."""
        return hash(bytes_of(self))

    @property
    def points(self) -> tuple[Point, ...]:
        """Every period as an object; built anew at each call."""
        return tuple(self._points(range(len(self.days))))

    @property
    def last(self) -> Point:
        """The newest point; raises IndexError for an empty series."""
        return next(self._points([len(self.days) - 1]))

    def column(self, name: str) -> Places:
        """One column of counts; filled with `NOT_COUNTED` where it was not told."""
        told = self.counts.get(name)
        return np.full(len(self.days), NOT_COUNTED, dtype=np.int64) if told is None else told

    def change(self) -> Decimal | None:
        """Movement of the last period against the one before, as a fraction (0.01 = 1 %)."""
        if len(self.units) < 2 or UNPUBLISHED in (self.units[-2], self.units[-1]):
            return None
        return Decimal(int(self.units[-1])) / Decimal(int(self.units[-2])) - 1

    def _points(self, places: Iterable[int]) -> Iterator[Point]:
        for place in places:
            yield Point(
                day=day_of(int(self.days[place])),
                value=in_points(int(self.units[place]), self.kept),
                **{name: int(column[place]) for name, column in self.counts.items()},
            )


def in_points(units: int, kept: int) -> Decimal | None:
    """A value in index points from its units; None for `UNPUBLISHED`.

    >>> in_points(10_001_250, 4), in_points(-1, 4)
    (Decimal('1000.1250'), None)
    """
    return None if units == UNPUBLISHED else Decimal(units).scaleb(-kept)


def in_units(values: Iterable[Decimal | None], kept: int) -> Places:
    """Units from values in index points, half-even; `UNPUBLISHED` for None.

    >>> in_units([Decimal("1000.12345"), None], 4).tolist()
    [10001234, -1]
    """
    scaled = (
        UNPUBLISHED if value is None else int(value.scaleb(kept).to_integral_value(rounding=ROUND_HALF_EVEN))
        for value in values
    )
    return np.fromiter(scaled, dtype=np.int64)


def rounded(value: Decimal, digits: int) -> str:
    """Round half-even to `digits` decimals, as text.

    >>> rounded(Decimal("99.985"), 2), rounded(Decimal("0.5"), 0)
    ('99.98', '0')
    """
    return str(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN))


def order_of(series: Series) -> tuple[int, str, int]:
    """The place of a series among those of a release: by level, then node, then frequency."""
    return (_LEVELS[Level(series.level)], series.node, FREQUENCIES.index(series.frequency))


def bytes_of(series: Series) -> bytes:
    """What the digest of a series is of: a line of canonical JSON, then its columns.

    The line names level, node, parent, weight, frequency, digits kept and the number of periods. After
    its line feed stand the columns days, units and every count in the order of `COUNTS`, each as signed
    64-bit little-endian whole numbers without anything between them.
    """
    told = {
        "level": str(series.level),
        "node": series.node,
        "parent": series.parent,
        "weight": format(series.weight, "f"),
        "frequency": series.frequency,
        "kept": series.kept,
        "periods": len(series.days),
    }
    columns = (series.days, series.units, *(series.column(name) for name in COUNTS))
    return canonical(told) + b"\n" + b"".join(column.astype("<i8").tobytes() for column in columns)


def digest(series: Iterable[Series]) -> str:
    """The values digest of a release, hex: SHA-256 over the SHA-256 of every series in `order_of`."""
    whole = hashlib.sha256()
    for one in sorted(series, key=order_of):
        whole.update(hashlib.sha256(bytes_of(one)).digest())
    return whole.hexdigest()


_LEVELS: Final = {level: place for place, level in enumerate(Level)}
