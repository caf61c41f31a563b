"""How far outside a place's outline a position lies, in metres."""

import itertools
import math
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from trace.registers.ring import SCALE, Position, contains, position_of

ALLOWED_M: Final = 100
"""Our own bound: telephones in the open place themselves within some tens of metres."""

_METRES_PER_DEGREE: Final = 111_320


def metres_outside(ring: Sequence[Position], point: Position) -> int:
    """Return the distance from a point to a ring that does not hold it; 0 inside.

    A plane at the point's latitude is near enough: the answer only decides beyond or within `ALLOWED_M`.

    >>> square = ((0, 0), (10000, 0), (10000, 10000), (0, 10000), (0, 0))
    >>> metres_outside(square, (5000, 5000)), metres_outside(square, (20000, 5000))
    (0, 111)
    """
    if contains(ring, point):
        return 0
    east = math.cos(math.radians(point[1] / SCALE)) * _METRES_PER_DEGREE / SCALE
    north = _METRES_PER_DEGREE / SCALE
    flat = [((x - point[0]) * east, (y - point[1]) * north) for x, y in ring]
    return round(min(_to_segment(one, two) for one, two in itertools.pairwise(flat)))


def spoken_position(longitude: object, latitude: object) -> Position | None:
    """Return the position that a step's fields say; None where they say none that can be read.

    >>> spoken_position("115.7823", "33.8456")
    (1157823000, 338456000)
    """
    try:
        degrees = Decimal(str(longitude)), Decimal(str(latitude))
    except InvalidOperation:
        return None
    if not all(each.is_finite() for each in degrees) or abs(degrees[0]) > 180 or abs(degrees[1]) > 90:
        return None
    return position_of(*degrees)


def _to_segment(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Return the distance from the origin to a segment."""
    (x1, y1), (x2, y2) = one, two
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    part = 0.0 if length == 0 else max(0.0, min(1.0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length))
    return math.hypot(x1 + part * (x2 - x1), y1 + part * (y2 - y1))
