"""Receipts: proof that a statement is in the log, which anybody can check without the log.

The file is a `c2sp.org/tlog-proof@v1`; its `extra` line carries the leaf itself and, unless
the log's own key signed it, the registration of the signing key with its own proof; and, where a
manifest vouches for the statement, that manifest and the path to it (`daodi-receipt@v2`).
Needs SHA-256 and Ed25519, no database and no network. docs/ledger-format.md, section 9.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.checkpoint import SignedCheckpoint, open_checkpoint
from ledger.entry import Entry, parse_leaf
from ledger.errors import BadProof, MalformedNote, MalformedReceipt, Said, UnknownKey, WrongLog
from ledger.keyring.registration import KIND, holder_of, registered_key
from ledger.keys import PublicKey
from ledger.manifests.manifest import verify_membership
from ledger.merkle import HASH_SIZE, SHA256, Hasher, leaf_hash, verify_inclusion
from ledger.note import NoteKey, decode_base64, encode_base64
from ledger.witnessing.policy import Policy

HEADER: Final = "c2sp.org/tlog-proof@v1"
EXTRA_HEADER: Final = "daodi-receipt@v1"
MANIFEST_HEADER: Final = "daodi-receipt@v2"
"""What `extra` begins with where a manifest follows."""
_BLOCKS: Final = ("registration", "manifest", "path")
_EXTRA: Final = Said("extra 行", "extra line")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Proven:
    """A leaf, its index, and its inclusion proof under a checkpoint that stands elsewhere."""

    index: int
    leaf_bytes: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Vouched:
    """The manifest that signs for a statement, and the statement's path in it."""

    manifest: Proven
    path: tuple[bytes, ...]
    """RFC 9162, section 2.1.3.1, from the statement's leaf in the manifest's tree upwards."""


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
    vouched: Vouched | None = None
    """What vouches for a leaf without a signature of its own; None for all others."""

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
        leaf, registration, vouched = _read_extra(_base64(lines[1].removeprefix("extra ")))
        index, proof = _read_proof(lines[2:])
        return cls(index, leaf, proof, checkpoint_text, registration, vouched)

    def _extra(self) -> bytes:
        parts = [self.leaf_bytes]
        if self.vouched is None:
            parts = [EXTRA_HEADER.encode(), *parts, *_proven_lines(self.registration)]
        else:
            parts = [MANIFEST_HEADER.encode(), *parts]
            if self.registration is not None:
                parts += [b"registration", *_proven_lines(self.registration)]
            path = [encode_base64(each).encode() for each in self.vouched.path]
            parts += [b"manifest", *_proven_lines(self.vouched.manifest), b"path", *path]
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


def verify_receipt(receipt: Receipt, policy: Policy) -> VerifiedEntry:
    """Check a receipt against whom `policy` trusts; nothing else is believed.

    1. a log of the policy signed the checkpoint, for its own log, and the quorum cosigned it;
    2. the leaf is one canonical entry, made for that log;
    3. the inclusion proof leads from the leaf to the checkpoint's root;
    4. the signing key is the log's own, or was registered at a lower index of the same tree;
    5. that key signed the statement, or a manifest at a lower index that the statement is a member of.

    Raises `NotSignedByLog`, `QuorumNotMet`, `BadSignature`, `BadProof`, `WrongLog`, `UnknownKey`,
    `NotCanonical`, `MalformedLeaf`, `MalformedNote`, `MalformedReceipt`, `BadRegistration`, `BadManifest`
    or `NotInManifest`.
    **It does not show** that this is the subject's latest entry, nor that the key was not revoked before:
    evidence (`ledger.proofs.evidence`) does.
    """
    checkpoint = open_checkpoint(receipt.checkpoint_text, policy)
    return verify_under(
        receipt, OpenedTree(checkpoint, checkpoint.origin, policy.log_keys(checkpoint.origin))
    )


@dataclass(frozen=True, slots=True)
class OpenedTree:
    """A tree whose checkpoint was opened with a trusted key."""

    checkpoint: SignedCheckpoint
    log: str
    """Name of the log whose entries it is over."""
    log_keys: Sequence[NoteKey] = ()
    """The log's keys that are trusted without a registration in the tree."""
    hasher: Hasher = SHA256


def verify_under(receipt: Receipt, tree: OpenedTree) -> VerifiedEntry:
    """Check steps 2 to 5 of `verify_receipt`, and raise what it raises for them."""
    entry = _included(Proven(receipt.index, receipt.leaf_bytes, receipt.proof), tree)
    key, holder = _signer(receipt, entry, tree)
    if receipt.vouched is None:
        entry.signed.verify(key)
    else:
        _check_vouched(receipt.vouched, receipt.index, entry, tree, key)
    return VerifiedEntry(receipt.index, entry, key, holder, tree.checkpoint)


def _check_vouched(vouched: Vouched, index: int, entry: Entry, tree: OpenedTree, key: PublicKey) -> None:
    manifest = _included(vouched.manifest, tree)
    if vouched.manifest.index >= index:
        raise BadProof(reason=Said("清单晚于该记录", "the manifest came after the entry"))
    manifest.signed.verify(key)
    verify_membership(entry.signed, manifest.signed, vouched.path)


def _included(proven: Proven, tree: OpenedTree) -> Entry:
    entry = parse_leaf(proven.leaf_bytes)
    if entry.signed.origin != tree.log:
        raise WrongLog(found=entry.signed.origin, expected=tree.log)
    hashed = leaf_hash(proven.leaf_bytes, tree.hasher)
    head = tree.checkpoint
    verify_inclusion(hashed, proven.index, head.size, proven.proof, head.root, tree.hasher)
    return entry


def _signer(receipt: Receipt, entry: Entry, tree: OpenedTree) -> tuple[PublicKey, str]:
    if entry.statement.kind == KIND:
        if receipt.registration is not None:  # nobody would check it
            raise MalformedReceipt(reason=_EXTRA)
        return registered_key(entry.signed), holder_of(entry.statement)
    if receipt.registration is None:
        log = next((key for key in tree.log_keys if key.key.key_id == entry.signed.actor), None)
        if log is None:
            raise UnknownKey(key=entry.signed.actor)
        return log.key, log.name
    registering = _included(receipt.registration, tree)
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
    return int(digits), _hashes(lines[1:])


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    hashes = tuple(_base64(line) for line in lines)
    if any(len(hashed) != HASH_SIZE for hashed in hashes):
        raise MalformedReceipt(reason=Said("哈希长度", "hash length"))
    return hashes


def _proven_lines(proven: Proven | None) -> list[bytes]:
    if proven is None:
        return []
    return [proven.leaf_bytes, *(line.encode() for line in _proof_lines(proven.index, proven.proof))]


def _read_extra(extra: bytes) -> tuple[bytes, Proven | None, Vouched | None]:
    lines = extra.split(b"\n")
    if lines[-1] or len(lines) < 3:
        raise MalformedReceipt(reason=_EXTRA)
    header, leaf, rest = lines[0], lines[1], lines[2:-1]
    if header == EXTRA_HEADER.encode():
        return leaf, _read_proven(rest) if rest else None, None
    blocks = _blocks(rest)
    if header != MANIFEST_HEADER.encode() or not {"manifest", "path"} <= blocks.keys():
        raise MalformedReceipt(reason=_EXTRA)
    registration = _read_proven(blocks["registration"]) if "registration" in blocks else None
    return leaf, registration, Vouched(_read_proven(blocks["manifest"]), _hashes(_ascii(blocks["path"])))


def _blocks(lines: Sequence[bytes]) -> dict[str, list[bytes]]:
    """Return the lines after each word line; the words stand in their one order, none twice."""
    words = [word.encode() for word in _BLOCKS]
    blocks: dict[str, list[bytes]] = {}
    for line in lines:
        if line in words:
            blocks[line.decode()] = []
        elif not blocks:
            raise MalformedReceipt(reason=_EXTRA)
        else:
            blocks[next(reversed(blocks))].append(line)
    found = [line.decode() for line in lines if line in words]
    if found != [word for word in _BLOCKS if word in blocks]:
        raise MalformedReceipt(reason=_EXTRA)
    return blocks


def _read_proven(lines: Sequence[bytes]) -> Proven:
    if len(lines) < 2:
        raise MalformedReceipt(reason=_EXTRA)
    index, proof = _read_proof(_ascii(lines[1:]))
    return Proven(index, lines[0], proof)


def _ascii(lines: Sequence[bytes]) -> list[str]:
    try:
        return [line.decode("ascii") for line in lines]
    except UnicodeDecodeError as error:
        raise MalformedReceipt(reason=_EXTRA) from error


def _base64(text: str) -> bytes:
    try:
        return decode_base64(text)
    except MalformedNote as error:
        raise MalformedReceipt(reason=error) from error
