"""Private keys in files: whole or absent, private, encrypted, and refused when a single byte differs."""

import base64
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from Crypto.Protocol.KDF import scrypt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ledger.errors import (
    BadKeyName,
    BadPublicKey,
    DaodiError,
    KeyFileDamaged,
    KeyFileExists,
    KeyFileMissing,
    KeyFileUnsafe,
)
from ledger.keyring.key_errors import (
    KeyFileForeign,
    PassphraseFileUnsafe,
    PassphraseNeeded,
    PassphraseUnusable,
    PassphraseWrong,
)
from ledger.keyring.key_files import KeyFolder, is_encrypted, read_key, read_public, write_key
from ledger.keyring.passphrases import Passphrase, read_passphrase
from ledger.keys import SigningKey

SESAME = Passphrase("open sesame")
KEY = SigningKey.from_seed(bytes(range(32)))


def counting() -> Callable[[int], bytes]:
    state = [0]

    def randomness(count: int) -> bytes:
        state[0] += 1
        return state[0].to_bytes(1, "big") * count

    return randomness


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A key file without a passphrase."""
    path = tmp_path / "own.key"
    write_key(path, KEY, None, counting())
    return path


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same under a passphrase."""
    path = tmp_path_factory.mktemp("encrypted") / "own.key"
    write_key(path, KEY, SESAME, counting())
    return path


def test_a_created_key_is_private_and_loads_as_it_was(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    randomness = counting()
    made = {name: folder.create(name, randomness) for name in ("log", "91341600MA2MRYJ17X")}
    assert folder.names() == ("91341600MA2MRYJ17X", "log")
    assert {name: folder.load(name) for name in folder.names()} == made
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys/log.key").stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path / "keys") == ["91341600MA2MRYJ17X.key", "log.key"]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    tmp_path.chmod(0o700)
    first = folder.create("log", counting())
    with pytest.raises(KeyFileExists):
        folder.create("log", counting())
    assert folder.load("log") == first
    assert names_in(tmp_path) == ["log.key"]


def test_of_two_that_create_a_key_at_once_one_is_refused(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")

    def slower(count: int) -> bytes:
        if not folder.names():
            folder.create("log", counting())
        return b"s" * count

    with pytest.raises(KeyFileExists):
        folder.create("log", slower)
    assert folder.load("log") == SigningKey(b"\x01" * 32)
    assert names_in(tmp_path / "keys") == ["log.key"]


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    folder.create("log", counting())
    (tmp_path / "keys/log.key").chmod(0o640)
    with pytest.raises(KeyFileUnsafe, match="640"):
        folder.load("log")
    (tmp_path / "keys/log.key").chmod(0o600)
    (tmp_path / "keys").chmod(0o755)
    with pytest.raises(KeyFileUnsafe, match="755"):
        folder.load("log")
    with pytest.raises(KeyFileUnsafe):
        folder.create("other", counting())


def test_a_link_or_a_pipe_in_place_of_a_key_is_refused(tmp_path: Path, plain: Path) -> None:
    (tmp_path / "link.key").symlink_to(plain)
    os.mkfifo(tmp_path / "pipe.key", 0o600)
    for name in ("link.key", "pipe.key"):
        with pytest.raises(KeyFileForeign):
            read_key(tmp_path / name, None)


def test_a_key_of_another_account_is_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = plain.stat().st_uid
    monkeypatch.setattr("ledger.private.private_files.os.geteuid", lambda: owner + 1)
    with pytest.raises(KeyFileForeign):
        read_key(plain, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"daodi-ed25519-seed-v1 AAAA\n", b"A" * 43 + b"=\n", b"daodi-ed25519-seed-v1 %%%\n", b"x" * 9000],
)
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    folder = KeyFolder(tmp_path / "keys")
    folder.create("log", counting())
    (tmp_path / "keys/log.key").write_bytes(content)
    with pytest.raises(KeyFileDamaged, match=r"log\.key"):
        folder.load("log")


@pytest.mark.parametrize("name", ["", ".", "..", "../log", "a/b", ".hidden", "a b", "x" * 101, "a\n"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadKeyName):
        KeyFolder(tmp_path).load(name)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert KeyFolder(tmp_path / "nowhere").names() == ()
    tmp_path.chmod(0o700)
    with pytest.raises(KeyFileMissing, match="log"):
        KeyFolder(tmp_path).load("log")


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.key"
    path.write_bytes(b"daodi-ed25519-seed-v1 " + base64.b64encode(KEY.seed) + b"\n")
    path.chmod(0o600)
    assert read_key(path, None) == read_key(path, SESAME) == KEY
    assert read_public(path) == KEY.public
    assert not is_encrypted(path)


def test_other_tools_open_both_forms(plain: Path, encrypted: Path) -> None:
    """`cryptography` (OpenSSL) reads the PEM block as it stands: RFC 5958, RFC 8018, RFC 7914."""
    for path, password in ((plain, None), (encrypted, b"open sesame")):
        opened = load_pem_private_key(path.read_bytes(), password)
        assert isinstance(opened, Ed25519PrivateKey)
        assert opened.private_bytes_raw() == KEY.seed


def test_an_encrypted_key_needs_its_passphrase_and_tells_its_public_half_without(encrypted: Path) -> None:
    assert is_encrypted(encrypted)
    assert read_key(encrypted, SESAME) == KEY
    assert read_public(encrypted) == KEY.public
    with pytest.raises(PassphraseNeeded):
        read_key(encrypted, None)
    with pytest.raises(PassphraseWrong):
        read_key(encrypted, Passphrase("open sesamE"))


def test_the_seed_is_nowhere_in_an_encrypted_file(encrypted: Path) -> None:
    content = encrypted.read_bytes()
    for spelled in (KEY.seed, KEY.seed.hex().encode(), base64.b64encode(KEY.seed)[:40]):
        assert spelled not in content
    block = b"".join(content.splitlines()[2:-1])
    assert KEY.seed not in base64.b64decode(block)


def test_a_guess_at_the_passphrase_costs_sixteen_mebibytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int, int]] = []

    def counted(password: str, salt: str, key_len: int, n: int, r: int, p: int, **rest: Any) -> object:
        asked.append((n, r, p))
        assert len(salt) == 16
        return scrypt(password, salt, key_len, n, r, p, **rest)

    monkeypatch.setattr("Crypto.IO._PBES.scrypt", counted)
    write_key(tmp_path / "a.key", KEY, SESAME, counting())
    assert asked
    assert all(128 * n * r >= 16 * 2**20 and p >= 5 for n, r, p in asked)


def refused(path: Path, content: bytes, passphrase: Passphrase | None) -> bool:
    path.write_bytes(content)
    try:
        read_key(path, passphrase)
    except DaodiError as error:
        # A passphrase is never blamed for a damaged file.
        return isinstance(error, KeyFileDamaged | BadPublicKey)
    return False


@pytest.mark.parametrize("kind", ["plain", "encrypted"])
def test_every_changed_byte_and_every_part_of_a_key_file_is_refused(
    kind: str, tmp_path: Path, plain: Path, encrypted: Path
) -> None:
    whole = (plain if kind == "plain" else encrypted).read_bytes()
    passphrase = None if kind == "plain" else SESAME
    path = tmp_path / "mutated.key"
    path.touch(0o600)
    for place, byte in enumerate(whole):
        for other in {byte ^ 1, byte ^ 0x20, byte + 1 & 0xFF, 0x0A, 0x3D} - {byte}:
            changed = whole[:place] + bytes([other]) + whole[place + 1 :]
            assert refused(path, changed, passphrase), (place, other)
    for length in range(len(whole)):
        assert refused(path, whole[:length], passphrase), length
        assert length == 0 or refused(path, whole[length:], passphrase), length
    assert refused(path, whole + b"\n", passphrase)
    path.write_bytes(whole)
    assert read_key(path, passphrase) == KEY


def test_a_public_half_that_is_not_the_seeds_is_refused(plain: Path, tmp_path: Path) -> None:
    """The head line and its checksum made anew over another key's block."""
    other = tmp_path / "other.key"
    write_key(other, SigningKey.from_seed(b"o" * 32), None, counting())
    public = other.read_bytes().split()[1]
    body = plain.read_bytes().split(b"\n", 1)[1]
    head = b"daodi-key-v2 " + public + b" " + hashlib.sha256(public + b"\n" + body).hexdigest().encode()
    assert refused(plain, head + b"\n" + body, None)


def test_a_folder_with_a_passphrase_keeps_new_keys_encrypted_and_reads_old_ones(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    old = folder.create("old", counting())
    folder = KeyFolder(tmp_path / "keys", SESAME)
    new = folder.create("new", counting())
    assert [folder.encrypted(name) for name in folder.names()] == [True, False]
    assert (folder.load("new"), folder.load("old")) == (new, old)
    with pytest.raises(PassphraseNeeded):
        KeyFolder(tmp_path / "keys").load("new")


def test_rewriting_changes_the_passphrase_and_leaves_one_whole_file(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    key = folder.create("log", counting())
    folder.rewrite("log", SESAME, counting())
    assert KeyFolder(folder.path, SESAME).load("log") == key
    KeyFolder(folder.path, SESAME).rewrite("log", Passphrase("another one"), counting())
    with pytest.raises(PassphraseWrong):
        KeyFolder(folder.path, SESAME).load("log")
    assert KeyFolder(folder.path, Passphrase("another one")).load("log") == key
    assert names_in(folder.path) == ["log.key"]
    assert (folder.path / "log.key").stat().st_mode & 0o777 == 0o600


def test_a_rewrite_that_dies_leaves_the_old_key_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = KeyFolder(tmp_path / "keys")
    key = folder.create("log", counting())

    def dies(_draft: Path, _target: Path) -> None:
        raise OSError("power lost")

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(OSError, match="power lost"):
        folder.rewrite("log", SESAME, counting())
    assert folder.load("log") == key
    assert names_in(folder.path) == ["log.key"]


@pytest.mark.parametrize("secret", ["", "short", "two\nlines", "bell\x07bell", "x" * 1025])
def test_a_passphrase_that_invites_mistakes_is_refused(secret: str) -> None:
    with pytest.raises(PassphraseUnusable):
        Passphrase(secret)


def test_a_passphrase_shows_nothing_of_itself() -> None:
    assert "sesame" not in f"{SESAME} {SESAME!r}"
    with pytest.raises(PassphraseUnusable) as unusable:
        Passphrase("secret\n")
    assert "secret" not in unusable.value.message("zh") + unusable.value.message("en") + repr(unusable.value)


def test_a_passphrase_file_is_one_private_line(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_text("药材 通行证 2026\n", "utf-8")
    path.chmod(0o600)
    assert read_passphrase(path) == Passphrase("药材 通行证 2026")
    path.chmod(0o640)
    with pytest.raises(PassphraseFileUnsafe, match="640"):
        read_passphrase(path)
    path.chmod(0o600)
    path.write_bytes(b"\xff" * 20)
    with pytest.raises(PassphraseUnusable):
        read_passphrase(path)
    for missing in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(PassphraseFileUnsafe):
            read_passphrase(missing)
