"""The SM2 key of the SM3 tree in a file, under the rules for all key files (`ledger.private.private_files`).

One head line and one PEM block, as `ledger.keyring.key_files` writes them:

    daodi-sm2-key-v1 <public key, base64> <SHA-256 of the public key's base64, a line feed and the block>
    -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----

The block is PKCS#8 (RFC 5958) of an RFC 5915 key on sm2p256v1, encrypted by PBES2 with scrypt and
AES-256-CBC, so that OpenSSL and GmSSL read it as it stands.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from Crypto.IO import PEM, PKCS8
from Crypto.Util.asn1 import DerObjectId, DerOctetString, DerSequence

from ledger.clock import Randomness
from ledger.errors import BadPublicKey, KeyFileDamaged
from ledger.keyring.key_errors import PassphraseNeeded, PassphraseWrong
from ledger.keyring.key_files import pem_block
from ledger.keyring.passphrases import Passphrase
from ledger.private.private_files import KEY_SUFFIX, check_folder, read_private, write_new
from ledger.sm import der
from ledger.sm.keys import Sm2PublicKey, Sm2SigningKey

FILE: Final = "sm3-tree"
"""Name of the one key in the folder, without its suffix."""
_HEAD: Final = re.compile(rb"daodi-sm2-key-v1 ([A-Za-z0-9+/]{87}=) ([0-9a-f]{64})\n")
_EC_KEY: Final = "1.2.840.10045.2.1"
_CURVE: Final = "1.2.156.10197.1.301"
_ENCRYPTED: Final = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


def create_key(folder: Path, passphrase: Passphrase | None, randomness: Randomness) -> Sm2SigningKey:
    """Make and keep the key in `folder`, mode 0700, which is made if need be.

    Raises `KeyFileExists`, `KeyFileUnsafe` or `KeyFileForeign`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_folder(folder)
    key = Sm2SigningKey.generate(randomness)
    write_new(_file(folder), _written(key, passphrase, randomness), randomness)
    return key


def load_key(folder: Path, passphrase: Passphrase | None) -> Sm2SigningKey:
    """Return the kept key.

    Raises `KeyFileMissing`, `KeyFileUnsafe`, `KeyFileForeign`, `KeyFileDamaged`, `PassphraseNeeded` or
    `PassphraseWrong`.
    """
    path = _file(folder)
    if folder.is_dir():
        check_folder(folder)
    head, body = _head(path)
    key = _opened(path, body, passphrase)
    if key.public.raw != base64.b64decode(head[1]):
        raise KeyFileDamaged(path=path)
    return key


def load_public(folder: Path) -> Sm2PublicKey:
    """Return the public half of the kept key; raises what `load_key` raises, but needs no passphrase."""
    return Sm2PublicKey(base64.b64decode(_head(_file(folder))[0][1]))


def _head(path: Path) -> tuple[re.Match[bytes], bytes]:
    """Return the head line and the PEM block of an undamaged file."""
    content = read_private(path)
    head = _HEAD.match(content)
    if head is None or _checksum(head[1], content[head.end() :]) != head[2]:
        raise KeyFileDamaged(path=path)
    return head, content[head.end() :]


def _file(folder: Path) -> Path:
    return folder / f"{FILE}{KEY_SUFFIX}"


def _written(key: Sm2SigningKey, passphrase: Passphrase | None, randomness: Randomness) -> bytes:
    encoded = der.private_key(key.secret, key.public.raw)
    body = pem_block(encoded, _EC_KEY, DerObjectId(_CURVE), passphrase, randomness)
    public = base64.b64encode(key.public.raw)
    return b"daodi-sm2-key-v1 " + public + b" " + _checksum(public, body) + b"\n" + body


def _checksum(public: bytes, body: bytes) -> bytes:
    return hashlib.sha256(public + b"\n" + body).hexdigest().encode()


def _opened(path: Path, body: bytes, passphrase: Passphrase | None) -> Sm2SigningKey:
    """Return the key in the PEM block of an undamaged file."""
    encrypted = body.startswith(_ENCRYPTED)
    if encrypted and passphrase is None:
        raise PassphraseNeeded(name=FILE)
    try:
        block, _, _ = PEM.decode(body.decode("ascii"))
        wrapped = PKCS8.unwrap(block, passphrase.encoded if encrypted and passphrase else None)
        return _secret(*wrapped)
    except (ValueError, IndexError, BadPublicKey) as error:
        # The file is whole, so only the passphrase can be at fault.
        raise PassphraseWrong(name=FILE) if encrypted else KeyFileDamaged(path=path) from error


def _secret(algorithm: str, encoded: bytes, parameters: bytes | None) -> Sm2SigningKey:
    """Return the key in RFC 5915's structure; raises `ValueError` for a key of another curve."""
    if algorithm != _EC_KEY or parameters != der.CURVE:
        raise ValueError(algorithm)
    return Sm2SigningKey(DerOctetString().decode(DerSequence().decode(encoded)[1]).payload)
