"""Everything one running process holds: settings, database, writer, log, keys, recorder, cache.

The service and the command line open the same station; only the service runs its threads. It knows no
HTTP and writes no page.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from api import migrations, operator_token
from api.breaker import Breaker
from api.cache import BodyCache
from api.clock import monotonic_ms, system_clock, system_randomness
from api.custody import Custody
from api.database import Database
from api.errors import NotInitialised
from api.founding import LOG_KEY
from api.invalidation import Invalidation
from api.key_files import load_code_keys
from api.limits import Limiter
from api.redis_client import connect
from api.scan_log import ScanLog
from api.sequencing import Sequencing
from api.settings import Settings
from api.writer import Writer
from ledger.clock import Clock, Randomness
from ledger.keys import KeyFolder, PublicKey
from ledger.note import NoteKey
from ledger.sequencer import Sequencer
from trace.scans import Scan, add_scans
from trace.service import Recorder


class Station:
    """One process's hold on the service; `close` it, or use it in a `with` block."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, randomness: Randomness) -> None:
        """Put the parts together; `open` is how a station is made."""
        self.settings = settings
        self.database = database
        self.clock = clock
        self.randomness = randomness
        self.key = KeyFolder(settings.keys_folder).load(LOG_KEY)
        self.vkey = vkey_of(settings.origin, self.key.public)
        self.code_keys = load_code_keys(settings.keys_folder)
        self.custody = Custody(settings.party_keys_folder, randomness)
        self.recorder = Recorder(
            origin=settings.origin,
            base_url=settings.identifier_stem,
            signer_of=self.custody.signer_of,
            code_keys=self.code_keys,
            randomness=randomness,
        )
        self.sequencing = Sequencing(
            Sequencer(database.write, settings.origin, self.key), seconds=settings.sequencer_seconds
        )
        self.writer = Writer(database, self.sequencing.wake, group_size=settings.group_size)
        self.scans = ScanLog(
            self._write_scans, seconds=settings.scan_flush_seconds, limit=settings.scan_buffer
        )
        self.cache = BodyCache(settings.cache_bytes)
        address = settings.redis_address
        self.redis = None if address is None else connect(address, settings.redis_timeout_ms)
        self.redis_breaker = Breaker(monotonic_ms)
        self.limiter = Limiter(settings, self.redis, self.redis_breaker)
        self.invalidation = Invalidation(self.cache, self.redis, self.redis_breaker)
        self.stopping = False

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        randomness: Randomness = system_randomness,
        background: bool = True,
    ) -> Self:
        """Open the founded service of `settings`.

        With `background` the sequencer, the scan buffer and the Redis listener run in threads; without,
        `settle` does the sequencer's work. Raises `NotInitialised` before `init`, `DatabaseNotCurrent` for
        tables of another version, `DatabaseHeld` while another process writes, `DatabaseUnsafe`.
        """
        if not settings.keys_folder.is_dir():
            raise NotInitialised(folder=settings.folder, missing="keys")
        database = Database(
            settings.database_address,
            url_served=settings.listening_url if background else None,
            busy_timeout_ms=settings.busy_timeout_ms,
            pool=settings.database_pool,
        )
        try:
            migrations.require_current(database)
            station = cls(settings, database, clock, randomness)
        except BaseException:
            database.dispose()
            raise
        if background:
            station._start()
        return station

    def _start(self) -> None:
        self.sequencing.start()
        self.scans.start()
        self.invalidation.start()
        self.sequencing.wake()

    def _write_scans(self, batch: Sequence[Scan]) -> None:
        self.writer.submit(lambda session: add_scans(session, batch))

    def renew_operator_token(self) -> None:
        """Leave a fresh operator token in the folder for commands of this account; the last one ends."""
        folder = self.settings.folder
        previous = operator_token.read(folder)
        now_ms = self.clock()
        fresh = self.writer.submit(
            lambda session: operator_token.renew(session, folder, previous, now_ms, self.randomness)
        )
        operator_token.leave(folder, fresh)

    def settle(self) -> int:
        """Bring everything acknowledged into the log now; return how many entries that were."""
        return self.sequencing.drain()

    def close(self) -> None:
        """Write what waits, integrate what is acknowledged, end every thread, release the database."""
        if self.stopping:
            return
        self.stopping = True
        self.invalidation.close()
        self.scans.close()
        self.writer.close()
        self.sequencing.close()
        self.limiter.close()
        if self.redis is not None:
            self.redis.close()
        self.database.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def vkey_of(origin: str, public: PublicKey) -> str:
    """Return the log's key in the form in which it is handed to those who verify (C2SP signed-note)."""
    return NoteKey(origin, public).to_vkey()
