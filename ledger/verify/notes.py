"""Signed notes, verifier keys and cosignatures (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Said
from ledger.verify import ed25519
from ledger.verify.encodings import HASH_SIZE, decoded
from ledger.verify.faults import Refused
from ledger.verify.trees import MAX_SIZE

LOG: Final = 1
"""Signature type of a log's Ed25519 key."""
WITNESS: Final = 4
"""Signature type of an Ed25519 cosignature with its time."""
MAX_SIGNATURES: Final = 16

_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f\ufeff]+")
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_NOTE: Final = Said("检查点不是签名文本", "the checkpoint is not a signed note")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key, the name it signs notes under, and what its signatures mean."""

    name: str
    raw: bytes
    type: int

    @property
    def hash(self) -> bytes:
        """SHA-256(name || 0x0A || type || key), first four bytes: what signature lines begin with."""
        typed = bytes([self.type]) + self.raw
        return hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]

    @classmethod
    def of(cls, vkey: str, kind: int) -> "VerifierKey":
        """Take up `name+hash+key` as a key of this type; raises `Refused`."""
        matched = _VKEY.fullmatch(vkey)
        if not matched or not _NAME.fullmatch(matched[1]):
            raise Refused(Said("验证公钥应为 名称+哈希+公钥", "a verifier key is name+hash+key"))
        typed = decoded(matched[3])
        if typed[:1] != bytes([kind]) or not ed25519.safe(typed[1:]):
            raise Refused(
                Said("验证公钥的类型不对或不安全", "the verifier key has another type or is unsafe")
            )
        key = cls(matched[1], typed[1:], kind)
        if key.hash.hex() != matched[2]:
            raise Refused(Said("验证公钥的哈希不符", "the verifier key's hash does not fit it"))
        return key


@dataclass(frozen=True, slots=True)
class Head:
    """The log's head as a checkpoint states it."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_hash: bytes
    raw: bytes

    def by(self, key: VerifierKey) -> bool:
        """Say whether the line names this key."""
        return self.name == key.name and self.key_hash == key.hash


def split(lines: Sequence[str]) -> tuple[str, list[Signature]]:
    """Return the text of a note given as its lines, and its signatures; raises `Refused`."""
    if "" not in lines or "\n" in "".join(lines):
        raise Refused(_NOTE)
    middle = len(lines) - 1 - list(reversed(lines)).index("")
    signatures = [_signature(line) for line in lines[middle + 1 :]]
    if middle == 0 or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise Refused(_NOTE)
    return "\n".join(lines[:middle]) + "\n", signatures


def head_of(text: str) -> Head:
    """Return what a checkpoint's text states (c2sp.org/tlog-checkpoint); raises `Refused`.

    Extension lines are passed over, as the specification asks of clients.
    """
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]) or int(lines[1]) > MAX_SIZE:
        raise Refused(_NOTE)
    root = decoded(lines[2])
    if len(root) != HASH_SIZE:
        raise Refused(_NOTE)
    return Head(lines[0], int(lines[1]), root)


def log_signed(text: str, signature: Signature, key: VerifierKey) -> bool:
    """Say whether a line by the log's key holds."""
    return ed25519.holds(key.raw, text.encode(), signature.raw)


def witnessed(text: str, signature: Signature, key: VerifierKey) -> int | None:
    """Return when, in seconds since 1970, a witness cosigned; None when its line does not hold.

    The message is `cosignature/v1`, the time, and the checkpoint's text (c2sp.org/tlog-cosignature).
    """
    seconds = int.from_bytes(signature.raw[:8], "big")
    message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    if len(signature.raw) != 72 or not 0 < seconds <= MAX_SIZE:
        return None
    return seconds if ed25519.holds(key.raw, message, signature.raw[8:]) else None


def _signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not _NAME.fullmatch(parts[1]):
        raise Refused(_NOTE)
    raw = decoded(parts[2])
    if len(raw) < 5:
        raise Refused(_NOTE)
    return Signature(parts[1], raw[:4], raw[4:])
