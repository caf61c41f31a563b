"""The thread that has a checkpoint timestamped every day, where an authority is named.

It holds nothing up: it asks beside everything else, with its own patience, and what fails is tried again
at the next look. With no authority named there is no thread.
"""

import time
from pathlib import Path
from typing import Final, Self

import httpx
import structlog

from api.database import Database
from api.looking import Looking
from api.settings import Settings
from ledger.clock import Clock
from ledger.errors import DaodiError, NoCheckpointYet, Said
from ledger.timestamps.timestamp import Authorities, Timestamp
from ledger.timestamps.timestamp_client import TimestampClient
from ledger.timestamps.timestamp_errors import CertificatesWrong
from ledger.timestamps.timestamping import Timestamper, last_asked_ms

_log = structlog.get_logger(__name__)
_HOUR_MS: Final = 3_600_000


class Timestamping:
    """Runs the timestamper when the newest timestamp is old enough; `run` may also be called by hand."""

    def __init__(self, timestamper: Timestamper, *, hours: float) -> None:
        self._timestamper = timestamper
        self._every_ms = int(hours * _HOUR_MS)
        self._looking = Looking(self.look, "daodi-timestamp")

    @classmethod
    def of(cls, settings: Settings, database: Database, clock: Clock) -> Self | None:
        """Return it as the settings say; None where they name no authority. Raises `CertificatesWrong`."""
        if settings.tsa_url is None or settings.tsa_certificates is None:
            return None
        client = TimestampClient(
            settings.tsa_url,
            httpx.Client(timeout=settings.tsa_patience_seconds, follow_redirects=False, trust_env=False),
            time.monotonic,
            settings.tsa_patience_seconds,
        )
        authorities = load_authorities(settings.tsa_certificates)
        return cls(
            Timestamper(database.read, database.write, client, authorities, clock), hours=settings.tsa_hours
        )

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def run(self) -> Timestamp | None:
        """Have the published checkpoint timestamped now; raises what `Timestamper.run` raises."""
        return self._timestamper.run()

    def run_if_due(self) -> Timestamp | None:
        """Do so unless the newest timestamp is young enough, or nothing is published yet."""
        with self._timestamper.read() as session:
            asked_ms = last_asked_ms(session)
        if asked_ms is not None and self._timestamper.clock() - asked_ms < self._every_ms:
            return None
        try:
            return self.run()
        except NoCheckpointYet:
            return None

    def close(self) -> None:
        """End the thread; an authority that is being asked keeps it for its patience at most."""
        self._looking.close()
        self._timestamper.client.http.close()

    def look(self) -> None:
        """Do what is due; a failure is logged and waits for the next look."""
        try:
            self.run_if_due()
        except DaodiError as error:
            _log.warning("timestamp_failed", reason=error.message("en"))
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("timestamp_failed")


def load_authorities(file: Path) -> Authorities:
    """Read the PEM file of trusted timestamp authorities; raises `CertificatesWrong`."""
    try:
        return Authorities.from_pem(file.read_bytes(), str(file))
    except OSError as error:
        raise CertificatesWrong(file=file, reason=Said("无法读取", "it cannot be read")) from error
