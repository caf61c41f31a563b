"""Keys that could fool a verifier, and signatures that only some verifiers would accept."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import BadPublicKey, BadSignature, DaodiError
from ledger.keys import PublicKey, SigningKey
from ledger.note import NoteKey
from tests.ledger.bits import flipped
from tests.ledger.low_order import PRIME, low_order_encodings


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
    for said, signed in (
        (message, flipped(signature, bit)),
        (message + b"!", signature),
        (message, signature[:-1]),
    ):
        with pytest.raises(BadSignature):
            key.public.verify(said, signed)


def test_the_order_added_to_s_is_refused() -> None:
    """RFC 8032, section 5.1.7: S must be below the group order, or signatures could be respelled."""
    key = SigningKey.from_seed(bytes(32))
    signature = key.sign(b"x")
    order = 2**252 + 27742317777372353535851937790883648493
    respelled = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    with pytest.raises(BadSignature):
        key.public.verify(b"x", respelled)


def test_a_signing_key_never_shows_its_seed() -> None:
    key = SigningKey.from_seed(b"s" * 32)
    assert "ssss" not in repr(key)
    assert key.public.key_id in repr(key)
    with pytest.raises(BadPublicKey):
        SigningKey.from_seed(b"short")


@pytest.mark.parametrize("raw", low_order_encodings(), ids=bytes.hex)
def test_a_vkey_of_a_low_order_point_is_refused(raw: bytes) -> None:
    """Rightly hashed and encoded, as an attacker would hand it out."""
    hashed = hashlib.sha256(b"log.example/bozhou\n\x01" + raw).hexdigest()[:8]
    encoded = base64.b64encode(b"\x01" + raw).decode()
    with pytest.raises(BadPublicKey):
        NoteKey.from_vkey(f"log.example/bozhou+{hashed}+{encoded}")


def test_every_changed_byte_and_every_part_of_a_vkey_is_refused() -> None:
    """x/mod's sumdb/note tests do the same to its keys (golang.org/x/mod, sumdb/note)."""
    vkey = NoteKey("log.example/bozhou", SigningKey.from_seed(bytes(range(32))).public).to_vkey()

    assert NoteKey.from_vkey(vkey).to_vkey() == vkey
    for place, character in enumerate(vkey):
        for other in {chr(ord(character) ^ bit) for bit in (1, 2, 4, 8, 16, 32, 64)} | {" ", "+", "\n"}:
            if other != character:
                text = vkey[:place] + other + vkey[place + 1 :]
                with pytest.raises(DaodiError):
                    NoteKey.from_vkey(text)
    for begin in range(len(vkey)):
        for end in range(begin, len(vkey) + (begin > 0)):
            with pytest.raises(DaodiError):
                NoteKey.from_vkey(vkey[begin:end])
