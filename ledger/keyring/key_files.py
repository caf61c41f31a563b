"""Private keys in files: one key each, readable by their owner alone, encrypted when a passphrase is given.

A file is one head line and one PEM block:

    daodi-key-v2 <public key, base64> <SHA-256 of the public key's base64, a line feed and the block>
    -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----

The block is PKCS#8 (RFC 5958, RFC 8410), encrypted by PBES2 (RFC 8018) with scrypt (RFC 7914) and
AES-256-CBC: other tools open it, since PEM allows a line in front (RFC 7468). The head line tells the
public key without the passphrase, and damage from a wrong passphrase. Files of the first version
(`daodi-ed25519-seed-v1` and the seed) are read.
"""

import base64
import binascii
import hashlib
import re
from pathlib import Path
from typing import Final

from Crypto.IO import PEM, PKCS8
from Crypto.PublicKey import ECC
from Crypto.Util.asn1 import DerObjectId

from ledger.clock import Randomness
from ledger.errors import BadKeyName, KeyFileDamaged, KeyFileExists
from ledger.keyring.key_errors import PassphraseNeeded, PassphraseWrong
from ledger.keyring.passphrases import Passphrase
from ledger.keys import KEY_SIZE, PublicKey, SigningKey
from ledger.private.private_files import KEY_SUFFIX, check_folder, draft_beside, read_private, write_new

_NAME: Final = re.compile(r"\w[\w.-]{0,99}")
_FIRST_VERSION: Final = b"daodi-ed25519-seed-v1 "
_HEAD: Final = re.compile(rb"daodi-key-v2 ([A-Za-z0-9+/]{43}=) ([0-9a-f]{64})\n")
_PLAIN: Final = "PRIVATE KEY"
_ENCRYPTED: Final = "ENCRYPTED PRIVATE KEY"
_ENCRYPTED_BEGIN: Final = f"-----BEGIN {_ENCRYPTED}-----".encode()
_ED25519: Final = "1.3.101.112"
_PROTECTION: Final = "scryptAndAES256-CBC"


class KeyFolder:
    """A folder of private keys, which only this account may enter.

    Writing is atomic: a file is complete or absent. With a passphrase new keys are encrypted; keys
    that are not are read all the same.
    """

    def __init__(self, path: Path, passphrase: Passphrase | None = None) -> None:
        self.path = path
        self.passphrase = passphrase

    def create(self, name: str, randomness: Randomness) -> SigningKey:
        """Make and keep a new key.

        Raises `KeyFileExists`, `BadKeyName`, `KeyFileUnsafe` or `KeyFileForeign`.
        """
        target = self._file(name)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_folder()
        if target.exists():
            raise KeyFileExists(name=name)
        key = SigningKey.generate(randomness)
        write_key(target, key, self.passphrase, randomness)
        return key

    def load(self, name: str) -> SigningKey:
        """Return a kept key; raises `BadKeyName` and what `read_key` raises."""
        source = self._file(name)
        if self.path.is_dir():
            self._check_folder()
        return read_key(source, self.passphrase)

    def public(self, name: str) -> PublicKey:
        """Return the public half of a kept key; no passphrase is needed."""
        return read_public(self._file(name))

    def encrypted(self, name: str) -> bool:
        """Say whether a kept key needs a passphrase; raises `KeyFileMissing`."""
        return is_encrypted(self._file(name))

    def rewrite(self, name: str, passphrase: Passphrase, randomness: Randomness) -> None:
        """Put a kept key under another passphrase, in one step; raises what `load` raises."""
        rewrite_key(self._file(name), self.load(name), passphrase, randomness)

    def names(self) -> tuple[str, ...]:
        """Return the names of the keys kept here, sorted; empty when the folder is not there."""
        files = self.path.glob(f"[!.]*{KEY_SUFFIX}") if self.path.is_dir() else ()
        return tuple(sorted(file.name.removesuffix(KEY_SUFFIX) for file in files))

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadKeyName(name=ascii(name))
        return self.path / f"{name}{KEY_SUFFIX}"

    def _check_folder(self) -> None:
        check_folder(self.path)


def write_key(path: Path, key: SigningKey, passphrase: Passphrase | None, randomness: Randomness) -> None:
    """Keep `key` in a new file, mode 0600; raises `KeyFileExists`. Nothing is ever overwritten."""
    write_new(path, _written(key, passphrase, randomness), randomness)


def rewrite_key(path: Path, key: SigningKey, passphrase: Passphrase, randomness: Randomness) -> None:
    """Put the file of `key` under `passphrase` in one step: a reader finds the old file or the new."""
    with draft_beside(path, _written(key, passphrase, randomness), randomness) as draft:
        draft.replace(path)


def is_encrypted(path: Path) -> bool:
    """Say whether a key file needs a passphrase; raises what `read_key` raises of its owner and mode."""
    return _ENCRYPTED_BEGIN in read_private(path)


def read_key(path: Path, passphrase: Passphrase | None) -> SigningKey:
    """Return the key in a file.

    Raises `KeyFileMissing`, `KeyFileUnsafe`, `KeyFileForeign`, `KeyFileDamaged`, `PassphraseNeeded` or
    `PassphraseWrong`.
    """
    content = read_private(path)
    if content.startswith(_FIRST_VERSION):
        return _first_version(path, content)
    public, block = _opened(path, content)
    key = SigningKey(_seed(path, block, passphrase))
    if key.public != public:
        raise KeyFileDamaged(path=path)
    return key


def read_public(path: Path) -> PublicKey:
    """Return the public key of a key file; raises what `read_key` raises, but needs no passphrase."""
    content = read_private(path)
    if content.startswith(_FIRST_VERSION):
        return _first_version(path, content).public
    return _opened(path, content)[0]


def pem_block(
    encoded: bytes,
    algorithm: str,
    parameters: DerObjectId | None,
    passphrase: Passphrase | None,
    randomness: Randomness,
) -> bytes:
    """Return an encoded private key as PKCS#8 in PEM, encrypted when there is a passphrase."""
    block = PEM.encode(
        PKCS8.wrap(
            encoded,
            algorithm,
            passphrase=None if passphrase is None else passphrase.encoded,
            protection=None if passphrase is None else _PROTECTION,
            # 16 MiB and about 0.2 s a guess: as much memory as OpenSSL's reader of such files allows.
            prot_params={"iteration_count": 2**14, "block_size": 8, "parallelization": 5, "salt_size": 16},
            key_params=parameters,
            randfunc=randomness,
        ),
        _PLAIN if passphrase is None else _ENCRYPTED,
    )
    return f"{block}\n".encode()


def _written(key: SigningKey, passphrase: Passphrase | None, randomness: Randomness) -> bytes:
    # RFC 8410, section 7: the seed as an OCTET STRING
    body = pem_block(b"\x04\x20" + key.seed, _ED25519, None, passphrase, randomness)
    public = base64.b64encode(key.public.raw)
    return b"daodi-key-v2 " + public + b" " + _checksum(public, body) + b"\n" + body


def _checksum(public: bytes, body: bytes) -> bytes:
    return hashlib.sha256(public + b"\n" + body).hexdigest().encode()


def _opened(path: Path, content: bytes) -> tuple[PublicKey, bytes]:
    """Return the public key and the PEM block of an undamaged file."""
    head = _HEAD.match(content)
    if head is None:
        raise KeyFileDamaged(path=path)
    public, body = head[1], content[head.end() :]
    if _checksum(public, body) != head[2]:
        raise KeyFileDamaged(path=path)
    return PublicKey(base64.b64decode(public)), body


def _seed(path: Path, block: bytes, passphrase: Passphrase | None) -> bytes:
    encrypted = block.startswith(_ENCRYPTED_BEGIN)
    name = path.name.removesuffix(KEY_SUFFIX)
    if encrypted and passphrase is None:
        raise PassphraseNeeded(name=name)
    try:
        key = ECC.import_key(block, passphrase.encoded if encrypted and passphrase else None)
    except ValueError as error:
        # The file is whole, so only the passphrase can be at fault.
        raise PassphraseWrong(name=name) if encrypted else KeyFileDamaged(path=path) from error
    if key.curve != "Ed25519":
        raise KeyFileDamaged(path=path)
    return bytes(key.seed)


def _first_version(path: Path, content: bytes) -> SigningKey:
    encoded = content.removeprefix(_FIRST_VERSION)
    try:
        seed = base64.b64decode(encoded.removesuffix(b"\n"), validate=True)
    except binascii.Error as error:
        raise KeyFileDamaged(path=path) from error
    if len(seed) != KEY_SIZE or base64.b64encode(seed) + b"\n" != encoded:
        raise KeyFileDamaged(path=path)
    return SigningKey(seed)
