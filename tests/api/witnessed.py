"""What tests of a witnessed station share: making the log grow, and waiting for others' work."""

import threading
from collections.abc import Callable

from api.station import Station
from ledger.entry import Statement, sign_statement
from ledger.writing import outbox


def submit(station: Station, name: str) -> None:
    """Have one statement by the log itself recorded."""
    said = Statement(id=name, kind="test", subject="test/1", at_ms=station.clock(), public={"name": name})
    signed = sign_statement(said, station.settings.origin, station.key)
    station.writer.submit(lambda session: outbox.submit(session, signed))


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; give up after a time no sound run comes near."""
    pause = threading.Event()
    for _ in range(1200):
        if holds():
            return
        pause.wait(0.05)
    raise AssertionError("it never came to hold")
