"""Serving one station with uvicorn until somebody ends it: what `daodi serve` and the demo share."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

import uvicorn

from api import logs
from api.app import create_app
from api.connections import Connection
from api.settings import Settings
from api.station import Station
from ledger.keyring.passphrases import Passphrase

_GRACE_SECONDS = 8
"""How long answers under way may take after SIGTERM; with what is settled then, 10 seconds are kept."""


def serve(settings: Settings, passphrase: Passphrase | None = None) -> None:
    """Open the service of `settings`, answer requests until interrupted, then settle and close.

    A fresh operator's token is left in the folder for commands of the same account. `passphrase` opens
    encrypted key files, where the settings name no file that holds it.
    """
    logs.configure(settings)
    with Station.open(settings, passphrase=passphrase) as station:
        station.renew_operator_token()
        with _closing_after_sigterm() as stop, contextlib.suppress(KeyboardInterrupt):
            config = uvicorn.Config(
                create_app(station),
                host=settings.host,
                port=settings.port,
                http=Connection,
                proxy_headers=True,
                forwarded_allow_ips=",".join(settings.trusted_proxies),
                log_config=None,
                access_log=False,  # the application logs requests itself, with their ids
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
            stop.of(uvicorn.Server(config)).run()


class _Stop:
    """Remembers that SIGTERM came, also while the application is still being made."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._asked = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        if self._server is not None:
            self._server.should_exit = True

    def of(self, server: uvicorn.Server) -> uvicorn.Server:
        """Return the server, which stops as soon as it has begun where SIGTERM came before."""
        self._server = server
        server.should_exit = self._asked
        return server


@contextlib.contextmanager
def _closing_after_sigterm() -> Iterator[_Stop]:
    """Let what follows the server run: uvicorn, when stopped, raises SIGTERM again, which would end us."""
    stop = _Stop()
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
