"""The area a ring encloses on the WGS 84 ellipsoid.

Between the equator and latitude φ lies, per radian of longitude, the area
S(φ) = b²/2 · (sin φ / (1 − e² sin² φ) + artanh(e sin φ) / e): the authalic latitude's integral (Snyder,
Map Projections, USGS PP 1395, eq. 3-12). An edge that is straight in longitude and latitude (RFC 7946,
3.1.1) has the area between it and the equator ∫ S dλ; a ring is the sum over its edges.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Final

from trace.registers.ring import SCALE, Position

SEMI_MAJOR_M: Final = 6_378_137.0
FLATTENING: Final = 1 / 298.257_223_563
"""WGS 84 (NIMA TR8350.2, table 3.1)."""

_E2: Final = FLATTENING * (2 - FLATTENING)
_E: Final = math.sqrt(_E2)
_B2: Final = (SEMI_MAJOR_M * (1 - FLATTENING)) ** 2
_GAUSS: Final = tuple(
    (0.5 + sign * node / 2, weight / 2)
    for node, weight, signs in (
        (0.0, 128 / 225, (1,)),
        (math.sqrt(5 - 2 * math.sqrt(10 / 7)) / 3, (322 + 13 * math.sqrt(70)) / 900, (1, -1)),
        (math.sqrt(5 + 2 * math.sqrt(10 / 7)) / 3, (322 - 13 * math.sqrt(70)) / 900, (1, -1)),
    )
    for sign in signs
)
"""Gauss–Legendre, five points on 0 … 1: exact here far below a square millimetre for edges of a degree."""

MU_PER_M2: Final = (3, 2000)
"""One 亩 is 2000/3 m² (市亩)."""


def area_m2(ring: Sequence[Position]) -> int:
    """Return the area of a ring in whole square metres; negative when it runs clockwise.

    >>> area_m2(((0, 0), (10_000_000, 0), (10_000_000, 10_000_000), (0, 10_000_000), (0, 0)))
    12308463894
    """
    base = math.radians(ring[0][1] / SCALE)
    rest = [_edge(one, two, base) for one, two in itertools.pairwise(ring)]
    return round(-math.fsum(rest))


def mu_100(area: int) -> int:
    """Return an area in hundredths of a 亩, rounded.

    >>> mu_100(667), mu_100(10_000)
    (100, 1500)
    """
    return (area * 100 * MU_PER_M2[0] * 2 + MU_PER_M2[1]) // (2 * MU_PER_M2[1])


def _edge(one: Position, two: Position, base: float) -> float:
    """Return the area between an edge and the parallel `base`: near the edge, so that digits survive."""
    low, high = math.radians(one[1] / SCALE), math.radians(two[1] / SCALE)
    mean = sum(weight * (_zone(low + place * (high - low)) - _zone(base)) for place, weight in _GAUSS)
    return math.radians((two[0] - one[0]) / SCALE) * mean


def _zone(latitude: float) -> float:
    sine = math.sin(latitude)
    return _B2 / 2 * (sine / (1 - _E2 * sine * sine) + math.atanh(_E * sine) / _E)
