"""The verifier that stands alone, on receipts and disclosure files: it agrees with the other one."""

import json
import os
from pathlib import Path

import pytest

from ledger import log as reading
from ledger.entry import Statement, sign_statement
from ledger.errors import DaodiError
from ledger.manifests.manifest import sign_manifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.private.disclosure import conceal
from ledger.private.disclosure_file import DisclosureFile
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.verify.__main__ import main
from ledger.verify.policies import Policy as StrictPolicy
from ledger.verify.receipts import check_file
from ledger.verify.verdicts import Verdict
from ledger.witnessing.policy import Policy
from ledger.writing.outbox import submit
from tests.ledger.bits import flipped
from tests.ledger.small_log import AT_MS, GROWER, ORIGIN, VKEY, SmallLog, statement

TRUST = StrictPolicy.of_log(VKEY)
PHONE = conceal("phone", "13800138000", os.urandom)


def failed(verdict: Verdict) -> list[str]:
    """The checks that failed."""
    return [name for name, mark in verdict.marks.items() if mark == "fails"]


@pytest.fixture
def grown(sqlite_log: SmallLog) -> SmallLog:
    """A log with single statements, a manifest's, and one that commits to a value."""
    hidden = Statement(
        id="hidden", kind="step", subject="lot/1", at_ms=AT_MS, public={}, digests=(PHONE.digest,)
    )
    with sqlite_log.write() as session:
        submit(session, sign_statement(hidden, ORIGIN, GROWER))
        covered = sign_manifest([statement("m0"), statement("m1")], ORIGIN, GROWER, "manifest/1", AT_MS)
        submit_manifest(session, covered)
    sqlite_log.grow(5)
    return sqlite_log


def receipt(log: SmallLog, name: str) -> Receipt:
    with log.read() as session:
        return reading.receipt(session, name)


@pytest.mark.parametrize("name", ["s1", "m1", "manifest/1", f"key.registered/{GROWER.public.key_id}"])
def test_receipts_of_every_kind_hold(grown: SmallLog, name: str) -> None:
    verdict = check_file(receipt(grown, name).to_text().encode(), TRUST)
    assert failed(verdict) == []
    assert (verdict.ok, verdict.complete_to) == (True, None)
    assert verdict.marks["complete"] == verdict.marks["chains"] == "not-shown"


@pytest.mark.parametrize("name", ["s1", "m1"])
def test_both_verifiers_refuse_the_same_receipts(grown: SmallLog, name: str) -> None:
    raw = receipt(grown, name).to_text().encode()
    for bit in range(0, 8 * len(raw), 7):
        changed = flipped(raw, bit)
        try:
            verify_receipt(Receipt.from_text(changed.decode()), Policy.of_log(VKEY))
        except (DaodiError, UnicodeDecodeError):
            assert not check_file(changed, TRUST).ok, bit
        else:
            raise AssertionError(bit)


def test_a_disclosure_file_holds_and_no_other_value_does(grown: SmallLog, tmp_path: Path) -> None:
    file = DisclosureFile("hidden", (PHONE,), receipt(grown, "hidden")).to_text()
    (tmp_path / "d.json").write_text(file, "utf-8")
    assert check_file(file.encode(), TRUST).marks["disclosures"] == "holds"
    assert main([str(tmp_path / "d.json"), "--trust", VKEY]) == 0
    told = json.loads(file)
    other = told | {"disclosures": [conceal("phone", "13900139000", os.urandom).encoded]}
    assert failed(check_file(json.dumps(other).encode(), TRUST)) == ["disclosures"]
    assert failed(check_file(json.dumps(told | {"statement": "s1"}).encode(), TRUST)) == ["entries"]
