"""The elementary formulas as bilateral ones: quantities only say which products are matched."""

from collections.abc import Callable
from typing import Final

import numpy as np

from priceindex.formulas.described import Described
from priceindex.formulas.elementary import FORMULAS, Formula
from priceindex.formulas.laws import Law
from priceindex.formulas.means import arithmetic_mean
from priceindex.formulas.pairs import Pair


def _of_pair(formula: Formula) -> Callable[[Pair], float]:
    def compute(pair: Pair) -> float:
        one_group = np.zeros(len(pair.p0), dtype=np.int64)
        return float(formula(pair.p1[None, :], pair.p0, one_group, 1)[0, 0])

    return compute


def cswd_balk(pair: Pair) -> float:
    """Geometric mean of the mean relative and of the mean relative by the growth of quantities."""
    growth = pair.q1 / pair.q0
    return float(np.sqrt(pair.relatives.mean() * arithmetic_mean(growth, pair.relatives)))


_LEVEL: Final = frozenset({Law.IDENTITY, Law.PROPORTIONALITY, Law.HOMOGENEITY, Law.MEAN_VALUE})
_UNITS: Final = _LEVEL | {Law.COMMENSURABILITY}

UNWEIGHTED: Final = (
    Described(
        key="jevons",
        zh="杰文斯指数",
        en="Jevons",
        equation="exp(mean ln r)",
        source="Jevons (1865); CPI Manual 2020, chapter 8",
        laws=_UNITS | {Law.TIME_REVERSAL, Law.CIRCULARITY},
        compute=_of_pair(FORMULAS["jevons"]),
    ),
    Described(
        key="dutot",
        zh="杜托指数",
        en="Dutot",
        equation="Σp¹ / Σp⁰",
        source="Dutot (1738); CPI Manual 2020, chapter 8",
        laws=_LEVEL | {Law.TIME_REVERSAL, Law.CIRCULARITY},
        compute=_of_pair(FORMULAS["dutot"]),
    ),
    Described(
        key="carli",
        zh="卡利指数",
        en="Carli",
        equation="mean r",
        source="Carli (1764); CPI Manual 2020, chapter 8",
        laws=_UNITS,
        compute=_of_pair(FORMULAS["carli"]),
    ),
    Described(
        key="harmonic",
        zh="调和平均指数",
        en="harmonic (Coggeshall)",
        equation="1 / mean(1/r)",
        source="Coggeshall (1886); CPI Manual 2020, chapter 8",
        laws=_UNITS,
        compute=_of_pair(FORMULAS["harmonic"]),
    ),
    Described(
        key="cswd",
        zh="CSWD 指数",
        en="Carruthers–Sellwood–Ward–Dalén",
        equation="√(mean r / mean(1/r))",
        source="Carruthers, Sellwood and Ward (1980); Dalén (1992); CPI Manual 2020, chapter 8",
        laws=_UNITS | {Law.TIME_REVERSAL},
        compute=_of_pair(FORMULAS["cswd"]),
    ),
    Described(
        key="bmw",
        zh="BMW 指数",
        en="Balk–Mehrhoff–Walsh",
        equation="Σ√r / Σ√(1/r)",
        source="Mehrhoff (2007); Balk (2005); the hybrid CSWD of gpindex, Dikhanov's index (2024)",
        laws=_UNITS | {Law.TIME_REVERSAL},
        compute=_of_pair(FORMULAS["bmw"]),
    ),
    Described(
        key="cswd_balk",
        zh="巴尔克修正 CSWD 指数",
        en="CSWD after Balk",
        equation="√(mean r · Σ r(q¹/q⁰) / Σ q¹/q⁰)",
        source="Balk (2008); gpindex 0.6.3 (cswdb)",
        laws=_UNITS,
        compute=cswd_balk,
    ),
)
"""The formulas of this family; the last one looks at quantities too, without being a mean by value."""
