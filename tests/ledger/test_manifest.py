"""Manifests: one signature over many statements, checked like many signatures."""

import json
from base64 import b64decode
from dataclasses import replace

import pytest
from pymerkle import InmemoryTree

from ledger.entry import GENESIS, Entry, ManifestPlace, Statement, parse_leaf
from ledger.errors import DuplicateStatement, MalformedLeaf, MalformedStatement, UnknownKey
from ledger.keyring.registration import registration
from ledger.manifests.manifest import (
    Manifest,
    check_manifest,
    covered,
    path,
    sign_manifest,
    split_digests,
    verify_membership,
)
from ledger.manifests.manifest_errors import BadManifest, NotInManifest, PoisonInManifest, SignedByManifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.manifests.manifest_store import digests_by_id, path_to
from tests.ledger.small_log import AT_MS, GROWER, ORIGIN, STRANGER, SmallLog, statement

NAME = "manifest/2f1b"


def manifest_of(count: int, prefix: str = "m") -> Manifest:
    said = [statement(f"{prefix}{number}", f"lot/{number % 3}", grams=number) for number in range(count)]
    return sign_manifest(said, ORIGIN, GROWER, NAME, AT_MS)


def test_the_root_is_that_of_an_independent_tree_over_the_canonical_statements() -> None:
    tree = InmemoryTree(algorithm="sha256")
    manifest = manifest_of(11)
    for each in manifest.statements:
        # Format, section 2, written by another program: sorted members, no white space, UTF-8.
        text = json.dumps(
            each.members(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
        tree.append_entry(text.encode())
    assert covered(manifest.signed) == (11, tree.get_root())


def test_a_member_leaf_bears_its_place_instead_of_a_signature() -> None:
    leaf = json.loads(Entry(signed=manifest_of(3).statements[2], seq=0, prev=GENESIS).leaf_bytes)
    assert (leaf["manifest"], leaf["place"]) == (NAME, 2)
    assert "sig" not in leaf
    with pytest.raises(SignedByManifest):
        manifest_of(3).statements[2].verify(GROWER.public)


@pytest.mark.parametrize(
    "members",
    [
        {"sig": "A" * 88},
        {"place": -1},
        {"place": 10_000},
        {"place": True},
        {"place": "0"},
        {"place": None},
        {"manifest": ""},
        {"manifest": 7},
        {"manifest": None},
    ],
)
def test_a_member_leaf_of_another_form_is_refused(members: dict[str, object]) -> None:
    leaf = json.loads(Entry(signed=manifest_of(3).statements[0], seq=0, prev=GENESIS).leaf_bytes)
    kept = {name: value for name, value in (leaf | members).items() if value is not None}
    raw = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises((MalformedLeaf, MalformedStatement)):
        parse_leaf(raw)


@pytest.mark.parametrize("count", [1, 2, 5, 8, 13])
def test_every_place_has_a_path_and_no_other_place_accepts_it(count: int) -> None:
    manifest = manifest_of(count)
    digests = check_manifest(manifest, GROWER.public)
    for place, each in enumerate(manifest.statements):
        steps = path(digests, place)
        verify_membership(each, manifest.signed, steps)
        moved = replace(each, signature=ManifestPlace(NAME, (place + 1) % (count + 1)))
        with pytest.raises(NotInManifest):
            verify_membership(moved, manifest.signed, steps)
        for at in range(len(steps)):
            bent = (*steps[:at], bytes(32), *steps[at + 1 :])
            with pytest.raises(NotInManifest):
                verify_membership(each, manifest.signed, bent)


def test_ten_thousand_statements_are_the_most() -> None:
    said = [statement(f"m{number}") for number in range(10_001)]
    with pytest.raises(BadManifest):
        sign_manifest(said, ORIGIN, GROWER, NAME, AT_MS)
    with pytest.raises(BadManifest):
        sign_manifest([], ORIGIN, GROWER, NAME, AT_MS)
    assert len(split_digests(sign_manifest(said[:10_000], ORIGIN, GROWER, NAME, AT_MS).digests())) == 10_000


def test_an_id_twice_is_refused() -> None:
    with pytest.raises(BadManifest):
        sign_manifest([statement("a"), statement("a")], ORIGIN, GROWER, NAME, AT_MS)


@pytest.mark.parametrize(
    "kind", ["manifest", "key.registered", "key.rotated", "log.key.added", "subjects.indexed"]
)
def test_what_decides_which_keys_count_is_signed_for_itself(kind: str) -> None:
    said = Statement(id="x", kind=kind, subject="x", at_ms=AT_MS, public={})
    with pytest.raises(NotInManifest):
        sign_manifest([said], ORIGIN, GROWER, NAME, AT_MS)
    assert registration(GROWER.public, "h", AT_MS).kind == "key.registered"


def forged(manifest: Manifest, **changed: object) -> Manifest:
    public = {**manifest.signed.statement.public, **changed}
    said = replace(manifest.signed.statement, public=public)
    draft = replace(manifest.signed, statement=said, signature=b"")
    return replace(manifest, signed=replace(draft, signature=GROWER.sign(draft.signing_input())))


@pytest.mark.parametrize(
    "changed",
    [{"count": 4}, {"count": "5"}, {"count": True}, {"root": "00" * 32}, {"root": "xx"}, {"more": 1}],
)
def test_a_manifest_that_says_something_else_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(BadManifest):
        check_manifest(forged(manifest_of(5), **changed), GROWER.public)


def test_what_is_submitted_is_logged_audits_clean_and_has_its_paths(log_of_two: SmallLog) -> None:
    manifest = manifest_of(9)
    with log_of_two.write() as session:
        waiting = submit_manifest(session, manifest)
    assert [each.statement_id for each in waiting] == [NAME, *(f"m{number}" for number in range(9))]
    assert log_of_two.sequencer().drain() == 12
    report = log_of_two.audit()
    assert (report.ok, report.entries) == (True, 12), report.faults
    with log_of_two.read() as session:
        for place, each in enumerate(manifest.statements):
            steps = path_to(session, NAME, place)
            assert steps is not None
            verify_membership(each, manifest.signed, steps)
        assert digests_by_id(session, [NAME, "manifest/other"]) == {NAME: manifest.digests()}
        assert path_to(session, "manifest/other", 0) is None


def test_the_largest_manifest_passes_the_gate_in_one_transaction(log_of_two: SmallLog) -> None:
    said = [statement(f"m{number}", f"lot/{number}") for number in range(10_000)]
    with log_of_two.write() as session:
        submit_manifest(session, sign_manifest(said, ORIGIN, GROWER, NAME, AT_MS))
    assert log_of_two.sequencer().drain() == 10_003


def test_a_group_boundary_within_a_manifest_changes_nothing(sqlite_log: SmallLog) -> None:
    with sqlite_log.write() as session:
        submit_manifest(session, manifest_of(9))
    assert sqlite_log.sequencer(group=4).drain() == 12
    assert sqlite_log.audit().ok


def test_a_poison_statement_names_its_place_and_nothing_is_taken(log_of_two: SmallLog) -> None:
    log_of_two.submit("m3")
    before = log_of_two.value("SELECT count(*) FROM ledger_pending")
    with pytest.raises(PoisonInManifest) as caught, log_of_two.write() as session:
        submit_manifest(session, manifest_of(9))
    assert isinstance(caught.value.__cause__, DuplicateStatement)
    assert "3" in caught.value.message("en")
    assert "m3" in caught.value.message("zh")
    assert log_of_two.value("SELECT count(*) FROM ledger_pending") == before
    assert log_of_two.value("SELECT count(*) FROM ledger_manifest") == 0


def test_a_poisoned_manifest_leaves_the_rest_of_a_transaction_alone(log_of_two: SmallLog) -> None:
    log_of_two.submit("m3")
    with log_of_two.write() as session:
        with pytest.raises(PoisonInManifest):
            submit_manifest(session, manifest_of(9))
        submit_manifest(session, manifest_of(2, prefix="good"))
    log_of_two.sequencer().drain()
    assert log_of_two.audit().ok
    assert log_of_two.audit().entries == 6


def test_a_key_that_is_not_registered_signs_no_manifest(sqlite_log: SmallLog) -> None:
    foreign = sign_manifest([statement("a"), statement("b")], ORIGIN, STRANGER, NAME, AT_MS)
    with pytest.raises(UnknownKey), sqlite_log.write() as session:
        submit_manifest(session, foreign)


def test_the_signature_of_a_manifest_is_one_over_the_documented_bytes() -> None:
    signed = manifest_of(2).signed
    leaf = json.loads(Entry(signed=signed, seq=0, prev=GENESIS).leaf_bytes)
    assert b64decode(leaf["sig"]) == GROWER.sign(signed.signing_input())
    assert leaf["public"].keys() == {"count", "root"}
