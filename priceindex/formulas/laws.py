"""The laws 检验 a formula may obey: the axioms of index theory, each as one sentence and one equation.

Every formula of the registry names the laws it obeys. The tests hold it to them whatever prices and
quantities are, and show for every law it does not name a case in which it is broken.
Source: CPI Manual 2020, chapter 16; PPI Manual 2004, chapter 16; Balk, Price and Quantity Index
Numbers (2008), chapter 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Law(StrEnum):
    """An axiom of index theory."""

    IDENTITY = "identity"
    PROPORTIONALITY = "proportionality"
    HOMOGENEITY = "homogeneity"
    TIME_REVERSAL = "time_reversal"
    CIRCULARITY = "circularity"
    COMMENSURABILITY = "commensurability"
    MEAN_VALUE = "mean_value"
    FACTOR_REVERSAL = "factor_reversal"
    CONSISTENCY = "consistency_in_aggregation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A law in words and as an equation."""

    zh: str
    en: str
    equation: str


WORDING: Final[Mapping[Law, Wording]] = {
    Law.IDENTITY: Wording(zh="恒等性", en="unchanged prices give one", equation="P(p, p, q⁰, q¹) = 1"),
    Law.PROPORTIONALITY: Wording(
        zh="比例性", en="all prices times k give k", equation="P(p, k·p, q⁰, q¹) = k"
    ),
    Law.HOMOGENEITY: Wording(
        zh="齐次性",
        en="new prices times k give k times the index",
        equation="P(p⁰, k·p¹, q⁰, q¹) = k·P(p⁰, p¹, q⁰, q¹)",
    ),
    Law.TIME_REVERSAL: Wording(
        zh="时间互换性", en="going back undoes going forth", equation="P(0→1) · P(1→0) = 1"
    ),
    Law.CIRCULARITY: Wording(
        zh="循环性", en="the way taken does not matter", equation="P(0→1) · P(1→2) = P(0→2)"
    ),
    Law.COMMENSURABILITY: Wording(
        zh="计量单位无关性",
        en="the units of quantity do not matter",
        equation="P(λ∘p⁰, λ∘p¹, q⁰/λ, q¹/λ) = P(p⁰, p¹, q⁰, q¹)",
    ),
    Law.MEAN_VALUE: Wording(
        zh="平均值性", en="it lies between the least and the largest relative", equation="min r ≤ P ≤ max r"
    ),
    Law.FACTOR_REVERSAL: Wording(
        zh="因子互换性",
        en="price index times quantity index gives the value ratio",
        equation="P(p, q) · P(q, p) = V",
    ),
    Law.CONSISTENCY: Wording(
        zh="汇总一致性",
        en="in two steps through groups it gives what it gives in one",
        equation="P over groups with their indices as prices = P over products",
    ),
}
"""Each law in Chinese and English, and as an equation."""
