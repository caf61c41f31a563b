"""Somebody looks for an entry that one of our verifiers accepts and another refuses."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.entry import (
    GENESIS,
    MAX_MANIFEST,
    Entry,
    ManifestPlace,
    SignedStatement,
    Statement,
    sign_statement,
)
from ledger.errors import DaodiError
from ledger.keyring import key_changes
from ledger.keyring.key_book import KeyBook
from ledger.keyring.key_errors import KeyStatementRefused
from ledger.keyring.key_statements import log_key_added, log_key_retired, revocation, rotation
from ledger.keyring.log_keys import fixed
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.manifests.manifest import covered, same_party
from ledger.note import NoteKey
from ledger.proofs.evidence import evidence
from ledger.verify import leaves
from ledger.verify.checks import check, may_cover
from ledger.verify.faults import Refused
from ledger.verify.policies import Policy
from ledger.verify.standing import Standings
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import AT_MS, LOG_KEY, ORIGIN, VKEY, SmallLog

A, B, OTHERS, LOG_NEXT, NEW = (SigningKey.from_seed(bytes([number]) * 32) for number in range(1, 6))
a, b, others, log_next, new, log_id = (
    key.public.key_id for key in (A, B, OTHERS, LOG_NEXT, NEW, LOG_KEY)
)  # fmt: skip

_BEFORE = [
    (registration(LOG_KEY.public, ORIGIN, AT_MS), LOG_KEY),
    (registration(A.public, "甲", AT_MS), A),
    (registration(B.public, "甲", AT_MS), B),
    (registration(OTHERS.public, "乙", AT_MS), OTHERS),
    (registration(LOG_NEXT.public, ORIGIN, AT_MS), LOG_NEXT),
]
_REVOKED = revocation(a, "lost", AT_MS)
_ADDED = log_key_added(log_next, AT_MS)
_TRIED = {
    "a rotation": (rotation(a, b, AT_MS), A, True),
    "a rotation to another's key": (rotation(a, others, AT_MS), A, False),
    "a rotation to nobody's key": (rotation(a, new, AT_MS), A, False),
    "a rotation to itself": (rotation(a, a, AT_MS), A, False),
    "a rotation by its successor": (rotation(a, b, AT_MS), B, False),
    "a rotation of the log's key": (rotation(log_id, log_next, AT_MS), LOG_KEY, False),
    "a revocation": (_REVOKED, A, True),
    "a revocation by the log": (_REVOKED, LOG_KEY, True),
    "a revocation by another": (_REVOKED, B, False),
    "a revocation of the log's key": (revocation(log_id, "lost", AT_MS), LOG_KEY, False),
    "a revocation without a slug": (revocation(a, "Lost!", AT_MS), A, False),
    "a revocation with references": (replace(_REVOKED, refs=("x",)), A, False),
    "a revocation with digests": (replace(_REVOKED, digests=("A" * 43,)), A, False),
    "a revocation that says more": (
        replace(_REVOKED, public={"key": a, "reason": "lost", "x": 1}), A, False,
    ),
    "a revocation under another id": (replace(_REVOKED, id=f"key.revoked/{b}"), A, False),
    "a revocation on another subject": (replace(_REVOKED, subject=f"key/{b}"), A, False),
    "another log key": (_ADDED, LOG_KEY, True),
    "another log key with references": (replace(_ADDED, refs=("x",)), LOG_KEY, False),
    "another log key by a party": (_ADDED, A, False),
    "a party's key as log key": (log_key_added(a, AT_MS), LOG_KEY, False),
    "the log key once more": (log_key_added(log_id, AT_MS), LOG_KEY, False),
    "the last log key retired": (log_key_retired(log_id, AT_MS), LOG_KEY, False),
    "a party's key retired": (log_key_retired(a, AT_MS), LOG_KEY, False),
    "a key registered twice": (registration(A.public, "甲", AT_MS), A, False),
    "a registration for nobody": (registration(NEW.public, "", AT_MS), NEW, False),
    "a subject index by a party": (
        Statement(id="x", kind="subjects.indexed", subject="log/subjects", at_ms=AT_MS, public={}), A, False,
    ),
}  # fmt: skip


def signed(said: Statement, key: SigningKey) -> SignedStatement:
    return sign_statement(said, ORIGIN, key)


@pytest.mark.parametrize("tried", _TRIED)
def test_gate_placement_audit_and_evidence_judge_key_statements_alike(tried: str) -> None:
    """The first three share one book of rules; whoever checks an evidence file has rules of their own."""
    book, strict = KeyBook(NoteKey(ORIGIN, LOG_KEY.public)), Standings()
    said, key, right = _TRIED[tried]
    for index, (before, by) in enumerate(_BEFORE):
        entry = Entry(signed=signed(before, by), seq=0, prev=GENESIS)
        assert book.fault(index, entry) is None
        book.take(index, entry)
        strict.take(leaves.read(entry.leaf_bytes, index))
    entry = Entry(signed=signed(said, key), seq=0, prev=GENESIS)
    assert (book.fault(len(_BEFORE), entry) is None) == right
    if right:
        strict.take(leaves.read(entry.leaf_bytes, len(_BEFORE)))
    else:
        with pytest.raises((Refused, DaodiError)):
            strict.take(leaves.read(entry.leaf_bytes, len(_BEFORE)))


@pytest.fixture
def overlapping(sqlite_log: SmallLog) -> SmallLog:
    """A log with a second log key that has signed checkpoints, and no entry yet."""
    sqlite_log.grow(3)
    with sqlite_log.write() as session:
        key_changes.add_log_key(session, ORIGIN, LOG_NEXT, LOG_KEY, AT_MS)
    Sequencer(sqlite_log.write, ORIGIN, fixed(LOG_KEY, LOG_NEXT)).drain()
    return sqlite_log


def test_a_new_log_key_that_has_signed_no_entry_makes_no_evidence_worthless(overlapping: SmallLog) -> None:
    with overlapping.read() as session:
        raw = evidence(session, ["s1"])
    marks = {made.name: made.mark for made in check(raw, Policy.of_log(VKEY)).checks}
    assert "fails" not in marks.values()


def test_more_log_keys_than_a_checkpoint_has_room_for_are_not_admitted(overlapping: SmallLog) -> None:
    with overlapping.write() as session, pytest.raises(KeyStatementRefused):
        key_changes.add_log_key(session, ORIGIN, NEW, LOG_NEXT, AT_MS)


def _member(said: Statement, manifest: str = "manifest/1") -> SignedStatement:
    return replace(signed(said, A), signature=ManifestPlace(manifest, 0))


@pytest.mark.parametrize(
    ("kind", "changed", "right"),
    [
        ("step", {}, True),
        ("keyring", {}, True),
        ("manifest", {}, False),
        ("key.revoked", {}, False),
        ("log.key.added", {}, False),
        ("subjects.indexed", {}, False),
        ("step", {"kind": "step"}, False),
        ("step", {"id": "other/1", "subject": "other/1"}, False),
        ("step", {"subject": "manifest/2"}, False),
        ("step", {"refs": ("x",)}, False),
        ("step", {"public": {"count": 10_001, "root": "00" * 32}}, False),
    ],
)
def test_the_gate_and_whoever_checks_evidence_let_the_same_manifests_vouch_for_the_same_kinds(
    kind: str, changed: dict[str, Any], right: bool
) -> None:
    form = {
        "id": "manifest/1",
        "kind": "manifest",
        "subject": "manifest/1",
        "public": {"count": 1, "root": "00" * 32},
    }
    by = signed(Statement(at_ms=AT_MS, **{**form, **changed}), A)
    member = _member(Statement(id="m", kind=kind, subject="lot/1", at_ms=AT_MS, public={}), by.statement.id)
    shown = [
        leaves.read(Entry(signed=each, seq=0, prev=GENESIS).leaf_bytes, index)
        for index, each in enumerate((by, member))
    ]
    assert (may_cover(*shown) and shown[0].public["count"] <= MAX_MANIFEST) == right
    try:
        covered(by)
        at_gate = same_party(member, by)
    except DaodiError:
        at_gate = False
    assert at_gate == right
