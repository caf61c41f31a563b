"""Pages ready to be filled in, found by serial: the packs of one run share them while they may be shown.

A page is shown again while nothing was committed here since it was read, and for a short time at most. What
was read later stands, in whatever language it was asked for: nobody is shown a hold and then its absence.
"""

from bisect import bisect_right
from typing import Final, NamedTuple

from api.web.scan_body import SharedPage

_MOST_RUNS: Final = 4096


class RunPages(NamedTuple):
    """The pages that the packs of a run share."""

    serials: tuple[int, int]
    """The first and the last of the run."""
    key_version: int
    """The generation of keys their codes were issued under."""
    drawn_from: tuple[object, ...]
    """All that the pages were drawn from: where it is equal, they are."""
    commits: int
    """Commits of this process before it was read."""
    until: float
    """Seconds of `time.monotonic` up to which they may be shown."""
    of_manner: dict[str, SharedPage]
    """By the name of the manner they were asked for in; empty where packs of the run share no page."""


class PagesOfRuns:
    """What was last read of each run; forgotten altogether where there are too many."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._runs: list[RunPages] = []

    def get(self, serial: int, commits: int, now: float) -> RunPages | None:
        """Return what is kept of the run of a serial, None where there is nothing that may be shown."""
        place = bisect_right(self._firsts, serial) - 1
        if place < 0:
            return None
        found = self._runs[place]
        if found.serials[1] < serial or found.commits != commits or found.until < now:
            return None
        return found

    def put(self, read: RunPages) -> None:
        """Keep what was read of a run in place of what is kept of its serials, unless that was read later.

        Pages drawn from the same are kept beside its own.
        """
        first, last = read.serials
        place, end = bisect_right(self._firsts, first), bisect_right(self._firsts, last)
        if place and self._runs[place - 1].serials[1] >= first:
            place -= 1
        kept = self._runs[place:end]
        if any(each.until > read.until for each in kept):
            return
        if len(kept) == 1 and (kept[0].serials, kept[0].drawn_from) == (read.serials, read.drawn_from):
            read = read._replace(of_manner=kept[0].of_manner | read.of_manner)
        self._firsts[place:end] = [first]
        self._runs[place:end] = [read]
        if len(self._firsts) > _MOST_RUNS:
            self._firsts, self._runs = [first], [read]
