"""SM3 and SM2 against what the standards print: GB/T 32905, GB/T 32918.5 (GM/T 0003.5), OSCCA (from pyca)."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.sm import libcrypto, sm2
from ledger.sm.keys import PLAIN, Sm2PublicKey, Sm2SigningKey
from ledger.sm.known_answer import Sm2
from ledger.sm.sm3 import OPENSSL, SM3
from ledger.sm.sm3_pure import Sm3

pytestmark = pytest.mark.shared


@pytest.fixture
def example(shared: Path) -> dict[str, Any]:
    """The standard's worked signature, its intermediate values included."""
    found: dict[str, Any] = json.loads(
        (shared / "vectors/ledger/sm/sm2_sm3_standard_example.json").read_text()
    )
    return found


@pytest.fixture(params=["python", "openssl"])
def hasher(request: pytest.FixtureRequest) -> Callable[[bytes], Any]:
    """Both implementations of SM3."""
    if request.param == "python":
        return Sm3
    assert OPENSSL is not None, "this Python's OpenSSL has no SM3"
    return OPENSSL


@pytest.fixture(params=["python", "openssl"])
def implementation(request: pytest.FixtureRequest) -> Sm2:
    """Both implementations of SM2."""
    if request.param == "python":
        return PLAIN
    found = libcrypto.find()
    assert found is not None, "this Python's OpenSSL has no SM2"
    return found


def number(example: dict[str, Any], name: str) -> int:
    """One of the example's hexadecimal numbers."""
    return int(example[name], 16)


def test_every_sm3_vector_of_oscca_holds(shared: Path, hasher: Callable[[bytes], Any]) -> None:
    text = (shared / "vectors/ledger/sm/oscca.txt").read_text()
    found = re.findall(r"Len = (\d+)\nMsg = ([0-9a-f]+)\nMD = ([0-9a-f]{64})", text)
    assert len(found) == 6
    for length, message, expected in found:
        assert hasher(bytes.fromhex(message)[: int(length) // 8]).digest().hex() == expected


def test_the_examples_of_gbt_32905_hold(example: dict[str, Any], hasher: Callable[[bytes], Any]) -> None:
    assert len(example["sm3"]) == 2
    for one in example["sm3"]:
        assert hasher(bytes.fromhex(one["msg_hex"])).digest().hex() == one["md"]


def test_the_signature_of_the_standard_comes_out_step_by_step(example: dict[str, Any]) -> None:
    message, identity = example["msg"].encode(), example["id"].encode()
    x, y = sm2.public_point(number(example, "d"))
    assert (x, y) == (number(example, "px"), number(example, "py"))
    digest = sm2.digest_of(message, x, y, identity)
    assert digest == number(example, "e")
    # e is SM3(ZA || M), and ZA is printed too.
    assert SM3(bytes.fromhex(example["ZA"]) + message).digest() == digest.to_bytes(32, "big")
    signature = sm2.signed_with(number(example, "d"), digest, number(example, "k"))
    assert signature is not None
    assert signature.hex() == (example["r"] + example["s"]).lower()
    assert identity == sm2.IDENTITY


def test_the_signature_of_the_standard_is_accepted(example: dict[str, Any], implementation: Sm2) -> None:
    raw = bytes.fromhex("04" + example["px"] + example["py"])
    signature = bytes.fromhex(example["r"] + example["s"])
    assert implementation.verifies(raw, example["msg"].encode(), signature)
    assert not implementation.verifies(raw, example["msg"].encode() + b".", signature)


def test_the_key_of_the_standard_is_one_of_ours(example: dict[str, Any]) -> None:
    key = Sm2SigningKey(bytes.fromhex(example["d"]))
    assert key.public == Sm2PublicKey(bytes.fromhex("04" + example["px"] + example["py"]))
    key.public.verify(b"message digest", bytes.fromhex(example["r"] + example["s"]))
    key.public.verify(b"another", key.sign(b"another"))


def test_python_and_openssl_hash_alike_across_block_edges() -> None:
    assert hashlib.new("sm3", b"abc").digest() == Sm3(b"abc").digest()
    for length in (0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000):
        content = bytes(range(256)) * 4
        assert Sm3(content[:length]).digest() == hashlib.new("sm3", content[:length]).digest()
