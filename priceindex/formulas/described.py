"""A formula with its name, its equation, its source and its laws in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from priceindex.formulas.laws import Law
from priceindex.formulas.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a formula says of itself."""

    key: str
    """The name in code, families and answers."""
    zh: str
    en: str
    equation: str
    """With r = p¹/p⁰, v = p·q, s = v/Σv; A, G, H are weighted means; weights are rescaled to one."""
    source: str
    laws: frozenset[Law]
    """Those it obeys; every other law is broken somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Description):
    """A bilateral formula: it compares two periods by prices and quantities of both."""

    compute: Callable[[Pair], float]

    def __call__(self, pair: Pair) -> float:
        """The index of period 1 against period 0, 1.0 for no change."""
        return self.compute(pair)
