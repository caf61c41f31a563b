"""SM3 (GB/T 32905-2016) in plain Python, for interpreters whose OpenSSL has none.

About a thousandth as fast as OpenSSL's: enough to check a receipt, slow for a whole log.
"""

from typing import Final

BLOCK: Final = 64
"""Bytes hashed at a time (section 5.3)."""
_MASK: Final = 0xFFFFFFFF
_START: Final[tuple[int, ...]] = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)


def _turned(word: int, by: int) -> int:
    """Return a 32-bit word rotated to the left."""
    return (word << by | word >> 32 - by) & _MASK


# Section 4.2, each already turned to its round (section 5.3.3).
_ROUND: Final = tuple(_turned(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32) for j in range(64))


class Sm3:
    """The hash of the bytes it is made from.

    >>> Sm3(b"abc").digest().hex()[:16]
    '66c7f0f462eeedd9'
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def digest(self) -> bytes:
        """Return the 32 bytes of the hash."""
        padded = _padded(self._content)
        state = _START
        for begin in range(0, len(padded), BLOCK):
            state = _compressed(state, padded[begin : begin + BLOCK])
        return b"".join(word.to_bytes(4, "big") for word in state)


def _padded(content: bytes) -> bytes:
    """Return section 5.2: a one bit, zeros, and the length in bits as 64 bits."""
    zeros = -(len(content) + 9) % BLOCK
    return content + b"\x80" + bytes(zeros) + (8 * len(content)).to_bytes(8, "big")


def _expanded(block: bytes) -> list[int]:
    """Return the 68 words of section 5.3.2."""
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, BLOCK, 4)]
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _turned(words[j - 3], 15)
        words.append(x ^ _turned(x, 15) ^ _turned(x, 23) ^ _turned(words[j - 13], 7) ^ words[j - 6])
    return words


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """Return section 5.3.3, the compression function; names are those of the standard."""
    words = _expanded(block)
    a, b, c, d = state[:4]
    e, f, g, h = state[4:]
    for j in range(64):
        turned_a = _turned(a, 12)
        ss1 = _turned((turned_a + e + _ROUND[j]) & _MASK, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ turned_a) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + words[j]) & _MASK
        a, b, c, d = tt1, a, _turned(b, 9), c
        e, f, g, h = tt2 ^ _turned(tt2, 9) ^ _turned(tt2, 17), e, _turned(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))
