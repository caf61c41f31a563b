"""Serving one station with uvicorn until somebody ends it: what `daodi serve` and the demo share."""

import contextlib
import signal
from collections.abc import Iterator

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
        with _closing_after_sigterm():
            uvicorn.run(
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


@contextlib.contextmanager
def _closing_after_sigterm() -> Iterator[None]:
    """Let what follows the server run: uvicorn, when stopped, raises SIGTERM again, which would end us."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
