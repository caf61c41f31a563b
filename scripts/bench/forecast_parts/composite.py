"""The composite of the real herbs, 1 to 8 weeks ahead: where forecasting a herb index pays."""

from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.gated import GATED, all_origins, each_horizon, errors_of, skill
from forecast_parts.real_herbs import ABSENT, composite, real_herbs
from priceindex.forecast.scoring.origin_errors import OriginErrors

WEEKS: Final = 8
FIXED: Final = "combination"
"""The engine's own combination, settled on other series (M3) before these were looked at."""
_WHAT: Final = f"composite of real herbs, 1 to {WEEKS} weeks: mean relative MAE"


def rows(*, quick: bool) -> list[Row]:  # noqa: ARG001  one size: a run takes a second
    """The engine's combination, what the gate would have published, and the damped trend of the report."""
    herbs = real_herbs()
    if herbs is None:
        return [Row(what=_WHAT, ours="not measured", note=ABSENT)]
    errors = errors_of(all_origins(composite(herbs), WEEKS, np.zeros(1, dtype=np.int64)))
    series = len(herbs.values)
    return [
        _row(errors, FIXED, series, f"{FIXED}, chosen on M3 beforehand", asked=True),
        _row(errors, GATED, series, "through the gate", asked=True),
        _row(errors, "damped", series, "damped trend, the report's model", asked=False),
        _row(errors, "weighted", series, "weighted combination", asked=False),
    ]


def _row(errors: OriginErrors, model: str, series: int, told: str, *, asked: bool) -> Row:
    found = skill(errors, model)
    return Row(
        what=f"{_WHAT}, {told}",
        ours=f"{found.figure:.3f} [{found.low:.3f}, {found.high:.3f}]",
        baseline="naive = 1",
        target="< 1" if asked else "",
        met=found.figure < 1.0 if asked else None,
        note=f"Jevons of {series} series, one path through one falling year; {found.origins} origins; 90 % "
        f"block-bootstrap interval; by week {each_horizon(errors, model)}",
    )
