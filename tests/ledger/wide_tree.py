"""Receipts in trees of any size: the entries are real, every other hash of the tree is drawn."""

import hashlib
from collections.abc import Iterator, Mapping

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import Entry
from ledger.keys import SigningKey
from ledger.proofs.bundle import Proven, Receipt, Vouched
from ledger.tree.joint_paths import JointPaths
from ledger.witnessing.cosignature import cosign
from tests.ledger.small_log import AT_MS, LOG_KEY, ORIGIN

WITNESSES = tuple(
    (f"witness-{number}.example", SigningKey.from_seed(bytes([number]) * 32)) for number in range(1, 5)
)


def drawn() -> Iterator[bytes]:
    number = 0
    while True:
        yield hashlib.sha256(b"drawn %d" % number).digest()
        number += 1


def wide_receipt(
    size: int,
    entry: tuple[int, Entry],
    registration: tuple[int, Entry] | None = None,
    manifest: tuple[int, Entry] | None = None,
    path: tuple[bytes, ...] = (),
    witnesses: int = 0,
) -> Receipt:
    """The receipt of `entry` at its index in a log of `size` that the log and witnesses signed."""
    shown = [each for each in (entry, registration, manifest) if each]
    hashed: Mapping[int, bytes] = {index: each.leaf_hash for index, each in shown}
    tree = JointPaths(hashed, size, drawn().__next__)
    note = sign_checkpoint(Checkpoint(ORIGIN, size, tree.root), [LOG_KEY]).text
    text = note.partition("\n\n")[0] + "\n"
    lines = (cosign(text, name, key, AT_MS // 1000) for name, key in WITNESSES[:witnesses])

    def proven(place: tuple[int, Entry]) -> Proven:
        return Proven(place[0], place[1].leaf_bytes, tree.path(place[0]))

    own = proven(entry)
    return Receipt(
        own.index,
        own.leaf_bytes,
        own.proof,
        note + "".join(lines),
        proven(registration) if registration else None,
        Vouched(proven(manifest), path) if manifest else None,
    )
