"""docs/ledger-format.md: its worked example is what the code writes, and holds by the page's own rules."""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.canonical import Rule
from ledger.checkpoint import open_checkpoint
from ledger.entry import parse_leaf
from ledger.private.disclosure_file import FORMAT as DISCLOSURE_FORMAT
from ledger.private.disclosure_file import DisclosureFile
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.verify.checks import check
from ledger.verify.policies import Policy as StrictPolicy
from ledger.verify.verdicts import CHECKS
from ledger.witnessing.policy import Policy
from ledger.writing.open_kinds import OPEN_KINDS
from ledger.writing.placement import Held
from tests.ledger.page_log import PHONE, PageLog
from tests.ledger.plain_tree import mth

PAGE = (Path(__file__).parents[2] / "docs/ledger-format.md").read_text(encoding="utf-8")
BLOCKS: dict[str, str] = dict(re.findall(r"```text (\w+)\n(.*?)\n```", PAGE, re.DOTALL))
HASHES = dict(line.rsplit(maxsplit=1) for line in BLOCKS["hashes"].split("\n"))
CITED_SECTIONS = 21


def sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def leaf_hash(block: str) -> bytes:
    return sha256(b"\x00" + BLOCKS[block].encode())


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def seeded(first: int) -> Ed25519PrivateKey:
    """A key of the example, by the first byte of its seed; of another implementation than the code's."""
    return Ed25519PrivateKey.from_private_bytes(bytes(range(first, first + 32)))


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


LOG, GROWER, WITNESS = seeded(0), seeded(32), seeded(64)


def statement_of(leaf: str) -> bytes:
    """The canonical statement in a leaf, taken out by Python's own JSON."""
    added = ("sig", "seq", "prev", "manifest", "place")
    said = {name: value for name, value in json.loads(leaf).items() if name not in added}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(leaf: str, key: Ed25519PrivateKey) -> bool:
    body = statement_of(leaf)
    message = b"daodi/statement/v1\n" + len(body).to_bytes(8, "big") + body
    return b64decode(json.loads(leaf)["sig"]) == key.sign(message)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> PageLog:
    log = PageLog(tmp_path_factory.mktemp("page"))
    log.engine.dispose()
    return log


def test_the_page_lists_every_rule_of_the_canonical_form() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE.split("## 2.")[0], re.MULTILINE)) == set(Rule)


def test_every_block_is_what_the_code_writes(written: PageLog) -> None:
    own = {"statement", "hashes", "extra"}  # checked below, by hand
    assert BLOCKS.keys() - own == written.blocks.keys()
    assert [name for name, block in written.blocks.items() if BLOCKS[name] != block] == []


def test_the_statement_is_signed_as_section_3_says() -> None:
    body = BLOCKS["statement"].encode()
    leaf = json.loads(BLOCKS["leaf"])
    assert statement_of(BLOCKS["leaf"]) == body
    assert signed(BLOCKS["leaf"], GROWER)
    assert f"the length is {len(body)}" in PAGE
    assert leaf["actor"] == sha256(raw(GROWER))[:16].hex()


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ("registration", GROWER), ("manifest", GROWER), ("document", GROWER), ("rotated", GROWER),
        ("indexed", LOG), ("redacted", LOG), ("revoked", LOG), ("added", LOG),
    ],
)  # fmt: skip
def test_an_entry_is_signed_by_whom_the_page_says(block: str, key: Ed25519PrivateKey) -> None:
    assert signed(BLOCKS[block], key)


def test_the_tree_is_that_of_section_5() -> None:
    leaves = [bytes.fromhex(HASHES[f"leaf {index}"]) for index in range(3)]
    assert leaves[1] == leaf_hash("registration")
    assert leaves[2] == leaf_hash("leaf")
    assert HASHES["node 0-1"] == node(leaves[0], leaves[1]).hex()
    assert HASHES["root 0-2"] == node(node(leaves[0], leaves[1]), leaves[2]).hex()


def test_the_vkey_and_the_checkpoint_are_those_of_sections_7_and_9() -> None:
    name, key_hash, key = BLOCKS["vkey"].split("+", 2)
    assert key_hash == sha256(name.encode() + b"\n\x01" + raw(LOG))[:4].hex()
    assert b64decode(key) == b"\x01" + raw(LOG)
    body, line = BLOCKS["checkpoint"].split("\n\n")
    assert body == f"{name}\n3\n{b64encode(bytes.fromhex(HASHES['root 0-2'])).decode()}"
    signature = b64decode(line.split(" ")[2])
    assert signature == bytes.fromhex(key_hash) + LOG.sign(body.encode() + b"\n")


def test_two_log_keys_sign_while_they_overlap() -> None:
    body, lines = BLOCKS["overlap"].split("\n\n")
    signatures = [b64decode(line.split(" ")[2])[4:] for line in lines.split("\n")]
    assert signatures == [key.sign(body.encode() + b"\n") for key in (LOG, seeded(128))]


def test_the_disclosure_is_that_of_section_8() -> None:
    array = b'["AAECAwQFBgcICQoLDA0ODw","phone","13800000000"]'
    assert b64decode(BLOCKS["disclosure"], altchars=b"-_") == array
    digest = sha256(BLOCKS["disclosure"].encode())
    assert b64decode(BLOCKS["digest"] + "=", altchars=b"-_") == digest
    assert json.loads(BLOCKS["leaf"])["digests"] == [BLOCKS["digest"]]


def test_a_disclosure_file_has_the_members_of_section_8() -> None:
    text = DisclosureFile("step/1", (PHONE,), Receipt.from_text(BLOCKS["receipt"] + "\n")).to_text()
    section = PAGE.split("**A disclosure file**")[1].split("## 9.")[0]
    assert all(f"`{name}`" in section for name in json.loads(text))
    assert f"`{DISCLOSURE_FORMAT}`" in section


def test_the_receipt_is_that_of_section_9_and_holds() -> None:
    text = BLOCKS["receipt"] + "\n"
    receipt = Receipt.from_text(text)
    assert receipt.to_text() == text
    assert b64decode(text.split("\n")[1].removeprefix("extra ")).decode() == BLOCKS["extra"] + "\n"
    policy = Policy.of_log(BLOCKS["vkey"])
    verified = verify_receipt(receipt, policy)
    assert verified.entry == parse_leaf(BLOCKS["leaf"].encode())
    assert verified.holder == "91341600MA2MRYJ17X"
    assert verified.checkpoint == open_checkpoint(BLOCKS["checkpoint"] + "\n", policy)


def test_the_manifest_of_section_11_covers_its_member() -> None:
    leaves = BLOCKS["extra2"].split("\n")
    hashed = [sha256(b"\x00" + statement_of(leaf)) for leaf in (BLOCKS["member"], leaves[1])]
    assert json.loads(BLOCKS["manifest"])["public"] == {"count": 2, "root": node(*hashed).hex()}
    at = leaves.index("manifest")
    assert leaves[0] == "daodi-receipt@v2"
    assert leaves[at + 1] == BLOCKS["manifest"]
    assert leaves[leaves.index("path") + 1 :] == [b64encode(hashed[0]).decode()]


def test_the_indexed_subject_of_section_12_leads_to_the_root() -> None:
    shown, public = json.loads(BLOCKS["newest"]), json.loads(BLOCKS["indexed"])["public"]
    assert json.loads(BLOCKS["head"]) == [shown["subject"], shown["count"], shown["head"]]
    # Place 3 of 5: the sibling on the left, then a pair on the left, then one on the right.
    steps = [b64decode(each) for each in shown["path"]]
    assert (shown["position"], public["count"], len(steps)) == (3, 5, 3)
    inner = node(steps[1], node(steps[0], leaf_hash("head")))
    assert public["root"] == node(inner, steps[2]).hex()


def test_the_evidence_of_section_13_holds_and_stands_under_the_checkpoint_shown() -> None:
    file = json.loads(BLOCKS["evidence"])
    verdict = check(BLOCKS["evidence"].encode(), StrictPolicy.of_log(BLOCKS["vkey"]))
    assert verdict.ok
    assert verdict.complete_to == 7
    assert list(re.findall(r"^\| `([a-z]+)` \| ", PAGE.split("**The checks**")[1], re.M))[:10] == list(CHECKS)
    table = PAGE.split("## 13.")[1].split("**Joint proofs.**")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", table, re.M)) == file.keys()
    leaves = {each["index"]: each["leaf"].encode() for each in file["entries"]}
    assert sorted(leaves) == [0, 1, 2, 4, 5, 6, 7]
    leaves[3] = BLOCKS["document"].encode()
    assert b64decode(file["hashes"]) == leaf_hash("document")
    root = mth([sha256(b"\x00" + leaves[index]) for index in range(8)])
    assert b64encode(root).decode() == file["checkpoint"][2] == BLOCKS["cosigned"].split("\n")[2]


def test_the_cosignature_and_the_policy_are_those_of_section_16() -> None:
    body, lines = BLOCKS["cosigned"].split("\n\n")
    _, name, encoded = lines.split("\n")[1].split(" ")
    signature = b64decode(encoded)
    assert signature[:4] == sha256(name.encode() + b"\n\x04" + raw(WITNESS))[:4]
    seconds = int.from_bytes(signature[4:12], "big")
    assert signature[12:] == WITNESS.sign(f"cosignature/v1\ntime {seconds}\n{body}\n".encode())
    policy = BLOCKS["policy"] + "\n"
    assert b64encode(b"\x04" + raw(WITNESS)).decode() in policy
    opened = open_checkpoint(BLOCKS["cosigned"] + "\n", Policy.from_text(policy))
    assert [each.at_s for each in opened.cosigned] == [seconds]


def test_the_printed_proof_of_section_19_begins_as_the_page_says() -> None:
    digits = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".index(each) for each in BLOCKS["printed"][6:-1]]
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    numbers = [sum(digit * 45**place for place, digit in enumerate(group)) for group in groups]
    parts = [value.to_bytes(len(group) - 1) for value, group in zip(numbers, groups, strict=True)]
    origin = b"log.example/bozhou"
    # Version, a registration, the origin with its length, size 3, index 2 with the registration at 1.
    assert b"".join(parts).startswith(b"\x01\x01" + bytes([len(origin)]) + origin + b"\x03\x02\x01")
    assert (BLOCKS["printed"][:6], BLOCKS["printed"][-1]) == ("DAODI:", ".")


def test_the_page_names_every_open_kind_and_every_reason_to_set_a_statement_aside() -> None:
    section = PAGE.split("## 15.")[1].split("## 16.")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", section, re.M)) == OPEN_KINDS
    assert all(f"`{slug.value}`" in PAGE.split("## 18.")[1].split("## 19.")[0] for slug in Held)


@pytest.mark.parametrize("section", range(1, CITED_SECTIONS + 1))
def test_the_page_has_the_sections_the_code_cites(section: int) -> None:
    assert f"\n## {section}. " in PAGE
