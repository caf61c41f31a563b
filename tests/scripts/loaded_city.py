"""Loads a demo city into a fresh service, and shows nothing of it."""

import contextlib
from collections.abc import Callable, Iterator

from api.founding import found
from api.settings import Settings
from api.station import Station
from daodi_city.city import City
from daodi_city.load import load
from daodi_city.town import CityClock


class NoBars:
    """Shows nothing."""

    @contextlib.contextmanager
    def bar(self, key: str, total: int) -> Iterator[Callable[[int], None]]:
        assert key
        assert total >= 0
        yield lambda _: None


def load_city(city: City, settings: Settings) -> None:
    """Found the service of `settings` and load `city` into it."""
    clock = CityClock(city.founded_ms)
    found(settings, clock)
    clock.now_ms = city.now_ms
    with Station.open(settings, clock=clock, background=False) as station:
        load(city, station, clock, NoBars())
