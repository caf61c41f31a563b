"""Signed notes: text, an empty line, and signature lines anybody may add to (c2sp.org/signed-note).

Only Ed25519 (signature type 0x01) is made and verified here. Lines of unknown keys are
passed over, so that witnesses can cosign and keys can overlap.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from ledger.errors import BadKeyName, BadSignature, MalformedNote, NotSignedByLog, Said
from ledger.keys import KEY_SIZE, SIGNATURE_SIZE, PublicKey, SigningKey

MAX_SIGNATURES: Final = 100
"""The specification demands at least 16; a bound keeps a hostile note cheap."""

_ED25519: Final = b"\x01"
_EM_DASH: Final = "\u2014"
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")
# Surrogates too: text that holds one has no bytes to sign.
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_BASE64: Final = Said("不是标准 base64", "not standard base64")
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public key under the name it signs notes with: what a verifier must be given to trust."""

    name: str
    key: PublicKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadKeyName(name=ascii(self.name))

    @property
    def key_hash(self) -> bytes:
        """SHA-256(name || 0x0A || 0x01 || public key), first four bytes: what signature lines name."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key.raw).digest()[:4]

    def to_vkey(self) -> str:
        """Return `name+hash+key`, the form in which verifier keys are handed around."""
        return f"{self.name}+{self.key_hash.hex()}+{encode_base64(_ED25519 + self.key.raw)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> "NoteKey":
        """Take up a verifier key; raises `MalformedNote`, `BadPublicKey` or `BadKeyName`."""
        matched = _VKEY.fullmatch(vkey)
        if not matched:
            raise MalformedNote(reason=Said("验证公钥应为 名称+哈希+公钥", "a verifier key is name+hash+key"))
        name, key_hash, encoded = matched.groups()
        typed = decode_base64(encoded)
        if len(typed) != 1 + KEY_SIZE or typed[:1] != _ED25519:
            raise MalformedNote(
                reason=Said("只支持 Ed25519 验证公钥", "only Ed25519 verifier keys are known")
            )
        note_key = cls(name, PublicKey(typed[1:]))
        if note_key.key_hash.hex() != key_hash:
            raise MalformedNote(
                reason=Said(
                    "验证公钥的哈希与名称、公钥不符", "the verifier key's hash does not fit its name and key"
                )
            )
        return note_key


def sign_note(text: str, name: str, key: SigningKey) -> str:
    """Return the note of `text` signed by `key` under `name`; raises `MalformedNote`, `BadKeyName`."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedNote(
            reason=Said(
                "正文含控制符或不以换行结尾", "the text holds control characters or does not end a line"
            )
        )
    signature = NoteKey(name, key.public).key_hash + key.sign(text.encode())
    return f"{text}\n{_EM_DASH} {name} {encode_base64(signature)}\n"


def open_note(note: str, trusted: NoteKey) -> str:
    """Return the note's text once the trusted key's signature holds.

    Raises `MalformedNote`; `NotSignedByLog` when the trusted key signed nothing;
    `BadSignature` when any line in its name and hash does not verify.
    """
    text, lines = _split(note)
    signed = False
    for line in lines:
        name, signature = _signature_line(line)
        if name == trusted.name and signature[:4] == trusted.key_hash:
            _verify(text, signature[4:], trusted.key)
            signed = True
    if not signed:
        raise NotSignedByLog(name=trusted.name)
    return text


def encode_base64(raw: bytes) -> str:
    """Return standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode()


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard base64, refusing every spelling but the one; raises `MalformedNote`."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise MalformedNote(reason=_BASE64) from error
    if encode_base64(raw) != text:
        raise MalformedNote(reason=_BASE64)
    return raw


def _split(note: str) -> tuple[str, list[str]]:
    if _CONTROL.search(note):
        raise MalformedNote(reason=Said("含控制符", "control characters"))
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise MalformedNote(
            reason=Said("没有签名行，或末行未结束", "no signature lines, or the last one does not end")
        )
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(
            reason=Said(f"签名超过 {MAX_SIGNATURES} 个", f"more than {MAX_SIGNATURES} signatures")
        )
    return text + "\n", lines


def _signature_line(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _EM_DASH or not _NAME.fullmatch(parts[1]):
        raise MalformedNote(reason=Said("签名行应为 — 名称 base64", "a signature line is — name base64"))
    signature = decode_base64(parts[2])
    if len(signature) < 5:
        raise MalformedNote(reason=Said("签名过短", "a signature too short"))
    return parts[1], signature


def _verify(text: str, signature: bytes, key: PublicKey) -> None:
    if len(signature) != SIGNATURE_SIZE:
        raise BadSignature(key=key.key_id)
    key.verify(text.encode(), signature)
