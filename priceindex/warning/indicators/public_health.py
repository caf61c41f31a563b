"""Lower thresholds for herbs that matter to public health.

Which herbs these are is no fact of this programme: the operator enters the list with its source, and until
then it is empty. Here is only what being on it does: a rule's bounds shrink by a share for listed subjects.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from priceindex.forecast.forecast_errors import BoundsCrossed
from priceindex.warning.hysteresis import HysteresisRule
from priceindex.warning.indicators.indication import Mask


def listed(nodes: Sequence[str], names: Collection[str]) -> Mask:
    """Which nodes are on the list, by the herb their key begins with.

    >>> listed(["白芍", "白芍|统", "白术"], {"白芍"}).tolist()
    [True, True, False]
    """
    return np.array([node.partition("|")[0] in names for node in nodes], dtype=np.bool_)


def lowered(rule: HysteresisRule, on_list: Mask, share: float) -> HysteresisRule:
    """The rule with one row of bounds for each subject, those of listed ones multiplied by `share`.

    Raises `BoundsCrossed` unless 0 < share <= 1.

    >>> from priceindex.warning.hysteresis import ladder
    >>> lowered(ladder(alert=(0.20, 0.05)), np.array([True, False]), 0.5).enter[:, 1].tolist()
    [0.1, 0.2]
    """
    if not 0.0 < share <= 1.0:
        raise BoundsCrossed(enter=(rule.enter * share).tolist(), leave=(rule.leave * share).tolist())
    factor = np.where(on_list, share, 1.0)[:, None]
    return replace(rule, enter=rule.enter * factor, leave=rule.leave * factor)
