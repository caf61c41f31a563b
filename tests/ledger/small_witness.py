"""A log of numbered leaves and witnesses of it, without a database of ours and without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ledger.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.errors import DaodiError
from ledger.keys import SigningKey
from ledger.merkle import leaf_hash, nodes_of, prove_consistency, tree_root
from ledger.note import NoteKey
from ledger.witnessing.cosignature import CosignerKey
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_errors import OfferOutdated
from ledger.witnessing.witness_offer import SIZE_TYPE, Offer, size_body
from ledger.witnessing.witness_store import WitnessStore

ORIGIN = "log.example/bozhou"
LOG_KEY = SigningKey.from_seed(bytes(range(32)))
LOG = NoteKey(ORIGIN, LOG_KEY.public)
NOW_S = 1_764_000_000


class Tree:
    """A log as its operator, or a forger with the log's key, would make it."""

    def __init__(self, salt: str = "", key: SigningKey = LOG_KEY, origin: str = ORIGIN) -> None:
        self.key = key
        self.origin = origin
        self._hashes = [leaf_hash(f"{salt}{number}".encode()) for number in range(64)]

    def signed(self, size: int) -> SignedCheckpoint:
        """The signed checkpoint of the first `size` leaves."""
        return sign_checkpoint(Checkpoint(self.origin, size, self.root(size)), [self.key])

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return tree_root(size, nodes_of(self._hashes))

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """The consistency proof, empty where none is due."""
        return tuple(prove_consistency(old, new, nodes_of(self._hashes))) if 0 < old < new else ()

    def offer(self, old: int, new: int) -> bytes:
        """The add-checkpoint body that takes a witness from `old` to `new`."""
        return Offer(old, self.proof(old, new), self.signed(new).text).to_bytes()


class SmallWitness:
    """A witness with a memory in a file and a clock one can set."""

    def __init__(self, folder: Path, name: str = "w1.example", seed: int = 1) -> None:
        self.path = folder / f"{name}.sqlite"
        self.key = SigningKey.from_seed(seed.to_bytes(32, "big"))
        self.cosigner = CosignerKey(name, self.key.public)
        self.now_s = NOW_S
        self.store = WitnessStore.create(self.path, self.cosigner.to_vkey())
        self.store.enrol(ORIGIN)
        self.witness = Witness(name, self.key, {ORIGIN: Policy((Log(LOG),))}, self.store, lambda: self.now_s)
        self.up = True
        """Whether it answers over HTTP."""
        self.asked: list[str] = []
        """Method and path of every request."""

    def cosign(self, body: bytes) -> str:
        """Take an offer."""
        return self.witness.add_checkpoint(body)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as the service does; `tests/api/test_witness_service.py` tests the service itself."""
        self.asked.append(f"{request.method} {request.url.path.rpartition('/')[2]}")
        if not self.up:
            raise httpx.ConnectError("down", request=request)
        if request.method == "GET":
            note = self.store.seen(ORIGIN).cosigned_note
            return answered(200 if note else 404, note.encode())
        try:
            return answered(200, self.cosign(request.content).encode())
        except OfferOutdated as outdated:
            return answered(409, size_body(outdated.known), SIZE_TYPE)
        except DaodiError as fault:
            return answered(422, str(fault).encode())


def answered(status: int, body: bytes, kind: str = "text/plain") -> httpx.Response:
    """An answer whose body is still to come, as from a network."""
    return httpx.Response(status, stream=httpx.ByteStream(body), headers={"content-type": kind})


@contextmanager
def witnesses(folder: Path, count: int) -> Iterator[list[SmallWitness]]:
    """So many witnesses, closed at the end."""
    made = [SmallWitness(folder, f"w{at}.example", at) for at in range(1, count + 1)]
    try:
        yield made
    finally:
        for witness in made:
            witness.store.close()


def policy_of(made: list[SmallWitness], quorum: str) -> Policy:
    """The log, these witnesses at `http://<name>/`, and a quorum of so many of them."""
    lines = [f"log {LOG.to_vkey()}"]
    lines += [f"witness {w.cosigner.name} {w.cosigner.to_vkey()} http://{w.cosigner.name}" for w in made]
    lines += [f"group q {quorum} {' '.join(w.cosigner.name for w in made)}", "quorum q", ""]
    return Policy.from_text("\n".join(lines))
