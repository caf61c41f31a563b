"""Evidence files: what they hold, that they stand alone, and that no bit of them can be changed."""

import ast
import hashlib
import json
import random
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from Crypto.Signature import eddsa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session

from ledger import log as reading
from ledger.errors import DaodiError
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.proofs.evidence import evidence
from ledger.proofs.evidence_errors import NoEvidenceYet
from ledger.verify import ed25519
from ledger.verify.checks import check
from ledger.verify.evidence import FORMAT
from ledger.verify.faults import Refused
from ledger.verify.policies import Policy as StrictPolicy
from ledger.verify.strict_json import read, write
from ledger.verify.verdicts import CHECKS
from ledger.witnessing.policy import Policy
from tests.conformance.hostile_ground import ORDER, ORDER_EIGHT
from tests.ledger.bits import flipped
from tests.ledger.evidence_log import (
    CODES,
    MAKER_NEXT,
    POLICY,
    SEEN_S,
    EvidenceLog,
    leaf_of,
    rich_log,
    step,
)
from tests.ledger.small_log import VKEY, SmallLog

ROOT = Path(__file__).resolve().parents[2]
TRUST = StrictPolicy.from_text(POLICY)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvidenceLog]:
    log = rich_log(tmp_path_factory.mktemp("rich"))
    yield log
    log.engine.dispose()


@pytest.fixture(scope="module")
def raw(rich: EvidenceLog) -> bytes:
    return rich.evidence()


def test_every_check_is_made_and_named(raw: bytes) -> None:
    verdict = check(raw, TRUST)
    assert list(verdict.marks) == list(CHECKS)
    assert set(verdict.marks.values()) == {"holds", "not-shown"}
    assert [name for name, mark in verdict.marks.items() if mark == "not-shown"] == ["disclosures"]
    assert (verdict.code, verdict.subject, verdict.complete_to) == (CODES[2], "lot/YP-1", 26)
    assert verdict.ok


def test_the_file_holds_each_entry_once_and_what_its_check_needs(raw: bytes) -> None:
    file = json.loads(raw)
    ids = [json.loads(each["leaf"])["id"] for each in file["entries"]]
    assert len(set(ids)) == len(ids)
    # What the pack is about, whole; nothing of the other lots; the keys' ends too.
    assert {"s0", "s1", "s2", "pack", "ship", "m0", "m1", "m2", "manifest/1"} <= set(ids)
    assert not any(name.startswith("x") for name in ids)
    assert {name.partition("/")[0] for name in ids} >= {"key.registered", "key.rotated", "key.revoked"}
    assert "path" in leaf_of(file, "m1")
    assert file["format"] == FORMAT


def test_without_an_index_completeness_is_said_not_to_be_shown(tmp_path: Path) -> None:
    log = EvidenceLog(f"sqlite:///{tmp_path / 'log.db'}")
    verdict = check(log.evidence(), TRUST)
    log.engine.dispose()
    assert verdict.ok
    assert (verdict.marks["complete"], verdict.complete_to) == ("not-shown", None)


def test_a_subject_that_began_after_the_index_is_counted_as_newer(tmp_path: Path) -> None:
    log = rich_log(tmp_path)
    log.put(MAKER_NEXT, step("late", "lot/NEW"))
    with log.read() as session:
        raw = evidence(session, ["late"])
    verdict = check(raw, StrictPolicy.of_log(VKEY))
    log.engine.dispose()
    assert verdict.ok
    assert "1 began later" in verdict.checks[list(CHECKS).index("complete")].detail.en


def test_nothing_covered_yet_is_said_so(sqlite_log: SmallLog) -> None:
    sqlite_log.sequencer().drain()
    with sqlite_log.read() as session, pytest.raises(NoEvidenceYet):
        evidence(session, ["nobody said this"])


@pytest.mark.parametrize(("witnesses", "holds"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_quorum_of_the_policy_is_asked_for(rich: EvidenceLog, witnesses: int, holds: bool) -> None:
    verdict = check(rich.evidence(witnesses=witnesses), TRUST)
    assert verdict.ok is holds
    assert verdict.marks["checkpoint"] == ("holds" if holds else "fails")


def test_the_times_of_the_witnesses_are_told(raw: bytes) -> None:
    from ledger.verify.evidence import parse
    from ledger.verify.policies import opened

    assert opened(parse(raw).checkpoint, TRUST).seen_s == SEEN_S


def test_no_bit_of_a_small_evidence_file_can_be_changed(sqlite_log: SmallLog) -> None:
    sqlite_log.submit("a")
    sqlite_log.sequencer().drain()
    with sqlite_log.read() as session:
        raw = evidence(session, ["a"])
    trust = StrictPolicy.of_log(VKEY)
    assert check(raw, trust).ok
    assert [bit for bit in range(8 * len(raw)) if check(flipped(raw, bit), trust).ok] == []


def test_no_bit_of_a_trusted_vkey_can_be_changed() -> None:
    vkey = VKEY.encode()
    for bit in range(8 * len(vkey)):
        with pytest.raises(Refused):
            StrictPolicy.of_log(flipped(vkey, bit).decode("latin-1"))


def manifest_receipt(session: Session) -> Receipt:
    return reading.receipt(session, "m1")


def test_a_receipt_under_a_manifest_is_read_back_and_holds(rich: EvidenceLog) -> None:
    with rich.read() as session:
        receipt = manifest_receipt(session)
    again = Receipt.from_text(receipt.to_text())
    assert again == receipt
    assert verify_receipt(again, Policy.of_log(VKEY)).holder == "maker"
    extra = b64decode(receipt.to_text().split("\n")[1].removeprefix("extra "))
    words = [line for line in extra.split(b"\n") if line in (b"registration", b"manifest", b"path")]
    assert extra.startswith(b"daodi-receipt@v2\n")
    assert words == [b"registration", b"manifest", b"path"]


def test_no_bit_of_a_manifest_receipt_can_be_changed(rich: EvidenceLog) -> None:
    with rich.read() as session:
        text = manifest_receipt(session).to_text()
    lines = text.split("\n")
    extra = b64decode(lines[1].removeprefix("extra "))
    policy, passed = Policy.of_log(VKEY), []
    for at in range(0, len(extra), 5):  # every fifth byte, all bits of it: the rest is the same code
        changed = extra[:at] + bytes([extra[at] ^ 1 << at % 8]) + extra[at + 1 :]
        lines[1] = f"extra {b64encode(changed).decode()}"
        try:
            verify_receipt(Receipt.from_text("\n".join(lines)), policy)
        except DaodiError:
            continue
        passed.append(at)
    assert passed == []


def test_the_verifier_loads_nothing_but_the_standard_library_and_one_ed25519() -> None:
    program = (
        "import sys, ledger.verify.__main__; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ast.literal_eval(done.stdout)) - {"__main__", "_distutils_hack"}
    # pycryptodome itself loads cffi with its parser where that is installed.
    assert {"Crypto", "ledger"} <= loaded <= {"Crypto", "ledger", "cffi", "_cffi_backend", "pycparser"}


def test_the_verifier_of_ledger_shares_no_code_with_what_writes_the_log() -> None:
    sources = (ROOT / "ledger" / "verify").glob("*.py")
    lines = [line for path in sources for line in path.read_text("utf-8").splitlines()]
    named = {line.split()[1] for line in lines if line.startswith("from ledger")}
    assert {name for name in named if not name.startswith("ledger.verify")} == {"ledger.errors"}


def test_the_command_says_each_check_in_both_languages(raw: bytes, tmp_path: Path) -> None:
    from ledger.verify.__main__ import UNUSABLE, main

    (tmp_path / "e.json").write_bytes(raw)
    (tmp_path / "p.txt").write_text(POLICY, "utf-8")
    asked = [str(tmp_path / "e.json"), "--policy", str(tmp_path / "p.txt")]
    assert main(asked) == 0
    (tmp_path / "e.json").write_bytes(raw[:-2])
    assert main(asked) == 1
    assert main([str(tmp_path / "none"), "--trust", VKEY]) == UNUSABLE


def test_canonical_bytes_are_those_of_the_writer() -> None:
    from ledger.canonical import canonical

    value = {"b": [1, True, None, 'q"\\'], "a": {"x": "白芍"}, "c": -(2**53) + 1}
    assert write(value) == canonical(value)
    assert read(canonical(value)) == value
    for bad in (
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b"[1.0]",
        b"[-0]",
        b"[9007199254740992]",
        b'["\\u0041"]',
        b"\xff",
    ):
        with pytest.raises(Refused):
            read(bad)


@pytest.mark.shared
def test_the_ed25519_vectors_of_rfc_8032_hold(shared: Path) -> None:
    for each in json.loads((shared / "vectors/ledger/ed25519/rfc8032_7_1.json").read_text()):
        key, message, signature = (bytes.fromhex(each[name]) for name in ("pk", "msg", "sig"))
        assert ed25519.holds(key, message, signature)
        assert not ed25519.holds(key, message + b"x", signature)


def test_mixed_order_signatures_are_judged_as_openssl_judges_them() -> None:
    """A key or an R with a part of small order: cofactored verifiers accept what cofactorless ones refuse."""
    base = eddsa.import_public_key(bytes([0x58]) + bytes([0x66]) * 31).pointQ
    small = eddsa.import_public_key(ORDER_EIGHT.to_bytes(32, "little")).pointQ
    chance, agreed = random.Random(1), []
    for _ in range(64):
        a, r = chance.randrange(1, ORDER), chance.randrange(1, ORDER)
        key = encoded(base * a + small * chance.randrange(8))
        first = encoded(base * r + small * chance.randrange(8))
        k = int.from_bytes(hashlib.sha512(first + key + b"m").digest(), "little")
        signature = first + ((r + k * a) % ORDER).to_bytes(32, "little")
        agreed.append((by_openssl(key, b"m", signature), ed25519.holds(key, b"m", signature)))
    assert all(one is two for one, two in agreed)
    assert {one for one, _ in agreed} == {True, False}


def encoded(point: Any) -> bytes:
    x, y = (int(each) for each in point.xy)
    return (y | (x & 1) << 255).to_bytes(32, "little")


def by_openssl(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True
