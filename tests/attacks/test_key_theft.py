"""Somebody wants a key to count that should not: each way is refused at the gate and found in an audit."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger import log as reading
from ledger.audits.audit import audit
from ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.entry import Entry, SignedStatement, Statement, sign_statement
from ledger.errors import (
    BadPublicKey,
    BadRegistration,
    BadSignature,
    DaodiError,
    DuplicateStatement,
    UnknownKey,
)
from ledger.keyring import key_changes
from ledger.keyring.key_book import KeyBook
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NotALogKey
from ledger.keyring.key_statements import log_key_added, log_key_retired, revocation, rotation
from ledger.keyring.log_keys import fixed
from ledger.keyring.registration import registration
from ledger.keys import PublicKey, SigningKey
from ledger.merkle import leaf_hash, root_of
from ledger.note import NoteKey
from ledger.registry import register_key
from ledger.writing import outbox
from ledger.writing.sequencer import Sequencer
from tests.ledger.low_order import low_order_encodings
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
THIEF = SigningKey.from_seed(b"t" * 32)
NEW_LOG_KEY = SigningKey.from_seed(b"l" * 32)


def submitted(log: SmallLog, made: Statement, key: SigningKey) -> None:
    with log.write() as session:
        outbox.submit(session, sign_statement(made, ORIGIN, key))


def refused(log: SmallLog, made: Statement, key: SigningKey, error: type[DaodiError]) -> None:
    """Refused at the gate, and a fault where a dishonest operator would log it all the same."""
    with pytest.raises(error):
        submitted(log, made, key)
    log.sequencer().drain()
    with log.read() as session:
        book = KeyBook(NoteKey.from_vkey(VKEY))
        size = reading.size(session)
        for index in range(size):
            book.take(index, reading.entry_at(session, index).entry)
    forged = Entry(signed=sign_statement(made, ORIGIN, key), seq=0, prev="0" * 64)
    assert book.fault(size, forged)


def test_a_thief_keeps_signing_after_the_revocation(sqlite_log: SmallLog) -> None:
    submitted(sqlite_log, revocation(GROWER.public.key_id, "compromised", AT_MS), LOG_KEY)
    refused(sqlite_log, statement("late"), GROWER, KeyEnded)


def test_a_thief_backdates_what_it_signs_after_the_revocation(sqlite_log: SmallLog) -> None:
    """The time a statement claims is the speaker's own; its index decides."""
    submitted(sqlite_log, revocation(GROWER.public.key_id, "compromised", AT_MS), LOG_KEY)
    refused(sqlite_log, replace(statement("late"), at_ms=AT_MS - 86_400_000), GROWER, KeyEnded)


def test_a_party_revokes_its_rivals_key(sqlite_log: SmallLog) -> None:
    with sqlite_log.write() as session:
        register_key(session, STRANGER, ORIGIN, AT_MS, holder="对手")
    refused(sqlite_log, revocation(GROWER.public.key_id, "lost", AT_MS), STRANGER, KeyStatementRefused)
    sqlite_log.submit("still-here")


def test_a_party_rotates_its_rivals_key_to_its_own(sqlite_log: SmallLog) -> None:
    with sqlite_log.write() as session:
        register_key(session, STRANGER, ORIGIN, AT_MS, holder="对手")
    to_me = rotation(GROWER.public.key_id, STRANGER.public.key_id, AT_MS)
    refused(sqlite_log, to_me, STRANGER, KeyStatementRefused)


def test_a_thief_of_a_key_takes_the_holder_over_by_rotation(sqlite_log: SmallLog) -> None:
    """Whoever has the old key alone cannot register a successor for its holder: the API asks for a token.

    And a successor registered for the thief's own name is not the holder's.
    """
    with sqlite_log.write() as session:
        register_key(session, THIEF, ORIGIN, AT_MS, holder="小偷")
    refused(
        sqlite_log, rotation(GROWER.public.key_id, THIEF.public.key_id, AT_MS), GROWER, KeyStatementRefused
    )
    refused(sqlite_log, rotation(GROWER.public.key_id, "0" * 32, AT_MS), GROWER, UnknownKey)


@pytest.mark.parametrize("raw", low_order_encodings(), ids=bytes.hex)
def test_somebody_registers_a_key_under_which_anybody_can_sign(sqlite_log: SmallLog, raw: bytes) -> None:
    """All 14: under such a key one constant signature verifies many messages."""
    key_id = hashlib.sha256(raw).hexdigest()[:32]
    said = Statement(
        id=f"key.registered/{key_id}",
        kind="key.registered",
        subject=f"key/{key_id}",
        at_ms=AT_MS,
        public={"algorithm": "Ed25519", "holder": "人人", "key": base64.b64encode(raw).decode()},
    )
    # R the neutral element and S zero: what pycryptodome accepted for every message.
    constant = (1).to_bytes(32, "little") + bytes(32)
    forged = SignedStatement(statement=said, origin=ORIGIN, actor=key_id, signature=constant)
    with pytest.raises(BadPublicKey), sqlite_log.write() as session:
        outbox.submit(session, forged)


def test_somebody_registers_a_key_it_does_not_hold(sqlite_log: SmallLog) -> None:
    """A public key is public: without a signature by it, it is registered for nobody."""
    stolen = registration(STRANGER.public, "小偷", AT_MS)
    for signature in (
        sign_statement(stolen, ORIGIN, THIEF).signature,
        sign_statement(registration(STRANGER.public, "真主", AT_MS), ORIGIN, STRANGER).signature,
        bytes(64),
    ):
        forged = SignedStatement(
            statement=stolen, origin=ORIGIN, actor=STRANGER.public.key_id, signature=signature
        )
        with pytest.raises(BadSignature), sqlite_log.write() as session:
            outbox.submit(session, forged)
    with pytest.raises(BadRegistration):
        submitted(sqlite_log, stolen, THIEF)


def test_a_registration_for_another_log_is_replayed_here(sqlite_log: SmallLog) -> None:
    other = sign_statement(registration(STRANGER.public, "真主", AT_MS), "log.example/anguo", STRANGER)
    with pytest.raises(DaodiError), sqlite_log.write() as session:
        outbox.submit(session, other)
    with pytest.raises(BadSignature), sqlite_log.write() as session:
        outbox.submit(session, replace(other, origin=ORIGIN))


def test_somebody_brings_a_revoked_key_back(sqlite_log: SmallLog) -> None:
    submitted(sqlite_log, revocation(GROWER.public.key_id, "lost", AT_MS), GROWER)
    again = registration(GROWER.public, FIRM, AT_MS + 1)
    for _ in range(2):  # while it waits, and when it is in the log
        with pytest.raises(DuplicateStatement):
            submitted(sqlite_log, again, GROWER)
        sqlite_log.sequencer().drain()
    refused(sqlite_log, replace(again, id="key.registered/again"), GROWER, BadRegistration)
    refused(sqlite_log, revocation(GROWER.public.key_id, "unspecified", AT_MS), LOG_KEY, DuplicateStatement)


def test_a_party_makes_itself_the_log(sqlite_log: SmallLog) -> None:
    """Even with a key registered under the log's own name, which the API gives to nobody."""
    with sqlite_log.write() as session:
        register_key(session, THIEF, ORIGIN, AT_MS, holder=ORIGIN)
    refused(sqlite_log, log_key_added(THIEF.public.key_id, AT_MS), THIEF, NotALogKey)
    refused(sqlite_log, log_key_retired(LOG_KEY.public.key_id, AT_MS), THIEF, NotALogKey)
    refused(sqlite_log, revocation(LOG_KEY.public.key_id, "lost", AT_MS), GROWER, KeyStatementRefused)
    refused(sqlite_log, replace(statement("x"), kind="subjects.indexed"), GROWER, NotALogKey)


@pytest.fixture
def rotated(sqlite_log: SmallLog) -> SmallLog:
    """A log whose founding key has been followed by another and retired."""
    with sqlite_log.write() as session:
        key_changes.add_log_key(session, ORIGIN, NEW_LOG_KEY, LOG_KEY, AT_MS)
    both = fixed(LOG_KEY, NEW_LOG_KEY)
    Sequencer(sqlite_log.write, ORIGIN, both).drain()
    with sqlite_log.write() as session:
        key_changes.retire_log_key(session, ORIGIN, LOG_KEY.public.key_id, NEW_LOG_KEY, AT_MS)
    Sequencer(sqlite_log.write, ORIGIN, both).drain()
    return sqlite_log


def extended(log: SmallLog, sign: Callable[[Checkpoint], str]) -> str:
    """A head of one entry more than the log has, as somebody with an old log key would make it."""
    with log.read() as session:
        leaves = [reading.entry_at(session, index).entry.leaf_bytes for index in range(reading.size(session))]
    hashes = [leaf_hash(leaf) for leaf in (*leaves, b"forged")]
    return sign(Checkpoint(ORIGIN, len(hashes), root_of(hashes)))


def test_a_thief_of_a_retired_log_key_signs_a_head(rotated: SmallLog) -> None:
    forged = extended(rotated, lambda head: sign_checkpoint(head, [LOG_KEY]).text)
    with pytest.raises(DaodiError):
        open_checkpoint(forged, NoteKey(ORIGIN, NEW_LOG_KEY.public))
    rotated.sql("INSERT INTO ledger_checkpoint (size, note) VALUES (6, :note)", note=forged)
    with pytest.raises(DaodiError):
        Sequencer(rotated.write, ORIGIN, fixed(LOG_KEY, NEW_LOG_KEY)).drain()
    with rotated.read() as session:
        assert not audit(session, VKEY).ok
    rotated.sql("DELETE FROM ledger_checkpoint WHERE size = 6")


def test_a_thief_of_a_retired_log_key_speaks_for_the_operator(rotated: SmallLog) -> None:
    for made in (
        revocation(GROWER.public.key_id, "lost", AT_MS),
        log_key_retired(NEW_LOG_KEY.public.key_id, AT_MS),
        log_key_added(LOG_KEY.public.key_id, AT_MS),
        statement("release"),
    ):
        with pytest.raises((KeyEnded, DuplicateStatement)):
            submitted(rotated, made, LOG_KEY)


def test_whoever_owns_the_database_marks_a_revoked_key_as_good(sqlite_log: SmallLog) -> None:
    """The gate believes the row; the placement reads the log, and holds what it admitted."""
    submitted(sqlite_log, revocation(GROWER.public.key_id, "compromised", AT_MS), LOG_KEY)
    sqlite_log.sequencer().drain()
    sqlite_log.sql("UPDATE ledger_key SET ended = NULL, log_key = true")
    sqlite_log.submit("late")
    sqlite_log.sequencer().drain()
    assert sqlite_log.value("SELECT fault FROM ledger_pending") == "unregistered-key"
    assert sqlite_log.audit().entries == 3


def test_a_key_that_is_no_point_is_refused_everywhere_it_is_read() -> None:
    for raw in (*low_order_encodings(), bytes(31), b"\xff" * 32, (2).to_bytes(32, "little")):
        with pytest.raises(BadPublicKey):
            PublicKey(raw)


def test_a_signature_by_the_key_of_another_is_not_taken_for_ones_own(sqlite_log: SmallLog) -> None:
    with sqlite_log.write() as session:
        register_key(session, STRANGER, ORIGIN, AT_MS, holder="对手")
    borrowed = replace(signed("a"), actor=STRANGER.public.key_id)
    with pytest.raises(BadSignature), sqlite_log.write() as session:
        outbox.submit(session, borrowed)
