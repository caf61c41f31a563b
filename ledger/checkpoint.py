"""The log's signed head: a C2SP tlog-checkpoint inside a signed note."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedNote, NotSignedByLog, Said, WrongLog
from ledger.keys import SigningKey
from ledger.merkle import HASH_SIZE
from ledger.note import NoteKey, Verifier, decode_base64, encode_base64, open_note, sign_note
from ledger.witnessing.cosignature import CosignerKey, cosigned_s
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.witness_errors import QuorumNotMet

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
class Cosigned:
    """A witness whose cosignature holds, and when it says that it cosigned."""

    by: CosignerKey
    at_s: int
    """Seconds since the epoch, by the witness's clock."""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the exact note that carries it."""

    checkpoint: Checkpoint
    text: str
    cosigned: tuple[Cosigned, ...] = ()
    """The trusted witnesses found on the note; none when it was opened with the log's key alone."""

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


def sign_checkpoint(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> SignedCheckpoint:
    """Sign `checkpoint` with each of the log's current keys, under the log's name.

    Several keys sign while one is being replaced. Whoever calls this has proved that the
    checkpoint continues every one signed before.
    """
    signers = [(checkpoint.origin, key) for key in keys]
    return SignedCheckpoint(checkpoint, sign_note(checkpoint.body(), signers))


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


def open_checkpoint(text: str, trusted: NoteKey | Policy) -> SignedCheckpoint:
    """Return the checkpoint in `text` once the log's signature and the policy's quorum hold.

    A bare log key stands for the policy that asks for no witness. Raises `MalformedNote`,
    `NotSignedByLog`, `BadSignature` when a trusted key's line does not verify, `WrongLog` when
    a log's key signed under its name a checkpoint of another origin, `QuorumNotMet`.
    """
    policy = trusted if isinstance(trusted, Policy) else Policy((Log(trusted),))
    opened = open_note(text, policy.verifiers)
    checkpoint = parse_checkpoint(opened.text)
    _check_log(checkpoint.origin, opened.signed_by, policy)
    cosigned = tuple(
        Cosigned(signature.by, cosigned_s(signature.raw))
        for signature in opened.signatures
        if isinstance(signature.by, CosignerKey)
    )
    if not policy.quorum_met([each.by for each in cosigned]):
        raise QuorumNotMet(size=checkpoint.size, found=len(cosigned), quorum=ascii(policy.quorum))
    return SignedCheckpoint(checkpoint, text, cosigned)


def _check_log(origin: str, signed_by: Sequence[Verifier], policy: Policy) -> None:
    names = {key.name for key in signed_by if isinstance(key, NoteKey)}
    if origin not in names:
        if names:
            raise WrongLog(found=origin, expected=", ".join(sorted(names)))
        raise NotSignedByLog(name=", ".join(dict.fromkeys(log.key.name for log in policy.logs)))
