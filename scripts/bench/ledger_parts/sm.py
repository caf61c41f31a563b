"""Commercial cryptography: what SM3 and SM2 cost beside SHA-256 and Ed25519; no target is set."""

from collections.abc import Callable

from figures.measure import Spread, rates, rates_in_turn
from figures.row import Row

from ledger.keys import SigningKey
from ledger.merkle import SHA256, Frontier, Hasher, leaf_hash
from ledger.sm import libcrypto
from ledger.sm.keys import PLAIN, Sm2SigningKey
from ledger.sm.known_answer import Sm2
from ledger.sm.sm3 import OPENSSL
from ledger.sm.sm3_pure import Sm3
from ledger.tree.tiles import TileId, extend

LEAF = bytes(300)
HASHED = 20_000
MESSAGE = b"log.example/bozhou/sm3\n1000000\n" + bytes(45)


def rows(*, quick: bool) -> list[Row]:
    """Hash rates and signature rates of both implementations."""
    runs = 3 if quick else 9
    return [*_hashing(runs), *_trees(runs), *_signing(runs)]


def _hashing(runs: int) -> list[Row]:
    count = HASHED // 200
    found = [
        Row(
            what="SM3 of a 300-byte leaf, our own Python",
            ours=rates(_hashes(Sm3, count), count, runs).text("/s"),
            note="Where this Python's OpenSSL has no SM3.",
        )
    ]
    if OPENSSL is not None:
        sm3, sha256 = rates_in_turn((_hashes(OPENSSL, HASHED), _hashes(SHA256, HASHED)), HASHED, runs)
        found.insert(0, _against("SM3 of a 300-byte leaf, OpenSSL", sm3, "SHA-256", sha256))
    return found


def _trees(runs: int) -> list[Row]:
    if OPENSSL is None:
        return []
    sm3, sha256 = rates_in_turn((_tree(OPENSSL), _tree(SHA256)), HASHED, runs)
    return [_against("extending the tree, batch 256, leaf hashes included", sm3, "SHA-256", sha256)]


def _signing(runs: int) -> list[Row]:
    library = libcrypto.find()
    found = [] if library is None else _signatures(library, 300, runs)
    return [*found, *_signatures(PLAIN, 15, runs)]


def _signatures(sm2: Sm2, count: int, runs: int) -> list[Row]:
    secret = bytes(range(32))
    key, own = Sm2SigningKey(secret), SigningKey(secret)
    signature, ed25519 = sm2.sign(secret, key.public.raw, MESSAGE), own.sign(MESSAGE)
    signed, checked, theirs_signed, theirs_checked = rates_in_turn(
        (
            _times(count, lambda: sm2.sign(secret, key.public.raw, MESSAGE)),
            _times(count, lambda: _verified(sm2, key, signature)),
            _times(count, lambda: own.sign(MESSAGE)),
            _times(count, lambda: own.public.verify(MESSAGE, ed25519)),
        ),
        count,
        runs,
    )
    return [
        _against(f"SM2 signature, {sm2.name}", signed, "Ed25519", theirs_signed),
        _against(f"SM2 verification, {sm2.name}", checked, "Ed25519", theirs_checked),
    ]


def _against(what: str, ours: Spread, name: str, baseline: Spread) -> Row:
    return Row(
        what=what,
        ours=ours.text("/s"),
        baseline=f"{name} {baseline.text('/s')}",
        ratio=ours.median / baseline.median,
    )


def _hashes(hasher: Hasher, count: int) -> Callable[[], None]:
    return _times(count, lambda: leaf_hash(LEAF, hasher))


def _tree(hasher: Hasher) -> Callable[[], None]:
    def work() -> None:
        frontier, tails = Frontier(hasher=hasher), dict[TileId, bytes]()

        def tile(level: int, index: int) -> bytes:
            return tails.get((level, index), b"")

        for _ in range(0, HASHED, 256):
            tails.update(extend(frontier, [leaf_hash(LEAF, hasher) for _ in range(256)], tile))
            frontier.root()

    return work


def _times(count: int, once: Callable[[], object]) -> Callable[[], None]:
    def work() -> None:
        for _ in range(count):
            once()

    return work


def _verified(by: Sm2, key: Sm2SigningKey, signature: bytes) -> None:
    if not by.verifies(key.public.raw, MESSAGE, signature):
        raise SystemExit(f"{by.name} does not accept a good signature")
