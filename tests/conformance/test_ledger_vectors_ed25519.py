"""RFC 8032, section 7.1: seeds, public keys, messages and signatures."""

import json
from pathlib import Path

import pytest

from ledger.errors import BadSignature
from ledger.keys import SigningKey

pytestmark = pytest.mark.shared


def test_every_published_signature_is_made_and_verified(shared: Path) -> None:
    vectors = json.loads((shared / "vectors/ledger/ed25519/rfc8032_7_1.json").read_text())
    assert len(vectors) >= 3
    for vector in vectors:
        key = SigningKey.from_seed(bytes.fromhex(vector["seed"]))
        message, signature = bytes.fromhex(vector["msg"]), bytes.fromhex(vector["sig"])
        assert key.public.raw.hex() == vector["pk"]
        assert key.sign(message) == signature
        key.public.verify(message, signature)
        with pytest.raises(BadSignature):
            key.public.verify(message + b"\x00", signature)
