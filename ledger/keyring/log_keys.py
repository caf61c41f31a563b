"""The log's own keys: which of them sign a checkpoint now, and the private halves that do.

Keys overlap while the log changes from one to the next: a checkpoint bears the signature of each
current one, so whoever trusts either goes on verifying. A process may find in the log a key that
was added since it started; its file was written before, so it is loaded then.
"""

import threading
from collections.abc import Callable

from sqlmodel import Session

from ledger.errors import KeyFileMissing
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.key_states import key_book
from ledger.keys import PublicKey, SigningKey
from ledger.note import NoteKey
from ledger.store import state_of

Signers = Callable[[Session, int], tuple[SigningKey, ...]]
"""Gives the private keys that sign a checkpoint of that many entries."""


def at_size(session: Session, size: int) -> tuple[PublicKey, ...]:
    """Return the log keys that sign a checkpoint of `size` entries, oldest first.

    Given the size, because another process may integrate more meanwhile. Raises `LogNotFounded`.
    """
    return key_book(session).log_keys_at(size)


def in_force(session: Session) -> tuple[PublicKey, ...]:
    """Return the log keys in force, oldest first; the founding key while its entry waits for an index."""
    book = key_book(session)
    return book.log_keys or (book.log.key,)


def published_vkey(session: Session) -> str:
    """Return the verifier key to hand out: that of the oldest log key in force; raises `LogNotFounded`.

    It stays the same while keys overlap, and then becomes that of the next.
    """
    return NoteKey(state_of(session).origin, in_force(session)[0]).to_vkey()


def fixed(*keys: SigningKey) -> Signers:
    """Return signers that hold just these keys; called, they raise `KeyFileMissing` when one is lacking."""
    held = {key.public.key_id: key for key in keys}

    def signers(session: Session, size: int) -> tuple[SigningKey, ...]:
        return tuple(_held(held, public) for public in at_size(session, size))

    return signers


class LogKeys:
    """The private log keys of a folder, loaded when a checkpoint first needs them. Safe between threads.

    Log keys are the files named `log` (the founding key) and `log-…`.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._folder = folder
        self._held: dict[str, SigningKey] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load every log key of the folder; raises what `KeyFolder.load` raises."""
        with self._lock:
            for name in self._folder.names():
                if is_log_key(name) and self._folder.public(name).key_id not in self._held:
                    key = self._folder.load(name)
                    self._held[key.public.key_id] = key

    def at_size(self, session: Session, size: int) -> tuple[SigningKey, ...]:
        """Return the keys that sign a checkpoint of `size` entries, oldest first: these are `Signers`.

        Raises `KeyFileMissing` when one has no file here.
        """
        return self._private(at_size(session, size))

    def in_force(self, session: Session) -> tuple[SigningKey, ...]:
        """Return the log keys in force, oldest first; the founding key while its entry waits."""
        return self._private(in_force(session))

    def newest(self, session: Session) -> SigningKey:
        """Return the newest of the log keys in force: it signs what the operator states."""
        return self.in_force(session)[-1]

    def _private(self, wanted: tuple[PublicKey, ...]) -> tuple[SigningKey, ...]:
        if any(public.key_id not in self._held for public in wanted):
            self.load()
        return tuple(_held(self._held, public) for public in wanted)


def is_log_key(name: str) -> bool:
    """Say whether a key file of this name holds a key of the log.

    >>> is_log_key("log"), is_log_key("log-2026"), is_log_key("91341600MA2MRYJ17X")
    (True, True, False)
    """
    return name == "log" or name.startswith("log-")


def _held(held: dict[str, SigningKey], public: PublicKey) -> SigningKey:
    key = held.get(public.key_id)
    if key is None:
        raise KeyFileMissing(name=public.key_id)
    return key
