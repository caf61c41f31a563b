"""Logarithm and exponential that give the same bits on every processor, thread count and numpy.

IEEE 754 fixes the result of an addition, a multiplication and a division to the last bit; it does not
fix a logarithm, and numpy chooses another one for each kind of processor. Here both are made of fixed
operations alone, in a fixed order, so that a release recomputed elsewhere has the same digits. The
error is below one unit in the last place of the result.
"""

from fractions import Fraction
from math import factorial
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BLOCK: Final = 8192
"""Numbers worked on at a time: what a processor keeps in its nearest memory."""
_LN2_HIGH: Final = float.fromhex("0x1.62e42feep-1")
"""The first 32 bits of ln 2, so that its product with any exponent is exact."""
_LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")
"""The rest of ln 2."""
_PER_LN2: Final = 1.4426950408889634
_LOG_TERMS: Final = tuple(float(Fraction(2, 2 * k + 1)) for k in range(10, 0, -1))
"""2/21 … 2/3: ln((1+s)/(1-s)) = 2s + s·(2/3 s² + 2/5 s⁴ + …), |s| <= 0.1716, highest power first."""
_EXP_TERMS: Final = tuple(float(Fraction(1, factorial(k))) for k in range(14, 1, -1))
"""1/14! … 1/2!: e^r = 1 + r + r²·(1/2! + r/3! + …), |r| <= 0.3466, highest power first."""
_MANTISSA: Final = (1 << 52) - 1
_ONE_BITS: Final = 1023 << 52
_SMALLEST_NORMAL: Final = 2.0**-1022
_ROOT_HALF_SHIFT: Final = 0x3FE6A09E667F3BCD
"""Bits of √½: taking them off before the exponent is read puts the mantissa in [√½, √2)."""


def log(values: Floats) -> Floats:
    """Natural logarithm: -inf of zero, NaN of what is negative or NaN; any shape.

    >>> log(np.array([1.0, 0.0, -1.0, np.inf])).tolist()
    [0.0, -inf, nan, inf]
    """
    flat = np.ascontiguousarray(values, dtype=np.float64).reshape(-1)
    out = np.empty_like(flat)
    with np.errstate(all="ignore"):
        for start in range(0, len(flat), _BLOCK):
            block = flat[start : start + _BLOCK]
            _log_block(block, out[start : start + _BLOCK])
    return out.reshape(np.shape(values))


def _log_block(x: Floats, out: Floats) -> None:
    """Write ln x: x = 2^k·m, f = m - 1, s = f/(2+f), ln x = k·ln 2 + f - (f²/2 - s·(f²/2 + R(s²)))."""
    bits = x.view(np.int64) - _ROOT_HALF_SHIFT
    k = (bits >> 52).astype(np.float64)
    bits &= _MANTISSA
    bits += _ROOT_HALF_SHIFT
    f = bits.view(np.float64) - 1.0
    s = f + 2.0
    np.divide(f, s, out=s)
    z = s * s
    r = z * _LOG_TERMS[0]
    for term in _LOG_TERMS[1:]:
        r += term
        r *= z
    half = f * f
    half *= 0.5
    r += half
    r *= s
    np.multiply(k, _LN2_LOW, out=z)
    r += z
    half -= r
    half -= f
    np.multiply(k, _LN2_HIGH, out=out)
    out -= half
    odd = ~((x >= _SMALLEST_NORMAL) & (x < np.inf))
    if odd.any():
        out[odd] = _log_odd(x[odd])


def _log_odd(x: Floats) -> Floats:
    """What is no normal positive number: subnormal, zero, negative, infinite, NaN."""
    found = np.full_like(x, np.nan)
    found[x == 0] = -np.inf
    found[x == np.inf] = np.inf
    small = (x > 0) & (x < _SMALLEST_NORMAL)
    if small.any():
        scaled = x[small] * 2.0**54
        lifted = np.empty_like(scaled)
        _log_block(scaled, lifted)
        found[small] = (lifted - 54 * _LN2_HIGH) - 54 * _LN2_LOW
    return found


def exp(values: Floats) -> Floats:
    """Raise e to each value: 0 of -inf, NaN of NaN; any shape.

    >>> exp(np.array([0.0, -np.inf, np.inf, np.nan])).tolist()
    [1.0, 0.0, inf, nan]
    """
    flat = np.ascontiguousarray(values, dtype=np.float64).reshape(-1)
    out = np.empty_like(flat)
    with np.errstate(all="ignore"):
        for start in range(0, len(flat), _BLOCK):
            block = flat[start : start + _BLOCK]
            _exp_block(block, out[start : start + _BLOCK])
    return out.reshape(np.shape(values))


def _exp_block(x: Floats, out: Floats) -> None:
    """Write e^x: x = k·ln 2 + r, e^x = 2^k·e^r; beyond ±746 the result is 0 or infinite anyway."""
    held = np.clip(x, -746.0, 710.0)
    known = np.where(np.isnan(held), 0.0, held)
    k = np.rint(known * _PER_LN2)
    high = known - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    p = r * _EXP_TERMS[0]
    for term in _EXP_TERMS[1:-1]:
        p += term
        p *= r
    p += _EXP_TERMS[-1]
    p *= r
    p *= r
    low -= p
    high -= low
    high += 1.0
    np.ldexp(high, k.astype(np.int32), out=out)
    out[np.isnan(x)] = np.nan


def power(base: Floats, exponent: float) -> Floats:
    """`base` to `exponent`; whole exponents -1, 0, 1 and 2 are exact operations.

    >>> power(np.array([4.0]), 0.5).tolist(), power(np.array([4.0]), -1).tolist()
    ([2.0], [0.25])
    """
    if exponent == 1:
        return base
    if exponent == 0:
        return np.ones_like(base)
    if exponent == -1:
        return 1.0 / base
    if exponent == 2:
        return base * base
    return exp(exponent * log(base))


def running_sum(values: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """The sum taken one after the other, so that its bits do not depend on how it is split.

    >>> running_sum(np.array([0.5, 0.25])), running_sum(np.array([]))
    (0.75, 0.0)
    """
    return float(np.cumsum(values)[-1]) if len(values) else 0.0
