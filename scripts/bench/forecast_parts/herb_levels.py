"""Prices of single herbs through the gate: never materially worse than naive, and mostly naive itself."""

from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.gated import GATED, all_origins, each_horizon, errors_of, skill
from forecast_parts.real_herbs import ABSENT, class_of_series, real_herbs
from priceindex.forecast.method import forecast_method
from priceindex.forecast.scoring.rolling_origin import NAIVE

AT_MOST: Final = 1.02
_WHAT: Final = "real herbs weekly, level"


def rows(*, quick: bool) -> list[Row]:  # noqa: ARG001  one size: a run takes a second
    """What the gate let through over all origins, and what each model would have given without it."""
    panel = real_herbs()
    if panel is None:
        return [Row(what=_WHAT, ours="not measured", note=ABSENT)]
    tested = all_origins(panel, forecast_method().text.week.horizon, class_of_series())
    errors = errors_of(tested)
    found = skill(errors, GATED)
    replaced = np.mean(tested.of(GATED) != tested.of(NAIVE))
    ungated = [name for name in errors.models if name not in (GATED, NAIVE, "seasonal_naive")]
    return [
        Row(
            what=f"{_WHAT}: relative MAE through the gate",
            ours=f"{found.figure:.3f}",
            baseline="naive = 1",
            target=f"≤ {AT_MOST}",
            met=found.figure <= AT_MOST,
            note=f"{errors.series} series pooled by class, {found.origins} origins, 1 to {tested.horizon} "
            f"weeks, mean; 90 % block-bootstrap interval {found.low:.3f} to {found.high:.3f}; the gate "
            f"replaced naive in {replaced:.1%} of the forecasts; by week {each_horizon(errors, GATED)}",
        ),
        *(
            Row(
                what=f"{_WHAT}: {name} without the gate",
                ours=f"{skill(errors, name).figure:.3f}",
                baseline="naive = 1",
                note=f"by week {each_horizon(errors, name)}",
            )
            for name in ungated
        ),
    ]
