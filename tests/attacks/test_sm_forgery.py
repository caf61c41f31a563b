"""Attacks on the SM3 tree: signatures, keys and notes made up, and leaves that are not the log's."""

from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import (
    BadProof,
    BadPublicKey,
    BadSignature,
    DaodiError,
    MalformedNote,
    NotSignedByLog,
    WrongLog,
)
from ledger.note import NoteKey, open_note
from ledger.proofs.bundle import Receipt
from ledger.sm import curve, libcrypto, sm2, store
from ledger.sm.checkpoint import Sm2NoteKey, log_of, open_signed, sign
from ledger.sm.errors import SmTreeForked
from ledger.sm.keys import PLAIN, Sm2PublicKey, Sm2SigningKey
from ledger.sm.known_answer import Sm2
from ledger.sm.receipts import receipt, verify_receipt
from ledger.writing.kept_heads import KeptHeads
from tests.ledger.bits import flipped
from tests.ledger.small_log import LOG_KEY, ORIGIN, VKEY, SmallLog
from tests.ledger.small_sm_tree import SM_KEY, TRUSTED, follower, founded, published, sm_audit

KEY = Sm2SigningKey(bytes(range(32)))
MESSAGE = b"log.example/bozhou/sm3\n7\n"
HEAD = Checkpoint(TRUSTED.name, 7, bytes(range(32)))


@pytest.fixture(params=["python", "openssl"])
def implementation(request: pytest.FixtureRequest) -> Sm2:
    """Both implementations."""
    found = PLAIN if request.param == "python" else libcrypto.find()
    assert found is not None
    return found


def joined(r: int, s: int) -> bytes:
    """A signature of these halves."""
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_a_signature_with_halves_out_of_range_proves_nothing(implementation: Sm2) -> None:
    good = PLAIN.sign(KEY.secret, KEY.public.raw, MESSAGE)
    r, s = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
    assert implementation.verifies(KEY.public.raw, MESSAGE, good)
    n = curve.ORDER
    bad = [(0, s), (r, 0), (0, 0), (n, s), (r, n), (r, n - r), (n - s, s), (2**256 - 1, 2**256 - 1)]
    for halves in bad:
        assert not implementation.verifies(KEY.public.raw, MESSAGE, joined(*halves)), halves


def test_halves_that_would_satisfy_the_equation_but_are_out_of_range_are_refused() -> None:
    """Digests chosen to fit, which no message has: only the bounds of section 7.1 stand against these."""
    x, y = KEY.public.raw[1:33], KEY.public.raw[33:]
    point = curve.Point(int.from_bytes(x, "big"), int.from_bytes(y, "big"), 1)
    n = curve.ORDER

    def fitting(r: int, s: int) -> int:
        """The digest for which r = digest + x(sG + (r + s)P)."""
        found = curve.added(curve.multiple(s % n, curve.BASE), curve.multiple((r + s) % n, point)).affine()
        assert found is not None
        return (r - found[0]) % n

    genuine = (7, 5)
    assert sm2.accepts(point.x, point.y, fitting(*genuine), joined(*genuine))
    for r, s in ((0, 5), (7, 0), (7, 5 + n), (7 + n, 5), (n - 5, 5), (n, 5), (7, n)):
        assert not sm2.accepts(point.x, point.y, fitting(r, s), joined(r, s)), (r, s)


def test_a_signature_of_another_length_proves_nothing() -> None:
    good = KEY.sign(MESSAGE)
    for bad in (b"", good[:-1], good + b"\x00", good[:32], b"\x30" + good):
        with pytest.raises(BadSignature):
            KEY.public.verify(MESSAGE, bad)


def test_a_signature_under_another_identity_is_refused(implementation: Sm2) -> None:
    secret = int.from_bytes(KEY.secret, "big")
    for identity in (b"", b"ALICE123@YAHOO.COM", b"1234567812345679", b"1234567812345678\x00"):
        signature = sm2.sign(secret, MESSAGE, identity)
        x, y = sm2.public_point(secret)
        assert sm2.verifies(x, y, MESSAGE, signature, identity)
        assert not implementation.verifies(KEY.public.raw, MESSAGE, signature)


def test_keys_that_are_no_points_of_the_curve_are_refused() -> None:
    x, y = KEY.public.raw[1:33], KEY.public.raw[33:]
    p = curve.P.to_bytes(32, "big")
    beyond = (curve.P + 1).to_bytes(32, "big")
    bad = [
        b"",
        b"\x00",  # infinity, as SEC 1 writes it
        b"\x04" + bytes(64),
        b"\x00" + x + y,
        b"\x02" + x,
        b"\x06" + x + y,
        b"\x04" + y + x,
        b"\x04" + p + y,
        b"\x04" + x + p,
        b"\x04" + beyond + y,
        b"\x04" + x + y + b"\x00",
        b"\x04" + b"\xff" * 64,
        KEY.public.raw[1:],
    ]
    for raw in bad:
        with pytest.raises(BadPublicKey):
            Sm2PublicKey(raw)
    # The other point with this x is on the curve, and another key.
    other = Sm2PublicKey(b"\x04" + x + (curve.P - int.from_bytes(y, "big")).to_bytes(32, "big"))
    with pytest.raises(BadSignature):
        other.verify(MESSAGE, KEY.sign(MESSAGE))


def test_a_point_of_another_curve_is_no_key() -> None:
    # The base point of NIST P-256: a library that did not look would do arithmetic on another curve.
    nist = bytes.fromhex(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    )
    with pytest.raises(BadPublicKey, match="curve"):
        Sm2PublicKey(nist)


def test_every_bit_of_a_signed_checkpoint_counts() -> None:
    note = sign(HEAD, SM_KEY).text
    assert open_signed(note, TRUSTED).checkpoint == HEAD
    raw = note.encode()
    for bit in range(8 * len(raw)):
        try:
            text = flipped(raw, bit).decode()
        except UnicodeDecodeError:
            continue
        with pytest.raises(DaodiError):
            open_signed(text, TRUSTED)


def test_every_character_of_a_verifier_key_counts() -> None:
    vkey = TRUSTED.to_vkey()
    assert Sm2NoteKey.from_vkey(vkey) == TRUSTED
    for at in range(len(vkey)):
        for bit in range(7):
            with pytest.raises(DaodiError):
                Sm2NoteKey.from_vkey(vkey[:at] + flipped(vkey[at].encode(), bit).decode() + vkey[at + 1 :])
        with pytest.raises(DaodiError):
            Sm2NoteKey.from_vkey(vkey[:at])


def test_keys_of_the_two_kinds_are_never_taken_for_each_other() -> None:
    with pytest.raises(MalformedNote):
        Sm2NoteKey.from_vkey(VKEY)
    with pytest.raises(MalformedNote):
        NoteKey.from_vkey(TRUSTED.to_vkey())


def test_a_checkpoint_of_another_tree_or_key_is_refused() -> None:
    other = Sm2SigningKey(bytes(range(1, 33)))
    with pytest.raises(NotSignedByLog):
        open_signed(sign(HEAD, other).text, TRUSTED)
    elsewhere = Checkpoint("log.example/other/sm3", 7, HEAD.root)
    with pytest.raises(NotSignedByLog):
        open_signed(sign(elsewhere, SM_KEY).text, TRUSTED)
    # The right key under its own name, over a text that names another log.
    lent = sign(HEAD, SM_KEY).text.replace(TRUSTED.name, elsewhere.origin, 1)
    with pytest.raises(BadSignature):
        open_signed(lent, TRUSTED)
    for name in ("log.example/bozhou", "/sm3", ""):
        with pytest.raises(WrongLog):
            log_of(name)


def test_readers_that_know_no_sm2_pass_its_line_over() -> None:
    note = sign(HEAD, SM_KEY).text
    ours = NoteKey(TRUSTED.name, LOG_KEY.public)
    with pytest.raises(NotSignedByLog):
        open_note(note, [ours])


def test_every_bit_of_a_receipt_counts(sqlite_log: SmallLog) -> None:
    founded(sqlite_log)
    sqlite_log.grow(6)
    follower(sqlite_log).run()
    with sqlite_log.read() as session:
        made = receipt(session, "s3")
    verify_receipt(made, TRUSTED)
    raw = made.to_text().encode()
    for bit in range(0, 8 * len(raw), 3):
        try:
            text = flipped(raw, bit).decode()
            found = Receipt.from_text(text)
        except (UnicodeDecodeError, DaodiError):
            continue
        with pytest.raises(DaodiError):
            verify_receipt(found, TRUSTED)


def test_a_receipt_of_the_log_is_none_of_the_sm3_tree(sqlite_log: SmallLog) -> None:
    from ledger import log as reading

    founded(sqlite_log)
    sqlite_log.grow(6)
    follower(sqlite_log).run()
    with sqlite_log.read() as session:
        ours, theirs = receipt(session, "s3"), reading.receipt(session, "s3")
    with pytest.raises(NotSignedByLog):
        verify_receipt(theirs, TRUSTED)
    mixed = Receipt(ours.index, ours.leaf_bytes, theirs.proof, ours.checkpoint_text, ours.registration)
    with pytest.raises(BadProof):
        verify_receipt(mixed, TRUSTED)


@pytest.mark.damages_log
@pytest.mark.parametrize("begun", [0, 10])
def test_an_entry_changed_after_it_was_signed_never_enters_the_sm3_tree(
    log_of_two: SmallLog, begun: int
) -> None:
    """Whoever owns the database changes leaf, leaf hash and tile alike before the follower comes by."""
    from ledger.merkle import leaf_hash

    founded(log_of_two)
    if begun:
        log_of_two.submit(*(f"b{number}" for number in range(begun)))
        log_of_two.sequencer().drain()
        follower(log_of_two).run()
    log_of_two.grow(30)
    index = begun + 20
    leaf = log_of_two.value("SELECT leaf FROM ledger_entry WHERE entry_index = :index", index=index)
    tile = log_of_two.value("SELECT hashes FROM ledger_tile WHERE level = 0 AND tile_index = 0")
    assert isinstance(leaf, bytes | memoryview)
    assert isinstance(tile, bytes | memoryview)
    forged = bytes(leaf).replace(b'"grams":', b'"grams":9')
    assert forged != bytes(leaf)
    hashes = bytearray(tile)
    hashes[32 * index : 32 * index + 32] = leaf_hash(forged)
    log_of_two.sql(
        "UPDATE ledger_entry SET leaf = :leaf, leaf_hash = :hash WHERE entry_index = :index",
        leaf=forged,
        hash=leaf_hash(forged),
        index=index,
    )
    log_of_two.sql("UPDATE ledger_tile SET hashes = :hashes WHERE level = 0", hashes=bytes(hashes))
    before = log_of_two.value("SELECT count(*) FROM ledger_sm_checkpoint")
    for group in (1024, 7):
        with pytest.raises(SmTreeForked):
            follower(log_of_two, group).run()
    assert log_of_two.value("SELECT count(*) FROM ledger_sm_checkpoint") == before


@pytest.mark.damages_log
def test_an_entry_changed_afterwards_is_seen_by_the_sm3_tree_too(log_of_two: SmallLog) -> None:
    founded(log_of_two)
    log_of_two.grow(30)
    follower(log_of_two).run()
    leaf = log_of_two.value("SELECT leaf FROM ledger_entry WHERE entry_index = 20")
    assert isinstance(leaf, bytes | memoryview)
    forged = bytes(leaf).replace(b'"grams":', b'"grams":9')
    log_of_two.sql("UPDATE ledger_entry SET leaf = :leaf WHERE entry_index = 20", leaf=forged)
    found = {(fault.key(), fault.index) for fault in sm_audit(log_of_two).faults}
    assert {("leaves-differ", 20), ("hash-altered", 20), ("checkpoint-false", 32)} <= found


def test_tiles_changed_after_they_were_written_are_not_signed(log_of_two: SmallLog) -> None:
    founded(log_of_two)
    log_of_two.grow(300)
    tile = "level = 0 AND tile_index = 0"
    for change, place in ((b"\xff" * 256 * 32, tile), (b"", tile), (b"\xff" * 32, "level = 1")):
        log_of_two.sql("DELETE FROM ledger_sm_tile")
        log_of_two.sql("DELETE FROM ledger_sm_checkpoint")
        log_of_two.sql("UPDATE ledger_sm_state SET size = 0, root = :root", root=curve_empty())
        unsigned = follower(log_of_two)
        while unsigned._take_group():
            pass
        log_of_two.sql(f"UPDATE ledger_sm_tile SET hashes = :hashes WHERE {place}", hashes=change)  # noqa: S608  ours
        with pytest.raises(SmTreeForked):
            unsigned.run()
        assert log_of_two.value("SELECT count(*) FROM ledger_sm_checkpoint") == 0


def curve_empty() -> bytes:
    """The root of an empty SM3 tree, as the standard's hash of nothing."""
    return bytes.fromhex("1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")


def test_a_kept_checkpoint_with_another_root_stops_the_tree(sqlite_log: SmallLog, tmp_path: Path) -> None:
    founded(sqlite_log)
    sqlite_log.grow(10)
    kept = KeptHeads(tmp_path)
    forged = sign(Checkpoint(TRUSTED.name, 5, bytes(32)), SM_KEY)
    kept.write(5, forged.text)
    with pytest.raises(SmTreeForked):
        follower(sqlite_log, kept=kept).run()
    kept.write(6, sign(Checkpoint(TRUSTED.name, 6, bytes(32)), KEY).text)  # somebody else's signature
    with pytest.raises(SmTreeForked):
        follower(sqlite_log, kept=kept).run()
    assert sqlite_log.value("SELECT count(*) FROM ledger_sm_checkpoint") == 0


def test_a_second_root_signed_for_the_same_size_is_noticed_at_once(
    sqlite_log: SmallLog, tmp_path: Path
) -> None:
    founded(sqlite_log)
    sqlite_log.grow(10)
    kept = KeptHeads(tmp_path)
    follower(sqlite_log, kept=kept).run()
    for size in (12, 9):  # the same size, and an earlier one
        sqlite_log.sql("DELETE FROM ledger_sm_checkpoint")
        forged = sign(Checkpoint(TRUSTED.name, size, bytes(32)), SM_KEY)
        with sqlite_log.write() as session:
            store.write_note(session, size, forged.text)
        with pytest.raises(SmTreeForked):
            follower(sqlite_log, kept=kept).run()


def test_a_fault_of_the_sm3_tree_leaves_the_log_alone(sqlite_log: SmallLog) -> None:
    founded(sqlite_log)
    sqlite_log.grow(10)
    follower(sqlite_log).run()
    sqlite_log.sql("UPDATE ledger_sm_state SET root = :root", root=bytes(32))
    sqlite_log.submit("x1")
    assert sqlite_log.sequencer().drain() == 1
    with pytest.raises(SmTreeForked):
        follower(sqlite_log).run()
    assert sqlite_log.audit().ok
    assert published(sqlite_log)[0] == 12
    assert ORIGIN in TRUSTED.name
