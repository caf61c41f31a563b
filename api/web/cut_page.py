"""A drawn page cut at its marks: filled in by joining, plain or in gzip, without going through it again.

What lies between marks is the same for every pack and deflated once; what is filled in goes between as blocks
that are stored, not deflated (RFC 1951, section 3.2.4). Only the checksum is of each page's own (RFC 1952).
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from struct import pack
from typing import Final

_HEAD: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""A member deflated at no time by no known system: equal pages are equal bytes."""
_KEPT: Final = 256
"""Pages whose cuts are remembered; they share what they are cut from with the cache of pages."""


class CutPage:
    """A page between its marks."""

    def __init__(self, drawn: bytes, marks: Sequence[bytes]) -> None:
        """Cut `drawn` at each of `marks`, none of which is part of another."""
        pieces = re.split(b"(" + b"|".join(map(re.escape, marks)) + b")", drawn)
        self._between = pieces[::2]
        self._deflated = [_deflated(piece, last=False) for piece in pieces[:-1:2]]
        self._deflated.append(_deflated(pieces[-1], last=True))
        self._marks = pieces[1::2]

    def filled(self, filling: Mapping[bytes, bytes]) -> list[bytes]:
        """Return the page with what each mark stands for, in pieces."""
        return self._between_them(self._between, filling)

    def gzipped(self, filling: Mapping[bytes, bytes]) -> list[bytes]:
        """Return the same as `filled` gives in gzip, in pieces."""
        plain = b"".join(self.filled(filling))
        stored = {mark: _stored(text) for mark, text in filling.items()}
        ended = pack("<LL", zlib.crc32(plain), len(plain))
        return [_HEAD, *self._between_them(self._deflated, stored), ended]

    def _between_them(self, between: Sequence[bytes], filling: Mapping[bytes, bytes]) -> list[bytes]:
        pieces = [b""] * (len(between) + len(self._marks))
        pieces[::2] = between
        pieces[1::2] = [filling[mark] for mark in self._marks]
        return pieces


def _deflated(piece: bytes, *, last: bool) -> bytes:
    """Deflate a piece to whole bytes that refer to none before them."""
    deflating = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflating.compress(piece) + deflating.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def _stored(text: bytes) -> bytes:
    return b"\0" + pack("<HH", len(text), 0xFFFF - len(text)) + text if text else b""


@lru_cache(maxsize=_KEPT)
def cut_page(drawn: bytes, start: int, *marks: bytes) -> CutPage:
    """Return a page cut at `marks`, without its first `start` bytes; those asked for last are remembered."""
    return CutPage(drawn[start:], marks)
