"""Reads and writes the parts of a compact binary form: numbers, and bytes with their length."""

from dataclasses import dataclass
from typing import Final

from ledger.errors import Said
from ledger.proofs.printed_errors import MalformedPrintedProof

_LONGEST_NUMBER: Final = 10
"""Groups of seven bits that 64 bits take."""


def number(value: int) -> bytes:
    """Return `value` in groups of seven bits, the lowest first, all but the last with the top bit set.

    >>> number(0).hex(), number(300).hex()
    ('00', 'ac02')
    """
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def sized(raw: bytes) -> bytes:
    """Return `raw` behind its length."""
    return number(len(raw)) + raw


@dataclass(slots=True)
class Reader:
    """Takes parts off the front of `raw`; each raises `MalformedPrintedProof` when there is too little."""

    raw: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        if count > len(self.raw) - self.at:
            raise MalformedPrintedProof(reason=Said("内容不完整", "it ends too early"))
        self.at += count
        return self.raw[self.at - count : self.at]

    def number(self) -> int:
        """Return the next number, refusing a longer form than it needs."""
        value = 0
        for group in range(_LONGEST_NUMBER):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << 7 * group
            if byte < 0x80:
                if byte == 0 and group:
                    break
                return value
        raise MalformedPrintedProof(reason=Said("数字写法不对", "a number is not in its one form"))

    def sized(self) -> bytes:
        """Return the next bytes, whose length stands before them."""
        return self.take(self.number())

    def text(self) -> str:
        """Return the next bytes with a length as text."""
        try:
            return self.sized().decode()
        except UnicodeDecodeError as error:
            raise MalformedPrintedProof(reason=Said("不是 UTF-8 编码", "it is not UTF-8")) from error

    def end(self) -> None:
        """Raise unless nothing is left."""
        if self.at != len(self.raw):
            raise MalformedPrintedProof(reason=Said("末尾有多余内容", "something follows its end"))
