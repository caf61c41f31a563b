"""Receipts: proof that a statement is in the log, which anybody can check without the log.

The file is a `c2sp.org/tlog-proof@v1`; its `extra` line carries the leaf itself and, unless
the log's own key signed it, the registration of the signing key with its own proof.
Needs SHA-256 and Ed25519, no database and no network. docs/ledger-format.md, section 9.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.checkpoint import SignedCheckpoint, open_checkpoint
from ledger.entry import Entry, parse_leaf
from ledger.errors import BadProof, MalformedNote, MalformedReceipt, Said, UnknownKey, WrongLog
from ledger.keys import PublicKey
from ledger.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from ledger.note import NoteKey, decode_base64, encode_base64
from ledger.registration import KIND, holder_of, registered_key

HEADER: Final = "c2sp.org/tlog-proof@v1"
EXTRA_HEADER: Final = "daodi-receipt@v1"
_EXTRA: Final = Said("extra 行", "extra line")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Proven:
    """A leaf, its index, and its inclusion proof under a checkpoint that stands elsewhere."""

    index: int
    leaf_bytes: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything a stranger needs to check one entry, except the key of the log they trust."""

    index: int
    leaf_bytes: bytes
    proof: tuple[bytes, ...]
    """Inclusion proof, from the leaf's sibling up to a child of the root."""
    checkpoint_text: str
    registration: Proven | None = None
    """The entry that registered the signing key; None when the leaf is signed by the log's own
    key or is itself a registration."""

    def to_text(self) -> str:
        """Return the receipt file."""
        lines = [HEADER, f"extra {encode_base64(self._extra())}", *_proof_lines(self.index, self.proof)]
        return "\n".join(lines) + "\n\n" + self.checkpoint_text

    @classmethod
    def from_text(cls, text: str) -> "Receipt":
        """Take up a receipt file; raises `MalformedReceipt`. Nothing is verified yet."""
        head, separator, checkpoint_text = text.partition("\n\n")
        lines = head.split("\n")
        if not separator or lines[0] != HEADER or len(lines) < 3:
            raise MalformedReceipt(reason=Said("首行或空行", "first line or empty line"))
        if not lines[1].startswith("extra "):
            raise MalformedReceipt(reason=_EXTRA)
        leaf, registration = _read_extra(_base64(lines[1].removeprefix("extra ")))
        index, proof = _read_proof(lines[2:])
        return cls(index, leaf, proof, checkpoint_text, registration)

    def _extra(self) -> bytes:
        parts = [EXTRA_HEADER.encode(), self.leaf_bytes]
        if self.registration:
            lines = _proof_lines(self.registration.index, self.registration.proof)
            parts += [self.registration.leaf_bytes, *(line.encode() for line in lines)]
        return b"\n".join(parts) + b"\n"


@dataclass(frozen=True, slots=True)
class VerifiedEntry:
    """An entry every claim of which was checked against the trusted log key."""

    index: int
    entry: Entry
    key: PublicKey
    """The key that signed it."""
    holder: str
    """Whom the log registered that key for; the log's own name for the log's key."""
    checkpoint: SignedCheckpoint


def verify_receipt(receipt: Receipt, trusted: str) -> VerifiedEntry:
    """Check a receipt against the log's verifier key `trusted` (a vkey); nothing else is believed.

    1. the trusted key signed the checkpoint, for its own log;
    2. the leaf is one canonical entry, made for that log;
    3. the inclusion proof leads from the leaf to the checkpoint's root;
    4. the signing key is the log's own, or was registered at a lower index of the same tree;
    5. that key signed the statement.

    Raises `NotSignedByLog`, `BadSignature`, `BadProof`, `WrongLog`, `UnknownKey`, `NotCanonical`,
    `MalformedLeaf`, `MalformedNote`, `MalformedReceipt` or `BadRegistration`.
    **It does not show** that this is the subject's latest entry, nor that others see the same log.
    """
    log = NoteKey.from_vkey(trusted)
    checkpoint = open_checkpoint(receipt.checkpoint_text, log)
    entry = _included(Proven(receipt.index, receipt.leaf_bytes, receipt.proof), checkpoint)
    key, holder = _signer(receipt, entry, checkpoint, log)
    entry.signed.verify(key)
    return VerifiedEntry(receipt.index, entry, key, holder, checkpoint)


def _included(proven: Proven, checkpoint: SignedCheckpoint) -> Entry:
    entry = parse_leaf(proven.leaf_bytes)
    if entry.signed.origin != checkpoint.origin:
        raise WrongLog(found=entry.signed.origin, expected=checkpoint.origin)
    hashed = leaf_hash(proven.leaf_bytes)
    verify_inclusion(hashed, proven.index, checkpoint.size, proven.proof, checkpoint.root)
    return entry


def _signer(
    receipt: Receipt, entry: Entry, checkpoint: SignedCheckpoint, log: NoteKey
) -> tuple[PublicKey, str]:
    registers_itself = entry.statement.kind == KIND
    if registers_itself or entry.signed.actor == log.key.key_id:
        if receipt.registration is not None:  # nobody would check it
            raise MalformedReceipt(reason=_EXTRA)
        if registers_itself:
            return registered_key(entry.signed), holder_of(entry.statement)
        return log.key, log.name
    if receipt.registration is None:
        raise UnknownKey(key=entry.signed.actor)
    registering = _included(receipt.registration, checkpoint)
    if registering.statement.kind != KIND or registering.signed.actor != entry.signed.actor:
        raise UnknownKey(key=entry.signed.actor)
    key = registered_key(registering.signed)
    registering.signed.verify(key)
    if receipt.registration.index >= receipt.index:
        raise BadProof(reason=Said("密钥登记晚于该记录", "the key was registered after the entry"))
    return key, holder_of(registering.statement)


def _proof_lines(index: int, proof: Sequence[bytes]) -> list[str]:
    return [f"index {index}", *map(encode_base64, proof)]


def _read_proof(lines: Sequence[str]) -> tuple[int, tuple[bytes, ...]]:
    digits = lines[0].removeprefix("index ")
    if digits == lines[0] or not _NUMBER.fullmatch(digits):
        raise MalformedReceipt(reason=Said("index 行", "index line"))
    proof = tuple(_base64(line) for line in lines[1:])
    if any(len(hashed) != HASH_SIZE for hashed in proof):
        raise MalformedReceipt(reason=Said("哈希长度", "hash length"))
    return int(digits), proof


def _read_extra(extra: bytes) -> tuple[bytes, Proven | None]:
    lines = extra.split(b"\n")
    if lines[0] != EXTRA_HEADER.encode() or lines[-1] or len(lines) == 4 or len(lines) < 3:
        raise MalformedReceipt(reason=_EXTRA)
    if len(lines) == 3:
        return lines[1], None
    try:
        index, proof = _read_proof([line.decode("ascii") for line in lines[3:-1]])
    except UnicodeDecodeError as error:
        raise MalformedReceipt(reason=_EXTRA) from error
    return lines[1], Proven(index, lines[2], proof)


def _base64(text: str) -> bytes:
    try:
        return decode_base64(text)
    except MalformedNote as error:
        raise MalformedReceipt(reason=error) from error
