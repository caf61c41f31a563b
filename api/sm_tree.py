"""The SM3 tree of a founded service: its key, its founding, and the thread that lets it follow the log.

Off unless the setting `sm3_tree` is on. Whatever goes wrong here is logged and tried again later: the log
itself never waits for this tree.
"""

import threading
from functools import cached_property
from pathlib import Path
from typing import Final

import structlog

from api.clock import monotonic_ms
from api.database import Database
from api.passphrases import passphrase_of
from api.settings import Settings
from ledger.clock import Randomness
from ledger.errors import DaodiError, KeyFileMissing
from ledger.keyring.passphrases import Passphrase
from ledger.sm import store
from ledger.sm.checkpoint import Sm2NoteKey, tree_origin
from ledger.sm.errors import SmTreeNotFounded
from ledger.sm.follower import Follower
from ledger.sm.key_files import create_key, load_key
from ledger.writing.kept_heads import KeptHeads

_log = structlog.get_logger(__name__)
_LOOK_SECONDS: Final = 10.0
_LONGEST_REST_SECONDS: Final = 300.0
_ROUNDS_APART_MS: Final = 1000
"""Least time from one round to the next, so that a busy log has its writer to itself nearly all the time."""


def folder_of(settings: Settings) -> Path:
    """Return where the tree's key and its last signed checkpoint are kept (mode 0700)."""
    return settings.keys_folder / "sm"


def found(settings: Settings, randomness: Randomness, passphrase: Passphrase | None = None) -> str:
    """Make the tree's key, or take the one that is there, and begin an empty tree; return its vkey.

    Raises `SmTreeFounded` where there is one, `DatabaseHeld` while a service runs on the database, and what
    `ledger.sm.key_files` raises.
    """
    folder, secret = folder_of(settings), passphrase_of(settings, passphrase)
    database = Database(settings.database_address, busy_timeout_ms=settings.busy_timeout_ms)
    try:
        try:
            key = load_key(folder, secret)
        except KeyFileMissing:
            key = create_key(folder, secret, randomness)
        vkey = Sm2NoteKey(tree_origin(settings.origin), key.public).to_vkey()
        with database.write() as session:
            store.found(session, vkey)
    finally:
        database.dispose()
    return vkey


class SmFollowing:
    """Runs the follower in a thread, woken after each drain; `run` and `follow` may be called by hand."""

    def __init__(self, settings: Settings, database: Database, passphrase: Passphrase | None) -> None:
        """Prepare; nothing is read before the first round."""
        self._settings = settings
        self._database = database
        self._passphrase = passphrase
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0

    @property
    def used(self) -> bool:
        """Whether the setting is on."""
        return self._settings.sm3_tree

    @property
    def failures(self) -> int:
        """How many rounds in a row have failed."""
        return self._failures

    def start(self) -> None:
        """Begin to follow in a thread of its own, if the setting is on."""
        if self.used:
            self._thread = threading.Thread(target=self._loop, name="daodi-sm3-tree", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Say that the log may have grown; never waits. A tree that fails is not hurried."""
        if not self._failures:
            self._wake.set()

    def run(self) -> int:
        """Follow the log now; return how many entries were taken up. Raises what `Follower.run` raises."""
        with self._turn:
            return self._follower.run(self._stop.is_set)

    def follow(self) -> None:
        """Follow the log now if the setting is on; what fails is logged, and nobody else is troubled."""
        if not self.used:
            return
        try:
            self.run()
        except DaodiError as fault:
            self._failures += 1
            _log.warning("sm3_tree_failed", fault=fault.key(), message=str(fault))
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            self._failures += 1
            _log.exception("sm3_tree_failed")
        else:
            self._failures = 0

    def close(self) -> None:
        """End the thread after the group at hand; the next start goes on from there."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    @cached_property
    def _follower(self) -> Follower:
        """The follower, once the tree is founded: before, this raises and is asked again."""
        with self._database.read() as session:
            if store.vkey_of(session) is None:
                raise SmTreeNotFounded
        folder = folder_of(self._settings)
        key = load_key(folder, passphrase_of(self._settings, self._passphrase))
        return Follower(
            self._database.read, self._database.write, self._settings.origin, key, KeptHeads(folder)
        )

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            begun_ms = monotonic_ms()
            self.follow()
            self._stop.wait(max(0, begun_ms + _ROUNDS_APART_MS - monotonic_ms()) / 1000)
            self._wake.wait(min(_LOOK_SECONDS * 2.0 ** min(self._failures, 16), _LONGEST_REST_SECONDS))
