"""Scores of prices beside something else: traced stocks and trade, a stored forecast, the price of grain."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from priceindex.calendar import month_numbers
from priceindex.formulas.relatives import Floats, Places
from priceindex.warning.alerts.facts import IntervalSeen, NodeValues, StocksSeen
from priceindex.warning.alerts.grids import Grids, subjects
from priceindex.warning.alerts.node_scores import of_nodes, on_grid
from priceindex.warning.alerts.scored import Scored, nothing
from priceindex.warning.indicators.grain_ratio import grain_ratio
from priceindex.warning.indicators.interval_breach import interval_breach
from priceindex.warning.indicators.quote_volume import quote_volume
from priceindex.warning.indicators.stock_cover import stock_cover
from priceindex.warning.rule_text import Rule

_MONTH_DAYS: Final = 30.4
_OVER: Final = 3
"""Months that outflow and price movement are taken over."""
_WINDOW: Final = 24
_LEAST: Final = 6


def stock_cover_scores(grids: Grids, rule: Rule) -> Scored:
    """Hoarding: days of traced stock beyond the usual while the index of the herb rises."""
    found = _stocked(grids, rule)
    if found is None:
        return nothing("missing", len(subjects(grids, rule.levels).nodes))
    nodes, ends, prices, stocks, rows = found
    said = stock_cover(
        stocks.stock[rows], stocks.outflow[rows], prices, days=_MONTH_DAYS, over=_OVER, window=_WINDOW,
        least=_LEAST,
    )  # fmt: skip
    return of_nodes(grids.facts, nodes, ends, said, prices)


def quote_volume_scores(grids: Grids, rule: Rule) -> Scored:
    """Price up, trade down: the index of a herb against what left all stores on record."""
    found = _stocked(grids, rule)
    if found is None:
        return nothing("missing", len(subjects(grids, rule.levels).nodes))
    nodes, ends, prices, stocks, rows = found
    said = quote_volume(prices, stocks.outflow[rows], over=1, window=_WINDOW, least=2 * _LEAST)
    return of_nodes(grids.facts, nodes, ends, said, prices)


def interval_breach_scores(grids: Grids, rule: Rule) -> Scored:
    """How far a week's value is outside the 95 % interval that was committed to before it."""
    nodes, weeks = subjects(grids, rule.levels).nodes, grids.weeks
    if not grids.facts.intervals:
        return nothing("missing", len(nodes))
    low, middle, high = _bounds(grids.facts.intervals, nodes, weeks.ends)
    return on_grid(grids, rule, weeks, lambda values: interval_breach(values, low, middle, high))


def grain_ratio_scores(grids: Grids, rule: Rule) -> Scored:
    """The ratio of a herb's index to the price of grain, against what is usual."""
    ends = grids.months[1]
    if grids.facts.grain is None:
        return nothing("missing", len(subjects(grids, rule.levels).nodes))
    grain = _of_month(*grids.facts.grain, ends.ends)
    return on_grid(grids, rule, ends, lambda values: grain_ratio(values, grain))


def _stocked(
    grids: Grids, rule: Rule
) -> tuple[tuple[NodeValues, ...], Places, Floats, StocksSeen, list[int]] | None:
    """The herbs with traced stocks: nodes, month ends, month-end values, stocks and their rows."""
    stocks = grids.facts.stocks
    if stocks is None:
        return None
    found, grid = subjects(grids, rule.levels), grids.months[1]
    places = {herb: row for row, herb in enumerate(stocks.herbs)}
    kept = [row for row, one in enumerate(found.nodes) if one.node in places]
    if not kept:
        return None
    nodes = tuple(found.nodes[row] for row in kept)
    values = grid.values[found.places[kept]]
    aligned = np.full((len(kept), len(stocks.ends)), np.nan)
    _, here, there = np.intersect1d(stocks.ends, grid.ends, return_indices=True)
    aligned[:, here] = values[:, there]
    return nodes, stocks.ends, aligned, stocks, [places[one.node] for one in nodes]


def _bounds(
    told: Sequence[IntervalSeen], nodes: Sequence[NodeValues], ends: Places
) -> tuple[Floats, Floats, Floats]:
    rows = {(one.level, one.node): row for row, one in enumerate(nodes)}
    columns = {int(end): column for column, end in enumerate(ends)}
    table = np.full((3, len(nodes), len(ends)), np.nan)
    for one in told:
        row, column = rows.get((one.level, one.node)), columns.get(one.day)
        if row is not None and column is not None:
            table[:, row, column] = one.low, one.median, one.high
    return table[0], table[1], table[2]


def _of_month(days: Places, fen: Floats, ends: Places) -> Floats:
    """The price entered for each month; NaN for months without one."""
    by_month = dict(zip(month_numbers(days).tolist(), fen.tolist(), strict=True))
    return np.asarray([by_month.get(month, np.nan) for month in month_numbers(ends).tolist()])
