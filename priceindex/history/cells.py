"""From a quote history to one price for every cell and day, to the fen the same as the engine's own.

A price of several quotes is a geometric mean rounded to the fen. DuckDB takes logarithms from the
processor's library and adds them in any order, so its mean is used only where both ways must round
alike: where it lies farther from the middle between two fen than any error could carry it. What lies
nearer, and what the cap on a source changes, is doubtful: those quotes go through the engine's function.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from priceindex.engine.cell_prices import CellDays, SourceWeights, mark_words, priced
from priceindex.engine.inputs import FULL_WEIGHT_BP, LeftOut, QuoteColumns
from priceindex.families import Family
from priceindex.formulas.relatives import Floats, Places
from priceindex.history.grouping import TIERS, Coding, Picked, Question, Weighing, grouped, quotes_of, rows_of
from priceindex.history.layout import History
from priceindex.quotes import Cell
from priceindex.releases.exclusions import FEW_TRADES, UNCLASSIFIED, WITHHELD
from priceindex.reputation.weights import weight_in

SURE: Final = 1e-10
"""Relative error that no mean of up to `MANY` logarithms below 26 comes near: it stays under 6·10^-11."""
MANY: Final = 10_000
_HALF: Final = 0.5
Columns = Mapping[str, NDArray[Any]]
YearWeights = Mapping[int, Mapping[str, int]]
"""Weight of each source in basis points by the year of its quotes; what is not named weighs in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCells:
    """The cells of a history with their prices."""

    cells: tuple[Cell, ...]
    """Sorted; those of herbs with a class."""
    priced: CellDays
    left_out: tuple[LeftOut, ...]


def cells_of_history(
    connection: duckdb.DuckDBPyConnection,
    history: History,
    picked: Picked,
    family: Family,
    class_of: Mapping[str, str],
    weights_bp: YearWeights,
) -> HistoryCells:
    """Price every cell on every day it was quoted, by the family's rules."""
    coding = Coding(names=history.names)
    parts: list[CellDays] = []
    for year in history.through(picked.until.year):
        weighing = _weighing(history, family, weights_bp, year)
        parts.append(_priced(connection, picked.enough.of_year(history, year), coding, weighing))
    whole = _joined(parts)
    codes, place = np.unique(whole.cell, return_inverse=True)
    found = [coding.cell(code) for code in codes.tolist()]
    classed = np.array([cell.herb in class_of for cell in found], dtype=bool)
    if classed.all():
        told = _taken(whole, place.astype(np.int64), slice(None))
    else:
        told = _taken(whole, (np.cumsum(classed) - 1)[place], classed[place])
    without = sorted({cell.herb for cell in found} - class_of.keys())
    return HistoryCells(
        cells=tuple(cell for cell in found if cell.herb in class_of),
        priced=told,
        left_out=_left_out(connection, history, picked, class_of, without),
    )


def _asked(connection: duckdb.DuckDBPyConnection, question: Question) -> duckdb.DuckDBPyConnection:
    return connection.execute(question.sql, dict(question.bound))


def _weighing(history: History, family: Family, weights_bp: YearWeights, year: int) -> Weighing:
    plain = family.cells.sources == "best_tier_geometric_mean"
    names = history.names.source
    weights = tuple(FULL_WEIGHT_BP if plain else weight_in(weights_bp, year, name) for name in names)
    return Weighing(weights_bp=weights, cap=float(family.cells.source_cap))


def _priced(
    connection: duckdb.DuckDBPyConnection, picked: Picked, coding: Coding, weighing: Weighing
) -> CellDays:
    """The prices of a year; cells are still told by their codes."""
    found = _in_order(_asked(connection, grouped(picked, coding, weighing)).fetchnumpy())
    fen = np.rint(found["mean"])
    doubtful = _doubtful(found)
    if len(doubtful):
        keys = found["key"][doubtful]
        fen[doubtful] = _one_by_one(connection, picked, coding, weighing, keys)
    day, code = np.divmod(found["key"] // TIERS, coding.cells)
    marks = [found[f"marks{word}"] for word in range(mark_words(len(coding.names.source)))]
    return CellDays(day, code, fen, found["key"] % TIERS, found["quotes"], np.stack(marks, axis=1))


def _in_order(found: Columns) -> Columns:
    """The entries sorted by day, cell and tier."""
    order = np.argsort(found["key"], kind="stable")
    return {name: column[order] for name, column in found.items()}


def _doubtful(found: Columns) -> Places:
    """The entries whose rounding, or whose weights, are not sure.

    A mean so large that the error could reach half a fen is never sure, not even that of one quote.
    """
    mean = found["mean"]
    error = mean * SURE
    near = np.abs(mean - np.floor(mean) - _HALF) <= error
    return np.flatnonzero(near | (error >= _HALF) | found["capped"] | (found["quotes"] > MANY))


def _one_by_one(
    connection: duckdb.DuckDBPyConnection, picked: Picked, coding: Coding, weighing: Weighing, keys: Places
) -> Floats:
    """Price the doubtful entries from their quotes, as a release does."""
    connection.register("doubtful", {"key": keys})
    told = _asked(connection, quotes_of(picked, coding)).fetchnumpy()
    entry = np.searchsorted(keys, told["key"])
    nothing = np.zeros_like(entry)
    quotes = QuoteColumns(
        cell=entry, day=nothing, source=told["source"], tier=nothing, fen=told["fen"], deals=nothing
    )
    weights = np.array(weighing.weights_bp, dtype=np.float64)
    return priced(quotes, SourceWeights(weights, weighing.cap, np.arange(len(weights)))).fen


def _joined(parts: Sequence[CellDays]) -> CellDays:
    """The years one after the other."""
    if len(parts) == 1:
        return parts[0]
    none = np.zeros(0, dtype=np.int64)
    nothing = CellDays(none, none, none.astype(np.float64), none, none, np.zeros((0, 1), dtype=np.uint64))
    whole = [part for part in parts if len(part.day)] or [nothing]
    names = [each.name for each in fields(CellDays)]
    return CellDays(*(np.concatenate([getattr(part, name) for part in whole]) for name in names))


def _taken(whole: CellDays, cell: Places, chosen: NDArray[np.bool_] | slice) -> CellDays:
    """Some of the entries, with the places of their cells for codes."""
    return CellDays(
        whole.day[chosen],
        cell[chosen],
        whole.fen[chosen],
        whole.tier[chosen],
        whole.quotes[chosen],
        whole.sources[chosen],
    )


def _left_out(
    connection: duckdb.DuckDBPyConnection,
    history: History,
    picked: Picked,
    class_of: Mapping[str, str],
    without_class: list[str],
) -> tuple[LeftOut, ...]:
    """The quotes that may not enter, and those of herbs without a class, by cell, day and price."""
    few = _asked(connection, rows_of(picked.few)).fetchall()
    found = [_told(row, (FEW_TRADES if row[0] in class_of else UNCLASSIFIED,)) for row in few]
    if history.withheld(picked.until.year):
        rows = _asked(connection, rows_of(picked.withheld)).fetchall()
        found += [_told(row, tuple(str(row[-1]).split()) or (WITHHELD,)) for row in rows]
    if without_class:
        those = picked.enough.with_condition("list_contains($unclassed, herb)", unclassed=without_class)
        found += [_told(row, (UNCLASSIFIED,)) for row in _asked(connection, rows_of(those)).fetchall()]
    return tuple(sorted(found, key=lambda out: (out.cell, out.day, out.fen_per_kg)))


def _told(row: tuple[Any, ...], rules: tuple[str, ...]) -> LeftOut:
    day: datetime.date = row[4]
    return LeftOut(cell=Cell(*row[:4]), day=day, fen_per_kg=row[5], rules=rules)
