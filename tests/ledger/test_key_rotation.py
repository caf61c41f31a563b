"""Keys change in a real log: the gate, the placement, the signer and the audit agree on who counts where."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from ledger import log as reading
from ledger.audits.audit import audit
from ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.entry import Statement, sign_statement
from ledger.errors import BadSignature, DuplicateStatement, KeyFileMissing, NotSignedByLog, UnknownKey
from ledger.keyring import key_changes, log_keys
from ledger.keyring.key_book import KeyBook, KeyState
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NoSuchKey
from ledger.keyring.key_files import KeyFolder, write_key
from ledger.keyring.key_reading import Standing, keys_of, known_key, log_key_terms, party_keys
from ledger.keyring.key_statements import revocation
from ledger.keyring.key_states import key_book
from ledger.keyring.log_keys import LogKeys, Signers, fixed
from ledger.keys import SigningKey
from ledger.note import NoteKey
from ledger.proofs.bundle import verify_receipt
from ledger.registry import register_key
from ledger.witnessing.policy import Log, Policy
from ledger.writing import outbox
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import (
    AT_MS,
    GROWER,
    LOG_KEY,
    ORIGIN,
    STRANGER,
    VKEY,
    SmallLog,
    signed,
    statement,
)

FIRM = "91341600MA2MRYJ17X"
NEXT = SigningKey.from_seed(b"n" * 32)
NEW_LOG_KEY = SigningKey.from_seed(b"l" * 32)
NEW_VKEY = NoteKey(ORIGIN, NEW_LOG_KEY.public).to_vkey()
BOTH = fixed(LOG_KEY, NEW_LOG_KEY)


def states(log: SmallLog, made: Statement, key: SigningKey) -> None:
    with log.write() as session:
        outbox.submit(session, sign_statement(made, ORIGIN, key))


def drain(log: SmallLog, signers: Signers = BOTH) -> int:
    return Sequencer(log.write, ORIGIN, signers).drain()


def add_log_key(log: SmallLog) -> None:
    with log.write() as session:
        key_changes.add_log_key(session, ORIGIN, NEW_LOG_KEY, LOG_KEY, AT_MS)


def retire_old(log: SmallLog) -> None:
    with log.write() as session:
        key_changes.retire_log_key(session, ORIGIN, LOG_KEY.public.key_id, NEW_LOG_KEY, AT_MS)


def head(log: SmallLog) -> str:
    with log.read() as session:
        return reading.checkpoint(session).text


def opens(note: str, vkey: str) -> bool:
    with suppress(NotSignedByLog):
        open_checkpoint(note, NoteKey.from_vkey(vkey))
        return True
    return False


def test_a_rotated_key_signs_no_more_and_its_successor_does(log_of_two: SmallLog) -> None:
    log_of_two.submit("before")
    with log_of_two.write() as session:
        key_changes.rotate(session, ORIGIN, GROWER, NEXT, AT_MS, holder=FIRM)
    with pytest.raises(KeyEnded):
        log_of_two.submit("after")
    states(log_of_two, statement("after"), NEXT)
    assert drain(log_of_two) == 6
    with pytest.raises(KeyEnded):
        log_of_two.submit("later")
    with log_of_two.read() as session:
        old, new = known_key(session, GROWER.public.key_id), known_key(session, NEXT.public.key_id)
        assert [known.key for known in keys_of(session, FIRM)] == [NEXT.public, GROWER.public]
        assert len(party_keys(session)) == 2
    assert (old.standing, old.from_index, old.until_index) == (Standing.ROTATED, 1, 4)
    assert old.successor == NEXT.public.key_id
    assert (new.standing, new.from_index, new.until_index) == (Standing.ACTIVE, 3, None)
    assert log_of_two.audit().ok


def test_a_change_and_what_follows_it_may_wait_in_one_group(log_of_two: SmallLog) -> None:
    """submit_many judges each by those before it, though none is in the log."""
    key_id = GROWER.public.key_id
    group = [
        signed("a"),
        sign_statement(revocation(key_id, "lost", AT_MS), ORIGIN, GROWER),
        signed("b"),
    ]
    with log_of_two.write() as session:
        first, revoked, late = outbox.submit_many(session, group)
    assert isinstance(late, KeyEnded)
    assert not isinstance(first, Exception)
    assert not isinstance(revoked, Exception)
    assert drain(log_of_two) == 4
    assert log_of_two.value("SELECT count(*) FROM ledger_pending") == 0
    assert log_of_two.audit().ok


def test_a_waiting_key_has_no_index_yet(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        known = known_key(session, GROWER.public.key_id)
        assert (known.standing, known.from_index) == (Standing.WAITING, None)
        with pytest.raises(NoSuchKey):
            known_key(session, "0" * 32)
        assert log_keys.in_force(session) == (LOG_KEY.public,)


def test_a_statement_that_waited_behind_a_revocation_is_held(log_of_two: SmallLog) -> None:
    """Somebody who owns the database puts the revocation before what the gate had admitted."""
    log_of_two.submit("a")
    with log_of_two.write() as session:
        key_changes.revoke(session, ORIGIN, GROWER.public.key_id, "compromised", LOG_KEY, AT_MS)
    log_of_two.sql("UPDATE ledger_pending SET pending_id = pending_id + 100 WHERE statement_id = 'a'")
    assert drain(log_of_two) == 3
    assert log_of_two.value("SELECT fault FROM ledger_pending") == "unregistered-key"
    assert log_of_two.audit().ok


def test_checkpoints_bear_both_signatures_while_log_keys_overlap(log_of_two: SmallLog) -> None:
    drain(log_of_two)
    before = head(log_of_two)
    add_log_key(log_of_two)
    drain(log_of_two)
    overlap = head(log_of_two)
    retire_old(log_of_two)
    drain(log_of_two)
    after = head(log_of_two)
    assert [opens(note, VKEY) for note in (before, overlap, after)] == [True, True, False]
    assert [opens(note, NEW_VKEY) for note in (before, overlap, after)] == [False, True, True]
    with log_of_two.read() as session:
        terms = log_key_terms(session)
        assert reading.vkey(session) == NEW_VKEY
    assert [(term.vkey, term.from_index, term.until_index) for term in terms] == [
        (VKEY, 0, 4),
        (NEW_VKEY, 3, None),
    ]
    report = log_of_two.audit((before, overlap))
    assert (report.faults, report.entries) == ((), 5)


def test_a_receipt_of_the_overlap_convinces_both_and_a_later_one_the_new(log_of_two: SmallLog) -> None:
    log_of_two.submit("a")
    add_log_key(log_of_two)
    drain(log_of_two)
    with log_of_two.read() as session:
        receipt = reading.receipt(session, "a")
    assert (
        verify_receipt(receipt, Policy.of_log(VKEY)).index
        == verify_receipt(receipt, Policy.of_log(NEW_VKEY)).index
        == 2
    )
    retire_old(log_of_two)
    drain(log_of_two)
    with log_of_two.read() as session:
        receipt = reading.receipt(session, "a")
    assert verify_receipt(receipt, Policy.of_log(NEW_VKEY)).index == 2
    with pytest.raises(NotSignedByLog):
        verify_receipt(receipt, Policy.of_log(VKEY))


def test_what_either_log_key_stated_is_proved_to_whoever_trusts_the_other(log_of_two: SmallLog) -> None:
    states(log_of_two, statement("by-old", subject="release/1"), LOG_KEY)
    add_log_key(log_of_two)
    states(log_of_two, statement("by-new", subject="release/2"), NEW_LOG_KEY)
    drain(log_of_two)
    with log_of_two.read() as session:
        by_new = reading.receipt(session, "by-new")
    assert verify_receipt(by_new, Policy.of_log(VKEY)).key == NEW_LOG_KEY.public
    both = Policy(tuple(Log(NoteKey.from_vkey(vkey)) for vkey in (VKEY, NEW_VKEY)))
    assert verify_receipt(by_new, both).key == NEW_LOG_KEY.public
    retire_old(log_of_two)
    drain(log_of_two)
    with log_of_two.read() as session:
        by_old = reading.receipt(session, "by-old")
    verified = verify_receipt(by_old, Policy.of_log(NEW_VKEY))
    assert (verified.key, verified.holder) == (LOG_KEY.public, ORIGIN)


def test_a_signer_without_the_new_key_signs_nothing(log_of_two: SmallLog) -> None:
    drain(log_of_two)
    add_log_key(log_of_two)
    note = head(log_of_two)
    with pytest.raises(KeyFileMissing):
        drain(log_of_two, fixed(LOG_KEY))
    assert head(log_of_two) == note
    drain(log_of_two)
    assert log_of_two.audit().ok


def test_the_ring_loads_a_key_that_was_added_since(log_of_two: SmallLog, tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    folder.path.mkdir(mode=0o700)
    write_key(folder.path / "log.key", LOG_KEY, None, lambda count: bytes(count))
    ring = LogKeys(folder)
    ring.load()
    drain(log_of_two, ring.at_size)
    write_key(folder.path / "log-2.key", NEW_LOG_KEY, None, lambda count: bytes(count))
    add_log_key(log_of_two)
    drain(log_of_two, ring.at_size)
    assert opens(head(log_of_two), NEW_VKEY)
    with log_of_two.read() as session:
        assert ring.in_force(session) == (LOG_KEY, NEW_LOG_KEY)
        assert ring.newest(session) == NEW_LOG_KEY


@pytest.mark.damages_log
def test_a_head_signed_by_a_retired_key_alone_is_a_fault(log_of_two: SmallLog) -> None:
    add_log_key(log_of_two)
    drain(log_of_two)
    retire_old(log_of_two)
    drain(log_of_two)
    size = log_of_two.value("SELECT max(size) FROM ledger_checkpoint")
    root = log_of_two.value("SELECT root FROM ledger_state")
    assert isinstance(size, int)
    assert isinstance(root, bytes | memoryview)
    forged = sign_checkpoint(Checkpoint(ORIGIN, size, bytes(root)), [LOG_KEY]).text
    log_of_two.sql("UPDATE ledger_checkpoint SET note = :note WHERE size = :size", note=forged, size=size)
    assert [type(fault).__name__ for fault in log_of_two.audit().faults] == ["CheckpointFalse"]


def test_the_operator_revokes_a_lost_key_and_nobody_brings_it_back(log_of_two: SmallLog) -> None:
    key_id = GROWER.public.key_id
    with log_of_two.write() as session:
        key_changes.revoke(session, ORIGIN, key_id, "lost", LOG_KEY, AT_MS)
    with pytest.raises(KeyEnded):
        log_of_two.submit("a")
    with pytest.raises(DuplicateStatement), log_of_two.write() as session:
        key_changes.revoke(session, ORIGIN, key_id, "lost", LOG_KEY, AT_MS)
    drain(log_of_two)
    with log_of_two.write() as session:
        assert register_key(session, GROWER, ORIGIN, AT_MS, holder=FIRM) is None
    with log_of_two.read() as session:
        known = known_key(session, key_id)
    assert (known.standing, known.reason, known.until_index) == (Standing.REVOKED, "lost", 2)


def test_the_book_read_from_the_log_is_the_book_of_all_its_entries(log_of_two: SmallLog) -> None:
    add_log_key(log_of_two)
    with log_of_two.write() as session:
        key_changes.rotate(session, ORIGIN, GROWER, NEXT, AT_MS, holder=FIRM)
        register_key(session, STRANGER, ORIGIN, AT_MS, holder="邻居")
        key_changes.revoke(session, ORIGIN, STRANGER.public.key_id, "ceased", NEW_LOG_KEY, AT_MS)
    drain(log_of_two)
    retire_old(log_of_two)
    drain(log_of_two)
    whole = KeyBook(NoteKey.from_vkey(VKEY))
    with log_of_two.read() as session:
        for index in range(reading.size(session)):
            entry = reading.entry_at(session, index).entry
            assert whole.fault(index, entry) is None
            whole.take(index, entry)
        read = key_book(session, whole.states)
    assert read.states == whole.states
    assert read.active == whole.active
    assert read.log_keys == (NEW_LOG_KEY.public,)


def test_a_bad_signature_under_a_good_key_changes_no_key(log_of_two: SmallLog) -> None:
    made = revocation(GROWER.public.key_id, "lost", AT_MS)
    forged = replace(sign_statement(made, ORIGIN, GROWER), signature=bytes(64))
    with pytest.raises(BadSignature), log_of_two.write() as session:
        outbox.submit(session, forged)
    log_of_two.submit("a")


@pytest.mark.damages_log
def test_an_audit_names_what_a_key_signed_after_its_end(sqlite_log: SmallLog) -> None:
    """The gate and the placement switched off: whoever owns the service appends it all the same."""
    with sqlite_log.write() as session:
        key_changes.revoke(session, ORIGIN, GROWER.public.key_id, "lost", LOG_KEY, AT_MS)
    sqlite_log.sql("UPDATE ledger_key SET ended = NULL")
    sqlite_log.submit("late")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(KeyState, "counts_at", lambda _state, _index: True)
        drain(sqlite_log)
    with sqlite_log.read() as session:
        report = audit(session, VKEY)
    assert [(type(fault).__name__, fault.index) for fault in report.faults] == [("ActorNotRegistered", 3)]


def test_retiring_the_only_log_key_is_refused(log_of_two: SmallLog) -> None:
    drain(log_of_two)
    with pytest.raises(KeyStatementRefused), log_of_two.write() as session:
        key_changes.retire_log_key(session, ORIGIN, LOG_KEY.public.key_id, LOG_KEY, AT_MS)
    with pytest.raises(UnknownKey), log_of_two.write() as session:
        key_changes.retire_log_key(session, ORIGIN, LOG_KEY.public.key_id, NEW_LOG_KEY, AT_MS)


def test_an_audit_may_start_from_a_later_log_key_as_well_as_from_the_first(sqlite_log: SmallLog) -> None:
    add_log_key(sqlite_log)
    drain(sqlite_log)
    with sqlite_log.read() as session:
        assert audit(session, NEW_VKEY).ok
    retire_old(sqlite_log)
    drain(sqlite_log)
    with sqlite_log.read() as session:
        kept = reading.checkpoint(session).text
        assert audit(session, VKEY, (kept,)).ok
        assert audit(session, NEW_VKEY, (kept,)).ok


def test_an_audit_from_a_key_that_never_was_the_logs_says_so(sqlite_log: SmallLog) -> None:
    drain(sqlite_log)
    stranger = NoteKey(ORIGIN, STRANGER.public).to_vkey()
    with sqlite_log.read() as session:
        faults = audit(session, stranger).faults
    assert [(type(fault).__name__, fault.index) for fault in faults] == [("ActorNotRegistered", 0)]
