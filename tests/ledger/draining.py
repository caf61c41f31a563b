"""A process that drains a small log, by itself or until it stops itself in the middle of a drain.

Run as `python -m tests.ledger.draining URL FOLDER drain COUNT` or `… FOLDER pause WHERE`.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

import ledger.tables  # noqa: F401  registers the tables
from api import sqlite_engines
from api.database import sqlite_path
from ledger import store
from ledger.errors import DaodiError
from ledger.keyring.log_keys import fixed
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.leadership import AdvisoryLeader
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import LOG_KEY, ORIGIN

PAUSED = "paused-leader"
"""What the connections of a process that pauses call themselves."""
WHERE: dict[str, tuple[Any, str, bool]] = {
    "group read, nothing written": (Sequencer, "_integrate", True),
    "state row held, entries not written": (store, "write_entries", True),
    "signed, not committed": (KeptHeads, "write", False),
}
"""The call it stops at, and whether before the call or after."""


def main(url: str, folder: str, what: str, how: str) -> None:
    """Do what the command says and print what came of it."""
    engine = engine_of(url)
    sequencer = Sequencer(writing(engine), ORIGIN, fixed(LOG_KEY), 8, KeptHeads(Path(folder)))
    came = drain(sequencer, int(how)) if what == "drain" else pause(engine, sequencer, how)
    sys.stdout.write(json.dumps(came))
    engine.dispose()


def engine_of(url: str) -> Engine:
    """SQLite as the service opens it; PostgreSQL with a pool that finds out about lost connections."""
    if url.startswith("sqlite"):
        return sqlite_engines.write_engine(sqlite_path(url), 30_000)
    return create_engine(url, pool_pre_ping=True, connect_args={"application_name": PAUSED})


def writing(engine: Engine) -> Callable[[], Any]:
    """Sessions that commit at the end of their block."""

    @contextmanager
    def write() -> Iterator[Session]:
        with Session(engine) as session, session.begin():
            yield session

    return write


def drain(sequencer: Sequencer, count: int) -> int:
    """Drain until this process and its rivals brought `count` entries into the log; return our share."""
    integrated = 0
    while True:
        integrated += sequencer.drain()
        with sequencer.write() as session:
            if store.extent_of(session).size >= count:
                return integrated


def pause(engine: Engine, sequencer: Sequencer, where: str) -> dict[str, object]:
    """Lead, stop in the middle of a drain, go on when continued; tell what came of it."""
    leader = AdvisoryLeader(lambda: engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
    led = leader.held()
    owner, name, before = WHERE[where]
    call = getattr(owner, name)

    def stopping(*given: Any, **named: Any) -> Any:
        setattr(owner, name, call)
        if before:
            os.kill(os.getpid(), signal.SIGSTOP)
        found = call(*given, **named)
        if not before:
            os.kill(os.getpid(), signal.SIGSTOP)
        return found

    setattr(owner, name, stopping)
    try:
        came: object = sequencer.drain()
    except DaodiError as error:
        came = type(error).__name__
    except Exception as error:  # noqa: BLE001  a lost connection is one of the outcomes
        came = type(error).__name__
    leads = leader.held()
    leader.release()
    return {"led": led, "drained": came, "leads": leads}


if __name__ == "__main__":
    main(*sys.argv[1:])
