"""What can be computed over a table of prices and quantities, by name, and what each method needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from priceindex.formulas.bilateral import BILATERAL, WITH_ELASTICITY
from priceindex.formulas.fixed_basket import FIXED_BASKET

Kind = Literal["bilateral", "elasticity", "fixed_basket", "multilateral"]
MULTILATERAL: Final[Mapping[str, tuple[str, str]]] = {
    "ccdi": ("GEKS-Törnqvist（CCDI）", "GEKS-Törnqvist (CCDI)"),
    "geks_fisher": ("GEKS-Fisher", "GEKS-Fisher"),
    "geks_walsh": ("GEKS-Walsh", "GEKS-Walsh"),
    "geks_jevons": ("GEKS-Jevons", "GEKS-Jevons"),
    "geary_khamis": ("Geary-Khamis", "Geary-Khamis"),
    "time_product_dummy": ("时间产品虚拟变量法（不加权）", "time product dummy, unweighted"),
    "weighted_time_product_dummy": ("加权时间产品虚拟变量法", "weighted time product dummy"),
}
"""Multilateral methods: name in Chinese and English."""
GEKS_FORMULA: Final[Mapping[str, Literal["tornqvist", "fisher", "walsh", "jevons"]]] = {
    "ccdi": "tornqvist",
    "geks_fisher": "fisher",
    "geks_walsh": "walsh",
    "geks_jevons": "jevons",
}
"""The bilateral formula that each GEKS makes transitive."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method that can be asked for."""

    key: str
    kind: Kind
    zh: str
    en: str
    equation: str
    """Empty for multilateral methods: see docs/methodology-formulas.md."""

    def words(self, language: str) -> str:
        """Name the method for people."""
        return self.zh if language == "zh" else self.en


def methods() -> tuple[Method, ...]:
    """Every method, in the order of the tables.

    >>> {each.key: each.kind for each in methods()}["ccdi"]
    'multilateral'
    """
    found = [Method(key, "bilateral", each.zh, each.en, each.equation) for key, each in BILATERAL.items()]
    for key, make in WITH_ELASTICITY.items():
        told = make(0.5)
        found.append(Method(key, "elasticity", told.zh, told.en, told.equation))
    found += [
        Method(key, "fixed_basket", each.zh, each.en, each.equation) for key, each in FIXED_BASKET.items()
    ]
    found += [Method(key, "multilateral", zh, en, "") for key, (zh, en) in MULTILATERAL.items()]
    return tuple(found)
