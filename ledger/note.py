"""Signed notes: text, an empty line, and signature lines anybody may add to (c2sp.org/signed-note).

Lines of unknown keys are passed over, so that witnesses can cosign and keys can overlap. A
line that names a known key and does not verify spoils the note. Repeated lines of one key
are each verified and count once.
"""

import base64
import binascii
import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, Self, TypeVar

from ledger.errors import BadKeyName, BadSignature, MalformedNote, NotSignedByLog, Said
from ledger.keys import KEY_SIZE, SIGNATURE_SIZE, PublicKey, SigningKey

MAX_SIGNATURES: Final = 16
"""What c2sp.org/signed-note asks verifiers to read at least; more would make a hostile note dear."""

_EM_DASH: Final = "\u2014"
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")
# Surrogates too: text that holds one has no bytes to sign.
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_BASE64: Final = Said("不是标准 base64", "not standard base64")
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class NoteVerifier(ABC):
    """A public key of any kind under the name it signs notes with: what must be given to trust.

    A key's name and hash together are its identity in signature lines; two keys of one name
    and hash cannot be told apart and are never trusted together.
    """

    name: str

    def __post_init__(self) -> None:
        check_name(self.name)

    @classmethod
    @abstractmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Take up a verifier key of this kind; raises `MalformedNote`, `BadPublicKey` or `BadKeyName`."""

    @abstractmethod
    def typed(self) -> bytes:
        """Return the public key behind the byte or bytes that say of what kind its signatures are."""

    @abstractmethod
    def check(self, text: str, signature: bytes) -> None:
        """Raise `BadSignature` unless `signature` is this key's over the note text."""

    @property
    def key_hash(self) -> bytes:
        """SHA-256(name || 0x0A || type || public key), first four bytes: what signature lines name."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.typed()).digest()[:4]

    def to_vkey(self) -> str:
        """Return `name+hash+key`, the form in which verifier keys are handed around."""
        return f"{self.name}+{self.key_hash.hex()}+{encode_base64(self.typed())}"


@dataclass(frozen=True, slots=True)
class Verifier(NoteVerifier):
    """An Ed25519 public key under a name, for one kind of signature."""

    signature_type: ClassVar[int]
    """The byte c2sp.org/signed-note assigns to the kind of signature this key makes."""

    key: PublicKey

    def typed(self) -> bytes:
        """Return the type's one byte and the 32 bytes of the key."""
        return bytes([self.signature_type]) + self.key.raw

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Take up a verifier key of this type; raises `MalformedNote`, `BadPublicKey` or `BadKeyName`."""
        name, key_hash, typed = read_vkey(vkey)
        if len(typed) != 1 + KEY_SIZE or typed[0] != cls.signature_type:
            raise MalformedNote(
                reason=Said(
                    f"应为 {cls.signature_type:#04x} 型 Ed25519 验证公钥",
                    f"an Ed25519 verifier key of type {cls.signature_type:#04x} is wanted",
                )
            )
        verifier = cls(name, PublicKey(typed[1:]))
        check_hash(verifier, key_hash)
        return verifier


@dataclass(frozen=True, slots=True)
class NoteKey(Verifier):
    """A key that signs note texts as they are (type 0x01), as logs do."""

    signature_type = 0x01

    def check(self, text: str, signature: bytes) -> None:
        """Raise `BadSignature` unless `signature` is this key's over the text's bytes."""
        if len(signature) != SIGNATURE_SIZE:
            raise BadSignature(key=self.key.key_id)
        self.key.verify(text.encode(), signature)


V = TypeVar("V", bound=NoteVerifier)


@dataclass(frozen=True, slots=True)
class NoteSignature(Generic[V]):
    """One trusted signature that holds."""

    by: V
    raw: bytes
    """The bytes after the key hash; their form is that of the key's type."""


@dataclass(frozen=True, slots=True)
class OpenedNote(Generic[V]):
    """A note's text and who of those trusted signed it."""

    text: str
    signatures: tuple[NoteSignature[V], ...]
    """In the order of the lines, the first of each key."""

    @property
    def signed_by(self) -> tuple[V, ...]:
        """The trusted keys whose signature holds, each once."""
        return tuple(signature.by for signature in self.signatures)


def sign_note(text: str, signers: Sequence[tuple[str, SigningKey]]) -> str:
    """Return the note of `text` signed by each (name, key); raises `MalformedNote`, `BadKeyName`."""
    check_text(text)
    if not 1 <= len(signers) <= MAX_SIGNATURES:
        raise MalformedNote(reason=_too_many() if signers else _NO_LINES)
    lines = (signature_line(NoteKey(name, key.public), key.sign(text.encode())) for name, key in signers)
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, trusted: Sequence[V]) -> OpenedNote[V]:
    """Return the note's text once a trusted key's signature holds.

    Raises `MalformedNote`; `NotSignedByLog` when no trusted key signed; `BadSignature` when any
    line in a trusted key's name and hash does not verify.
    """
    text, lines = split_note(note)
    known = _told_apart(trusted)
    held: dict[tuple[str, bytes], NoteSignature[V]] = {}
    for line in lines:
        name, key_hash, raw = read_signature_line(line)
        verifier = known.get((name, key_hash))
        if verifier is not None:
            verifier.check(text, raw)
            held.setdefault((name, key_hash), NoteSignature(verifier, raw))
    if not held:
        names = dict.fromkeys(verifier.name for verifier in trusted)
        raise NotSignedByLog(name=", ".join(names))
    return OpenedNote(text, tuple(held.values()))


def check_text(text: str) -> None:
    """Raise `MalformedNote` unless `text` can be a note's text: whole lines without control characters."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedNote(
            reason=Said(
                "正文含控制符或不以换行结尾", "the text holds control characters or does not end a line"
            )
        )


def check_name(name: str) -> None:
    """Raise `BadKeyName` unless a key may bear this name: not empty, no spaces, no plus."""
    if not _NAME.fullmatch(name):
        raise BadKeyName(name=ascii(name))


def read_vkey(vkey: str) -> tuple[str, str, bytes]:
    """Return name, hash in hex, and typed key of a verifier key of any kind; raises `MalformedNote`."""
    matched = _VKEY.fullmatch(vkey)
    if not matched:
        raise MalformedNote(reason=Said("验证公钥应为 名称+哈希+公钥", "a verifier key is name+hash+key"))
    name, key_hash, encoded = matched.groups()
    return name, key_hash, decode_base64(encoded)


def check_hash(verifier: NoteVerifier, key_hash: str) -> None:
    """Raise `MalformedNote` unless a verifier key's hash is the one its name and key give."""
    if verifier.key_hash.hex() != key_hash:
        raise MalformedNote(
            reason=Said(
                "验证公钥的哈希与名称、公钥不符", "the verifier key's hash does not fit its name and key"
            )
        )


def signature_line(by: NoteVerifier, raw: bytes) -> str:
    """Return the line, ended, that says `by` signed with `raw`."""
    return f"{_EM_DASH} {by.name} {encode_base64(by.key_hash + raw)}\n"


def read_signature_line(line: str) -> tuple[str, bytes, bytes]:
    """Return the name, key hash and signature of a line without its end; raises `MalformedNote`."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _EM_DASH or not _NAME.fullmatch(parts[1]):
        raise MalformedNote(reason=Said("签名行应为 — 名称 base64", "a signature line is — name base64"))
    signature = decode_base64(parts[2])
    if len(signature) < 5:
        raise MalformedNote(reason=Said("签名过短", "a signature too short"))
    return parts[1], signature[:4], signature[4:]


def split_note(note: str) -> tuple[str, list[str]]:
    """Return the text and the signature lines, nothing of them verified; raises `MalformedNote`."""
    if _CONTROL.search(note):
        raise MalformedNote(reason=Said("含控制符", "control characters"))
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise MalformedNote(reason=_NO_LINES)
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(reason=_too_many())
    return text + "\n", lines


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


_NO_LINES: Final = Said("没有签名行，或末行未结束", "no signature lines, or the last one does not end")


def _too_many() -> Said:
    return Said(f"签名超过 {MAX_SIGNATURES} 个", f"more than {MAX_SIGNATURES} signatures")


def _told_apart(trusted: Sequence[V]) -> dict[tuple[str, bytes], V]:
    known: dict[tuple[str, bytes], V] = {}
    for verifier in trusted:
        if known.setdefault((verifier.name, verifier.key_hash), verifier) != verifier:
            raise MalformedNote(
                reason=Said("两个可信公钥的名称与哈希相同", "two trusted keys share a name and a hash")
            )
    return known
