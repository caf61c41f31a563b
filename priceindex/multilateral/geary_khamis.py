r"""Geary-Khamis: a price level for each period and a reference price for each product, defined by each other.

.. math::

    b_n = \sum_t \frac{q_{tn}}{q_n} \frac{p_{tn}}{P_t}, \qquad
    P_t = \frac{\sum_n p_{tn} q_{tn}}{\sum_n b_n q_{tn}}

Put into one another, the two say that x = 1/P is x_t = (Kx)_t / v_t with K_{ts} = Σ_n q_{tn} v_{sn} / q_n:
one matrix of periods by periods, a sum over products, which the iteration never leaves (Geary 1958; Khamis
1972).
"""

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import Sample
from priceindex.multilateral.multilateral_errors import NotConverged
from priceindex.multilateral.sampling import sampled
from priceindex.multilateral.series import MultilateralIndex

TOLERANCE = 1e-12
"""The iteration ends when no level changes by more than this share of itself."""
MOST_STEPS = 100_000


def geary_khamis(
    panel: CodedPanel, *, sample: Sample = "all", tolerance: float = TOLERANCE, most_steps: int = MOST_STEPS
) -> MultilateralIndex:
    """Return the Geary-Khamis index of a panel; raises `NotLinked`, `NotConverged`.

    >>> from priceindex.multilateral.coded_panel import code_panel
    >>> panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 2.0, 3.0, 6.0], [5, 5, 1, 2])
    >>> geary_khamis(panel).levels.round(12).tolist()
    [1.0, 3.0]
    """
    levels, steps = _iterated(*_shares(sampled(panel, sample)), tolerance, most_steps)
    return MultilateralIndex(
        method="geary_khamis",
        levels=levels,
        conventions={"sample": sample, "tolerance": f"{tolerance:g}"},
        steps=steps,
    )


def _shares(panel: CodedPanel) -> tuple[Floats, Floats]:
    """Return K (periods, periods) and the value of each period (periods,)."""
    periods = len(panel.periods)
    crossed, values = np.zeros((periods, periods)), np.zeros(periods)
    for prices, quantities in panel.blocks():
        sold = quantities.sum(axis=0)
        value = prices * quantities
        crossed += (quantities / np.where(sold > 0, sold, 1.0)) @ value.T
        values += value.sum(axis=1)
    return crossed, values


def _iterated(crossed: Floats, values: Floats, tolerance: float, most_steps: int) -> tuple[Floats, int]:
    step = crossed / values[:, None]
    inverse = np.ones(len(values))
    for steps in range(1, most_steps + 1):
        after = step @ inverse
        after /= after[0]
        if np.abs(after / inverse - 1.0).max() <= tolerance:
            return 1.0 / after, steps
        inverse = after
    raise NotConverged(steps=most_steps, tolerance=tolerance)
