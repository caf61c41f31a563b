"""Witnesses' timestamped cosignatures of checkpoints (c2sp.org/tlog-cosignature, type 0x04).

A cosignature says: at this time, this was the largest tree of this log that I have seen, and
it continues every one before it. Ed25519 cosignatures do not commit to the witness's name, so
one key must never serve under two.
"""

from dataclasses import dataclass
from typing import Final

from ledger.errors import BadSignature, MalformedNote, Said
from ledger.keys import SIGNATURE_SIZE, SigningKey
from ledger.note import Verifier, check_text, signature_line

_HEADER: Final = "cosignature/v1"
_TIME_SIZE: Final = 8
_LATEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class CosignerKey(Verifier):
    """A witness's public key under the witness's name."""

    signature_type = 0x04

    def check(self, text: str, signature: bytes) -> None:
        """Raise `BadSignature` unless `signature` is a time and this key's signature over it and the text.

        The time has to be given: a witness must not answer with time 0 (c2sp.org/tlog-witness).
        """
        if len(signature) != _TIME_SIZE + SIGNATURE_SIZE or not 0 < cosigned_s(signature) <= _LATEST:
            raise BadSignature(key=self.key.key_id)
        message = cosigned_message(text, cosigned_s(signature))
        self.key.verify(message, signature[_TIME_SIZE:])


def cosign(text: str, name: str, key: SigningKey, at_s: int) -> str:
    """Return the cosignature line over a checkpoint's text, at `at_s` seconds since the epoch.

    Raises `MalformedNote` for a text no note can have or a time outside 1 … 2^63 - 1, and
    `BadKeyName`. Whoever calls this has seen that the checkpoint continues all cosigned before.
    """
    check_text(text)
    if not 0 < at_s <= _LATEST:
        raise MalformedNote(reason=Said(f"时间 {at_s} 越界", f"time {at_s} is out of range"))
    signed = key.sign(cosigned_message(text, at_s))
    return signature_line(CosignerKey(name, key.public), at_s.to_bytes(_TIME_SIZE, "big") + signed)


def cosigned_message(text: str, at_s: int) -> bytes:
    r"""Return the bytes a witness signs: header line, time line, and the checkpoint's whole text.

    >>> cosigned_message("log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 7)[:30]
    b'cosignature/v1\ntime 7\nlog.exam'
    """
    return f"{_HEADER}\ntime {at_s}\n{text}".encode()


def cosigned_s(signature: bytes) -> int:
    """Return the time a cosignature states, in seconds since the epoch."""
    return int.from_bytes(signature[:_TIME_SIZE], "big")
