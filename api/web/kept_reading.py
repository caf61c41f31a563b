"""What is dear to read: kept by what it is made of, and read by one at a time."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlmodel import Session

from api.station import Station
from api.web.kept import Kept
from api.web.turns import Turns

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


def kept_or_read(
    kept: Kept[Key, Made], turns: Turns, station: Station, key: Key, read: Callable[[Session], Made]
) -> Made:
    """Return what is kept under `key`, or what `read` finds; raises `TooManyRequests` where many wait."""
    known = kept.known(key)
    if known is not None:
        return known

    def made() -> Made:
        with station.database.read() as session:
            return read(session)

    # Outside any session: who waits here must not hold a connection others need.
    with turns.turn():
        return kept.get(key, made)
