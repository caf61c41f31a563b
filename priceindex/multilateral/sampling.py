"""Which products Geary-Khamis and the time product dummy use, and whether these connect the periods."""

from collections.abc import Hashable

import numpy as np

from priceindex.multilateral.coded_panel import Bools, CodedPanel
from priceindex.multilateral.conventions import Sample
from priceindex.multilateral.multilateral_errors import NotLinked


def sampled(panel: CodedPanel, sample: Sample, *, by_quantity: bool = True) -> CodedPanel:
    """Return the panel of the products that `sample` asks for.

    `by_quantity`: a price without quantity connects nothing. Raises `NotLinked` where the periods fall apart.
    """
    kept = panel if sample == "all" else panel.of_products(panel.whole_window)
    _check_connected(kept.quantities > 0 if by_quantity else kept.present, kept.periods)
    return kept


def _check_connected(sold: Bools, periods: tuple[Hashable, ...]) -> None:
    """Raise `NotLinked` unless each period is reached from the first through products sold in both."""
    reached = np.zeros(len(periods), dtype=np.bool_)
    reached[0] = True
    while True:
        further = reached | sold[:, sold[reached].any(axis=0)].any(axis=1)
        if (further == reached).all():
            break
        reached = further
    if not reached.all():
        raise NotLinked(period=periods[int(np.argmin(reached))])
