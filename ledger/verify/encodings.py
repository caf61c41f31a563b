"""Base64 in exactly one spelling, hexadecimal, and the two RFC 6962 hashes."""

import base64
import binascii
import hashlib
import re
from typing import Final

from ledger.errors import Said
from ledger.verify.faults import Refused

HASH_SIZE: Final = 32
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_BASE64: Final = Said("不是标准 base64", "it is not standard base64")


def decoded(text: str) -> bytes:
    """Return the bytes of standard base64 (RFC 4648, section 4); raises `Refused` for any other spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Refused(_BASE64) from error
    if base64.b64encode(raw).decode() != text:
        raise Refused(_BASE64)
    return raw


def base64url(raw: bytes) -> str:
    """Write bytes in the URL-safe alphabet without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hash_of(text: str) -> bytes:
    """Return the hash written as 64 lower-case hex digits; raises `Refused`."""
    if not _HASH.fullmatch(text):
        raise Refused(Said("不是 64 位十六进制哈希", "it is not a hash of 64 hex digits"))
    return bytes.fromhex(text)


def split_hashes(joined: bytes) -> list[bytes]:
    """Return the hashes that stand one after another; raises `Refused` when the last is cut off."""
    if len(joined) % HASH_SIZE:
        raise Refused(Said("哈希不完整", "a hash is cut off"))
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]


def leaf_hash(leaf: bytes) -> bytes:
    """Return SHA-256(0x00 || leaf) (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right) (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()
