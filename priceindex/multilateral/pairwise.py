"""Every period compared with every other in one go: matched bilateral indices as products of matrices.

Over a panel P, Q (periods x products, 0 where absent) let M mark what is there, V = P∘Q, LP = ln P. Then
for Törnqvist with matched shares B = V·Mᵀ, C = V·LPᵀ, D = (V∘LP)·Mᵀ, X = ½(C-D)/B and L = X-Xᵀ holds
ln P(i→j) in row i, column j; Fisher, Walsh and Jevons are products of the same kind. Each matrix is a sum
over products: the sums of parts of the products add up to those of the whole (PPI Manual 2004, 15-17, for
the formulas; Ivancic, Diewert and Fox 2011 for GEKS over them).
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.formulas.relatives import Floats, Places
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import Formula, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSums:
    """The sums over products that a formula needs of each pair of periods; they may be added up."""

    formula: Formula
    periods: tuple[Hashable, ...]
    """Labels, ascending."""
    matched: Places
    """(periods, periods): how many products the two periods have in common."""
    parts: tuple[Floats, ...]
    """Each (periods, periods); what they are, the formula knows."""
    totals: Floats
    """(periods,): value sold in each period, matched or not."""

    def __add__(self, other: "PairSums") -> "PairSums":
        """Return the sums over the products of both parts, which must not overlap."""
        return PairSums(
            formula=self.formula,
            periods=self.periods,
            matched=self.matched + other.matched,
            parts=tuple(one + two for one, two in zip(self.parts, other.parts, strict=True)),
            totals=self.totals + other.totals,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The logarithm of the bilateral index between each two periods."""

    formula: Formula
    shares: Shares
    periods: tuple[Hashable, ...]
    """Labels, ascending."""
    log: Floats
    """(periods, periods): ln of the index from the row's period to the column's; NaN: nothing matches."""
    matched: Places
    """(periods, periods): how many products each rests on."""
    totals: Floats
    """(periods,): value sold in each period."""

    @property
    def unlinked(self) -> tuple[tuple[int, int], ...]:
        """Pairs of periods, earlier first, that have no product in common."""
        gaps = np.isnan(self.log)
        rows, columns = np.nonzero(np.triu(gaps | gaps.T, 1))
        return tuple(zip(rows.tolist(), columns.tolist(), strict=True))

    def window(self, first: int, last: int) -> "Links":
        """Return the links among the periods `first` to `last`, both counted from 0 and both in."""
        kept = slice(first, last + 1)
        return Links(
            formula=self.formula,
            shares=self.shares,
            periods=self.periods[kept],
            log=self.log[kept, kept],
            matched=self.matched[kept, kept],
            totals=self.totals[kept],
        )

    def bilateral(self, base: int, period: int) -> float:
        """Return the direct index from one period to another; NaN where nothing matches."""
        return float(np.exp(self.log[base, period]))


def links(panel: CodedPanel, formula: Formula = "tornqvist", shares: Shares = "matched") -> Links:
    """Return all bilateral indices of a panel.

    >>> from priceindex.multilateral.coded_panel import code_panel
    >>> two = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0])
    >>> round(links(two, "jevons").bilateral(0, 1), 12)
    2.0
    """
    return links_of(pair_sums(panel, formula), shares)


def pair_sums(panel: CodedPanel, formula: Formula) -> PairSums:
    """Return the additive sums of a panel, which may hold some of the products only."""
    periods = len(panel.periods)
    sums: list[Floats] = []
    totals = np.zeros(periods)
    for prices, quantities in panel.blocks():
        block = _Block(prices, quantities, prices * quantities, (prices > 0).astype(np.float64))
        totals += block.values.sum(axis=1)
        found = block.present @ block.present.T, *_PARTS[formula](block)
        sums = [held + each for held, each in zip(sums, found, strict=True)] if sums else list(found)
    matched = np.rint(sums[0]).astype(np.int64)
    return PairSums(
        formula=formula, periods=panel.periods, matched=matched, parts=tuple(sums[1:]), totals=totals
    )


def links_of(sums: PairSums, shares: Shares = "matched") -> Links:
    """Return the bilateral indices that the sums stand for.

    `shares` matters to Törnqvist alone: shares over matched products, or over everything sold in the
    period, rescaled over the matched ones.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        log = _LOGS[sums.formula](sums, shares)
    log = np.where(np.isfinite(log), log, np.nan)
    np.fill_diagonal(log, 0.0)
    return Links(
        formula=sums.formula,
        shares=shares,
        periods=sums.periods,
        log=log,
        matched=sums.matched,
        totals=sums.totals,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """Some of the products, each matrix (periods, products)."""

    prices: Floats
    quantities: Floats
    values: Floats
    present: Floats
    """1 where there is a price, 0 where not."""

    def logs(self) -> Floats:
        """The logarithm of each price, 0 where there is none."""
        return np.log(np.where(self.prices > 0, self.prices, 1.0))


def _tornqvist_parts(block: _Block) -> tuple[Floats, ...]:
    logs = block.logs()
    return (
        block.values @ block.present.T,
        block.values @ logs.T,
        (block.values * logs) @ block.present.T,
    )


def _fisher_parts(block: _Block) -> tuple[Floats, ...]:
    return block.quantities @ block.prices.T, block.values @ block.present.T


def _walsh_parts(block: _Block) -> tuple[Floats, ...]:
    roots = np.sqrt(block.quantities)
    return (roots @ (block.prices * roots).T,)


def _jevons_parts(block: _Block) -> tuple[Floats, ...]:
    return (block.present @ block.logs().T,)


def _tornqvist_log(sums: PairSums, shares: Shares) -> Floats:
    value, value_logs, logs_value = sums.parts
    if shares == "matched":
        half = 0.5 * (value_logs - logs_value) / value
        return half - half.T
    moved = (value_logs - logs_value) / sums.totals[:, None]
    weight = value / sums.totals[:, None]
    return (moved - moved.T) / (weight + weight.T)


def _fisher_log(sums: PairSums, _: Shares) -> Floats:
    mixed, value = sums.parts
    laspeyres = np.log(mixed / value)
    return 0.5 * (laspeyres - laspeyres.T)


def _laspeyres_log(sums: PairSums, _: Shares) -> Floats:
    mixed, value = sums.parts
    return np.log(mixed / value)


def _geometric_laspeyres_log(sums: PairSums, _: Shares) -> Floats:
    value, value_logs, logs_value = sums.parts
    return (value_logs - logs_value) / value


def _walsh_log(sums: PairSums, _: Shares) -> Floats:
    mixed = np.log(sums.parts[0])
    return mixed - mixed.T


def _jevons_log(sums: PairSums, _: Shares) -> Floats:
    (logs,) = sums.parts
    return (logs - logs.T) / sums.matched


_PARTS: Final[Mapping[Formula, Callable[[_Block], tuple[Floats, ...]]]] = {
    "tornqvist": _tornqvist_parts,
    "fisher": _fisher_parts,
    "walsh": _walsh_parts,
    "jevons": _jevons_parts,
    "laspeyres": _fisher_parts,
    "geometric_laspeyres": _tornqvist_parts,
}
_LOGS: Final[Mapping[Formula, Callable[[PairSums, Shares], Floats]]] = {
    "tornqvist": _tornqvist_log,
    "fisher": _fisher_log,
    "walsh": _walsh_log,
    "jevons": _jevons_log,
    "laspeyres": _laspeyres_log,
    "geometric_laspeyres": _geometric_laspeyres_log,
}
