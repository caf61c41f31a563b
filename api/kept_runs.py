"""The newest run of every family, kept in the process, so that the next day adds a day and not a year."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from priceindex.engine.inputs import Themes
from priceindex.engine.later_quotes import later_days, newest_quote
from priceindex.engine.moments import SetsKnown
from priceindex.engine.next_day import extended
from priceindex.engine.weights import WeightSet
from priceindex.families import Family
from priceindex.service import IndexRun, compute


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that a computation is asked with, besides the quotes."""

    family: Family
    class_of: Mapping[str, str]
    until: date
    as_of_ms: int
    weight_sets: tuple[WeightSet, ...]
    themes: Themes
    source_weights: Mapping[int, Mapping[str, int]]
    sets_known: SetsKnown
    """The weight sets as known at any moment."""


class KeptRuns:
    """Runs by family with the newest quote each was gathered by; any thread may ask."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = threading.Lock()
        self._runs: dict[str, tuple[IndexRun, int]] = {}

    def compute(self, session: Session, asked: Asked) -> IndexRun:
        """Extend the kept run where nothing of its past changed, or compute anew; both say the same.

        Raises what `priceindex.service.compute` raises.
        """
        newest = newest_quote(session)
        with self._lock:
            kept = self._runs.get(asked.family.id)
        run = _extended(session, asked, *kept) if kept else None
        if run is None:
            run = compute(
                session,
                asked.family,
                asked.class_of,
                asked.until,
                asked.as_of_ms,
                asked.weight_sets,
                asked.themes,
                asked.source_weights,
                asked.sets_known,
            )
        with self._lock:
            self._runs[asked.family.id] = run, newest
        return run


def _extended(session: Session, asked: Asked, run: IndexRun, newest: int) -> IndexRun | None:
    head = run.head
    same_herbs = all(asked.class_of.get(herb) == key for herb, key in head.class_of.items())
    same_themes = all(asked.themes.get(theme) == herbs for theme, herbs in head.themes.items())
    if (
        head.family != asked.family
        or head.weight_sets != asked.weight_sets
        or not (same_herbs and same_themes)
    ):
        return None
    if head.until == asked.until:
        return None
    later = later_days(
        session, run, newest, asked.class_of, asked.until, asked.as_of_ms, asked.source_weights
    )
    return extended(run, later) if later else None
