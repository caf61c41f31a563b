"""Windows of a series: stretches of one length, few enough to be stated and drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trace.sensors.sums import Sums

MOST_WINDOWS: Final = 96
"""A day in quarters of an hour, and always few enough for one leaf of the log."""
_KEPT: Final = 10 * MOST_WINDOWS
"""Stretches held in memory while a series is read, however long it is."""
_USUAL_S: Final = (60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400)
"""Each divides the next, so that short stretches can be joined; after a day come its doublings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What the readings of one stretch come to; stretches without a reading are left out."""

    start_ms: int
    least: str
    most: str
    mean: str
    count: int


class Stretches:
    """Sums by stretches of time, joined into longer ones as there come to be many."""

    def __init__(self, start_ms: int) -> None:
        """Begin a series that starts at `start_ms`."""
        self._start_ms = start_ms
        self._lengths = _lengths_ms()
        self._length_ms = next(self._lengths)
        self._open: dict[int, Sums] = {}

    def add(self, at_ms: int, value: int) -> None:
        """Count one reading."""
        place = (at_ms - self._start_ms) // self._length_ms
        self._open.setdefault(place, Sums()).add(value)
        if len(self._open) > _KEPT:
            self._lengthen()

    def windows(self, span_ms: int) -> tuple[int, tuple[Window, ...]]:
        """Return the length of a window in milliseconds, and the windows of the whole series."""
        while self._length_ms * (MOST_WINDOWS - 1) < span_ms:
            self._lengthen()
        found = (
            Window(
                start_ms=self._start_ms + place * self._length_ms,
                least=sums.least,
                most=sums.most,
                mean=sums.mean,
                count=sums.count,
            )
            for place, sums in sorted(self._open.items())
        )
        return self._length_ms, tuple(found)

    def _lengthen(self) -> None:
        longer = next(self._lengths)
        joined: dict[int, Sums] = {}
        for place, sums in self._open.items():
            joined.setdefault(place * self._length_ms // longer, Sums()).join(sums)
        self._length_ms, self._open = longer, joined


def _lengths_ms() -> Iterator[int]:
    for usual in _USUAL_S:
        yield usual * 1000
    length = _USUAL_S[-1] * 1000
    while True:
        length *= 2
        yield length
