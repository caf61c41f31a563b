"""A ring is closed, simple and counterclockwise; its area is that of the ellipsoid."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.registers.geofence import metres_outside, spoken_position
from trace.registers.register_errors import BadOutline
from trace.registers.ring import SCALE, contains, ring_of, twice_flat_area
from trace.registers.ring_area import area_m2, mu_100

EARTH_M2 = 510_065_621_724_089
"""Surface of the WGS 84 ellipsoid, 510,065,621.724 km² (NIMA TR8350.2, and GeographicLib)."""


def degrees(*pairs: tuple[float | str, float | str]) -> list[list[Decimal]]:
    return [[Decimal(str(longitude)), Decimal(str(latitude))] for longitude, latitude in pairs]


def scaled(*pairs: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple((longitude * SCALE, latitude * SCALE) for longitude, latitude in pairs)


def test_an_octant_is_an_eighth_of_the_earth() -> None:
    # GeographicLib, Planimeter test: the octant has 63758202715511.055 m²
    octant = scaled((0, 0), (90, 0), (90, 90), (0, 90), (0, 0))
    assert area_m2(octant) == pytest.approx(63_758_202_715_511.055, rel=1e-6)
    belts = sum(
        area_m2(scaled((0, low), (90, low), (90, low + 1), (0, low + 1), (0, low))) for low in range(90)
    )
    assert belts * 8 == pytest.approx(EARTH_M2, rel=1e-12)


def test_a_degree_square_at_the_equator_has_its_published_area() -> None:
    # 12308.46 km²: S(1°)·π/180 (Snyder, PP 1395, eq. 3-12 with q = 0.0347975…); geodesic sides give 12308.78
    assert area_m2(scaled((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))) == pytest.approx(12_308_463_894, rel=1e-9)


@pytest.mark.parametrize("latitude", [0, 18, 34, 47])
def test_a_small_square_is_as_large_as_its_sides_say(latitude: int) -> None:
    """Sides from the radii of curvature M and N, the textbook's other way to measure."""
    flattening = 1 / 298.257223563
    e2 = flattening * (2 - flattening)
    bend = 1 - e2 * math.sin(math.radians(latitude)) ** 2
    meridian = 6378137 * (1 - e2) / bend**1.5
    parallel = 6378137 / math.sqrt(bend) * math.cos(math.radians(latitude))
    half = 5_000  # 0.0005 degrees
    low, high = latitude * SCALE - half, latitude * SCALE + half
    ring = ((0, low), (2 * half, low), (2 * half, high), (0, high), (0, low))
    expected = math.radians(0.001) ** 2 * meridian * parallel
    assert area_m2(ring) == pytest.approx(expected, abs=1)


def test_a_mu_is_two_thirds_of_a_thousand_square_metres() -> None:
    assert (mu_100(10_000), mu_100(66_667)) == (1500, 10_000)  # a hectare has 15 mu


@pytest.mark.parametrize(
    ("ring", "fault"),
    [
        (degrees((0, 0), (0, 0.1)), "4"),
        (degrees((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1)), "首尾"),
        (degrees((0, 0), (0, 0.1), (0.1, 0.1), (0.1, 0), (0, 0)), "顺时针"),
        (degrees((0, 0), (0.1, 0.1), (0.1, 0), (0, 0.1), (0, 0)), "自相交"),
        (degrees((0, 0), (0.2, 0), (0.1, 0), (0.1, 0.1), (0, 0)), "自相交"),  # runs back over itself
        (degrees((0, 0), (0.1, 0), (0.1, 0.1), (0.1, 0), (0, 0)), "多次"),
        (degrees((0, 0), (2, 0), (2, 0.1), (0, 0.1), (0, 0)), "1 度"),
        (degrees((115, 33), (115, 91), (116, 34), (115, 33)), "超出范围"),
        (degrees((33, 115), (33.1, 115), (33.1, 115.1), (33, 115)), "超出范围"),  # latitude first
        ([[Decimal(0)]] * 4, "经度"),
        (degrees(("NaN", 0), (1, 0), (1, 1), (0, 0)), "不是数"),
    ],
)
def test_what_is_no_simple_ring_is_refused(ring: list[list[Decimal]], fault: str) -> None:
    with pytest.raises(BadOutline) as caught:
        ring_of(ring)
    assert fault in caught.value.message("zh")


def test_a_ring_of_too_many_positions_is_refused_before_anything_is_computed() -> None:
    with pytest.raises(BadOutline):
        ring_of(degrees((0, 0)) * 100_000)


@given(
    st.integers(3, 12),
    st.floats(0.0001, 0.01),
    st.floats(70, 130),
    st.floats(5, 50),
)
def test_a_round_plot_is_about_as_large_as_its_circle(
    corners: int, radius: float, east: float, north: float
) -> None:
    angles = [2 * math.pi * corner / corners for corner in range(corners)]
    pairs = [
        (
            f"{east + radius * math.cos(each) / math.cos(math.radians(north)):.7f}",
            f"{north + radius * math.sin(each):.7f}",
        )
        for each in angles
    ]
    ring = ring_of(degrees(*pairs, pairs[0]))
    side = radius * 111_200  # metres in a degree of latitude, to about half a per cent
    assert area_m2(ring) == pytest.approx(
        corners / 2 * math.sin(2 * math.pi / corners) * side**2, rel=0.02, abs=2
    )
    assert area_m2(ring[::-1]) == -area_m2(ring)
    assert twice_flat_area(ring) > 0
    assert contains(ring, (round(Decimal(str(east)) * SCALE), round(Decimal(str(north)) * SCALE)))
    assert metres_outside(ring, ring[0]) == 0


@given(st.integers(-50, 150), st.integers(-50, 150))
def test_a_point_is_inside_where_comparing_says_so(x: int, y: int) -> None:
    square = ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    assert contains(square, (x, y)) == (0 <= x <= 100 and 0 <= y <= 100)


def test_a_kilometre_outside_is_a_kilometre() -> None:
    ring = ring_of(
        degrees((115.78, 33.84), (115.79, 33.84), (115.79, 33.85), (115.78, 33.85), (115.78, 33.84))
    )
    north = spoken_position("115.785", "33.859018")  # 1000 m of meridian are 0.009018 degrees there
    assert north is not None
    assert metres_outside(ring, north) == pytest.approx(1000, abs=5)
    assert spoken_position("here", "33") is None
    assert spoken_position("181", "33") is None
