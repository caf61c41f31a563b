"""Which way up a camera was held: the one note beside a picture that is needed to show it (Exif 2.32)."""

import struct
from typing import Final

UPRIGHT: Final = 1
_MOST: Final = 8
_TAG: Final = 0x0112
_SHORT: Final = 3
_TIFF: Final = 42
_ORDERS: Final = {b"II": "<", b"MM": ">"}
_FIRST: Final = 8
"""Where the only list of tags stands in a block of ours."""


def turn_of(tiff: bytes) -> int:
    """Return the turn, 1 to 8, that a block of Exif (from its byte order on) says; 1 where it says none.

    >>> turn_of(turn_alone(6)), turn_of(b"MM")
    (6, 1)
    """
    order = _ORDERS.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        known, first = struct.unpack_from(f"{order}HI", tiff, 2)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        tags = [struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * at) for at in range(count)]
    except struct.error:
        return UPRIGHT
    said = [value for tag, kind, many, value in tags if (tag, kind, many) == (_TAG, _SHORT, 1)]
    return said[0] if known == _TIFF and said and UPRIGHT <= said[0] <= _MOST else UPRIGHT


def turn_alone(turn: int) -> bytes:
    """Return a block of Exif that says the turn and nothing else.

    >>> turn_alone(6).hex()
    '4d4d002a00000008000101120003000000010006000000000000'
    """
    return struct.pack(">2sHIHHHIHHI", b"MM", _TIFF, _FIRST, 1, _TAG, _SHORT, 1, turn, 0, 0)
