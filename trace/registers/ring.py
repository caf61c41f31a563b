"""A ring on the ground: the one closed line of a GeoJSON Polygon, in whole 1e-7 degrees.

Whole numbers keep every test of crossing exact. RFC 7946: longitude first, the exterior ring runs
counterclockwise (section 3.1.6), and an edge is a straight line in longitude and latitude (3.1.1).
"""

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from ledger.errors import Location
from trace.registers.register_errors import BadOutline

Position: TypeAlias = tuple[int, int]
"""Longitude and latitude in 1e-7 degrees (about a centimetre)."""

SCALE: Final = 10_000_000
MOST_POSITIONS: Final = 400
_WIDEST: Final = SCALE
"""A place reaches over less than one degree; wider is a slip of the hand."""


def ring_of(coordinates: Sequence[Sequence[Decimal]]) -> tuple[Position, ...]:
    """Return the positions of a ring, the last equal to the first; raises `BadOutline`.

    >>> corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    >>> ring_of([[Decimal(x), Decimal(y)] for x, y in corners])[2]
    (10000000, 10000000)
    """
    if not 4 <= len(coordinates) <= MOST_POSITIONS:
        raise _bad(f"应有 4 至 {MOST_POSITIONS} 个点", f"it needs 4 to {MOST_POSITIONS} positions")
    ring = tuple(_position(each) for each in coordinates)
    if ring[0] != ring[-1]:
        raise _bad("首尾不同，没有闭合", "its first and last positions differ: it is not closed")
    if len(set(ring)) != len(ring) - 1:
        raise _bad("同一点出现多次", "a position occurs twice")
    if any(max(axis) - min(axis) > _WIDEST for axis in zip(*ring, strict=True)):
        raise _bad("跨度超过 1 度", "it reaches over more than one degree")
    if _crosses_itself(ring):
        raise _bad("边界自相交", "it crosses itself")
    if twice_flat_area(ring) < 0:
        raise _bad(
            "方向为顺时针，外环应为逆时针", "it runs clockwise: an exterior ring runs counterclockwise"
        )
    return ring


def position_of(longitude: Decimal, latitude: Decimal) -> Position:
    """Return a position in 1e-7 degrees, rounded; raises `BadOutline` outside the globe."""
    return _position((longitude, latitude))


def contains(ring: Sequence[Position], point: Position) -> bool:
    """Say whether a point lies inside a ring or on it.

    >>> square = ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))
    >>> contains(square, (5, 5)), contains(square, (10, 5)), contains(square, (11, 5))
    (True, True, False)
    """
    inside = False
    x, y = point
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        turn = _turn((x1, y1), (x2, y2), point)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            inside = not inside
    return inside


def twice_flat_area(ring: Sequence[Position]) -> int:
    """Return twice the signed area in square 1e-7 degrees: positive when counterclockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))


def _position(pair: Sequence[Decimal]) -> Position:
    if len(pair) != 2:
        raise _bad("每个点应为经度、纬度两个数", "a position is a longitude and a latitude")
    longitude, latitude = pair
    if not (longitude.is_finite() and latitude.is_finite()):
        raise _bad("经纬度不是数", "a coordinate is not a number")
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise _bad("经纬度超出范围（经度在前）", "a coordinate is out of range (longitude comes first)")
    return round(longitude * SCALE), round(latitude * SCALE)


def _crosses_itself(ring: Sequence[Position]) -> bool:
    edges = list(itertools.pairwise(ring))
    last = len(edges) - 1
    for first, (a, b) in enumerate(edges):
        for second in range(first + 1, len(edges)):
            c, d = edges[second]
            neighbours = second == first + 1 or (first == 0 and second == last)
            if _folds_back(a, b, c, d) if neighbours else _meet(a, b, c, d):
                return True
    return False


def _folds_back(a: Position, b: Position, c: Position, d: Position) -> bool:
    """Two edges with a common end overlap when they run back over each other."""
    common = b if b == c else a
    one = a if common == b else b
    two = d if common == c else c
    if _turn(one, common, two) != 0:
        return False
    return (one[0] - common[0]) * (two[0] - common[0]) + (one[1] - common[1]) * (two[1] - common[1]) > 0


def _meet(a: Position, b: Position, c: Position, d: Position) -> bool:
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if _sign(turns[0]) != _sign(turns[1]) and _sign(turns[2]) != _sign(turns[3]):
        return True
    ends = ((turns[0], a, b, c), (turns[1], a, b, d), (turns[2], c, d, a), (turns[3], c, d, b))
    return any(turn == 0 and _between(one, two, point) for turn, one, two, point in ends)


def _between(a: Position, b: Position, point: Position) -> bool:
    return all(min(p, q) <= r <= max(p, q) for p, q, r in zip(a, b, point, strict=True))


def _turn(a: Position, b: Position, c: Position) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _bad(fault_zh: str, fault_en: str) -> BadOutline:
    return BadOutline(fault_zh=fault_zh, fault_en=fault_en, at=Location(field="outline"))
