"""The keys webhooks are signed with: one Ed25519 key of the service, one derived secret for each endpoint.

Secrets of endpoints are not kept anywhere. They are derived (HKDF, RFC 5869) from one file of the key
folder, so that whoever steals the database can forge nothing.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.errors import SecretFileDamaged
from api.key_files import read_private, write_private
from api.webhooks.signatures import SECRET_SIZE
from ledger.clock import Randomness
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.passphrases import Passphrase
from ledger.keys import PublicKey, SigningKey

KEY: Final = "webhook"
"""Name of the Ed25519 key in the key folder."""
SECRETS_FILE: Final = "webhooks.json"
"""Name of the file the endpoints' secrets are derived from."""
_MASTER_SIZE: Final = 32


class WebhookKeys:
    """Signs, and derives what endpoints share with the service."""

    def __init__(self, folder: Path, passphrase: Passphrase | None) -> None:
        """Read what needs no passphrase.

        Raises `NotInitialised`, `SecretExposed`, `SecretFileDamaged` and what
        `ledger.keyring.key_files.read_public` raises.
        """
        self._folder = KeyFolder(folder, passphrase)
        self._master = _read_master(folder / SECRETS_FILE)
        self.public: PublicKey = self._folder.public(KEY)

    @cached_property
    def key(self) -> SigningKey:
        """The service's webhook key; raises what `KeyFolder.load` raises."""
        return self._folder.load(KEY)

    def secret(self, endpoint_id: str, number: int) -> bytes:
        """Return the `number`-th secret of an endpoint: 32 bytes."""
        told = f"daodi webhook secret 1|{endpoint_id}|{number}".encode()
        return HKDF(algorithm=SHA256(), length=SECRET_SIZE, salt=None, info=told).derive(self._master)


def make_webhook_keys(folder: Path, keys: KeyFolder, randomness: Randomness) -> None:
    """Make what of the two is missing in the key folder; nothing that exists is changed."""
    path = folder / SECRETS_FILE
    if not path.exists():
        write_private(path, json.dumps({"master": randomness(_MASTER_SIZE).hex()}).encode())
    if KEY not in keys.names():
        keys.create(KEY, randomness)


def _read_master(path: Path) -> bytes:
    raw = read_private(path)
    try:
        master = bytes.fromhex(json.loads(raw)["master"])
    except (ValueError, KeyError, TypeError):
        raise SecretFileDamaged(file=path) from None
    if len(master) != _MASTER_SIZE:
        raise SecretFileDamaged(file=path)
    return master
