"""Signing keys the operator keeps for parties that have no key store of their own.

A party's key is named by its USCC. It counts for nothing until the ledger has its registration; the log
refuses a signature by a key it does not know.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from ledger.keys import KeyFolder, SigningKey


class Custody:
    """Hands out the signing key of a party, making it on first use. Safe between threads."""

    def __init__(self, folder: Path, randomness: Callable[[int], bytes]) -> None:
        self._keys = KeyFolder(folder)
        self._randomness = randomness
        self._loaded: dict[str, SigningKey] = {}
        self._lock = threading.Lock()

    def signer_of(self, party: str) -> SigningKey:
        """Return the key held for `party` (a USCC)."""
        with self._lock:
            key = self._loaded.get(party)
            if key is None:
                key = self._load(party)
                self._loaded[party] = key
            return key

    def _load(self, party: str) -> SigningKey:
        if party not in self._keys.names():
            self._keys.create(party, self._randomness)
        return self._keys.load(party)
