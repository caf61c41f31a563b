"""What somebody who owns the log, its key or the page would like a phone to believe."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger import merkle
from ledger.canonical import canonical
from ledger.keyring.key_statements import revocation
from ledger.keys import SigningKey
from ledger.manifests.manifest import sign_manifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.merkle import leaf_hash
from ledger.proofs.evidence import evidence
from ledger.verify.checks import check
from ledger.verify.policies import Policy
from tests.conformance.hostile_ground import Ground, hostile, resigned
from tests.conformance.test_evidence_verdicts import grounds
from tests.ledger.evidence_log import (
    AT_MS,
    CODES,
    LOST,
    MAKER,
    POLICY,
    cosigned,
    edited,
    leaf_of,
    rich_log,
    step,
)
from tests.ledger.small_log import GROWER, ORIGIN, VKEY, SmallLog, statement

TRUST = Policy.from_text(POLICY)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return grounds(tmp_path_factory.mktemp("forgery"))


def failed(raw: bytes) -> str | None:
    return next((name for name, mark in check(raw, TRUST).marks.items() if mark == "fails"), None)


def without(ground: Ground, name: str) -> bytes:
    """The file without one entry, its joint proof made anew by a log that hides it."""

    def change(file: dict, parsed: dict) -> None:
        gone = leaf_of(file, name)
        file["entries"].remove(gone)
        parsed.pop(gone["index"])

    return hostile(ground, change)


def test_hide_the_newest_step(ground: Ground) -> None:
    assert failed(without(ground, "m2")) == "complete"


def test_hide_a_step_in_the_middle(ground: Ground) -> None:
    assert failed(without(ground, "ship")) == "chains"


def test_hide_the_newest_step_and_its_completeness_proof(ground: Ground) -> None:
    """A subject with entries below the index has to be proved complete: leaving the proof out is seen."""
    shortened = without(ground, "m2")

    def drop(file: dict) -> None:
        heads = file["complete"]["heads"]
        heads.remove(next(head for head in heads if head["subject"] == "lot/YP-1"))

    assert failed(edited(shortened, drop)) == "complete"


def test_hide_completeness_altogether_does_not_pass_for_complete(ground: Ground) -> None:
    verdict = check(edited(without(ground, "m2"), lambda file: file.update(complete=None)), TRUST)
    assert verdict.complete_to is None
    assert verdict.marks["complete"] == "not-shown"


def test_splice_another_lots_step_into_the_history(ground: Ground) -> None:
    def change(_: dict, parsed: dict) -> None:
        other = next(each for each in parsed.values() if each["id"] == "s1")
        mine = next(each for each in parsed.values() if each["id"] == "ship")
        for name in ("public", "actor", "sig"):
            mine[name] = other[name]

    assert failed(hostile(ground, change)) == "signatures"


def test_restate_a_step_under_a_key_of_ones_own(ground: Ground) -> None:
    """Whoever owns the log can sign a changed step anew, but not as its party, nor fit it into the chain."""

    def change(_: dict, parsed: dict) -> None:
        mine = next(each for each in parsed.values() if each["id"] == "s0")
        mine["public"] = {"said": {"herb": "赤芍"}}
        resigned(mine, GROWER)

    assert failed(hostile(ground, change)) == "chains"


def test_show_an_old_checkpoint_from_before_a_recall(tmp_path: Path) -> None:
    """The old file holds, as of then: it says up to which entry, and when the witnesses saw it."""
    log = rich_log(tmp_path)
    old = log.evidence()
    log.put(SigningKey.from_seed(bytes(range(128, 160))), step("recall", "lot/YP-1", recalled=True))
    log.index()
    new = log.evidence()
    log.engine.dispose()
    before, after = check(old, TRUST), check(new, TRUST)
    assert before.ok
    assert after.ok
    assert (before.complete_to, after.complete_to) == (26, 28)
    # The old checkpoint with the new index's word, or the other way round, is nothing.
    mixed = json.loads(new)
    mixed["checkpoint"] = json.loads(old)["checkpoint"]
    assert failed(canonical(mixed)) == "inclusion"


def test_omit_a_revocation(ground: Ground) -> None:
    assert failed(without(ground, f"key.revoked/{LOST.public.key_id}")) == "complete"


def test_use_a_revoked_key(ground: Ground) -> None:
    def change(_: dict, parsed: dict) -> None:
        ship = next(each for each in parsed.values() if each["id"] == "ship")
        ship["actor"] = LOST.public.key_id
        resigned(ship, LOST)

    assert failed(hostile(ground, change)) == "keys"


def test_use_a_rotated_key(ground: Ground) -> None:
    def change(_: dict, parsed: dict) -> None:
        ship = next(each for each in parsed.values() if each["id"] == "ship")
        ship["actor"] = MAKER.public.key_id
        resigned(ship, MAKER)

    assert failed(hostile(ground, change)) == "keys"


def test_revoke_anothers_key(ground: Ground) -> None:
    def change(_: dict, parsed: dict) -> None:
        said = next(each for each in parsed.values() if each["kind"] == "key.revoked")
        statement = revocation(LOST.public.key_id, "lost", AT_MS)
        said["public"], said["actor"] = dict(statement.public), GROWER.public.key_id
        resigned(said, GROWER)

    assert failed(hostile(ground, change)) == "keys"


def test_reuse_the_evidence_for_another_code(ground: Ground) -> None:
    assert failed(edited(ground.raw, lambda file: file["code"].update(code=CODES[3]))) == "code"


def test_claim_a_code_that_was_never_issued(ground: Ground) -> None:
    forged = edited(ground.raw, lambda file: file["code"].update(code="0" * 20))
    assert failed(forged) == "code"


def test_let_a_code_point_at_a_step_that_does_not_name_its_batch(ground: Ground) -> None:
    def change(file: dict) -> None:
        file["code"]["step"] = leaf_of(file, "s0")["index"]

    assert failed(edited(ground.raw, change)) == "code"


def test_show_a_log_that_no_witness_saw(ground: Ground) -> None:
    def change(file: dict) -> None:
        file["checkpoint"] = [line for line in file["checkpoint"] if "witness" not in line]

    assert failed(edited(ground.raw, change)) == "checkpoint"


def test_let_one_witness_count_twice(ground: Ground) -> None:
    def change(file: dict) -> None:
        lines = [line for line in file["checkpoint"] if "witness1" not in line]
        file["checkpoint"] = lines + cosigned(lines, 1)

    assert failed(edited(ground.raw, change)) == "checkpoint"


def test_fork_the_history_of_a_lot(ground: Ground) -> None:
    """Two entries with one place in a chain cannot both be shown, and neither can be left out unseen."""

    def change(_: dict, parsed: dict) -> None:
        sold = next(each for each in parsed.values() if each["id"] == "m0")
        sold["seq"], sold["prev"] = 1, leaf_hash(b"elsewhere").hex()

    assert failed(hostile(ground, change)) == "chains"


def test_the_file_names_what_the_database_holds(tmp_path: Path) -> None:
    """A code is left out while its packing is not under the checkpoint: nothing unproved is claimed."""
    log = rich_log(tmp_path)
    with log.read() as session:
        raw = evidence(session, subjects=["lot/BS-1"])
    log.engine.dispose()
    verdict = check(raw, Policy.from_text(POLICY.replace("quorum all-of-them", "quorum none")))
    assert verdict.ok
    assert (verdict.code, verdict.marks["code"]) == (None, "not-shown")


def test_make_the_service_hash_a_whole_manifest_for_every_entry_it_shows(
    sqlite_log: SmallLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask for evidence: its cost must not be entries shown times statements in their manifest."""
    count = 256
    said = [statement(f"s{number}", "lot/1") for number in range(count)]
    with sqlite_log.write() as session:
        submit_manifest(session, sign_manifest(said, ORIGIN, GROWER, "manifest/1", AT_MS))
    sqlite_log.sequencer().drain()
    hashed: list[int] = []
    plain = merkle.root_of

    def counted(leaves: Sequence[bytes]) -> bytes:
        hashed.append(len(leaves))
        return plain(leaves)

    monkeypatch.setattr(merkle, "root_of", counted)
    with sqlite_log.read() as session:
        raw = evidence(session, subjects=["lot/1"])
    monkeypatch.undo()
    assert check(raw, Policy.of_log(VKEY)).ok
    assert sum(hashed) <= count * count.bit_length()
