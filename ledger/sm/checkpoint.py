"""Checkpoints of the SM3 tree: signed notes with SM2 signatures.

c2sp.org/signed-note has assigned no type to SM2; its type 0xff stands for those without one and is followed
by a longer identifier. Readers that know nothing of it pass such lines over.
"""

from dataclasses import dataclass
from typing import Final, Self

from ledger.checkpoint import Checkpoint, SignedCheckpoint, parse_checkpoint
from ledger.errors import MalformedNote, Said, WrongLog
from ledger.note import (
    NoteVerifier,
    check_hash,
    check_text,
    open_note,
    read_vkey,
    signature_line,
)
from ledger.sm.keys import Sm2PublicKey, Sm2SigningKey

SUFFIX: Final = "/sm3"
"""What the tree's name has behind the log's."""
_TYPE: Final = b"\xffdaodi/sm2-with-sm3/v1\n"
"""0xff, the longer identifier, and a line feed that ends it."""


@dataclass(frozen=True, slots=True)
class Sm2NoteKey(NoteVerifier):
    """A key that signs note texts as they are with SM2 and SM3, identity 1234567812345678."""

    key: Sm2PublicKey

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Take up a verifier key of this kind; raises `MalformedNote`, `BadPublicKey` or `BadKeyName`."""
        name, key_hash, typed = read_vkey(vkey)
        if not typed.startswith(_TYPE):
            raise MalformedNote(reason=Said("应为 SM2 验证公钥", "an SM2 verifier key is wanted"))
        verifier = cls(name, Sm2PublicKey(typed.removeprefix(_TYPE)))
        check_hash(verifier, key_hash)
        return verifier

    def typed(self) -> bytes:
        """Return 0xff, the identifier of this kind of signature, and the 65 bytes of the key."""
        return _TYPE + self.key.raw

    def check(self, text: str, signature: bytes) -> None:
        """Raise `BadSignature` unless `signature` is this key's 64 bytes over the text's bytes."""
        self.key.verify(text.encode(), signature)


def tree_origin(origin: str) -> str:
    """Return the name of the SM3 tree of the log `origin`.

    >>> tree_origin("log.example/bozhou")
    'log.example/bozhou/sm3'
    """
    return origin + SUFFIX


def log_of(tree: str) -> str:
    """Return the name of the log whose SM3 tree this is; raises `WrongLog` for what is no such name."""
    if not tree.endswith(SUFFIX) or tree == SUFFIX:
        raise WrongLog(found=tree, expected=f"…{SUFFIX}")
    return tree.removesuffix(SUFFIX)


def sign(checkpoint: Checkpoint, key: Sm2SigningKey) -> SignedCheckpoint:
    """Sign a checkpoint of the SM3 tree under its own name.

    Whoever calls this has proved that the checkpoint continues every one signed before.
    """
    body = checkpoint.body()
    check_text(body)
    line = signature_line(Sm2NoteKey(checkpoint.origin, key.public), key.sign(body.encode()))
    return SignedCheckpoint(checkpoint, f"{body}\n{line}")


def open_signed(text: str, trusted: Sm2NoteKey) -> SignedCheckpoint:
    """Return the checkpoint in `text` once the trusted key's signature holds.

    Raises `MalformedNote`, `NotSignedByLog`, `BadSignature`, or `WrongLog` for another tree's checkpoint.
    """
    checkpoint = parse_checkpoint(open_note(text, [trusted]).text)
    if checkpoint.origin != trusted.name:
        raise WrongLog(found=checkpoint.origin, expected=trusted.name)
    return SignedCheckpoint(checkpoint, text)
