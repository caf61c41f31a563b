"""The printed tables of the PPI Manual (2004), chapter 22, to every digit they have."""

import numpy as np
import pytest

from priceindex.cleaning.imputation.panel import impute
from priceindex.engine.aggregate import Hierarchy
from priceindex.formulas.relatives import Floats
from priceindex.seasonal.rolling_year import rolling_year
from priceindex.seasonal.rothwell import normalised, rothwell
from priceindex.seasonal.seasonal_basket import in_season_prices, lowe
from priceindex.seasonal.year_over_year import Formula
from tests.priceindex.seasonal.turvey import turvey

DECEMBER_1970 = 11
TABLE_22_18 = """
1.0000 1.0000 1.0000 1.0000 1.0000 1.0000
1.0082 1.0087 1.0085 1.0082 1.0087 1.0085
1.0161 1.0170 1.0165 1.0161 1.0170 1.0165
1.0257 1.0274 1.0265 1.0257 1.0274 1.0265
1.0344 1.0364 1.0354 1.0344 1.0364 1.0354
1.0427 1.0448 1.0438 1.0427 1.0448 1.0438
1.0516 1.0537 1.0527 1.0516 1.0537 1.0527
1.0617 1.0635 1.0626 1.0617 1.0635 1.0626
1.0701 1.0706 1.0704 1.0701 1.0706 1.0704
1.0750 1.0740 1.0745 1.0750 1.0740 1.0745
1.0818 1.0792 1.0805 1.0818 1.0792 1.0805
1.0937 1.0901 1.0919 1.0937 1.0901 1.0919
1.1008 1.0961 1.0984 1.1008 1.0961 1.0984
1.1082 1.1035 1.1058 1.1081 1.1040 1.1061
1.1183 1.1137 1.1160 1.1183 1.1147 1.1165
1.1287 1.1246 1.1266 1.1290 1.1260 1.1275
1.1362 1.1324 1.1343 1.1366 1.1342 1.1354
1.1436 1.1393 1.1414 1.1437 1.1415 1.1426
1.1530 1.1481 1.1505 1.1528 1.1505 1.1517
1.1645 1.1595 1.1620 1.1644 1.1622 1.1633
1.1757 1.1670 1.1713 1.1747 1.1709 1.1728
1.1812 1.1680 1.1746 1.1787 1.1730 1.1758
1.1881 1.1712 1.1796 1.1845 1.1771 1.1808
1.1999 1.1805 1.1901 1.1962 1.1869 1.1915
1.2091 1.1884 1.1987 1.2052 1.1949 1.2001
1.2184 1.1971 1.2077 1.2143 1.2047 1.2095
1.2300 1.2086 1.2193 1.2263 1.2172 1.2218
"""
"""December 1970 to February 1973: Laspeyres, Paasche, Fisher, fixed base and chained."""
TABLE_22_25 = """
1.0000 1.0000 0.9750
1.0554 1.0571 1.0306
1.0711 1.0234 0.9978
1.1500 1.0326 1.0068
1.2251 1.1288 1.1006
1.3489 1.3046 1.2720
1.4428 1.2073 1.1771
1.3789 1.2635 1.2319
1.3378 1.2305 1.1997
1.1952 1.0531 1.0268
1.1543 1.0335 1.0077
1.1639 1.1432 1.1146
1.0824 1.0849 1.0577
1.1370 1.1500 1.1212
1.1731 1.1504 1.1216
1.2455 1.1752 1.1459
1.3155 1.2561 1.2247
1.4262 1.4245 1.3889
1.5790 1.3064 1.2737
1.5297 1.4071 1.3719
1.4416 1.3495 1.3158
1.3038 1.1090 1.0813
1.2752 1.1197 1.0917
1.2852 1.2714 1.2396
1.1844 1.1960 1.1661
1.2427 1.2664 1.2348
1.3003 1.2971 1.2647
1.3699 1.3467 1.3130
1.4691 1.4658 1.4292
1.5972 1.6491 1.6078
1.8480 1.4987 1.4612
1.7706 1.6569 1.6155
1.6779 1.6306 1.5898
1.5253 1.2683 1.2366
1.5371 1.3331 1.2998
1.5634 1.5652 1.5261
1.4181 1.4505 1.4143
"""
"""December 1970 to December 1973: Lowe with prices carried forward, Rothwell normalised, Rothwell."""
ONE_GROUP = np.zeros(5, dtype=np.int64)
ONE_LEVEL = Hierarchy((), (1,))


def printed(table: str, column: int) -> list[float]:
    return [float(line.split()[column]) for line in table.strip().splitlines()]


def shown(values: Floats, months: int) -> list[float]:
    return [round(value, 4) for value in values[DECEMBER_1970 : DECEMBER_1970 + months].tolist()]


@pytest.mark.parametrize(
    ("column", "formula", "chained"),
    [
        (0, "laspeyres", False), (1, "paasche", False), (2, "fisher", False),
        (3, "laspeyres", True), (4, "paasche", True), (5, "fisher", True),
    ],
)  # fmt: skip
def test_rolling_year_indices_are_those_of_table_22_18(
    column: int, formula: Formula, *, chained: bool
) -> None:
    found = rolling_year(turvey(), formula, chained=chained)
    assert shown(found, 27) == printed(TABLE_22_18, column)
    assert np.isnan(found[:DECEMBER_1970]).all()


def test_rothwells_index_is_that_of_table_22_25() -> None:
    found = rothwell(turvey())
    assert shown(found, 37) == printed(TABLE_22_25, 2)
    assert shown(normalised(found, DECEMBER_1970), 37) == printed(TABLE_22_25, 1)


def test_lowe_with_prices_carried_forward_is_that_of_table_22_25() -> None:
    panel = turvey()
    carried = impute(panel.price, ONE_GROUP, ONE_LEVEL, np.ones(1), rule="carry_forward").prices
    annual = np.nansum(panel.quantity[:12], axis=0)
    assert shown(lowe(carried, annual, DECEMBER_1970), 37) == printed(TABLE_22_25, 0)


def test_a_seasonal_basket_never_carries_a_price_out_of_its_season() -> None:
    panel = turvey()
    filled = in_season_prices(panel.price, ONE_GROUP, ONE_LEVEL, np.ones(1))
    strawberries = filled.prices[7:16, 3]
    assert filled.marked[7:16, 3].all()
    assert len(set(strawberries.tolist())) == len(strawberries)
    assert np.isfinite(lowe(filled.prices[5:], np.ones(5), 0)).all()
