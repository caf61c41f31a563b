"""Interval breach 超出预测区间: the published value lies outside the forecast that was committed before it.

score = |ln y - ln m| / (ln u - ln m) above the median m, with the lower bound l in place of the upper u below
it; above 1 the value lies outside the stored 95 % interval. A well-calibrated interval is left by one value
in twenty, and by many at once in a wild week: the rule is a reason to look, not a finding. The score is
daodi's own.
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication, same_periods

NARROWEST: Final = 0.001
"""Half an interval (ln) is taken to be at least this wide: series that never moved have none."""


def interval_breach(published: Floats, lower: Floats, middle: Floats, upper: Floats) -> Indication:
    """How far outside its forecast each value (..., T) is, in half widths of the interval.

    The bounds are the stored 2.5 %, 50 % and 97.5 % quantiles made before the period, NaN where there was no
    forecast. Evidence: `published`, `lower`, `middle`, `upper`, `side` (1 above the median, -1 below).
    Raises `IndicatorMisshapen`.

    >>> ten = np.array([10.0])
    >>> interval_breach(np.array([12.5]), ten / 1.25, ten, ten * 1.25).score.round(6).tolist()
    [1.0]
    """
    same_periods("interval_breach", published, lower, middle, upper)
    away = np.log(published) - np.log(middle)
    half = np.where(away >= 0.0, np.log(upper) - np.log(middle), np.log(middle) - np.log(lower))
    score = np.abs(away) / np.maximum(half, NARROWEST)
    return indication(
        score,
        {"published": published, "lower": lower, "middle": middle, "upper": upper, "side": np.sign(away)},
        {"missing": np.isnan(score)},
    )
