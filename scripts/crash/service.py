"""The process under trial: the real station, threads that submit, one thread that watches its heads.

`python -m crash.service` reads a `Plan` from standard input; `warm` forks this instead of starting it.
"""

import contextlib
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

from api.station import Station
from crash.client import submit_all
from crash.diary import Pen
from crash.ground import prepare, settings_of, silence
from crash.plan import Plan
from crash.plants import planted
from crash.recording import recorded
from ledger import log
from ledger.errors import NoCheckpointYet

_LOOK_SECONDS = 0.005


def run(plan: Plan) -> None:
    """Carry out `plan`; ends early by whatever the trial does to this process."""
    silence()
    with recorded(plan) as trace, planted(plan.plants):
        pen = Pen(Path(plan.diary), trace.promise)
        with contextlib.closing(pen):
            try:
                _serve(plan, pen)
            except Exception as error:
                pen.write("died", f"{type(error).__name__}: {error}")
                raise
            pen.write("end")


def _serve(plan: Plan, pen: Pen) -> None:
    settings = settings_of(Path(plan.folder), plan.database_url)
    if plan.found:
        prepare(settings)
    with Station.open(settings) as station:
        station.settle()
        pen.write("ready", f"{time.process_time() * 1000:.0f}")
        if plan.asks:
            sys.stdin.readline()
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(station, pen, stop))
        writers = [
            threading.Thread(target=submit_all, args=(station, pen, plan, number))
            for number in range(plan.writers)
        ]
        for thread in (watcher, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        watcher.join()


def _watch(station: Station, pen: Pen, stop: threading.Event) -> None:
    """Write down every head as it is published."""
    seen = ""
    while not stop.wait(_LOOK_SECONDS):
        note = _head(station)
        if note not in (seen, ""):
            pen.write("head", note)
            seen = note


def _head(station: Station) -> str:
    """Return the head a client would be shown now; nothing while none is, or the database is away."""
    with contextlib.suppress(NoCheckpointYet, DBAPIError), station.database.read() as session:
        return log.checkpoint(session).text
    return ""


def main() -> NoReturn:
    """Read the plan and run it."""
    run(Plan.from_line(sys.stdin.readline()))
    sys.exit(0)


if __name__ == "__main__":
    main()
