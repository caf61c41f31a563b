"""Scores of sources: one that moves the index, twins that step together, one that rounds."""

from collections.abc import Callable, Mapping

import numpy as np

from ledger.canonical import JsonValue
from priceindex.formulas.relatives import Floats
from priceindex.warning.alerts.grids import Grids
from priceindex.warning.alerts.quote_tables import QuoteTables, tables_of
from priceindex.warning.alerts.scored import Scored, Subject, nothing
from priceindex.warning.indicators.identical_quotes import identical_quotes
from priceindex.warning.indicators.indication import Indication
from priceindex.warning.indicators.round_numbers import round_numbers
from priceindex.warning.indicators.source_dominance import source_dominance
from priceindex.warning.indicators.windows import lagged, median
from priceindex.warning.rule_text import Rule
from priceindex.warning.sightings import Evidence

_WEEKS = 4
"""A source's movement is that of four weeks: in one week most quotes stand still."""


def source_dominance_scores(grids: Grids, rule: Rule) -> Scored:  # noqa: ARG001  one signature for all
    """The share of four weeks' movement each source made, by the weight of what it quotes."""
    tables = tables_of(grids.facts)
    if tables is None or len(tables.quotes.sources) < 2:
        return nothing("too_few", 0 if tables is None else len(tables.quotes.sources))
    weights, changes = _moves(tables)
    said = source_dominance(weights, changes)

    def private(row: int) -> Evidence:
        return {"sources": _shares(tables, said), "source": tables.quotes.sources[row]}

    return _scored(tables, said, private)


def identical_quotes_scores(grids: Grids, rule: Rule) -> Scored:  # noqa: ARG001  one signature for all
    """How often a source steps with its nearest twin to the very same price: the median over its cells."""
    tables = tables_of(grids.facts)
    if tables is None or len(tables.quotes.sources) < 2:
        return nothing("too_few", 0 if tables is None else len(tables.quotes.sources))
    _, prices = tables.by_source
    said = identical_quotes(prices)
    score = median(np.moveaxis(said.score, 0, -1))
    found = Indication(score=score, evidence={}, withheld={"too_few": np.isnan(score)})
    return _scored(tables, found, None)


def round_numbers_scores(grids: Grids, rule: Rule) -> Scored:  # noqa: ARG001  one signature for all
    """How much more than usual a source's quotes of a week crowd on round prices."""
    tables = tables_of(grids.facts)
    if tables is None:
        return nothing("missing", 0)
    said = round_numbers(_weekly_quotes(tables))
    return _scored(tables, said, None)


def _moves(tables: QuoteTables) -> tuple[Floats, Floats]:
    """Weight and mean change (ln) of every source, (sources, weeks)."""
    change = np.log(tables.weeks.values) - np.log(lagged(tables.weeks.values, _WEEKS))
    known = np.isfinite(change)
    weight = np.where(known, tables.weights()[:, None], 0.0)
    moved = weight * np.where(known, change, 0.0)
    shape = (len(tables.quotes.sources), change.shape[1])
    weights, sums = np.zeros(shape), np.zeros(shape)
    np.add.at(weights, tables.source_of, weight)
    np.add.at(sums, tables.source_of, moved)
    return weights, np.where(weights > 0.0, sums / np.where(weights > 0.0, weights, 1.0), np.nan)


def _shares(tables: QuoteTables, said: Indication) -> list[Mapping[str, JsonValue]]:
    """Every source's share of the newest movement, the largest first."""
    now = np.where(np.isnan(said.score[:, -1]), 0.0, said.score[:, -1])
    return [
        {
            "source": tables.quotes.sources[place],
            "share": format(now[place], ".4f"),
            "change": format(float(said.evidence["change"][place, -1]), ".5f"),
        }
        for place in np.argsort(-now, kind="stable").tolist()
    ]


def _weekly_quotes(tables: QuoteTables) -> Floats:
    """The quotes of every source in each week, (sources, most, weeks), NaN beyond their number."""
    quotes, ends = tables.recent, tables.weeks.ends
    week = np.searchsorted(ends, quotes.day)
    whole = week < len(ends)
    code = quotes.source[whole] * len(ends) + week[whole]
    order = np.argsort(code, kind="stable")
    number, count = np.unique(code[order], return_counts=True)
    within = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    table = np.full((len(quotes.sources), int(count.max(initial=1)), len(ends)), np.nan)
    which = np.repeat(number, count)
    table[which // len(ends), within, which % len(ends)] = quotes.fen[whole][order]
    return table


def _scored(tables: QuoteTables, said: Indication, private: Callable[[int], Evidence] | None) -> Scored:
    return Scored(
        subjects=tuple(Subject(level="source", node=name) for name in tables.quotes.sources),
        days=tables.weeks.ends,
        indication=said,
        private=private,
    )
