"""A published series: what one node of the index said on each day, and on how much it rested."""

import datetime
import hashlib
import zlib
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, cast

from ledger.canonical import JsonValue, canonical, parse
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level

_COUNTS: Final = ("quoted", "carried", "missing", "up", "down", "flat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One node on one day."""

    day: datetime.date
    value: Decimal | None
    """Index points, unrounded as kept; None where too much was imputed to publish a value."""
    imputed_bp: int
    """Share of the node's weight that took its parent's movement, in basis points."""
    stale_bp: int
    """Share of the node's weight that rests on quotes of earlier days, in basis points."""
    quoted: int
    """Cells under the node with a quote of that very day."""
    carried: int
    """Cells for which a quote of an earlier day stands in."""
    missing: int
    """Cells of the basket without a price that day."""
    up: int
    """Cells dearer than on the index day before."""
    down: int
    flat: int

    def shown(self, digits: int = 2) -> str | None:
        """The value rounded half-even for display.

        >>> Point(day=datetime.date(2025, 3, 1), value=Decimal("1000.125"), imputed_bp=0, stale_bp=0,
        ...       quoted=1, carried=0, missing=0, up=0, down=0, flat=1).shown()
        '1000.12'
        """
        return None if self.value is None else rounded(self.value, digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One node over all index days, oldest first."""

    level: Level
    node: str
    """`all`, the class key, the herb, or `herb|grade`."""
    parent: str | None
    weight: Decimal
    """Share of the composite's weight at the last link, 0..1."""
    points: tuple[Point, ...]

    @property
    def last(self) -> Point:
        """The newest point."""
        return self.points[-1]

    def change(self) -> Decimal | None:
        """Movement of the last day against the index day before, as a fraction (0.01 = 1 %)."""
        values = [point.value for point in self.points[-2:]]
        if len(values) < 2 or values[0] is None or values[1] is None:
            return None
        return values[1] / values[0] - 1


def rounded(value: Decimal, digits: int) -> str:
    """Round half-even to `digits` decimals, as text.

    >>> rounded(Decimal("99.985"), 2), rounded(Decimal("0.5"), 0)
    ('99.98', '0')
    """
    return str(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN))


def encode(series: Series) -> bytes:
    """The canonical bytes of a series; two equal series have equal bytes."""
    columns: dict[str, JsonValue] = {
        "days": [day_number(point.day) for point in series.points],
        "values": [None if point.value is None else format(point.value, "f") for point in series.points],
        "imputed_bp": [point.imputed_bp for point in series.points],
        "stale_bp": [point.stale_bp for point in series.points],
    }
    for name in _COUNTS:
        columns[name] = [cast("int", getattr(point, name)) for point in series.points]
    told: dict[str, JsonValue] = {
        "level": str(series.level),
        "node": series.node,
        "parent": series.parent,
        "weight": format(series.weight, "f"),
        "columns": columns,
    }
    return canonical(told)


def decode(raw: bytes) -> Series:
    """Return the series that `encode` wrote."""
    told = cast("dict[str, JsonValue]", parse(raw))
    columns = cast("dict[str, list[JsonValue]]", told["columns"])
    names = ("days", "values", "imputed_bp", "stale_bp", *_COUNTS)
    points = (
        _point(cast("tuple[int, str | None, int, int, int, int, int, int, int, int]", row))
        for row in zip(*(columns[name] for name in names), strict=True)
    )
    return Series(
        level=Level(cast("str", told["level"])),
        node=cast("str", told["node"]),
        parent=cast("str | None", told["parent"]),
        weight=Decimal(cast("str", told["weight"])),
        points=tuple(points),
    )


def _point(row: tuple[int, str | None, int, int, int, int, int, int, int, int]) -> Point:
    day, value, imputed, stale, quoted, carried, missing, up, down, flat = row
    return Point(
        day=day_of(day),
        value=None if value is None else Decimal(value),
        imputed_bp=imputed,
        stale_bp=stale,
        quoted=quoted,
        carried=carried,
        missing=missing,
        up=up,
        down=down,
        flat=flat,
    )


def pack(series: Series) -> bytes:
    """The series as a table keeps it: canonical and compressed."""
    return zlib.compress(encode(series), 6)


def unpack(packed: bytes) -> Series:
    """Return the series that `pack` wrote."""
    return decode(zlib.decompress(packed))


def digest(series: list[Series]) -> str:
    """SHA-256 over the canonical bytes of every series in order, hex: the release's values digest."""
    whole = hashlib.sha256()
    for one in series:
        whole.update(encode(one) + b"\n")
    return whole.hexdigest()
