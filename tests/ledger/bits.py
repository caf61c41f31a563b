"""Bytes with one bit turned over."""


def flipped(content: bytes, bit: int) -> bytes:
    """The same bytes with the bit at `bit` (0: the first byte's lowest) turned over."""
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
