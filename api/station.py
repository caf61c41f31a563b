"""Everything one running process holds: settings, database, writer, log, keys, recorder, cache.

The service and the command line open the same station; only the service runs its threads. It knows no
HTTP and writes no page.
"""

from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from sqlmodel import Session

from api import asking, migrations, operator_token
from api.access.access_clock import access_clock
from api.access.access_digests import state_digest
from api.access.access_log import AccessLog
from api.access.access_tables import AccessDigestRow
from api.access.noting import note_statements, write_notes
from api.accounts.people import People
from api.askers import Askers
from api.backlog import Backlog
from api.breaker import Breaker
from api.cache import BodyCache
from api.clock import monotonic_ms, system_clock, system_randomness
from api.custody import Custody
from api.database import Database
from api.errors import NotInitialised
from api.forecast_clock import ForecastClock
from api.forecasting import make_forecast
from api.import_turns import ImportTurns
from api.invalidation import Invalidation
from api.kept_runs import KeptRuns
from api.key_files import load_code_keys
from api.limits import Limiter
from api.log_ring import LogRing
from api.passphrases import passphrase_of
from api.polling import Polling
from api.receipt_waits import ReceiptWaits
from api.redis_client import connect
from api.release_clock import release_clock
from api.scan_counts import ScanCounts
from api.scan_log import ScanLog
from api.scan_places import ScanPlaces
from api.sequencing import Sequencing
from api.settings import Settings
from api.sm_tree import SmFollowing
from api.statement_lane import StatementLane
from api.subject_indexing import SubjectIndexing
from api.timestamping import Timestamping
from api.tokens import TokenHolder
from api.vault_keys import open_vault
from api.warm_fits import WarmFits
from api.warning_clock import WarningClock
from api.webhooks.delivering import Delivering
from api.webhooks.event_outbox import EventOutbox
from api.webhooks.webhook_keys import WebhookKeys
from api.witnessing import Witnessing
from api.writer import Writer
from ledger.clock import Clock, Randomness
from ledger.errors import DaodiError
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.passphrases import Passphrase
from ledger.keys import SigningKey
from ledger.proofs.bundle import Receipt
from ledger.subjects.subject_index_building import SubjectIndexer
from ledger.tree.hot_tiles import HotTiles
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.readiness import decided
from ledger.writing.sequencer import Sequencer
from ledger.writing.signature_checks import SignatureChecks
from ledger.writing.unchanged import leave_unchanged
from priceindex.forecast.method import ForecastFrequency
from priceindex.forecast.track.storing import Stored
from priceindex.governance.stating import Operator
from priceindex.releases.due import DueOutcome, publish_due
from trace.scanning.scan_marks import add_scans, forget_scans
from trace.scanning.scans import PlainScan
from trace.service import Recorder

_DAY_MS: Final = 86_400_000
_FORGET_EVERY_MS: Final = 60_000
"""How often old scans are looked for."""


class Station:
    """One process's hold on the service; `close` it, or use it in a `with` block."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        randomness: Randomness,
        passphrase: Passphrase | None = None,
    ) -> None:
        """Put the parts together; `open` is how a station is made."""
        self.settings = settings
        self.database = database
        self.clock = clock
        self.randomness = randomness
        self.log_ring = LogRing(KeyFolder(settings.keys_folder, passphrase), database.read, randomness)
        self.code_keys = load_code_keys(settings.keys_folder)
        self.scan_places = ScanPlaces.read(settings.scan_places_file)
        self.custody = Custody(
            KeyFolder(settings.party_keys_folder, passphrase), randomness, self.log_ring.counting
        )
        self.vault = open_vault(settings.keys_folder, randomness)
        self.recorder = self._made_recorder()
        self.signature_checks = SignatureChecks(settings.signature_processes)
        self.sequencing = self._made_sequencing()
        self._standing: DaodiError | None = None
        self._forget_ms = 0
        self.writer = self._made_writer()
        self.people = People.of(settings, self.writer)
        self.backlog = Backlog(most_waiting=settings.most_waiting, most_pending=settings.most_pending)
        self.import_turns = ImportTurns()
        self.lane = self._made_lane()
        self.hot_tiles = HotTiles(settings.hot_tile_bytes)
        self.subject_indexing = SubjectIndexing(
            self._subject_indexer, clock, self.sequencing.wake, hours=settings.subject_index_hours
        )
        self.receipt_waits = ReceiptWaits(database.read, self._decided)
        self.scan_counts = ScanCounts()
        self.scans = self._made_scan_log()
        self.askers = Askers(self.key, self.scan_places)
        self.cache = BodyCache(settings.cache_bytes)
        address = settings.redis_address
        self.redis = None if address is None else connect(address, settings.redis_timeout_ms)
        self.redis_breaker = Breaker(monotonic_ms)
        self.kept_runs = KeptRuns()
        self.limiter = Limiter(settings, self.redis, self.redis_breaker)
        self.invalidation = self._made_invalidation()
        self.witnessing = Witnessing.of(settings, database, clock)
        self.sm_following = SmFollowing(settings, database, passphrase)
        self.timestamping = Timestamping.of(settings, database, clock)
        self.polling = Polling.of(settings, database, self.writer, clock)
        self.release_clock = release_clock(database.read, self.publish_due, clock)
        self.fits = WarmFits.of(settings)
        self.forecast_clock = ForecastClock(database.read, self.make_forecast, clock)
        self.warning_clock = WarningClock(database.read, self.watch_due, self.daily_warnings, clock)
        self.accesses = AccessLog(self._write_notes, clock)
        self.access_clock = access_clock(database.read, self.state_access, clock)
        self.webhook_keys = WebhookKeys(settings.keys_folder, passphrase)
        self.delivering = Delivering.of(settings, database, self.writer, clock, self.webhook_keys)
        EventOutbox(settings.base_url).watch(database)
        self.stopping = False

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        randomness: Randomness = system_randomness,
        background: bool = True,
        passphrase: Passphrase | None = None,
    ) -> Self:
        """Open the founded service of `settings`.

        With `background` the sequencer, the scan buffer and the Redis listener run in threads; without,
        `settle` does the sequencer's work. `passphrase` opens encrypted key files, where the settings name no
        file that holds it. Raises `NotInitialised` before `init`, `DatabaseNotCurrent` for
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
            station = cls(settings, database, clock, randomness, passphrase_of(settings, passphrase))
            station.witnessing.put_in_force()
            if not background:
                station.sequencing.prepare()
            station._look()
        except BaseException:
            database.dispose()
            raise
        if background:
            station._start()
        return station

    @property
    def key(self) -> SigningKey:
        """The newest key of the log: it signs what the operator states."""
        return self.log_ring.newest()

    @property
    def vkey(self) -> str:
        """The log's key as it is handed to those who verify (C2SP signed-note)."""
        return self.log_ring.vkey()

    def _made_recorder(self) -> Recorder:
        return Recorder(
            origin=self.settings.origin,
            base_url=self.settings.identifier_stem,
            signer_of=self.custody.signer_of,
            operator_key=self.log_ring.newest,
            code_keys=self.code_keys,
            randomness=self.randomness,
            vault=self.vault,
        )

    def _made_invalidation(self) -> Invalidation:
        return Invalidation(self.cache, self.redis, self.redis_breaker, heard=self.database.note_change)

    def _made_scan_log(self) -> ScanLog:
        return ScanLog(
            self._write_scans,
            seconds=self.settings.scan_flush_seconds,
            limit=self.settings.scan_buffer,
            each_time=self.scan_counts.tell,
        )

    def _made_writer(self) -> Writer:
        return Writer(
            self.database,
            self.sequencing.wake,
            group_size=self.settings.group_size,
            before=self.require_standing,
            beside=asking.beside,
        )

    def _made_lane(self) -> StatementLane:
        check, size = self.signature_checks.check, self.settings.group_size
        return StatementLane(
            self.writer, self.database.read, check, self.clock, self._note_statements, group_size=size
        )

    def _made_sequencing(self) -> Sequencing:
        sequencer = Sequencer(
            self.database.write,
            self.settings.origin,
            self.log_ring.signers,
            kept=KeptHeads(self.settings.keys_folder),
            checks=self.signature_checks,
        )
        return Sequencing(
            sequencer,
            seconds=self.settings.sequencer_seconds,
            leadership=self.database.leadership(),
            # Before anything is signed: is this database an old copy? Whoever reads need not wait for it.
            before_first=lambda: self.witnessing.ask(),
            after_drain=self._drained,
        )

    def _start(self) -> None:
        self.sequencing.start()
        self.receipt_waits.start()
        self.scans.start()
        self.subject_indexing.start()
        self.witnessing.start()
        if self.timestamping is not None:
            self.timestamping.start()
        self.sm_following.start()
        self.polling.start()
        self.accesses.start()
        self.access_clock.start()
        self.invalidation.start()
        self.release_clock.start()
        if not self.settings.demo:  # a demonstration stands still: by today's clock its prices are all stale
            self.forecast_clock.start()
            self.warning_clock.start()
        self.delivering.start()
        self.sequencing.wake()

    def _write_scans(self, batch: Sequence[PlainScan]) -> None:
        """Write scans in transactions of their own: no group of statements waits for thousands of them."""
        self.require_standing()
        now_ms = self.clock()
        with self.database.write() as session:
            if not add_scans(session, batch):  # else pages have another verdict
                leave_unchanged(session)
            if now_ms >= self._forget_ms:
                forget_scans(session, now_ms - self.settings.scan_days * _DAY_MS)
            self.database.require_transaction(session)
        if now_ms >= self._forget_ms:
            self._forget_ms = now_ms + _FORGET_EVERY_MS

    def _decided(self, session: Session, statement_ids: list[str]) -> Mapping[str, Receipt | DaodiError]:
        return decided(session, statement_ids, self.hot_tiles)

    def _subject_indexer(self) -> SubjectIndexer:
        return SubjectIndexer(self.database.read, self.database.write, self.settings.origin, self.key)

    def publish_due(self) -> list[DueOutcome]:
        """Publish every sealed release whose moment has come."""
        operator, now_ms = Operator(self.settings.origin, self.key), self.clock()
        return self.writer.submit(lambda session: publish_due(session, operator, now_ms))

    def _note_statements(self, session: Session, holders: Sequence[TokenHolder]) -> None:
        note_statements(session, holders, self.clock())

    def _write_notes(self, notes: list[dict[str, Any]]) -> None:
        self.writer.submit(lambda session: write_notes(session, notes), own=True)

    def state_access(self) -> AccessDigestRow | None:
        """State the digest of the notes of access since the last one; None where there are none."""
        operator, now_ms = Operator(self.settings.origin, self.key), self.clock()
        return self.writer.submit(lambda session: state_digest(session, operator, now_ms))

    def watch_due(self, resting: Collection[str] = ()) -> list[tuple[str, Exception | None]]:
        """Watch what was not watched yet today; see `api.warning_work.watch_due`."""
        from api.warning_work import watch_due  # reads the callers, which read this station

        return watch_due(self, resting)

    def daily_warnings(self) -> None:
        """Mark what nobody acknowledged in time, and send yesterday's digest of warnings."""
        from api.warning_work import daily  # as above

        daily(self)

    def make_forecast(self, family: str, frequency: ForecastFrequency) -> Stored:
        """Forecast a family's newest release; see `api.forecasting.make_forecast`."""
        return make_forecast(self, family, frequency)

    def _drained(self) -> None:
        """After the sequencer: see how much still waits, and whose receipt is finished."""
        self.log_ring.forget()
        self._look()
        with self.database.read() as session:
            self.backlog.recount(session)
        self.receipt_waits.wake()
        self.witnessing.wake()
        self.sm_following.wake()

    def require_standing(self) -> None:
        """Raise why this database is not the log the world was shown: nothing is promised or shown then.

        `WitnessKnowsMore`, `WitnessContradicts` or `LogForked`, as seen at the last drain.
        """
        if self._standing is not None:
            raise self._standing.with_traceback(None)

    def _look(self) -> None:
        with self.database.read() as session:
            self._standing = self.sequencing.refusal or self.witnessing.fault(session)

    def renew_operator_token(self) -> None:
        """Leave a fresh operator token in the folder for commands of this account; the last one ends."""
        folder = self.settings.folder
        previous = operator_token.read(folder)
        now_ms = self.clock()
        fresh = self.writer.submit(
            lambda session: operator_token.renew(session, folder, previous, now_ms, self.randomness),
            own=True,
        )
        operator_token.leave(folder, fresh)

    def settle(self) -> int:
        """Bring everything acknowledged into the log now; return how many entries that were."""
        integrated = self.sequencing.drain()
        self.receipt_waits.look()
        self.sm_following.follow()
        return integrated

    def close(self) -> None:
        """Write what waits, integrate what is acknowledged, end every thread, release the database."""
        if self.stopping:
            return
        self.stopping = True
        self.fits.close()  # first: a forecast under way is given up at once, and no clock waits for it
        self.release_clock.close()
        self.forecast_clock.close()
        self.warning_clock.close()
        self.delivering.close()
        self.invalidation.close()
        self.scans.close()
        self.subject_indexing.close()
        self.polling.close()
        self.access_clock.close()
        self.lane.close()
        self.accesses.close()
        self.writer.close()
        self.sequencing.close()
        self.signature_checks.close()
        self.receipt_waits.close()
        self.witnessing.close()
        if self.timestamping is not None:
            self.timestamping.close()
        self.sm_following.close()
        if self.redis is not None:
            self.redis.close()
        self.database.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
