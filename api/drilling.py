"""A mock recall, timed: every part is read in one read-only session, then one statement says so."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import Session

from api.station import Station
from api.web.recall_csv import holders_lines
from trace.recalls.drills import DrillFound, find_closure, require_part, state_drill
from trace.recalls.persons import Person
from trace.recalls.portions import portions_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """A mock recall that was held."""

    drill_id: str
    found: DrillFound
    phases_us: dict[str, int]
    """Microseconds by part: lots, holders, list."""
    holders_csv: bytes
    """The list a real recall would hand out."""


@dataclass(slots=True)
class _Stopwatch:
    phases_us: dict[str, int] = field(default_factory=dict)

    def time(self, phase: str, work: Callable[[], T]) -> T:
        """Do `work` and note how long it took."""
        begun = time.perf_counter_ns()
        done = work()
        self.phases_us[phase] = (time.perf_counter_ns() - begun) // 1000
        return done


def drill(station: Station, lots: Sequence[str], person: Person) -> Drilled:
    """Find what a recall of `lots` would find, time it, and state it; raises `UnknownLot`, `NotYourGoods`."""
    watch = _Stopwatch()
    named = tuple(dict.fromkeys(lots))
    with station.database.read() as session:
        found = _found(session, named, watch)
        require_part(session, found, person)
    listed = watch.time("list", lambda: holders_lines(found.portions))
    at_ms = station.clock()
    drill_id = station.writer.submit(
        lambda writing: state_drill(writing, station.recorder.declarer, found, watch.phases_us, person, at_ms)
    )
    return Drilled(drill_id=drill_id, found=found, phases_us=watch.phases_us, holders_csv=listed)


def _found(session: Session, named: tuple[str, ...], watch: _Stopwatch) -> DrillFound:
    closure = watch.time("lots", lambda: find_closure(session, named))
    portions = watch.time("holders", lambda: portions_of(session, closure.lots))
    return DrillFound(named=named, closure=closure, portions=tuple(portions))
