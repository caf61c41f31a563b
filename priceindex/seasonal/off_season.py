"""How long the cells of seasonal herbs may live on imputation: until their next harvest.

Under `seasonal.rule = "fixed_annual_weights"` the herbs named keep their weight out of season and are
imputed from above for up to twelve links; all others have the text's `missing.imputed_links`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from priceindex.family_text import Seasonal
from priceindex.formulas.relatives import Places

HARVEST_LINKS: Final = 12
"""Links from one harvest to the next."""


def link_limits(herbs_of_cells: Sequence[str], seasonal: Seasonal, imputed_links: int) -> Places:
    """How many links in a row each cell may be imputed (cells,).

    >>> rule = Seasonal(rule="fixed_annual_weights", herbs=("白芍",))
    >>> link_limits(["白芍", "当归"], rule, 3).tolist()
    [12, 3]
    """
    if seasonal.rule == "none":
        return np.full(len(herbs_of_cells), imputed_links, dtype=np.int64)
    longest = max(imputed_links, HARVEST_LINKS)
    return np.array(
        [longest if herb in seasonal.herbs else imputed_links for herb in herbs_of_cells], dtype=np.int64
    )
