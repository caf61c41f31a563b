"""Every bilateral formula by its name; the tables of docs/methodology.md are made from here."""

from collections.abc import Callable, Mapping
from typing import Final

from priceindex.formulas.arithmetic_formulas import ARITHMETIC
from priceindex.formulas.basket_formulas import BASKETS
from priceindex.formulas.crossed_formulas import CROSSED
from priceindex.formulas.described import Described
from priceindex.formulas.elasticity_formulas import arithmetic_ag_mean, geometric_ag_mean, lloyd_moulton
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.geometric_formulas import GEOMETRIC
from priceindex.formulas.log_change_formulas import LOG_CHANGE
from priceindex.formulas.unweighted_formulas import UNWEIGHTED
from priceindex.formulas.value_ratio_formulas import VALUE_RATIOS

FAMILIES: Final[Mapping[str, tuple[Described, ...]]] = {
    "unweighted": UNWEIGHTED,
    "arithmetic": ARITHMETIC,
    "geometric": GEOMETRIC,
    "log_change": LOG_CHANGE,
    "baskets": BASKETS,
    "crossed": CROSSED,
    "value_ratios": VALUE_RATIOS,
}
"""The formulas as they are told in tables, by family."""

BILATERAL: Final[Mapping[str, Described]] = {
    formula.key: formula for family in FAMILIES.values() for formula in family
}
"""Formula by name: call it with a pair."""

ELEMENTARY: Final[Mapping[str, Described]] = {key: BILATERAL[key] for key in FORMULAS}
"""Those that need no quantities: the ones a family may use within a grade."""

WITH_ELASTICITY: Final[Mapping[str, Callable[[float], Described]]] = {
    "lloyd_moulton": lloyd_moulton,
    "arithmetic_ag_mean": arithmetic_ag_mean,
    "geometric_ag_mean": geometric_ag_mean,
}
"""Makers of formulas that take an elasticity of substitution."""
