"""Every single bit of a proof, a leaf, a root, a note, a verifier key and a receipt counts.

Not samples: each loop turns over all bits of one fixed thing, one after the other, and each is refused.
"""

from collections.abc import Callable

from ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.errors import BadProof, DaodiError
from ledger.merkle import leaf_hash, nodes_of, prove_consistency, prove_inclusion, root_of, verify_inclusion
from ledger.merkle import verify_consistency as verify_growth
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.witnessing.policy import Policy
from tests.ledger.bits import flipped
from tests.ledger.small_log import LOG_KEY, ORIGIN, VKEY

LEAVES = [leaf_hash(bytes([number])) for number in range(11)]
NODE = nodes_of(LEAVES)
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 11, root_of(LEAVES)), [LOG_KEY]).text
REFUSED = (DaodiError, UnicodeDecodeError)


def accepted(
    content: bytes, check: Callable[[bytes], object], refusals: tuple[type[Exception], ...]
) -> list[int]:
    """The bits of `content` whose turning `check` lets pass; `content` itself must pass."""
    check(content)
    passed = []
    for bit in range(8 * len(content)):
        try:
            check(flipped(content, bit))
        except refusals:
            continue
        passed.append(bit)
    return passed


def hashes(joined: bytes) -> list[bytes]:
    """The hashes that stand one after another in `joined`."""
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]


def test_of_an_inclusion_proof_its_leaf_and_root() -> None:
    proof = prove_inclusion(6, 11, NODE)

    def check(joined: bytes) -> None:
        leaf, root, *path = hashes(joined)
        verify_inclusion(leaf, 6, 11, path, root)

    joined = b"".join([LEAVES[6], root_of(LEAVES), *proof])
    assert len(proof) == 4
    assert accepted(joined, check, (BadProof,)) == []


def test_of_a_consistency_proof_and_both_roots() -> None:
    proof = prove_consistency(6, 11, NODE)

    def check(joined: bytes) -> None:
        old, new, *path = hashes(joined)
        verify_growth(6, 11, old, new, path)

    joined = b"".join([root_of(LEAVES[:6]), root_of(LEAVES), *proof])
    assert accepted(joined, check, (BadProof,)) == []


def test_of_a_signed_note() -> None:
    trusted = Policy.of_log(VKEY)
    assert accepted(NOTE.encode(), lambda raw: open_checkpoint(raw.decode(), trusted), REFUSED) == []


def test_of_a_verifier_key() -> None:
    found = accepted(VKEY.encode(), lambda raw: open_checkpoint(NOTE, Policy.of_log(raw.decode())), REFUSED)
    assert found == []


def test_of_a_receipt_file(receipt_file: str) -> None:
    trusted = Policy.of_log(VKEY)
    check = lambda raw: verify_receipt(Receipt.from_text(raw.decode()), trusted)  # noqa: E731  named for the call below
    assert accepted(receipt_file.encode(), check, REFUSED) == []
