"""Stale share 陈旧占比: how much of the index rests on prices that nobody has renewed.

score = weight of cells without a quote of the very period / weight of all cells, as the engine counts it and
publishes it with every value. Flat runs of 52 to 162 days stood in one year of Bozhou quotes (seen). The
score is daodi's own.
"""

from priceindex.warning.indicators.indication import Floats, Indication, indication


def stale_share_published(stale_bp: Floats) -> Indication:
    """Share of weight on old quotes, from the basis points (any shape) published with each point.

    Withheld where they are negative: not counted. Evidence: `stale_bp`.

    >>> import numpy as np
    >>> stale_share_published(np.array([2500.0, -1.0])).score.tolist()
    [0.25, nan]
    """
    counted = stale_bp >= 0.0
    return indication(stale_bp / 10_000.0, {"stale_bp": stale_bp}, {"missing": ~counted})
