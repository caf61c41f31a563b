"""The service this command belongs to: its settings, a session to read, a station to write, or its address.

SQLite has one writing process. While a service runs on it, commands that write hand their work over
(`running`), and commands that read go on reading beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.errors import AlreadyServing, NotWhileServing

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.settings import Settings
    from api.station import Station
    from api.writer_lock import RunningService


def settings() -> "Settings":
    """Read the settings from the environment; raises `SettingWrong` naming the variable."""
    from api.settings import load_settings

    return load_settings()


@contextmanager
def reading(chosen: "Settings") -> Iterator["Session"]:
    """Open the database for reading only, beside whoever writes; raises `NotInitialised`."""
    from api.database import Database, sqlite_path
    from api.errors import NotInitialised

    address = chosen.database_address
    if address.startswith("sqlite") and not sqlite_path(address).exists():
        raise NotInitialised(folder=chosen.folder, missing=sqlite_path(address).name)
    database = Database(address, writable=False, busy_timeout_ms=chosen.busy_timeout_ms, pool=1)
    try:
        with database.read() as session:
            yield session
    finally:
        database.dispose()


@contextmanager
def writing(chosen: "Settings") -> Iterator["Station"]:
    """Open a station in this process; what it acknowledged is in the log when the block ends."""
    from api.station import Station

    with Station.open(chosen, background=False) as station:
        yield station
        station.settle()


def running(chosen: "Settings") -> str | None:
    """Return the address of the service that holds the database, or None when work can be done here."""
    service = _service(chosen)
    return None if service is None else service.url


def must_not_run(chosen: "Settings", command: str) -> None:
    """Raise `NotWhileServing` when a service holds the database and `command` cannot be handed over."""
    service = _service(chosen)
    if service is not None and service.url is not None:
        raise NotWhileServing(address=service.url, pid=service.pid or "?", command=command)


def must_not_serve(chosen: "Settings") -> None:
    """Raise `AlreadyServing` when the service that is to be set up is running."""
    service = _service(chosen)
    if service is not None and service.url is not None:
        raise AlreadyServing(address=service.url, pid=service.pid or "?")


def _service(chosen: "Settings") -> "RunningService | None":
    address = chosen.database_address
    if not address.startswith("sqlite"):
        return None
    from api.database import sqlite_path
    from api.writer_lock import running_service

    return running_service(sqlite_path(address))


def token_file(chosen: "Settings") -> Path:
    """Return the file in which a running service leaves the operator's token (mode 0600)."""
    return chosen.folder / "operator.token"


def trusted_key(chosen: "Settings") -> str:
    """Return the public key of the log kept here, as the vkey others trust."""
    from api.founding import LOG_KEY
    from api.station import vkey_of
    from ledger.keys import KeyFolder

    return vkey_of(chosen.origin, KeyFolder(chosen.keys_folder).load(LOG_KEY).public)
