"""A family computed from a quote history instead of from the book: the same engine, the same digits."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from priceindex.engine.gathering import herb_starts, reviews_due
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Inputs, QuoteColumns, Source, Themes
from priceindex.engine.moments import Eligible, SetsKnown
from priceindex.engine.run import run
from priceindex.engine.selection import Review
from priceindex.engine.weights import WeightSet
from priceindex.errors import NothingQuoted
from priceindex.families import Family
from priceindex.history.cells import HistoryCells, YearWeights, cells_of_history
from priceindex.history.duck import DuckLimits, opened
from priceindex.history.grouping import Picked
from priceindex.history.layout import History, history_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a computation needs beside the quotes; see `priceindex.engine.inputs.Inputs`."""

    class_of: Mapping[str, str]
    weight_sets: Sequence[WeightSet] = ()
    themes: Themes = field(default_factory=dict)
    source_weights: YearWeights = field(default_factory=dict)
    eligible: Eligible | None = None
    """What the book knew at the moments the base and the reviews are fixed by; None: the base lies in the
    month of the first quote, and all herbs are in."""
    sets_known: SetsKnown | None = None
    """The weight sets of any moment, for reviews by turnover; by default `weight_sets`."""


def compute_history(
    folder: Path, family: Family, until: datetime.date, beside: Beside, limits: DuckLimits | None = None
) -> IndexRun:
    """Compute a family through a day from the history in a folder, as known when it was exported.

    The run has every series and what stands behind it, but no bundle: its quotes stay in the history, so
    it cannot be published. Raises `NoHistory`, `NothingQuoted` and what the engine refuses.
    """
    history = history_in(folder)
    starts = herb_starts(family, beside.themes) if family.basket.theme else None
    base_month = beside.eligible.base_month(history.as_of_ms) if beside.eligible else None
    picked = Picked.of(history, family, base_month, until, starts)
    with opened(folder, limits or DuckLimits()) as connection:
        found = cells_of_history(connection, history, picked, family, beside.class_of, beside.source_weights)
    if not found.cells:
        raise NothingQuoted(family=family.id, left_out=len(found.left_out))
    return run(_inputs(history, family, until, beside, found, base_month), priced=found.priced)


def last_day_of(folder: Path, family: Family, limits: DuckLimits | None = None) -> datetime.date | None:
    """The newest day with a usable quote in a family's basket, whatever its theme; None without one."""
    history = history_in(folder)
    asked = Picked.of(history, family, None, datetime.date.max, None).usable.asked("SELECT max(day)")
    with opened(folder, limits or DuckLimits()) as connection:
        found = connection.execute(asked.sql, dict(asked.bound)).fetchone()
    day: datetime.date | None = found[0] if found else None
    return day


def _inputs(
    history: History,
    family: Family,
    until: datetime.date,
    beside: Beside,
    found: HistoryCells,
    base_month: datetime.date | None,
) -> Inputs:
    none = np.zeros(0, dtype=np.int64)
    herbs = sorted({cell.herb for cell in found.cells})
    themed = family.basket.theme or "theme" in family.cuts
    return Inputs(
        family=family,
        until=until,
        as_of_ms=history.as_of_ms,
        class_of={herb: str(beside.class_of[herb]) for herb in herbs},
        themes={key: dict(sorted(told.items())) for key, told in sorted(beside.themes.items()) if themed},
        weight_sets=tuple(sorted(beside.weight_sets, key=lambda one: one.effective)),
        sources=tuple(Source(name) for name in history.names.source),
        cells=found.cells,
        quotes=QuoteColumns(cell=none, day=none, source=none, tier=none, fen=none, deals=none),
        left_out=found.left_out,
        base_month=base_month,
        reviews=_reviews(history, family, until, beside, found, base_month),
    )


def _reviews(
    history: History,
    family: Family,
    until: datetime.date,
    beside: Beside,
    found: HistoryCells,
    base_month: datetime.date | None,
) -> tuple[Review, ...]:
    if beside.eligible is None:
        return ()
    known = beside.sets_known or (lambda _: beside.weight_sets)
    due = reviews_due(family, found.priced.day, base_month, until)
    return tuple(beside.eligible.review(month, history.as_of_ms, known) for month in due)
