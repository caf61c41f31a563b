r"""GEKS: the transitive index nearest to all bilateral ones (Gini 1931; Eltetö, Köves, Szulc 1964).

.. math:: \ln I_t = \frac1T \sum_l ( L_{lt} - L_{l0} )

Over Törnqvist it is CCDI (Caves, Christensen and Diewert 1982; Ivancic, Diewert and Fox 2011).
"""

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.conventions import LinkWeights
from priceindex.multilateral.multilateral_errors import NotLinked
from priceindex.multilateral.pairwise import Links
from priceindex.multilateral.series import MultilateralIndex


def geks(links: Links, weights: LinkWeights = "equal") -> MultilateralIndex:
    """Return the GEKS index of all periods that the links connect.

    Where two periods have no product in common, the mean is taken over the link periods that reach both,
    and the pair is named in `unlinked`. Raises `NotLinked`.

    >>> from priceindex.multilateral.coded_panel import code_panel
    >>> from priceindex.multilateral.pairwise import links
    >>> panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0])
    >>> geks(links(panel, "jevons")).levels.round(12).tolist()
    [1.0, 2.0]
    """
    return MultilateralIndex(
        method="geks",
        levels=geks_levels(links, weights),
        conventions={
            "formula": links.formula,
            "shares": links.shares,
            "link_weights": weights,
            "unlinked_pairs": "mean_of_available",
        },
        unlinked=links.unlinked,
    )


def geks_levels(links: Links, weights: LinkWeights = "equal") -> Floats:
    """Return the levels alone (periods,), as each of many windows needs them; raises `NotLinked`."""
    counts = np.ones(len(links.periods)) if weights == "equal" else links.totals
    through = links.log - links.log[:, :1]
    if not np.isnan(through).any():
        return np.asarray(np.exp(counts @ through / counts.sum()))
    reached = np.isfinite(through)
    counted = counts @ reached
    if not counted.all():
        raise NotLinked(period=links.periods[int(np.argmin(counted))])
    return np.asarray(np.exp(counts @ np.where(reached, through, 0.0) / counted))
