"""Base45 (RFC 9285): bytes in the 45 characters that a QR code stores most tightly."""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}


def encode(raw: bytes) -> str:
    """Return `raw` in base45: three characters for two bytes, two for a last single one.

    >>> encode(b"AB"), encode(b"Hello!!"), encode(b"base-45")
    ('BB8', '%69 VD92EX0', 'UJCLQE7W581')
    """
    groups = (raw[at : at + 2] for at in range(0, len(raw), 2))
    return "".join(_digits(int.from_bytes(group), len(group) + 1) for group in groups)


def decode(text: str) -> bytes:
    """Return the bytes of `text`; raises `ValueError` for any text that `encode` does not give.

    >>> decode("QED8WEX0")
    b'ietf!'
    """
    groups = (text[at : at + 3] for at in range(0, len(text), 3))
    return b"".join(_value(group).to_bytes(len(group) - 1) for group in groups)


def _digits(value: int, count: int) -> str:
    characters: list[str] = []
    for _ in range(count):
        value, digit = divmod(value, 45)
        characters.append(ALPHABET[digit])
    return "".join(characters)


def _value(group: str) -> int:
    if len(group) == 1 or not all(character in _VALUES for character in group):
        raise ValueError("not base45")
    value = 0
    for character in reversed(group):
        value = value * 45 + _VALUES[character]
    if value >= 256 ** (len(group) - 1):
        raise ValueError("not base45")
    return value
