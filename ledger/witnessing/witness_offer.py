"""The body of add-checkpoint, byte for byte (c2sp.org/tlog-witness).

Old size line, proof lines, an empty line, the checkpoint; every line ended by a line feed.
"""

import re
from dataclasses import dataclass
from typing import Final

from ledger.checkpoint import MAX_SIZE
from ledger.errors import MalformedNote, Said
from ledger.merkle import HASH_SIZE
from ledger.note import decode_base64, encode_base64
from ledger.witnessing.witness_errors import MalformedOffer

MAX_PROOF: Final = 63
MAX_OFFER_BYTES: Final = 64 * 1024
"""Room for 63 hashes and 16 signatures, post-quantum ones among them."""
SIZE_TYPE: Final = "text/x.tlog.size"
"""Content type of the size a witness answers 409 with."""

_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


@dataclass(frozen=True, slots=True)
class Offer:
    """A checkpoint offered to a witness, with the proof that it continues the size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def to_bytes(self) -> bytes:
        r"""Return the request body.

        >>> Offer(3, (bytes(32),), "log\n4\n...").to_bytes()[:12]
        b'old 3\nAAAAAA'
        """
        lines = [f"old {self.old}", *map(encode_base64, self.proof), "", self.note]
        return "\n".join(lines).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Offer":
        """Take up a request body; raises `MalformedOffer`. Of the note, nothing is looked at."""
        if len(body) > MAX_OFFER_BYTES:
            raise MalformedOffer(
                reason=Said(f"超过 {MAX_OFFER_BYTES} 字节", f"more than {MAX_OFFER_BYTES} bytes")
            )
        try:
            head, separator, note = body.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise MalformedOffer(reason=Said("不是 UTF-8", "not UTF-8")) from error
        lines = head.split("\n")
        old = _OLD.fullmatch(lines[0])
        if not separator or not old:
            raise MalformedOffer(reason=Said("缺少 old 行或空行", "no old line or no empty line"))
        if len(lines) - 1 > MAX_PROOF:
            raise MalformedOffer(
                reason=Said(f"证明超过 {MAX_PROOF} 行", f"more than {MAX_PROOF} proof lines")
            )
        return cls(int(old[1]), tuple(map(_hash, lines[1:])), note)


def size_body(size: int) -> bytes:
    r"""Return the body of a 409 that tells the size a witness knows.

    >>> size_body(7)
    b'7\n'
    """
    return f"{size}\n".encode()


def read_size(body: bytes) -> int | None:
    r"""Return the size such a body tells, or None when it is none.

    >>> read_size(b"50\n"), read_size(b"050\n"), read_size(b"50"), read_size(b"9223372036854775808\n")
    (50, None, None, None)
    """
    matched = _SIZE.fullmatch(body)
    return int(matched[1]) if matched and int(matched[1]) <= MAX_SIZE else None


def _hash(line: str) -> bytes:
    try:
        hashed = decode_base64(line)
    except MalformedNote as error:
        raise MalformedOffer(reason=error) from error
    if len(hashed) != HASH_SIZE:
        raise MalformedOffer(reason=Said("哈希长度", "hash length"))
    return hashed
