"""A station that polls price sites on loopback, without pauses and with a clock that is turned by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stamina

from api.polling import Polling
from api.station import Station
from priceindex.feeds.feeds import FeedNew, add_feed
from tests.api.conftest import NOW_MS
from tests.priceindex.price_site import ANYWHERE, Source, hasty

HEADING = "品名,规格,产地,市场,日期,价格"


class FeedStation:
    """A station, a price site, and one feed that asks it."""

    def __init__(self, station: Station, site: Source) -> None:
        self.station = station
        self.site = site
        self.now_ms = NOW_MS
        self.polling = Polling(station.database, station.writer, lambda: self.now_ms, ANYWHERE, hasty())

    def set_up(self, **parts: Any) -> None:
        """Set up the feed `site`, due now."""
        new = FeedNew.model_validate({"name": "site", "address": self.site.url, "every_minutes": 30} | parts)
        self.station.writer.submit(lambda session: add_feed(session, new, "test", self.now_ms))

    def later(self, minutes: float = 30) -> None:
        """Let time pass."""
        self.now_ms += int(minutes * 60_000)


def rows(count: int, fen: int = 8500) -> bytes:
    """A body with so many quotes of 白芍, each of a grade of its own."""
    lines = (f"白芍,{place}号,安徽,亳州,2025-03-01,{fen / 100:.2f}" for place in range(count))
    return "\n".join((HEADING, *lines)).encode()


@contextmanager
def polled(station: Station) -> Iterator[FeedStation]:
    """Open the site; retries happen without their waits."""
    site = Source()
    try:
        with stamina.set_testing(True, attempts=4, cap=True):
            yield FeedStation(station, site)
    finally:
        site.close()
