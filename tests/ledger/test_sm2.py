"""SM2: two implementations that agree on every key, message and mutation, and keys that are safe to trust."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from Crypto.IO import PEM, PKCS8
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import BadPublicKey, BadSignature, KeyFileDamaged, KeyFileExists, KeyFileUnsafe
from ledger.keyring.key_errors import PassphraseNeeded, PassphraseWrong
from ledger.keyring.passphrases import Passphrase
from ledger.sm import curve, der, keys, libcrypto
from ledger.sm.key_files import create_key, load_key, load_public
from ledger.sm.keys import PLAIN, Sm2PublicKey, Sm2SigningKey
from ledger.sm.sm3 import hmac_sm3
from tests.ledger.bits import flipped

LIBRARY = libcrypto.find()
KEY = Sm2SigningKey(bytes(range(32)))
secrets = st.integers(1, curve.ORDER - 2).map(lambda number: number.to_bytes(32, "big"))


def library() -> libcrypto.Sm2Library:
    """OpenSSL's SM2, which the machine of these tests has to have."""
    assert LIBRARY is not None
    return LIBRARY


def seeded(*chunks: bytes) -> Callable[[int], bytes]:
    """Randomness that gives these, one after another."""
    left = list(chunks)
    return lambda count: left.pop(0)[:count] if left else bytes(count)


def textbook_sum(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    """The sum of two affine points by chord and tangent, as schoolbooks have it."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % curve.P == 0:
        return None
    if one == other:
        slope = (3 * x1 * x1 + curve.A) * pow(2 * y1, -1, curve.P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, curve.P)
    x3 = (slope * slope - x1 - x2) % curve.P
    return x3, (slope * (x1 - x3) - y1) % curve.P


def test_multiples_are_those_of_chord_and_tangent() -> None:
    base = (curve.BASE.x, curve.BASE.y)
    expected: tuple[int, int] | None = None
    for times in range(20):
        assert curve.multiple(times, curve.BASE).affine() == expected
        expected = textbook_sum(expected, base)
    minus_one = curve.multiple(curve.ORDER - 1, curve.BASE).affine()
    assert minus_one == (base[0], curve.P - base[1])
    assert curve.added(curve.Point(*minus_one, 1), curve.BASE).affine() is None
    assert curve.added(curve.INFINITY, curve.INFINITY).affine() is None


@settings(max_examples=8)
@given(secrets, st.binary(max_size=200))
def test_each_implementation_accepts_what_the_other_signs(secret: bytes, message: bytes) -> None:
    raw = Sm2SigningKey(secret).public.raw
    for signer in (PLAIN, library()):
        signature = signer.sign(secret, raw, message)
        assert PLAIN.verifies(raw, message, signature)
        assert library().verifies(raw, message, signature)


@settings(max_examples=40)
@given(st.integers(0, 64 * 8 - 1), st.integers(0, 2))
def test_both_implementations_refuse_every_flipped_bit(bit: int, part: int) -> None:
    parts = [KEY.sign(b"message"), b"message" * 10, KEY.public.raw[1:]]
    if part == 1:
        parts[0] = KEY.sign(parts[1])
    parts[part] = flipped(parts[part], bit % (8 * len(parts[part])))
    raw = b"\x04" + parts[2]
    if part == 2:
        with pytest.raises(BadPublicKey):
            Sm2PublicKey(raw)
        return
    for implementation in (PLAIN, library()):
        assert not implementation.verifies(raw, parts[1] if part == 1 else b"message", parts[0])


def test_our_own_signatures_repeat_and_never_use_a_nonce_twice() -> None:
    one, same, other = (PLAIN.sign(KEY.secret, b"", message) for message in (b"a", b"a", b"b"))
    assert one == same
    assert one[:32] != other[:32]


def test_hmac_with_sm3_is_that_of_another_implementation() -> None:
    for key, message in ((b"\x00", b""), (b"k" * 32, b"m"), (bytes(range(64)), b"x" * 200)):
        theirs = HMAC(key, SM3())
        theirs.update(message)
        assert hmac_sm3(key, message) == theirs.finalize()


def test_without_a_library_python_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.sm.keys.implementation", lambda: PLAIN)
    KEY.public.verify(b"m", KEY.sign(b"m"))

    def fails(*_: object) -> bytes:
        raise libcrypto.LibraryFault("EVP_DigestSign")

    monkeypatch.setattr("ledger.sm.keys.implementation", library)
    monkeypatch.setattr(libcrypto.Sm2Library, "sign", fails)
    monkeypatch.setattr(libcrypto.Sm2Library, "verifies", fails)
    KEY.public.verify(b"m", KEY.sign(b"m"))
    with pytest.raises(BadSignature):
        KEY.public.verify(b"n", KEY.sign(b"m"))


def test_a_library_that_gives_wrong_answers_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto.Sm2Library, "verifies", lambda *_: True)
    assert libcrypto.find() is None
    monkeypatch.undo()
    monkeypatch.setitem(libcrypto._FUNCTIONS, "EVP_no_such_function", (None, ()))
    assert libcrypto.find() is None


def test_a_signature_that_came_out_wrong_leaves_nobodys_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hit:
        """An implementation in which a bit fell over."""

        name = "hit"

        def sign(self, secret: bytes, raw: bytes, message: bytes) -> bytes:
            return flipped(PLAIN.sign(secret, raw, message), 300)

        verifies = staticmethod(PLAIN.verifies)

    monkeypatch.setattr("ledger.sm.keys.implementation", Hit)
    with pytest.raises(BadSignature):
        KEY.sign(b"m")


def test_the_library_reports_what_it_cannot_read_and_goes_on() -> None:
    for _ in range(3):
        with pytest.raises(libcrypto.LibraryFault):
            library().verifies(b"\x04" + bytes(64), b"m", bytes(64))
        with pytest.raises(libcrypto.LibraryFault):
            library().sign(bytes(32), b"\x04" + bytes(64), b"m")
    assert library().verifies(KEY.public.raw, b"m", library().sign(KEY.secret, KEY.public.raw, b"m"))


def test_many_threads_sign_and_verify_at_once() -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        key = Sm2SigningKey((number + 1).to_bytes(32, "big"))
        for turn in range(40):
            message = f"{number}/{turn}".encode()
            signature = library().sign(key.secret, key.public.raw, message)
            if not library().verifies(key.public.raw, message, signature):
                wrong.append(number)
            if library().verifies(key.public.raw, message + b"!", signature):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    "secret", [bytes(32), bytes(31), b"\xff" * 32, (curve.ORDER - 1).to_bytes(32, "big")]
)
def test_secrets_out_of_range_are_refused_and_drawn_again(secret: bytes) -> None:
    with pytest.raises(BadPublicKey):
        Sm2SigningKey(secret)
    if len(secret) == 32:
        assert Sm2SigningKey.generate(seeded(secret, KEY.secret)) == KEY


def test_a_key_never_shows_its_secret() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)


def test_signatures_have_one_encoding_in_der() -> None:
    signature = KEY.sign(b"m")
    encoded = der.signature(signature)
    assert der.joined_signature(encoded) == signature
    for other in (b"", encoded[:-1], encoded + b"\x00", b"\x30\x80" + encoded[2:], encoded[:1]):
        assert der.joined_signature(other) is None
    low = b"\x00" * 31 + b"\x01" + b"\x80" + b"\x00" * 31
    assert der.signature(low).hex() == "3026020101022100" + "80" + "00" * 31
    assert der.joined_signature(der.signature(low)) == low


@pytest.mark.parametrize("passphrase", [None, Passphrase("correct horse")])
def test_a_key_file_is_read_back_and_is_plain_pkcs8(tmp_path: Path, passphrase: Passphrase | None) -> None:
    folder = tmp_path / "sm"
    key = create_key(folder, passphrase, seeded(KEY.secret))
    assert key == KEY
    assert load_key(folder, passphrase) == key
    assert load_public(folder) == key.public
    assert (folder / "sm3-tree.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyFileExists):
        create_key(folder, passphrase, seeded(KEY.secret))
    block = (folder / "sm3-tree.key").read_text().split("\n", 1)[1]
    encoded, _, _ = PEM.decode(block)
    if passphrase is None:  # what OpenSSL signs with, in the tests above
        assert encoded == der.wrapped_private_key(key.secret, key.public.raw)
    else:
        algorithm, content, curve_id = PKCS8.unwrap(encoded, passphrase.encoded)
        assert (algorithm, curve_id) == ("1.2.840.10045.2.1", der.CURVE)
        assert content == der.private_key(key.secret, key.public.raw)


def test_a_key_file_that_others_may_read_or_that_is_damaged_is_refused(tmp_path: Path) -> None:
    folder, passphrase = tmp_path / "sm", Passphrase("correct horse")
    create_key(folder, passphrase, seeded(KEY.secret))
    with pytest.raises(PassphraseNeeded):
        load_key(folder, None)
    with pytest.raises(PassphraseWrong):
        load_key(folder, Passphrase("wrong horse"))
    file = folder / "sm3-tree.key"
    content = file.read_bytes()
    for at in (0, 30, 150, 200, len(content) - 40):
        file.write_bytes(flipped(content, 8 * at))
        with pytest.raises(KeyFileDamaged):
            load_key(folder, passphrase)
    file.write_bytes(content)
    file.chmod(0o644)
    with pytest.raises(KeyFileUnsafe):
        load_key(folder, passphrase)
    file.chmod(0o600)
    folder.chmod(0o755)
    with pytest.raises(KeyFileUnsafe):
        load_key(folder, passphrase)


def test_the_work_is_done_by_openssl_here() -> None:
    assert keys.implementation().name == "OpenSSL"
