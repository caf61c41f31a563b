"""docs/ledger-format.md: its worked example is what the code writes, and holds by the page's own rules."""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from ledger.bundle import Receipt, verify_receipt
from ledger.canonical import Rule
from ledger.checkpoint import open_checkpoint
from ledger.disclosure import Disclosure
from ledger.entry import parse_leaf
from ledger.keys import SigningKey
from ledger.note import NoteKey

PAGE = (Path(__file__).parents[2] / "docs/ledger-format.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```text (\w+)\n(.*?)\n```", PAGE, re.DOTALL))
HASHES = dict(line.rsplit(maxsplit=1) for line in BLOCKS["hashes"].split("\n"))
LOG = SigningKey.from_seed(bytes(range(32)))
GROWER = SigningKey.from_seed(bytes(range(32, 64)))


def sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def test_the_page_lists_every_rule_of_the_canonical_form() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE.split("## 2.")[0], re.MULTILINE)) == set(Rule)


def test_the_statement_is_signed_as_section_3_says() -> None:
    body = BLOCKS["statement"].encode()
    message = b"daodi/statement/v1\n" + len(body).to_bytes(8, "big") + body
    leaf = json.loads(BLOCKS["leaf"])
    assert b64decode(leaf["sig"]) == GROWER.sign(message)
    assert f"the length is {len(body)}" in PAGE
    assert leaf["actor"] == sha256(GROWER.public.raw)[:16].hex()
    assert {name: leaf[name] for name in leaf if name not in ("sig", "seq", "prev")} == json.loads(body)


def test_the_tree_is_that_of_section_5() -> None:
    leaves = [bytes.fromhex(HASHES[f"leaf {index}"]) for index in range(3)]
    assert leaves[1] == sha256(b"\x00" + BLOCKS["registration"].encode())
    assert leaves[2] == sha256(b"\x00" + BLOCKS["leaf"].encode())
    node = sha256(b"\x01" + leaves[0] + leaves[1])
    assert HASHES["node 0-1"] == node.hex()
    assert HASHES["root 0-2"] == sha256(b"\x01" + node + leaves[2]).hex()


def test_the_vkey_and_the_checkpoint_are_those_of_sections_7_and_9() -> None:
    name, key_hash, key = BLOCKS["vkey"].split("+", 2)
    assert key_hash == sha256(name.encode() + b"\n\x01" + LOG.public.raw)[:4].hex()
    assert b64decode(key) == b"\x01" + LOG.public.raw
    body, line = BLOCKS["checkpoint"].split("\n\n")
    assert body == f"{name}\n3\n{b64encode(bytes.fromhex(HASHES['root 0-2'])).decode()}"
    signature = b64decode(line.split(" ")[2])
    assert signature == bytes.fromhex(key_hash) + LOG.sign(body.encode() + b"\n")


def test_the_disclosure_is_that_of_section_8() -> None:
    array = b'["AAECAwQFBgcICQoLDA0ODw","phone","13800000000"]'
    assert b64decode(BLOCKS["disclosure"], altchars=b"-_") == array
    assert Disclosure(BLOCKS["disclosure"]).digest == BLOCKS["digest"]
    assert json.loads(BLOCKS["leaf"])["digests"] == [BLOCKS["digest"]]


def test_the_receipt_is_that_of_section_9_and_holds() -> None:
    text = BLOCKS["receipt"] + "\n"
    receipt = Receipt.from_text(text)
    assert receipt.to_text() == text
    assert b64decode(text.split("\n")[1].removeprefix("extra ")).decode() == BLOCKS["extra"] + "\n"
    verified = verify_receipt(receipt, BLOCKS["vkey"])
    assert verified.entry == parse_leaf(BLOCKS["leaf"].encode())
    assert verified.holder == "91341600MA2MRYJ17X"
    checkpoint = open_checkpoint(BLOCKS["checkpoint"] + "\n", NoteKey.from_vkey(BLOCKS["vkey"]))
    assert verified.checkpoint == checkpoint


@pytest.mark.parametrize("section", range(1, 11))
def test_the_page_has_the_sections_the_code_cites(section: int) -> None:
    assert f"\n## {section}. " in PAGE
