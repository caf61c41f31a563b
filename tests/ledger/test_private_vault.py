"""Private values and their keys: sealed where they stand, opened nowhere else."""

import os
from collections.abc import Iterator

import pytest
from Crypto.Cipher import AES
from sqlmodel import Session, SQLModel, create_engine, select

from ledger.canonical import canonical
from ledger.private.disclosure import conceal
from ledger.private.private_cipher import WrappingKey, open_value, seal_value, unwrap, wrap
from ledger.private.private_errors import BadReason, SealBroken, WrappingKeyMissing
from ledger.private.private_tables import PrivateKeyRow
from ledger.private.private_vault import Vault, vault_of
from ledger.private.redaction import check_reason, redaction
from tests.ledger.bits import flipped

OLD, NEW = WrappingKey(bytes(range(32))), WrappingKey(bytes(range(32, 64)))
KEY = bytes(range(64, 96))
PHONE = conceal("phone", "13800138000", os.urandom)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = create_engine(database_url)
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["ledger_private_key"]])
    with Session(engine) as opened, opened.begin():
        yield opened
    engine.dispose()


def test_a_sealed_value_is_aes_256_gcm_as_documented() -> None:
    sealed = seal_value(KEY, PHONE, "step/1", os.urandom)
    version, nonce, body, tag = sealed[:1], sealed[1:13], sealed[13:-16], sealed[-16:]
    cipher = AES.new(KEY, AES.MODE_GCM, nonce=nonce)  # another implementation
    cipher.update(canonical(["daodi/private-value/v1", "step/1", "phone"]))
    plain = cipher.decrypt_and_verify(body, tag)
    assert version == b"\x01"
    assert plain.rstrip(b".").decode() == PHONE.encoded
    assert len(plain) % 64 == 0


def test_a_ciphertext_opens_at_its_own_place_only() -> None:
    sealed = seal_value(KEY, PHONE, "step/1", os.urandom)
    assert open_value(KEY, sealed, "step/1", "phone") == PHONE
    for key, statement, name in (
        (KEY, "step/2", "phone"),
        (KEY, "step/1", "responsible"),
        (bytes(32), "step/1", "phone"),
    ):
        with pytest.raises(SealBroken):
            open_value(key, sealed, statement, name)


def test_every_flipped_bit_is_noticed() -> None:
    sealed = seal_value(KEY, PHONE, "step/1", os.urandom)
    for place in range(len(sealed) * 8):
        with pytest.raises(SealBroken):
            open_value(KEY, flipped(sealed, place), "step/1", "phone")
    for cut in (b"", sealed[:12], sealed[:-1]):
        with pytest.raises(SealBroken):
            open_value(KEY, cut, "step/1", "phone")


def test_values_of_like_length_look_alike_and_none_is_sealed_the_same_twice() -> None:
    lengths = {
        len(seal_value(KEY, conceal("name", value, os.urandom), "step/1", os.urandom))
        for value in ("张三", "欧阳修远", "13800138000")
    }
    assert len(lengths) == 1
    assert len({seal_value(KEY, PHONE, "step/1", os.urandom) for _ in range(50)}) == 50


def test_a_wrapped_key_belongs_to_its_subject_and_wrapping_key() -> None:
    wrapped = wrap(OLD, "lot/A", KEY, os.urandom)
    assert unwrap(OLD, "lot/A", wrapped) == KEY
    for by, subject in ((OLD, "lot/B"), (NEW, "lot/A")):
        with pytest.raises(SealBroken):
            unwrap(by, subject, wrapped)


def test_a_wrapping_key_does_not_print_itself() -> None:
    assert OLD.raw.hex() not in repr(OLD)
    assert "raw" not in repr(OLD)


def test_each_subject_has_one_key_and_the_database_does_not_hold_it(session: Session) -> None:
    vault = vault_of(OLD, os.urandom)
    first = vault.key_for(session, "lot/A", 1)
    assert vault.key_for(session, "lot/A", 2) == first
    other = vault.key_for(session, "lot/B", 3)
    assert other != first
    assert vault.keys(session, ["lot/A", "lot/B", "lot/C"]) == {"lot/A": first, "lot/B": other}
    rows = session.exec(select(PrivateKeyRow)).all()
    assert all(key not in row.wrapped for row in rows for key in (first, other, OLD.raw))


def test_a_replaced_key_is_another_and_a_forgotten_one_is_gone(session: Session) -> None:
    vault = vault_of(OLD, os.urandom)
    first = vault.key_for(session, "lot/A", 1)
    second = vault.replace(session, "lot/A", 2)
    assert second != first
    assert vault.hold(session, "lot/A") == second
    vault.forget(session, "lot/A")
    assert vault.hold(session, "lot/A") is None
    assert vault.keys(session, ["lot/A"]) == {}


def test_rotation_keeps_every_key_and_leaves_nothing_under_the_old_one(session: Session) -> None:
    held = [OLD]
    vault = Vault(lambda: held, os.urandom)
    before = {f"lot/{number}": vault.key_for(session, f"lot/{number}", 1) for number in range(1_100)}
    held.append(NEW)
    assert [vault.rewrap(session), vault.rewrap(session), vault.rewrap(session)] == [1_000, 100, 0]
    held.remove(OLD)
    assert vault.keys(session, before) == before
    held[:] = [OLD]
    with pytest.raises(WrappingKeyMissing):
        vault.keys(session, ["lot/1"])
    with pytest.raises(WrappingKeyMissing):
        vault.key_for(session, "lot/1", 1)


def test_a_wrapped_key_moved_to_another_subject_is_refused(session: Session) -> None:
    vault = vault_of(OLD, os.urandom)
    for subject in ("lot/A", "lot/B"):
        vault.key_for(session, subject, 1)
    a, b = session.exec(select(PrivateKeyRow).order_by(PrivateKeyRow.subject)).all()
    a.wrapped, b.wrapped = b.wrapped, a.wrapped
    session.flush()
    with pytest.raises(SealBroken):
        vault.keys(session, ["lot/A"])


@pytest.mark.parametrize("reason", ["", "Zhang San", "张三", "a" * 65, "a_b", "-a", "a-", "a\n"])
def test_a_reason_is_a_slug_in_which_nobody_is_named(reason: str) -> None:
    with pytest.raises(BadReason):
        check_reason(reason)


def test_a_redaction_says_which_when_and_why_and_not_what() -> None:
    said = redaction("urn:uuid:1", "step/1", "lot/A", ["phone", "address"], "subject-request", 5)
    assert (said.kind, said.subject, said.refs) == ("redacted", "lot/A", ("step/1",))
    assert said.public == {"names": ["address", "phone"], "reason": "subject-request"}
