"""Signing keys the operator keeps for parties that have no key store of their own.

A party's first key file is named by its USCC, later ones `<USCC>-2`, `<USCC>-3` …: which of them counts,
the ledger says. A key counts for nothing until the ledger has its registration.
"""

import re
import threading
from collections.abc import Callable, Collection

from sqlmodel import Session

from ledger.clock import Randomness
from ledger.keyring.key_changes import rotate
from ledger.keyring.key_files import KeyFolder
from ledger.keys import SigningKey
from ledger.registry import register_key

_MARK = ".renewed"
"""File of the folder whose time says when a party's key was last renewed."""

Counting = Callable[[Collection[str]], Collection[str]]
"""Tells which of these key ids are registered and not ended."""


class Custody:
    """Hands out the signing key of a party, making it on first use. Safe between threads."""

    def __init__(self, keys: KeyFolder, randomness: Randomness, counting: Counting) -> None:
        self._keys = keys
        self._randomness = randomness
        self._counting = counting
        self._loaded: dict[str, SigningKey] = {}
        self._seen_ns = 0
        self._lock = threading.Lock()

    def signer_of(self, party: str) -> SigningKey:
        """Return the key held for `party` (a USCC); raises what `KeyFolder.load` raises."""
        with self._lock:
            self._forget_if_renewed()
            key = self._loaded.get(party)
            if key is None:
                key = self._load(party)
                self._loaded[party] = key
            return key

    def renew(self, session: Session, origin: str, party: str, at_ms: int) -> SigningKey:
        """Make a new key for `party` and let it follow the old one; return it.

        Where the old key counts no longer, the new one is registered alone. Once the caller's
        transaction has committed, `renewed` makes this and every other process use it.
        """
        old = self.signer_of(party)
        new = self._keys.create(f"{party}-{len(self._names(party)) + 1}", self._randomness)
        if self._counting([old.public.key_id]):
            rotate(session, origin, old, new, at_ms, holder=party)
        else:
            register_key(session, new, origin, at_ms, holder=party)
        return new

    def renewed(self) -> None:
        """Have every process that shares the folder look again which key counts."""
        (self._keys.path / _MARK).touch(mode=0o600)

    def _forget_if_renewed(self) -> None:
        try:
            renewed_ns = (self._keys.path / _MARK).stat().st_mtime_ns
        except FileNotFoundError:
            return
        if renewed_ns != self._seen_ns:
            self._loaded.clear()
            self._seen_ns = renewed_ns

    def _names(self, party: str) -> list[str]:
        """Return the names of the party's key files, oldest first."""
        later = re.compile(re.escape(party) + r"-(\d+)")
        found = filter(None, map(later.fullmatch, self._keys.names()))
        return [party, *(one[0] for one in sorted(found, key=lambda one: int(one[1])))]

    def _load(self, party: str) -> SigningKey:
        if party not in self._keys.names():
            return self._keys.create(party, self._randomness)
        names = self._names(party)
        if len(names) > 1:
            ids = {self._keys.public(name).key_id: name for name in names}
            counting = set(self._counting(list(ids)))
            names = [name for key_id, name in ids.items() if key_id in counting] or names
            return self._keys.load(names[-1])
        return self._keys.load(party)
