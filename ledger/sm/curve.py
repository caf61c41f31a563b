"""The curve sm2p256v1 (GB/T 32918.5-2017) in plain Python: points, and multiples of points.

One addition formula without exceptions serves every case (Renes, Costello, Batina: Complete addition
formulas for prime order elliptic curves, 2016, section 3), and every multiple takes the same 512 of them.
Python's integers are nevertheless not constant-time: whoever can time signatures may learn of the key.
"""

from typing import Final, NamedTuple

P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A: Final = P - 3
B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
"""How many points the curve has, infinity counted: a prime, so no point has a small order."""
_BITS: Final = 256


class Point(NamedTuple):
    """A point in projective coordinates: (x / z, y / z), or infinity when z is 0."""

    x: int
    y: int
    z: int

    def affine(self) -> tuple[int, int] | None:
        """Return x and y, or None for infinity."""
        if self.z % P == 0:
            return None
        inverse = pow(self.z, -1, P)
        return self.x * inverse % P, self.y * inverse % P


INFINITY: Final = Point(0, 1, 0)
BASE: Final = Point(
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
    1,
)


def on_curve(x: int, y: int) -> bool:
    """Tell whether reduced coordinates satisfy y² = x³ + ax + b.

    >>> on_curve(BASE.x, BASE.y), on_curve(BASE.x, BASE.y + 1), on_curve(BASE.x + P, BASE.y)
    (True, False, False)
    """
    return 0 <= x < P and 0 <= y < P and (y * y - x * x * x - A * x - B) % P == 0


def added(one: Point, other: Point) -> Point:
    """Return the sum of two points, whichever they are."""
    x1, y1, z1 = one
    x2, y2, z2 = other
    xx, zz = x1 * x2 % P, z1 * z2 % P
    yy = y1 * y2 % P
    xy, xz, yz = (x1 * y2 + x2 * y1) % P, (x1 * z2 + x2 * z1) % P, (y1 * z2 + y2 * z1) % P
    side = (A * xz + 3 * B * zz) % P
    slope = (3 * xx + A * zz) % P
    lift = (A * xx + 3 * B * xz - A * A * zz) % P
    below, above = yy - side, yy + side
    return Point(
        (xy * below - yz * lift) % P,
        (slope * lift + above * below) % P,
        (yz * above + xy * slope) % P,
    )


def multiple(times: int, point: Point) -> Point:
    """Return `times` times `point`, by the ladder of Montgomery: one sum and one doubling for every bit.

    >>> multiple(ORDER, BASE).affine() is None
    True
    """
    low, high = INFINITY, point
    for bit in range(_BITS - 1, -1, -1):
        if times >> bit & 1:
            low, high = added(low, high), added(high, high)
        else:
            low, high = added(low, low), added(low, high)
    return low
