"""A log whose operator signs whatever was put into it, and the receipts it then gives."""

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import Entry, SignedStatement
from ledger.merkle import leaf_hash, nodes_of, prove_inclusion, root_of
from ledger.proofs.bundle import Proven, Receipt
from tests.ledger.small_log import LOG_KEY, ORIGIN


class HostileLog:
    """A log whose operator includes whatever it likes and signs it: only the entries can betray it."""

    def __init__(self, *entries: Entry) -> None:
        self.leaves = [entry.leaf_bytes for entry in entries]
        self.hashes = [leaf_hash(leaf) for leaf in self.leaves]
        self.note = sign_checkpoint(Checkpoint(ORIGIN, len(entries), root_of(self.hashes)), [LOG_KEY]).text

    def receipt(self, index: int, registered: int) -> Receipt:
        """The receipt of an entry with another as the registration of its key."""
        node, size = nodes_of(self.hashes), len(self.leaves)
        registration = Proven(
            registered, self.leaves[registered], tuple(prove_inclusion(registered, size, node))
        )
        proof = tuple(prove_inclusion(index, size, node))
        return Receipt(index, self.leaves[index], proof, self.note, registration)


def placed(said: SignedStatement) -> Entry:
    """The first entry of a subject."""
    return Entry(signed=said, seq=0, prev="0" * 64)
