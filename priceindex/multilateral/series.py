"""A multilateral index with everything that made it: method, conventions, what could not be linked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from priceindex.formulas.relatives import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class MultilateralIndex:
    """Levels by period, the first of them 1."""

    method: str
    """geks, geary_khamis or time_product_dummy."""
    levels: Floats
    """(periods,)"""
    conventions: Mapping[str, str]
    """Every choice that changes a number, by its parameter's name."""
    unlinked: tuple[tuple[int, int], ...] = ()
    """Pairs of periods without a product in common: the mean was taken over the others."""
    steps: int = field(default=0)
    """Steps of the iteration; 0 where there is none."""
