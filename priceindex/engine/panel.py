"""The dense panel (days, cells): one price a cell a day, and what stands in where none was quoted."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import month_numbers
from priceindex.engine.cell_prices import CellDays, Words
from priceindex.engine.tier_links import TIERS, TierLinks, chosen, closed_month, opening
from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import exp, log

Marks = NDArray[np.bool_]
NEVER: Final = -1
"""In a column of days: the cell had not been quoted yet."""


@dataclass(frozen=True, slots=True)
class LastQuotes:
    """The last quote of every cell and tier: what may stand in on the days to come."""

    fen: Floats
    """(tiers, cells)"""
    day: Places
    """(tiers, cells)"""
    links: TierLinks
    month: int = NEVER
    """The month of the last index day."""

    @classmethod
    def none(cls, cells: int) -> "LastQuotes":
        """Before the first quote."""
        shape = (TIERS, cells)
        return cls(np.full(shape, np.nan), np.full(shape, NEVER, dtype=np.int64), TierLinks.none(cells))


@dataclass(frozen=True, slots=True)
class Panel:
    """Prices by index day and cell. A day is an index day when at least one cell was quoted on it."""

    days: Places
    """Day numbers, ascending; for weeks and months the first day of each."""
    quoted: Marks
    """Whether the cell was quoted that day."""
    carried: Floats
    """The price that counts, fen per kg: as quoted, or the last quote while it is young enough; NaN where
    there is none. One of another tier is in terms of the cell's first (`priceindex.engine.tier_links`)."""
    fen: Floats
    """The same as it was quoted, whatever the tier."""
    stale: Marks
    """Whether the price is the quote of an earlier day."""
    tier: Places
    """Rank of the tier of the price; anything where there is none."""
    seen: Marks
    """Whether the cell had been quoted on that day or any before."""
    before: Floats
    """Prices of the period before the first (cells,); NaN where there was none."""
    quotes: Places
    """How many quotes of the cell count that day (days, cells)."""
    sources: Words
    """Whose they are, a bit for each name (days, cells, words)."""
    opening: Floats
    """What a cell without any price in the month of the last day may be compared with from then on: the mean
    price of another tier (cells,); NaN where there is none."""

    def rows(self, rows: slice) -> "Panel":
        """Some of the rows, in order."""
        first = rows.start or 0
        return Panel(
            self.days[rows],
            self.quoted[rows],
            self.carried[rows],
            self.fen[rows],
            self.stale[rows],
            self.tier[rows],
            self.seen[rows],
            self.carried[first - 1] if first else self.before,
            self.quotes[rows],
            self.sources[rows],
            self.opening,
        )

    def columns(self, columns: Places) -> "Panel":
        """The prices of these cells in this order, a cell once for each time it is named."""
        return Panel(
            self.days,
            self.quoted[:, columns],
            self.carried[:, columns],
            self.fen[:, columns],
            self.stale[:, columns],
            self.tier[:, columns],
            self.seen[:, columns],
            self.before[columns],
            self.quotes[:, columns],
            self.sources[:, columns],
            self.opening[columns],
        )

    def without(self, marked: Marks) -> "Panel":
        """The same without the prices marked (days, cells): they count as missing."""
        return replace(
            self,
            quoted=self.quoted & ~marked,
            carried=np.where(marked, np.nan, self.carried),
            stale=self.stale & ~marked,
            quotes=np.where(marked, 0, self.quotes),
            sources=np.where(marked[:, :, None], np.uint64(0), self.sources),
        )

    def joined(self, later: "Panel") -> "Panel":
        """These days and the later ones after them."""
        carried = np.concatenate([self.carried, later.carried])
        same = self.fen is self.carried and later.fen is later.carried
        return Panel(
            np.concatenate([self.days, later.days]),
            np.concatenate([self.quoted, later.quoted]),
            carried,
            carried if same else np.concatenate([self.fen, later.fen]),
            np.concatenate([self.stale, later.stale]),
            np.concatenate([self.tier, later.tier]),
            np.concatenate([self.seen, later.seen]),
            self.before,
            np.concatenate([self.quotes, later.quotes]),
            np.concatenate([self.sources, later.sources]),
            later.opening,
        )


@dataclass(frozen=True, slots=True)
class CarryRule:
    """How long a quote stands in."""

    days: int
    """Calendar days."""
    within_month: Marks
    """Cells (of seasonal herbs) whose quotes never stand in beyond their own calendar month."""
    tier_months: int = 3
    """Months without a quote after which a tier is no longer linked to its cell's others."""

    def standing(self, days: Places, quoted: Floats, fen: Floats, day: Places) -> "tuple[Floats, Places]":
        """Prices that may count (days, cells) and the day of each cell's last quote.

        `quoted` has NaN where nothing was quoted; `fen` and `day` are the last quotes before (cells,).
        """
        found = np.isfinite(quoted)
        quote_day = np.where(found, days[:, None], NEVER)
        if not found.all():
            newest = np.maximum.accumulate(np.where(found, np.arange(1, len(days) + 1)[:, None], 0), axis=0)
            at = np.maximum(newest - 1, 0)
            quoted = np.where(newest > 0, np.take_along_axis(quoted, at, axis=0), fen)
            quote_day = np.where(newest > 0, np.take_along_axis(quote_day, at, axis=0), day)
        usable = (quote_day != NEVER) & (days[:, None] - quote_day <= self.days)
        if self.within_month.any():
            same = month_numbers(quote_day) == month_numbers(days)[:, None]
            usable &= same | ~self.within_month
        return np.where(usable, quoted, np.nan), quote_day

    def of(self, cells: Places) -> "CarryRule":
        """The rule for some of the cells."""
        return replace(self, within_month=self.within_month[cells])


def build_panel(
    priced: CellDays, rule: CarryRule, last: LastQuotes, before: Floats
) -> tuple[Panel, LastQuotes]:
    """Lay cell prices out by index day and carry each forward as the rule allows.

    `last` and `before` say what the days before left: the last quotes, and the standing prices. The chain
    must be linked between two calls where the second begins a later month. Returned with the panel is what
    its days leave.
    """
    days, rows = np.unique(priced.day, return_inverse=True)
    spoken = last.day != NEVER
    spoken[priced.tier, priced.cell] = True
    several = np.flatnonzero(spoken.sum(axis=0) > 1)
    found, links = _of_one_tier(priced, days, rows, rule, last, before), last.links
    if len(several):
        found, links = _of_several(found, priced, rows, rule, last, several)
    return found, _last_quotes(priced, last, _used(found, links))


def _of_one_tier(
    priced: CellDays, days: Places, rows: Places, rule: CarryRule, last: LastQuotes, before: Floats
) -> Panel:
    """The panel by the best tier of each day: right for the cells that have one only."""
    best = np.ones(len(rows), dtype=bool)
    best[1:] = (priced.day[1:] != priced.day[:-1]) | (priced.cell[1:] != priced.cell[:-1])
    chosen_rows, cell = rows[best], priced.cell[best]
    shape = (len(days), last.fen.shape[1])
    fen, heard = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    sources = np.zeros((*shape, priced.sources.shape[1]), dtype=np.uint64)
    fen[chosen_rows, cell] = priced.fen[best]
    heard[chosen_rows, cell] = priced.quotes[best]
    sources[chosen_rows, cell] = priced.sources[best]
    only = last.day.argmax(axis=0)
    cells = np.arange(shape[1])
    newest = only.copy()
    newest[cell] = priced.tier[best]
    prices, day = rule.standing(days, fen, last.fen[only, cells], last.day[only, cells])
    quoted, seen = np.isfinite(fen), day != NEVER
    return Panel(
        days=days,
        quoted=quoted,
        carried=prices,
        fen=prices,
        stale=np.isfinite(prices) & ~quoted,
        tier=np.where(seen, newest, 0),
        seen=seen,
        before=before,
        quotes=heard,
        sources=sources,
        opening=np.full(shape[1], np.nan),
    )


def _of_several(
    found: Panel, priced: CellDays, rows: Places, rule: CarryRule, last: LastQuotes, cells: Places
) -> tuple[Panel, TierLinks]:
    """Put in the cells that were quoted in several tiers, month by month."""
    days = found.days
    prices, quote_day = _by_tier(priced, days, rows, rule.of(cells), last, cells)
    links = _linked_so_far(last, cells)
    carried, fen = found.carried.copy(), found.fen.copy()
    tier, stale = found.tier.copy(), found.stale.copy()
    months = month_numbers(days)
    known, relinked, quoted_month = last.month, True, month_numbers(last.day[:, cells])
    for month in np.unique(months).tolist():
        if month != known:
            links = closed_month(links, known, quoted_month, rule.tier_months, relinked=relinked)
        known, relinked = month, False
        part = np.flatnonzero(months == month)
        told, links = chosen(prices[:, part], days[part], links)
        own = np.ix_(part, cells)
        carried[own], fen[own], tier[own] = told.price, told.fen, told.tier
        fresh = np.take_along_axis(quote_day[:, part], told.tier[None], axis=0)[0] == days[part][:, None]
        stale[own] = np.isfinite(told.price) & ~fresh
        quoted_month = month_numbers(quote_day[:, part[-1]])
    alone = found.opening.copy()
    alone[cells] = opening(links, known)
    made = replace(found, carried=carried, fen=fen, tier=tier, stale=stale, opening=alone)
    return made, last.links.put(cells, links)


def _by_tier(
    priced: CellDays, days: Places, rows: Places, rule: CarryRule, last: LastQuotes, cells: Places
) -> tuple[Floats, Places]:
    """Prices standing and days of the last quotes of some cells (tiers, days, cells)."""
    place = np.full(last.fen.shape[1], NEVER, dtype=np.int64)
    place[cells] = np.arange(len(cells))
    inside = place[priced.cell] != NEVER
    quoted = np.full((TIERS, len(days), len(cells)), np.nan)
    quoted[priced.tier[inside], rows[inside], place[priced.cell[inside]]] = priced.fen[inside]
    told = [
        rule.standing(days, quoted[tier], last.fen[tier, cells], last.day[tier, cells])
        for tier in range(TIERS)
    ]
    return np.array([prices for prices, _ in told]), np.array([day for _, day in told])


def _linked_so_far(last: LastQuotes, cells: Places) -> TierLinks:
    """The links of some cells; one that had a single tier so far has the factor 1 for it."""
    links = last.links.taken(cells)
    known = last.day[:, cells] != NEVER
    single = known & (known.sum(axis=0) == 1)
    links.factor[single] = 1.0
    return links


def _used(panel: Panel, links: TierLinks) -> TierLinks:
    """The links with the tier and the day of each cell's last price."""
    there = np.isfinite(panel.carried)
    last = len(there) - 1 - there[::-1].argmax(axis=0)
    ever = there.any(axis=0)
    tier = np.take_along_axis(panel.tier, last[None], axis=0)[0]
    return replace(
        links,
        used=np.where(ever, tier, links.used),
        used_day=np.where(ever, panel.days[last], links.used_day),
    )


def _last_quotes(priced: CellDays, before: LastQuotes, links: TierLinks) -> LastQuotes:
    """The last quote of every cell and tier after these days."""
    fen, day = before.fen.copy(), before.day.copy()
    # Entries stand by day: of several assignments to one place numpy keeps the last.
    fen[priced.tier, priced.cell] = priced.fen
    day[priced.tier, priced.cell] = priced.day
    return LastQuotes(fen, day, links, int(month_numbers(priced.day[-1:])[0]))


def mean_price(prices: Floats) -> Floats:
    """Geometric mean of each cell's prices over the days given; NaN for a cell without any.

    A single price is its own mean, to the last bit.

    >>> mean_price(np.array([[4.0, np.nan], [9.0, np.nan]])).round(9).tolist()
    [6.0, nan]
    """
    if len(prices) == 1:
        return np.asarray(prices[0].copy())
    count = np.isfinite(prices).sum(axis=0)
    only = np.where(np.isfinite(prices), prices, 0.0).max(axis=0, initial=0.0)
    sums = np.zeros(prices.shape[1])
    for row in log(prices):
        sums += np.where(np.isfinite(row), row, 0.0)
    means = exp(sums / np.where(count > 0, count, np.nan))
    return np.asarray(np.where(count == 1, only, means))


def by_period(panel: Panel, period: Places, first_days: Places, before: Floats) -> Panel:
    """One row for each period: geometric mean prices, and what was quoted at all in it.

    `period` says for each row of the panel which of the `first_days` it belongs to, ascending; `before`
    are the prices of the period before the first.
    """
    starts = np.searchsorted(period, np.arange(len(first_days)))
    ends = np.append(starts[1:], len(period))
    means = np.array([mean_price(panel.carried[a:b]) for a, b in zip(starts, ends, strict=True)])
    quoted = np.logical_or.reduceat(panel.quoted, starts, axis=0)
    return Panel(
        first_days,
        quoted,
        means.reshape(len(first_days), -1),
        means.reshape(len(first_days), -1),
        np.isfinite(means) & ~quoted,
        _last_tier(panel, starts, ends),
        panel.seen[ends - 1],
        before,
        np.add.reduceat(panel.quotes, starts, axis=0),
        np.bitwise_or.reduceat(panel.sources, starts, axis=0),
        panel.opening,
    )


def _last_tier(panel: Panel, starts: Places, ends: Places) -> Places:
    """The tier of each cell's last price in each period."""
    found = np.zeros((len(starts), panel.tier.shape[1]), dtype=np.int64)
    for place, (a, b) in enumerate(zip(starts, ends, strict=True)):
        for row in range(a, b):
            found[place] = np.where(np.isfinite(panel.carried[row]), panel.tier[row], found[place])
    return found
