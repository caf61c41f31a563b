"""Keys that could fool a verifier, and the folder that keeps private ones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import (
    BadKeyName,
    BadPublicKey,
    BadSignature,
    KeyFileDamaged,
    KeyFileExists,
    KeyFileMissing,
    KeyFileUnsafe,
)
from ledger.keys import KeyFolder, PublicKey, SigningKey

PRIME = 2**255 - 19
D = -121665 * pow(121666, -1, PRIME) % PRIME


def low_order_ys() -> set[int]:
    """The y of every point P with 8P = 0, from the curve equation alone (RFC 8032, section 5.1).

    Orders 1, 2 and 4 have y = 1, -1 and 0. A point of order 8 doubles to y = 0, so y^2 = -x^2,
    which the curve turns into d y^4 + 2 y^2 - 1 = 0.
    """
    ys = {0, 1, PRIME - 1}
    root = modular_root(1 + D)
    for squared in ((-1 + root) * pow(D, -1, PRIME) % PRIME, (-1 - root) * pow(D, -1, PRIME) % PRIME):
        if pow(squared, (PRIME - 1) // 2, PRIME) == 1:
            ys |= {modular_root(squared), PRIME - modular_root(squared)}
    return ys


def modular_root(square: int) -> int:
    root = pow(square, (PRIME + 3) // 8, PRIME)
    return root if root * root % PRIME == square % PRIME else root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME


def low_order_encodings() -> list[bytes]:
    """Every 32-byte string that decodes, strictly or loosely, to one of those points."""
    spellings = {y + extra for y in low_order_ys() for extra in (0, PRIME) if y + extra < 2**255}
    return [(y | sign << 255).to_bytes(32, "little") for y in sorted(spellings) for sign in (0, 1)]


def test_all_fourteen_encodings_of_low_order_points_are_refused() -> None:
    encodings = low_order_encodings()
    assert len(encodings) == 14
    for raw in encodings:
        with pytest.raises(BadPublicKey):
            PublicKey(raw)


@pytest.mark.parametrize("extra", range(2, 19))
def test_a_y_beyond_the_prime_is_refused(extra: int) -> None:
    for sign in (0, 1):
        with pytest.raises(BadPublicKey, match="non-canonical"):
            PublicKey((PRIME + extra | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33), (2).to_bytes(32, "little")])
def test_what_is_not_a_point_is_refused(raw: bytes) -> None:
    with pytest.raises(BadPublicKey):
        PublicKey(raw)


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_a_flipped_bit_in_a_signature_is_refused(seed: bytes, message: bytes, bit: int) -> None:
    key = SigningKey.from_seed(seed)
    signature = key.sign(message)
    key.public.verify(message, signature)
    key.public.verify_for_ingest(message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    for verify in (key.public.verify, key.public.verify_for_ingest):
        with pytest.raises(BadSignature):
            verify(message, bytes(flipped))
        with pytest.raises(BadSignature):
            verify(message + b"!", signature)
        with pytest.raises(BadSignature):
            verify(message, signature[:-1])


def test_the_order_added_to_s_is_refused() -> None:
    """RFC 8032, section 5.1.7: S must be below the group order, or signatures could be respelled."""
    key = SigningKey.from_seed(bytes(32))
    signature = key.sign(b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    respelled = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    for verify in (key.public.verify, key.public.verify_for_ingest):
        with pytest.raises(BadSignature):
            verify(b"x", respelled)


def test_a_signing_key_never_shows_its_seed() -> None:
    key = SigningKey.from_seed(b"s" * 32)
    assert "ssss" not in repr(key)
    assert key.public.key_id in repr(key)
    with pytest.raises(BadPublicKey):
        SigningKey.from_seed(b"short")


def counting() -> Callable[[int], bytes]:
    state = [0]

    def randomness(count: int) -> bytes:
        state[0] += 1
        return state[0].to_bytes(1, "big") * count

    return randomness


def folder_names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_created_key_is_private_and_loads_as_it_was(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    randomness = counting()
    made = {name: folder.create(name, randomness) for name in ("log", "91341600MA2MRYJ17X")}
    assert folder.names() == ("91341600MA2MRYJ17X", "log")
    assert {name: folder.load(name) for name in folder.names()} == made
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys/log.key").stat().st_mode & 0o777 == 0o600
    assert folder_names(tmp_path / "keys") == ["91341600MA2MRYJ17X.key", "log.key"]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    tmp_path.chmod(0o700)
    first = folder.create("log", counting())
    with pytest.raises(KeyFileExists):
        folder.create("log", counting())
    assert folder.load("log") == first
    assert folder_names(tmp_path) == ["log.key"]


def test_of_two_that_create_a_key_at_once_one_is_refused(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")

    def slower(count: int) -> bytes:
        if not folder.names():
            folder.create("log", counting())
        return b"s" * count

    with pytest.raises(KeyFileExists):
        folder.create("log", slower)
    assert folder.load("log") == SigningKey(b"\x01" * 32)
    assert folder_names(tmp_path / "keys") == ["log.key"]


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    folder.create("log", counting())
    (tmp_path / "keys/log.key").chmod(0o640)
    with pytest.raises(KeyFileUnsafe, match="640"):
        folder.load("log")
    (tmp_path / "keys/log.key").chmod(0o600)
    (tmp_path / "keys").chmod(0o755)
    with pytest.raises(KeyFileUnsafe, match="755"):
        folder.load("log")
    with pytest.raises(KeyFileUnsafe):
        folder.create("other", counting())


@pytest.mark.parametrize(
    "content", [b"", b"daodi-ed25519-seed-v1 AAAA\n", b"A" * 43 + b"=\n", b"daodi-ed25519-seed-v1 %%%\n"]
)
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    folder = KeyFolder(tmp_path / "keys")
    folder.create("log", counting())
    (tmp_path / "keys/log.key").write_bytes(content)
    with pytest.raises(KeyFileDamaged, match=r"log\.key"):
        folder.load("log")


@pytest.mark.parametrize("name", ["", ".", "..", "../log", "a/b", ".hidden", "a b", "x" * 101, "a\n"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadKeyName):
        KeyFolder(tmp_path).load(name)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert KeyFolder(tmp_path / "nowhere").names() == ()
    with pytest.raises(KeyFileMissing, match="log"):
        KeyFolder(tmp_path).load("log")
