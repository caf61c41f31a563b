"""Several quotes of one cell and tier on one day become one price, its sources weighed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.engine.inputs import Inputs, QuoteColumns
from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import exp, log

Words = NDArray[np.uint64]
"""Sets of codes as bits: the last axis has a word for each 64 codes."""
MARK_BITS: Final = 64
_ROUNDS: Final = 64
"""A cap is shared out among what is below it at most so often; each round caps one more source."""


@dataclass(frozen=True, slots=True)
class CellDays:
    """One price for every cell, tier and day that was quoted, in the order of (day, cell, tier)."""

    day: Places
    cell: Places
    fen: Floats
    """Whole fen per kg."""
    tier: Places
    """Rank of the tier the price is of: what is asked and what is paid are never mixed."""
    quotes: Places
    """How many quotes the price is made of."""
    sources: Words
    """(entries, words) their sources, a bit for the code of each name."""

    def between(self, first: int, last: int) -> "CellDays":
        """The cells and days from day number `first` through `last`."""
        start, end = np.searchsorted(self.day, [first, last + 1])
        return CellDays(
            self.day[start:end],
            self.cell[start:end],
            self.fen[start:end],
            self.tier[start:end],
            self.quotes[start:end],
            self.sources[start:end],
        )


@dataclass(frozen=True, slots=True)
class SourceWeights:
    """How the sources of a computation weigh; arrays over its sources."""

    weights: Floats
    cap: float
    """The largest share one source may have where several quote."""
    name: Places
    """Code of each source's name: the same source weighs differently from year to year."""


def cell_days(inputs: Inputs) -> CellDays:
    """Price every cell on every day it was quoted, as the family's text says."""
    return priced(inputs.quotes, source_weights(inputs))


def source_weights(inputs: Inputs) -> SourceWeights:
    """The weight of each source and the largest share one may have, as the family's text says."""
    weights = np.array([source.weight_bp for source in inputs.sources], dtype=np.float64)
    if inputs.family.cells.sources == "best_tier_geometric_mean":
        weights = np.ones_like(weights)
    names = {name: place for place, name in enumerate(sorted({source.name for source in inputs.sources}))}
    name = np.array([names[source.name] for source in inputs.sources], dtype=np.int64)
    return SourceWeights(weights, float(inputs.family.cells.source_cap), name)


def priced(quotes: QuoteColumns, weighing: SourceWeights) -> CellDays:
    """Price quotes sorted by (cell, day, source), each source weighing what `weighing` says.

    Of several quotes of one cell, day and tier the price is the weighted geometric mean, rounded
    half-even to the fen so that anyone's logarithm gives the same price. No source has a larger share
    than its cap, or than an equal share where so few quote that all would be above it.
    """
    ordered = np.lexsort((quotes.tier, quotes.cell, quotes.day))
    day, cell, tier = quotes.day[ordered], quotes.cell[ordered], quotes.tier[ordered]
    begins = np.ones(len(day), dtype=bool)
    begins[1:] = (day[1:] != day[:-1]) | (cell[1:] != cell[:-1]) | (tier[1:] != tier[:-1])
    starts = np.flatnonzero(begins)
    at, source = np.cumsum(begins) - 1, quotes.source[ordered]
    fen = quotes.fen[ordered].astype(np.float64)
    prices = _weighted_means(at, fen, weighing.weights[source], len(starts), weighing.cap)
    heard = np.bincount(at, minlength=len(starts))
    marks = as_words(weighing.name[source], mark_words(int(weighing.name.max(initial=0)) + 1))
    told = np.bitwise_or.reduceat(marks, starts) if len(starts) else marks
    return CellDays(day[starts], cell[starts], prices, tier[starts], heard, told)


def mark_words(codes: int) -> int:
    """How many words hold a bit for each of so many codes; one at least.

    >>> mark_words(0), mark_words(64), mark_words(65)
    (1, 1, 2)
    """
    return max(-(-codes // MARK_BITS), 1)


def as_words(codes: Places, words: int) -> Words:
    """The set of each code alone (codes, words).

    >>> as_words(np.array([0, 3, 64]), 2).tolist()
    [[1, 0], [8, 0], [0, 1]]
    """
    if words == 1:
        return np.left_shift(np.uint64(1), codes.astype(np.uint64))[:, None]
    found = np.zeros((len(codes), words), dtype=np.uint64)
    bits = np.left_shift(np.uint64(1), (codes % MARK_BITS).astype(np.uint64))
    found[np.arange(len(codes)), codes // MARK_BITS] = bits
    return found


def _weighted_means(at: Places, fen: Floats, weights: Floats, size: int, cap: float) -> Floats:
    """Geometric mean of each place's prices; a single quote is its own mean, to the fen.

    >>> _weighted_means(np.array([0, 0, 1]), np.array([400.0, 900.0, 7.0]), np.ones(3), 2, 1.0).tolist()
    [600.0, 7.0]
    """
    heard = np.bincount(at, minlength=size)
    prices = np.empty(size)
    prices[at] = fen
    many = heard > 1
    if many.any():
        several, places = many[at], np.flatnonzero(many)
        renumbered = (np.cumsum(many) - 1)[at[several]]
        shares = _capped_shares(renumbered, weights[several], heard[places], cap)
        means = np.bincount(renumbered, weights=shares * log(fen[several]), minlength=len(places))
        prices[places] = np.rint(exp(means.astype(np.float64, copy=False)))
    return prices


def _capped_shares(at: Places, weights: Floats, heard: Places, cap: float) -> Floats:
    """Shares that add up to one at each place and of which none is above the cap.

    >>> _capped_shares(np.zeros(3, int), np.array([8.0, 1.0, 1.0]), np.array([3]), 0.5).tolist()
    [0.5, 0.25, 0.25]
    """
    shares = weights / np.bincount(at, weights=weights)[at]
    limit = np.maximum(cap, 1.0 / heard)[at]
    capped = np.zeros(len(at), dtype=bool)
    for _ in range(_ROUNDS):
        over = ~capped & (shares > limit)
        if not over.any():
            break
        capped |= over
        left = 1.0 - np.bincount(at, weights=np.where(capped, limit, 0.0))
        free = np.bincount(at, weights=np.where(capped, 0.0, weights))
        scale = np.where(free > 0, left / np.where(free > 0, free, 1.0), 0.0)
        shares = np.where(capped, limit, weights * scale[at])
    return shares
