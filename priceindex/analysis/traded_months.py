"""Recorded trades summed by cell and month, and which of these sums may be used.

A cell of a month that rests on few deals would show what one of them cost, so it is left out before
anything is computed: no result can be solved for it.
"""

from dataclasses import dataclass

import numpy as np

from priceindex.formulas.relatives import Places
from priceindex.multilateral.coded_panel import CodedPanel, code_panel

_GRAMS_PER_KG = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedMonths:
    """One entry for each cell and month with a trade; all columns are equally long."""

    month: Places
    """Months since January 1970."""
    cell: tuple[str, ...]
    """herb|grade|origin|market."""
    grams: Places
    fen: Places
    """What was paid for all of it."""
    trades: Places
    sellers: Places

    def __len__(self) -> int:
        """How many sums there are."""
        return len(self.cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What may be used, and how much may not."""

    kept: TradedMonths
    ungraded: int
    """Cells of a month without a grade: what one kilogram of them is, changes from month to month."""
    withheld: int
    """Cells of a month that rest on too few trades or sellers."""
    withheld_percent: int
    """Their share of all that was paid, in whole percent, so that no single deal can be worked out."""

    def panel(self) -> CodedPanel:
        """Fen per kilogram and kilograms, by month and cell."""
        kilograms = self.kept.grams / _GRAMS_PER_KG
        return code_panel(self.kept.month, self.kept.cell, self.kept.fen / kilograms, kilograms)


def admit(months: TradedMonths, least_trades: int, least_sellers: int) -> Admitted:
    """Keep the sums of one grade that enough trades by enough sellers stand behind, and that have a price.

    >>> few, one = np.array([5]), np.array([1])
    >>> sold = TradedMonths(month=few, cell=("白芍|统||",), grams=few, fen=few, trades=few, sellers=one)
    >>> admit(sold, 3, 2).withheld
    1
    """
    shown = (months.trades >= least_trades) & (months.sellers >= least_sellers)
    graded = np.array([bool(cell.split("|")[1]) for cell in months.cell], dtype=np.bool_)
    kept = shown & graded & (months.grams > 0) & (months.fen > 0)
    paid, withheld = int(months.fen.sum()), int(months.fen[~shown].sum())
    return Admitted(
        kept=TradedMonths(
            month=months.month[kept],
            cell=tuple(cell for cell, keep in zip(months.cell, kept.tolist(), strict=True) if keep),
            grams=months.grams[kept],
            fen=months.fen[kept],
            trades=months.trades[kept],
            sellers=months.sellers[kept],
        ),
        ungraded=int((shown & ~graded).sum()),
        withheld=int((~shown).sum()),
        withheld_percent=round(100 * withheld / paid) if paid else 0,
    )
