"""The witness under trial: it cosigns one log's checkpoints as they grow, and writes down what it answered.

`python -m crash.witness_run FOLDER TRACE SEED [answer-before-keep]`
"""

import random
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

from crash.ground import ORIGIN, grower_key
from crash.power_trace import Trace
from crash.recording_vfs import RecordingVfs
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.merkle import leaf_hash, prove_consistency, root_of
from ledger.note import NoteKey
from ledger.witnessing.cosignature import CosignerKey
from ledger.witnessing.policy import Policy
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_offer import Offer
from ledger.witnessing.witness_store import WitnessStore

MEMORY: Final = "witness.sqlite"
ANSWERED: Final = "cosigned"
"""Word of the promise that a size was cosigned."""
ANSWER_BEFORE_KEEP: Final = "answer-before-keep"
"""The planted fault: the cosignature is told before it is kept."""
_OFFERS: Final = 40
_NAME: Final = "witness.example/crash"
_NOW_S: Final = 1_760_000_000


def leaf_of(index: int) -> bytes:
    """Return the bytes of the log's entry at `index`."""
    return b"entry %d" % index


def run(folder: Path, trace_file: Path, seed: int, *, hasty: bool) -> None:
    """Have a witness in `folder` answer offers, recorded."""
    key = grower_key(1)
    path = folder / MEMORY
    with closing(WitnessStore.create(path, CosignerKey(_NAME, key.public).to_vkey())) as store:
        store.enrol(ORIGIN)
    trace = Trace(before={MEMORY: path.read_bytes()})
    vfs = RecordingVfs(trace)
    vfs.install()
    with closing(WitnessStore(path)) as store:
        logs = {ORIGIN: Policy.of_log(NoteKey(ORIGIN, grower_key(0).public).to_vkey())}
        witness = Witness(_NAME, key, logs, store, lambda: _NOW_S)
        _offer_all(witness, trace, random.Random(f"witness/{seed}"), hasty=hasty)
    vfs.remove()
    trace.keep(trace_file)


def _offer_all(witness: Witness, trace: Trace, chance: random.Random, *, hasty: bool) -> None:
    old = 0
    hashes: list[bytes] = []
    for _ in range(_OFFERS):
        hashes += [leaf_hash(leaf_of(len(hashes) + at)) for at in range(chance.randint(1, 9))]
        size = len(hashes)
        if hasty:
            trace.promise(ANSWERED, str(size))
        witness.add_checkpoint(_offer(old, hashes).to_bytes())
        if not hasty:
            trace.promise(ANSWERED, str(size))
        old = size


def _offer(old: int, hashes: list[bytes]) -> Offer:
    def node(level: int, index: int) -> bytes:
        return root_of(hashes[index << level : (index + 1) << level])

    size = len(hashes)
    proof = prove_consistency(old, size, node) if old else []
    note = sign_checkpoint(Checkpoint(ORIGIN, size, root_of(hashes)), [grower_key(0)]).text
    return Offer(old, tuple(proof), note)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), hasty=ANSWER_BEFORE_KEEP in sys.argv[4:])
