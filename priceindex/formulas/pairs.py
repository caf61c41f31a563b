"""Two periods side by side: what every bilateral formula compares.

Only products that have a positive price and quantity in both periods are matched. What a share is a
share of is a convention on which packages disagree (the result differs in the fourth digit of a
panel with gaps), so it is a named parameter:

    matched   of the value of the matched products            the default
    full      of the value of all products of that period, matched or not

Formulas rescale weights made of shares to one, so `full` changes only those that mix shares of both
periods.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from priceindex.formulas.formulas_errors import NothingMatched, PairMisshapen
from priceindex.formulas.relatives import Floats

Shares = Literal["matched", "full"]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Matched prices and quantities of two periods, each (n,); 0 is the reference, 1 the period compared.

    Takes arrays over all products, NaN where one is missing, and keeps the matched ones. Raises
    PairMisshapen where the arrays are not equally long, NothingMatched where nothing is matched.

    >>> pair = Pair(np.array([1.0, 2.0, 4.0]), np.array([5.0, 5.0, 5.0]),
    ...             np.array([2.0, 2.0, np.nan]), np.array([4.0, 6.0, np.nan]))
    >>> pair.relatives.tolist(), pair.shares0.round(4).tolist()
    ([2.0, 1.0], [0.3333, 0.6667])
    """

    p0: Floats
    q0: Floats
    p1: Floats
    q1: Floats
    shares: Shares = "matched"
    shares0: Floats = field(init=False)
    """s⁰: share of each matched product in the value of period 0."""
    shares1: Floats = field(init=False)
    """s¹: share of each matched product in the value of period 1."""

    def __post_init__(self) -> None:
        """Match the products and fix the shares."""
        given = tuple(np.asarray(part, dtype=np.float64) for part in (self.p0, self.q0, self.p1, self.q1))
        if len({part.shape for part in given}) != 1 or given[0].ndim != 1:
            raise PairMisshapen(sizes=" ".join(str(part.shape) for part in given))
        present = [np.isfinite(part) & (part > 0) for part in given]
        traded0, traded1 = present[0] & present[1], present[2] & present[3]
        matched = traded0 & traded1
        if not matched.any():
            raise NothingMatched
        for name, part in zip(("p0", "q0", "p1", "q1"), given, strict=True):
            object.__setattr__(self, name, part[matched])
        whole0, whole1 = (matched, matched) if self.shares == "matched" else (traded0, traded1)
        object.__setattr__(self, "shares0", self.values0 / (given[0] * given[1])[whole0].sum())
        object.__setattr__(self, "shares1", self.values1 / (given[2] * given[3])[whole1].sum())

    @property
    def relatives(self) -> Floats:
        """R = p¹ / p⁰."""
        return self.p1 / self.p0

    @property
    def values0(self) -> Floats:
        """v⁰ = p⁰ q⁰ of the matched products."""
        return self.p0 * self.q0

    @property
    def values1(self) -> Floats:
        """v¹ = p¹ q¹ of the matched products."""
        return self.p1 * self.q1

    @property
    def value_ratio(self) -> float:
        """V = Σ v¹ / Σ v⁰ over the matched products."""
        return float(self.values1.sum() / self.values0.sum())

    def back(self) -> "Pair":
        """The same two periods compared the other way round, over the matched products."""
        return Pair(self.p1, self.q1, self.p0, self.q0)

    def swapped(self) -> "Pair":
        """Prices and quantities in each other's place: a formula then gives a quantity index."""
        return Pair(self.q0, self.p0, self.q1, self.p1)
