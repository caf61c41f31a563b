"""Scores of single prices: a market that leaves the others, sources that disagree, a jump after silence."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ledger.canonical import JsonValue
from priceindex.classification import Level
from priceindex.forecast.grid import wide
from priceindex.formulas.relatives import Floats, Places
from priceindex.warning.alerts.grids import Grids
from priceindex.warning.alerts.quote_tables import QuoteTables, tables_of
from priceindex.warning.alerts.scored import Scored, Subject, nothing
from priceindex.warning.indicators.indication import Indication
from priceindex.warning.indicators.market_spread import market_spread
from priceindex.warning.indicators.source_divergence import source_divergence
from priceindex.warning.indicators.stale_then_jump import stale_then_jump
from priceindex.warning.rule_text import Rule
from priceindex.warning.sightings import Evidence

_JUMP_LASTS_WEEKS: Final = 4
"""A jump is one day's; it is shown for so long, that somebody sees it."""


def market_spread_scores(grids: Grids, rule: Rule) -> Scored:  # noqa: ARG001  one signature for all
    """How far each market's price of a grade of one origin is from the other markets'."""
    tables = tables_of(grids.facts)
    if tables is None:
        return nothing("missing", 0)
    cells, prices = tables.by_cell
    things: dict[tuple[str, str, str], list[int]] = {}
    for row, place in enumerate(cells.tolist()):
        cell = tables.cell(place)
        things.setdefault((cell.herb, cell.grade, cell.origin), []).append(row)
    groups = [rows for rows in things.values() if len(rows) > 1]
    if not groups:
        return nothing("too_few", len(things))
    said = [market_spread(prices[rows]) for rows in groups]
    order = [row for rows in groups for row in rows]
    named = [tables.cell(int(cells[row])) for row in order]
    return Scored(
        subjects=tuple(Subject(level="cell", node="|".join(cell), herb=cell.herb) for cell in named),
        days=tables.weeks.ends,
        indication=_joined(said),
        values=prices[order],
    )


def source_divergence_scores(grids: Grids, rule: Rule) -> Scored:  # noqa: ARG001  one signature for all
    """The farthest any source is from the others at any cell of a herb."""
    tables = tables_of(grids.facts)
    if tables is None or len(tables.quotes.sources) < 2:
        return nothing("too_few", 0)
    cells, prices = tables.by_source
    said = source_divergence(prices)
    far = np.where(np.isnan(said.score), -1.0, said.score)
    herbs, rows = _herbs(tables, cells)
    score = np.stack([far[of_herb].max(axis=(0, 1)) for of_herb in rows])
    none = score < 0.0

    def private(row: int) -> Evidence:
        return {"sources": _apart(tables, cells[rows[row]], prices[rows[row], :, -1])}

    return Scored(
        subjects=_of_herbs(grids, herbs),
        days=tables.weeks.ends,
        indication=Indication(score=np.where(none, np.nan, score), evidence={}, withheld={"too_few": none}),
        private=private,
    )


def stale_then_jump_scores(grids: Grids, rule: Rule) -> Scored:  # noqa: ARG001  one signature for all
    """The largest step after a silence at any cell of a herb, for some weeks after it."""
    tables = tables_of(grids.facts)
    if tables is None:
        return nothing("missing", 0)
    quotes, ends = tables.recent, tables.weeks.ends
    days, table = wide(quotes.cell, quotes.day, quotes.fen, len(quotes.cells))
    said = stale_then_jump(table, days)
    step = np.where(np.isnan(said.score), 0.0, said.score)
    weekly = np.stack([_lasting(step, days, end) for end in ends.tolist()], axis=-1)
    present = np.unique(quotes.cell)
    herbs, rows = _herbs(tables, present)
    score = np.stack([weekly[present[of_herb]].max(axis=0) for of_herb in rows])
    return Scored(
        subjects=_of_herbs(grids, herbs),
        days=ends,
        indication=Indication(score=score, evidence={}, withheld={"missing": np.isnan(score)}),
    )


def _lasting(step: Floats, days: Places, end: int) -> Floats:
    lately = (days <= end) & (days > end - 7 * _JUMP_LASTS_WEEKS)
    return np.asarray(step[:, lately].max(axis=1, initial=0.0))


def _herbs(tables: QuoteTables, cells: Places) -> tuple[list[str], list[Places]]:
    """The herbs of these cells, and the rows of each."""
    found: dict[str, list[int]] = {}
    for row, place in enumerate(cells.tolist()):
        found.setdefault(tables.cell(place).herb, []).append(row)
    return list(found), [np.asarray(rows, dtype=np.int64) for rows in found.values()]


def _of_herbs(grids: Grids, herbs: list[str]) -> tuple[Subject, ...]:
    parents = {one.node: one.parent for one in grids.facts.nodes if one.level == Level.HERB}
    level = Level.HERB.value
    return tuple(Subject(level=level, node=herb, parent=parents.get(herb), herb=herb) for herb in herbs)


def _apart(tables: QuoteTables, cells: Places, now: Floats) -> list[Mapping[str, JsonValue]]:
    """Every source's price of every cell of a herb, as it stands now."""
    return [
        {
            "source": tables.quotes.sources[source],
            "cell": "|".join(tables.cell(place)),
            "fen_per_kg": int(now[row, source]),
        }
        for row, place in enumerate(cells.tolist())
        for source in np.flatnonzero(np.isfinite(now[row])).tolist()
    ]


def _joined(said: list[Indication]) -> Indication:
    return Indication(
        score=np.concatenate([one.score for one in said]),
        evidence={
            name: np.concatenate([one.evidence[name] for one in said])
            for name in said[0].evidence
            if name != "other"  # a place among the markets of one group: it says nothing by itself
        },
        withheld={
            reason: np.concatenate([one.withheld[reason] for one in said]) for reason in said[0].withheld
        },
    )
