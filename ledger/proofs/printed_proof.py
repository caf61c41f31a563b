"""Printed proofs 打印证明: a whole receipt in so few bytes that one QR code holds it.

It proves what the receipt proves and no more, because it is turned back into that receipt and checked
as one. Texts are shortened, all entries share one inclusion proof, and the checkpoint's root is left out: it
follows from the proof, and the log's signature shows whether it is the right one. Every receipt has one
printed form; any other bytes are refused. Needs no database and no network. docs/ledger-format.md.
"""

from dataclasses import replace
from typing import Final

from ledger.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint, parse_checkpoint
from ledger.entry import Entry, parse_leaf
from ledger.errors import DaodiError, Said
from ledger.keys import SIGNATURE_SIZE
from ledger.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from ledger.note import encode_base64, read_signature_line, split_note
from ledger.proofs import base45
from ledger.proofs.bundle import Proven, Receipt, Vouched
from ledger.proofs.byte_form import Reader, number, sized
from ledger.proofs.joint_proof import prove_together, spans_of_paths
from ledger.proofs.printed_errors import MalformedPrintedProof, NotPrintable, PrintedProofTooLarge
from ledger.proofs.printed_leaf import read_leaf, read_registration, write_leaf, write_registration
from ledger.tree.joint_paths import JointPaths
from ledger.witnessing.policy import Policy

VERSION: Final = 1
PREFIX: Final = "DAODI:"
"""What the text of a printed proof begins with; all of it is in the QR code's alphanumeric set."""
END: Final = "."
"""What it ends with, so that a blank before it is not lost where texts are trimmed."""
MAX_BYTES: Final = 2_859
"""What is left of the 4,296 characters of a version 40-L code (ISO/IEC 18004, table 7), in base45."""

_REGISTRATION, _MANIFEST = 1, 2
_KEY_ID_SIZE: Final = 16
_KEY_HASH_SIZE: Final = 4
_TIME_SIZE: Final = 8
_LOG_LINE, _WITNESS_LINE = 0, 1
_FORM: Final = Said("不是唯一写法", "it is not in its one form")


def pack(receipt: Receipt) -> bytes:
    """Return the printed form of a receipt.

    Raises `NotPrintable` for one with a part that has no printed form, `BadProof` for one whose proofs do
    not lead to its checkpoint, and what `parse_leaf` raises. Signatures are not verified.
    """
    raw = _written(receipt)
    if _read(raw) != receipt:
        raise NotPrintable(reason=Said("它含有打印形式没有的内容", "it holds what the form has no place for"))
    return raw


def unpack(raw: bytes) -> Receipt:
    """Return the receipt of a printed form; raises `MalformedPrintedProof`. Nothing is verified.

    `ledger.proofs.bundle.verify_receipt` is what checks it.
    """
    try:
        receipt = _read(raw)
        if _written(receipt) == raw:
            return receipt
    except MalformedPrintedProof:
        raise
    except DaodiError as error:
        raise MalformedPrintedProof(reason=error) from error
    raise MalformedPrintedProof(reason=_FORM)


def fitted(receipt: Receipt, policy: Policy) -> bytes:
    """Return the printed form with as many witnesses as one QR code holds, from the first on.

    Witnesses are left out only while those that stay meet the quorum of `policy`: the size of what it
    returns may be above `MAX_BYTES`. Raises what `pack` raises.
    """
    raw = pack(receipt)
    while len(raw) > MAX_BYTES:
        fewer = replace(receipt, checkpoint_text=_without_last_line(receipt.checkpoint_text))
        try:
            open_checkpoint(fewer.checkpoint_text, policy)
        except DaodiError:
            break
        receipt, raw = fewer, pack(fewer)
    return raw


def to_text(raw: bytes) -> str:
    """Return what stands in the QR code; raises `PrintedProofTooLarge` for more than one code holds."""
    if len(raw) > MAX_BYTES:
        raise PrintedProofTooLarge(size=len(raw), limit=MAX_BYTES)
    return f"{PREFIX}{base45.encode(raw)}{END}"


def from_text(text: str) -> Receipt:
    """Return the receipt of a scanned text; raises `MalformedPrintedProof`. One line end may follow it."""
    line = text.removesuffix("\n").removesuffix("\r")
    if not line.startswith(PREFIX) or not line.endswith(END):
        raise MalformedPrintedProof(
            reason=Said(f"应以 {PREFIX} 开头，以 {END} 结尾", f"it begins with {PREFIX} and ends with {END}")
        )
    try:
        raw = base45.decode(line.removeprefix(PREFIX).removesuffix(END))
    except ValueError as error:
        raise MalformedPrintedProof(reason=Said("不是 base45", "it is not base45")) from error
    if len(raw) > MAX_BYTES:
        raise MalformedPrintedProof(reason=Said("过长", "it is too long"))
    return unpack(raw)


def _without_last_line(note: str) -> str:
    return "".join(note.splitlines(keepends=True)[:-1])


def _written(receipt: Receipt) -> bytes:
    text, lines = split_note(receipt.checkpoint_text)
    head = parse_checkpoint(text)
    proven = _parts(receipt)
    for part in proven:
        verify_inclusion(leaf_hash(part.leaf_bytes), part.index, head.size, part.proof, head.root)
    indices = [part.index for part in proven]
    spans = spans_of_paths({part.index: part.proof for part in proven}, head.size)
    return b"".join(
        [
            bytes([VERSION, _flags(receipt)]),
            sized(head.origin.encode()),
            number(head.size),
            *map(number, indices),
            _leaves(receipt),
            *prove_together(indices, head.size, spans),
            number(len(lines)),
            *(_line_bytes(line, head.origin) for line in lines),
        ]
    )


def _parts(receipt: Receipt) -> list[Proven]:
    """Return the entries a receipt shows: its own, the registration, the manifest."""
    own = Proven(receipt.index, receipt.leaf_bytes, receipt.proof)
    manifest = receipt.vouched.manifest if receipt.vouched else None
    parts = [part for part in (own, receipt.registration, manifest) if part is not None]
    if len({part.index for part in parts}) != len(parts):
        raise NotPrintable(reason=Said("序号重复", "an index stands in it twice"))
    return parts


def _flags(receipt: Receipt) -> int:
    registered = _REGISTRATION if receipt.registration else 0
    return registered | (_MANIFEST if receipt.vouched else 0)


def _leaves(receipt: Receipt) -> bytes:
    own = parse_leaf(receipt.leaf_bytes)
    if receipt.registration is None:
        parts = [bytes.fromhex(own.signed.actor)]
    else:
        parts = [write_registration(parse_leaf(receipt.registration.leaf_bytes))]
    parts.append(write_leaf(own))
    if receipt.vouched is not None:
        path = receipt.vouched.path
        parts += [write_leaf(parse_leaf(receipt.vouched.manifest.leaf_bytes)), number(len(path)), *path]
    return b"".join(parts)


def _line_bytes(line: str, origin: str) -> bytes:
    """Return a signature line: of the log, or of a witness with its time."""
    name, key_hash, signature = read_signature_line(line)
    if name == origin and len(signature) == SIGNATURE_SIZE:
        return bytes([_LOG_LINE]) + key_hash + signature
    if len(signature) == _TIME_SIZE + SIGNATURE_SIZE:
        return bytes([_WITNESS_LINE]) + sized(name.encode()) + key_hash + signature
    raise NotPrintable(reason=Said("签名行的种类未知", "a signature line of an unknown kind"))


def _read(raw: bytes) -> Receipt:
    reader = Reader(raw)
    version, flags = reader.take(2)
    if version != VERSION or flags > _REGISTRATION | _MANIFEST:
        raise MalformedPrintedProof(reason=Said("版本未知", "an unknown version"))
    origin, size = reader.text(), reader.number()
    registered, in_manifest = bool(flags & _REGISTRATION), bool(flags & _MANIFEST)
    indices = [reader.number() for _ in range(1 + registered + in_manifest)]
    if size > MAX_SIZE or len(set(indices)) != len(indices) or max(indices) >= size:
        raise MalformedPrintedProof(reason=Said("序号不在树内", "an index is outside the tree"))
    registration = read_registration(reader, origin) if registered else None
    actor = registration.signed.actor if registration else reader.take(_KEY_ID_SIZE).hex()
    entries = [read_leaf(reader, origin, actor), *([registration] if registration else [])]
    path: tuple[bytes, ...] = ()
    if in_manifest:
        entries.append(read_leaf(reader, origin, actor))
        path = tuple(reader.take(HASH_SIZE) for _ in range(reader.number()))
    hashed = {index: entry.leaf_hash for index, entry in zip(indices, entries, strict=True)}
    tree = JointPaths(hashed, size, lambda: reader.take(HASH_SIZE))
    proven = [_proven(index, entry, tree) for index, entry in zip(indices, entries, strict=True)]
    body = Checkpoint(origin, size, tree.root).body()
    lines = "".join(_line_text(reader, origin) for _ in range(reader.number()))
    reader.end()
    return Receipt(
        index=proven[0].index,
        leaf_bytes=proven[0].leaf_bytes,
        proof=proven[0].proof,
        checkpoint_text=f"{body}\n{lines}",
        registration=proven[1] if registered else None,
        vouched=Vouched(proven[-1], path) if in_manifest else None,
    )


def _proven(index: int, entry: Entry, tree: JointPaths) -> Proven:
    return Proven(index, entry.leaf_bytes, tree.path(index))


def _line_text(reader: Reader, origin: str) -> str:
    kind = reader.take(1)[0]
    if kind not in (_LOG_LINE, _WITNESS_LINE):
        raise MalformedPrintedProof(reason=Said("签名行的种类未知", "a signature line of an unknown kind"))
    name = origin if kind == _LOG_LINE else reader.text()
    signature = reader.take(_KEY_HASH_SIZE + (0 if kind == _LOG_LINE else _TIME_SIZE) + SIGNATURE_SIZE)
    return f"\u2014 {name} {encode_base64(signature)}\n"
