"""The service this command belongs to: its settings, a session to read, a station to write, or its address.

SQLite has one writing process. While a service runs on it, commands that write hand their work over
(`running`), and commands that read go on reading beside it.
"""

import sys
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
    from ledger.keyring.passphrases import Passphrase


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
    """Open a station in this process; what it acknowledged is in the log when the block ends.

    What waited is taken up first: a database that is not the log the world was shown is refused before
    anything is written to it.
    """
    from api.station import Station

    with Station.open(chosen, background=False, passphrase=passphrase(chosen)) as station:
        station.settle()
        station.accesses.note_command()
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
    """Return the key the log kept here was founded with, as the vkey its whole history is audited against.

    Read from the key file, not from the database it is to judge; no passphrase is needed.
    """
    from api.founding import LOG_KEY
    from ledger.keyring.key_files import KeyFolder
    from ledger.note import NoteKey

    return NoteKey(chosen.origin, KeyFolder(chosen.keys_folder).public(LOG_KEY)).to_vkey()


def trusted_keys(chosen: "Settings") -> tuple[str, ...]:
    """Return the vkey of every log key file kept here; any of them may have signed a checkpoint."""
    from ledger.keyring.key_files import KeyFolder
    from ledger.keyring.log_keys import is_log_key
    from ledger.note import NoteKey

    folder = KeyFolder(chosen.keys_folder)
    names = [name for name in folder.names() if is_log_key(name)]
    return tuple(NoteKey(chosen.origin, folder.public(name)).to_vkey() for name in names)


def passphrase(chosen: "Settings") -> "Passphrase | None":
    """Ask the terminal for the passphrase of the key files, where they need one and no file holds it.

    Raises `PassphraseNeeded` where there is no terminal.
    """
    from api.founding import LOG_KEY
    from ledger.keyring.key_errors import PassphraseNeeded
    from ledger.keyring.key_files import KeyFolder

    folder = KeyFolder(chosen.keys_folder)
    if (
        chosen.key_passphrase_file is not None
        or LOG_KEY not in folder.names()
        or not folder.encrypted(LOG_KEY)
    ):
        return None
    asked = ask_passphrase()
    if asked is None:
        raise PassphraseNeeded(name=LOG_KEY)
    return asked


def ask_passphrase(*, new: bool = False) -> "Passphrase | None":
    """Ask the terminal for a passphrase, twice for a new one, and show nothing; None without a terminal."""
    import typer

    from ledger.keyring.passphrases import Passphrase

    if not sys.stdin.isatty():
        return None
    words = "新口令 new passphrase" if new else "密钥口令 passphrase"
    told: str = typer.prompt(words, hide_input=True, confirmation_prompt=new, err=True)
    return Passphrase(told)
