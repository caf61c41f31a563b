"""What is asked and what is paid, one price of a cell: each tier is compared with itself alone.

A cell's price on a day is that of the best tier linked to the cell which has a price standing that day,
divided by the tier's factor. The tier of a cell's first quote has the factor 1. Another one is linked when
a month is over in which it stood beside the price in use: its factor is the geometric mean of its prices
over the price in use on those days, as a change of grade is linked by overlap (CPI Manual 2020, chapter 7).
So what the tiers differ by never moves an index, and a change of tier is no change of price. A factor is
measured anew in each such month, but never that of the tier in use at its end. A tier that was not quoted
for longer than a price may be imputed loses its factor while another is in use. A tier that has no factor and
stands alone waits: after a month without any price in use it is what the cell is compared with, as if
the cell were new.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import month_numbers
from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import exp, log
from priceindex.quotes import Tier

Marks = NDArray[np.bool_]
TIERS: Final = len(Tier)
NOBODY: Final = -1
"""In a column of tiers: none. In a column of days: never."""


@dataclass(frozen=True, slots=True)
class TierLinks:
    """How the tiers of each cell hang together at the end of some day; (tiers, cells) or (cells,)."""

    factor: Floats
    """Prices of the tier over the cell's prices; NaN where the tier is not linked."""
    overlap: Floats
    """Sum of the logarithms of that ratio over the month's days on which another tier was in use."""
    met: Places
    """How many such days there were."""
    used: Places
    """(cells,) the tier last in use."""
    used_day: Places
    """(cells,) the last day with a price in use."""
    waiting: Places
    """(cells,) the tier without a factor that stood alone first this month."""
    alone: Floats
    """(cells,) sum of the logarithms of its prices on such days of the month."""
    stood: Places
    """(cells,) how many these were."""

    @classmethod
    def none(cls, cells: int) -> "TierLinks":
        """Before the first quote."""
        return cls(
            np.full((TIERS, cells), np.nan),
            np.zeros((TIERS, cells)),
            np.zeros((TIERS, cells), dtype=np.int64),
            np.full(cells, NOBODY, dtype=np.int64),
            np.full(cells, NOBODY, dtype=np.int64),
            np.full(cells, NOBODY, dtype=np.int64),
            np.zeros(cells),
            np.zeros(cells, dtype=np.int64),
        )

    def taken(self, cells: Places) -> "TierLinks":
        """Those of some cells, as arrays of their own."""
        return TierLinks(*(getattr(self, each.name)[..., cells].copy() for each in fields(self)))

    def put(self, cells: Places, known: "TierLinks") -> "TierLinks":
        """These with others for some cells."""
        found = TierLinks(*(getattr(self, each.name).copy() for each in fields(self)))
        for each in fields(self):
            getattr(found, each.name)[..., cells] = getattr(known, each.name)
        return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """What counts of the cells with several tiers on some days; (days, cells)."""

    price: Floats
    """Fen per kg in terms of the tier with the factor 1; NaN where no tier with a factor stands."""
    fen: Floats
    """The price in use as it was quoted; NaN likewise."""
    tier: Places


def closed_month(
    links: TierLinks, month: int, quoted_month: Places, most_months: int, *, relinked: bool
) -> TierLinks:
    """The links after the month `month`: new factors, lapsed ones, and no days counted yet.

    `quoted_month` (tiers, cells) is the month of each tier's last quote. `relinked` says that the chain is
    linked at the end of the month, so that a cell may be compared with another tier from then on.
    """
    ranks = np.arange(TIERS)[:, None]
    other = ranks != links.used
    measured = (links.met > 0) & other
    mean = exp(links.overlap / np.where(links.met > 0, links.met, 1))
    factor = np.where(measured, mean, links.factor)
    lapsed = other & (links.used != NOBODY) & (month - quoted_month > most_months)
    factor = np.where(lapsed, np.nan, factor)
    used = links.used
    if relinked:
        anew = (links.stood > 0) & (_months(links.used_day) != month)
        first = ranks == links.waiting
        factor = np.where(anew, np.where(first, 1.0, np.nan), factor)
        used = np.where(anew, links.waiting, used)
    nothing = TierLinks.none(len(used))
    return TierLinks(
        factor,
        nothing.overlap,
        nothing.met,
        used,
        links.used_day,
        nothing.waiting,
        nothing.alone,
        nothing.stood,
    )


def chosen(prices: Floats, days: Places, links: TierLinks) -> tuple[Chosen, TierLinks]:
    """Choose among the prices standing (tiers, days, cells) of one month; the links after its last day."""
    begun = _begun(prices, links.factor)
    linked = np.isfinite(prices) & np.isfinite(begun)[:, None, :]
    any_used = np.asarray(linked.any(axis=0))
    tier = linked.argmax(axis=0)
    fen = np.where(any_used, np.take_along_axis(prices, tier[None], axis=0)[0], np.nan)
    price = fen / np.take_along_axis(begun, tier, axis=0)
    overlap, met = _overlap(prices, price, tier, links)
    waiting, alone, stood = _waiting(prices, any_used, links)
    last = len(days) - 1 - any_used[::-1].argmax(axis=0)
    ever = any_used.any(axis=0)
    used = np.where(ever, np.take_along_axis(tier, last[None], axis=0)[0], links.used)
    used_day = np.where(ever, days[last], links.used_day)
    after = TierLinks(begun, overlap, met, used, used_day, waiting, alone, stood)
    return Chosen(price, fen, tier), after


def opening(links: TierLinks, month: int) -> Floats:
    """The mean price of the tier that waits, for cells without any price in use in the month; else NaN."""
    found = np.full(len(links.stood), np.nan)
    cells = np.flatnonzero((links.stood > 0) & (_months(links.used_day) != month))
    if len(cells):
        found[cells] = exp(links.alone[cells] / links.stood[cells])
    return found


def _begun(prices: Floats, factor: Floats) -> Floats:
    """Give the best tier of the first day the factor 1 where a cell has no factor yet."""
    standing = np.isfinite(prices)
    fresh = np.flatnonzero(~np.isfinite(factor).any(axis=0) & standing.any(axis=(0, 1)))
    if not len(fresh):
        return factor
    found = factor.copy()
    among = standing[:, :, fresh]
    first = among.any(axis=0).argmax(axis=0)
    best = among[:, first, np.arange(len(fresh))].argmax(axis=0)
    found[best, fresh] = 1.0
    return found


def _overlap(prices: Floats, price: Floats, tier: Places, links: TierLinks) -> tuple[Floats, Places]:
    """Count the days on which a tier stood beside another one in use, day after day."""
    beside = np.isfinite(prices) & np.isfinite(price) & (tier != np.arange(TIERS)[:, None, None])
    if not beside.any():
        return links.overlap, links.met
    ratio = np.where(beside, log(np.where(beside, prices / price, 1.0)), 0.0)
    total = links.overlap.copy()
    for row in range(len(price)):
        total += ratio[:, row]
    return total, links.met + beside.sum(axis=1)


def _waiting(prices: Floats, any_used: Marks, links: TierLinks) -> tuple[Places, Floats, Places]:
    """Which tier stands where none has a factor, and its prices so far this month."""
    alone = np.isfinite(prices) & ~any_used
    there = alone.any(axis=0)
    if not there.any():
        return links.waiting, links.alone, links.stood
    cells = np.arange(prices.shape[2])
    first = alone[:, there.argmax(axis=0), cells].argmax(axis=0)
    waiting = np.where((links.waiting == NOBODY) & there.any(axis=0), first, links.waiting)
    marked = alone[waiting, :, cells].T
    logs = np.where(marked, log(np.where(marked, prices[waiting, :, cells].T, 1.0)), 0.0)
    total = links.alone.copy()
    for row in logs:
        total += row
    return waiting, total, links.stood + marked.sum(axis=0)


def _months(days: Places) -> Places:
    """The month of each day; one before all where there is none."""
    return np.where(days == NOBODY, np.iinfo(np.int64).min, month_numbers(days))
