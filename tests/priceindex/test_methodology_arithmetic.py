"""The steps of docs/methodology.md, section 11, written down in plain Python, give the engine's very bits."""

import math
import struct
from fractions import Fraction

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from priceindex.portable import exp, log

H, L, B = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33"), 1.4426950408889634
C = {j: float(Fraction(2, 2 * j + 1)) for j in range(1, 11)}
D = {j: float(Fraction(1, math.factorial(j))) for j in range(2, 15)}
ROOT_HALF = struct.unpack("<d", struct.pack("<q", 0x3FE6A09E667F3BCD))[0]


def ln(x: float) -> float:
    m, k = math.frexp(x)
    if m < ROOT_HALF:
        m, k = 2 * m, k - 1
    f = m - 1
    s = f / (f + 2)
    z, h = s * s, (f * f) * 0.5
    r = z * C[10]
    for j in range(9, 0, -1):
        r = (r + C[j]) * z
    r = (r + h) * s
    r = r + k * L
    return k * H - ((h - r) - f)


def e_to(x: float) -> float:
    k = round(x * B)
    a, b = x - k * H, k * L
    r = a - b
    p = r * D[14]
    for j in range(13, 2, -1):
        p = (p + D[j]) * r
    p = ((p + D[2]) * r) * r
    return math.ldexp((a - (b - p)) + 1, k)


@given(st.floats(min_value=2.0**-1022, max_value=1e300))
@example(1.0)
@example(ROOT_HALF)
@example(math.nextafter(ROOT_HALF, 0))
def test_the_logarithm_written_down_is_the_engines(x: float) -> None:
    assert ln(x) == float(log(np.array([x]))[0])


@given(st.floats(min_value=-700, max_value=700))
@example(0.0)
@example(math.log(2) / 2)
def test_the_exponential_written_down_is_the_engines(x: float) -> None:
    assert e_to(x) == float(exp(np.array([x]))[0])
