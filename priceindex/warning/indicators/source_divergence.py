"""Source divergence 来源分歧: two sources say different prices of the same thing.

score_s = |ln P_s - ln median of the other sources|. Two sites agreed within 4 % on three herbs and were 25 %
apart on a fourth (seen, 2025). The score is daodi's own.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import median


def source_divergence(prices: Floats, *, least: int = 2) -> Indication:
    """How far each source is from the others, in logarithms, from prices (..., sources, T).

    Withheld where the source says nothing, and where fewer than `least` sources speak. Evidence:
    `consensus`, the others' median, and `difference`, signed (positive: the source is dearer).

    >>> source_divergence(np.array([[100.0], [125.0]])).score.round(3).tolist()
    [[0.223], [0.223]]
    """
    others = np.stack([_median_without(prices, source) for source in range(prices.shape[-2])], axis=-2)
    difference = np.log(prices) - np.log(others)
    speaking = np.broadcast_to(np.isfinite(prices).sum(axis=-2, keepdims=True), prices.shape)
    return indication(
        np.abs(difference),
        {"consensus": others, "difference": difference},
        {"missing": np.isnan(prices), "too_few": (speaking < least) | (np.isnan(others) & ~np.isnan(prices))},
    )


def _median_without(prices: Floats, source: int) -> Floats:
    return median(np.moveaxis(np.delete(prices, source, axis=-2), -2, -1))
