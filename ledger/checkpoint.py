"""The log's signed head: a C2SP tlog-checkpoint inside a signed note."""

import re
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedNote, Said, WrongLog
from ledger.keys import SigningKey
from ledger.merkle import HASH_SIZE
from ledger.note import NoteKey, decode_base64, encode_base64, open_note, sign_note

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_SIZE: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large the log is and which root commits to every entry of it."""

    origin: str
    """Name of the log, equal to the name of its key."""
    size: int
    root: bytes

    def body(self) -> str:
        """Return the note text: origin, decimal size, base64 root, each on its line."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the exact note that carries it."""

    checkpoint: Checkpoint
    text: str

    @property
    def origin(self) -> str:
        """Name of the log."""
        return self.checkpoint.origin

    @property
    def size(self) -> int:
        """How many entries it covers."""
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        """Root of the Merkle tree over those entries."""
        return self.checkpoint.root


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> SignedCheckpoint:
    """Sign `checkpoint` with the log's key, under the log's name.

    Whoever calls this has proved that the checkpoint continues every one signed before.
    """
    return SignedCheckpoint(checkpoint, sign_note(checkpoint.body(), checkpoint.origin, key))


def parse_checkpoint(body: str) -> Checkpoint:
    """Return the checkpoint a note text says; raises `MalformedNote`.

    Extension lines are passed over, as the specification asks of clients; we never write any.
    """
    if not body.endswith("\n"):
        raise MalformedNote(reason=Said("缺少行尾换行", "no line end at the end"))
    lines = body[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise MalformedNote(reason=Said("应为三行以上且无空行", "three or more lines, none empty"))
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise MalformedNote(reason=Said(f"大小 {size[:30]!a}", f"size {size[:30]!a}"))
    hashed = decode_base64(root)
    if len(hashed) != HASH_SIZE:
        raise MalformedNote(reason=Said("根哈希长度", "root hash length"))
    return Checkpoint(origin, int(size), hashed)


def open_checkpoint(text: str, trusted: NoteKey) -> SignedCheckpoint:
    """Return the checkpoint in `text` once its signature by the trusted log key holds.

    Raises `MalformedNote`, `NotSignedByLog`, `BadSignature`, or `WrongLog` when the log key
    signed under its name a checkpoint of another origin.
    """
    checkpoint = parse_checkpoint(open_note(text, trusted))
    if checkpoint.origin != trusted.name:
        raise WrongLog(found=checkpoint.origin, expected=trusted.name)
    return SignedCheckpoint(checkpoint, text)
