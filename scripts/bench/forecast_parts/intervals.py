"""Whether intervals hold what they say: M3 and Tourism beyond the calibration, herbs at all origins.

The range asked for at each horizon is that of M3, where it was measured for the report; Tourism, with half as
many series, is printed beside it.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.competitions import SEASON, Competition, shared_competition
from forecast_parts.real_herbs import ABSENT, real_herbs
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.intervals.adaptive import calibrate
from priceindex.forecast.intervals.conformal import LEVELS, intervals
from priceindex.forecast.intervals.coverage import Coverage, covered
from priceindex.forecast.method import QUANTILES, IntervalRule, forecast_method
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.measures import coverage, msis
from priceindex.forecast.scoring.rolling_origin import NAIVE, Backtest, backtest, origins_for
from priceindex.forecast.scoring.scales import change_scale

EACH_HORIZON: Final = (0.91, 0.97)
ALL_ORIGINS: Final = (0.77, 0.87)
CENTRE: Final = "combination"
M3: Final = "M3 monthly, shared half"
_QUICK: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    found: Coverage
    score: float


def rows(*, quick: bool) -> list[Row]:
    """M3 and Tourism at the horizons of the competitions, herbs weekly."""
    return [
        *_competition(M3, shared_competition("m3_monthly_odd"), quick=quick),
        *_competition("Tourism monthly", shared_competition("tourism_monthly"), quick=quick),
        *_herbs(),
    ]


def _competition(what: str, given: Competition | None, *, quick: bool) -> list[Row]:
    if given is None:
        return [
            Row(what=f"{what}: intervals", ours="not measured", note="DAODI_SHARED holds no vectors/forecast")
        ]
    case = given.first(_QUICK) if quick else given
    panel, horizon, rule = case.panel, case.horizon, forecast_method().text.intervals
    groups = np.zeros(len(panel.values), dtype=np.int64)
    tested = backtest(panel, horizon, origins_for(rule.origins, horizon), (NAIVE, CENTRE))
    reach = calibrate(tested, tested.of(CENTRE), panel, groups, rule).now
    quantiles = intervals(forecast(panel, horizon, (CENTRE,))[CENTRE], reach)
    scale = change_scale(panel.values, SEASON)[:, None]
    size = f"{len(groups)} series, h={horizon}, around {CENTRE}"
    return [
        _of_level(what, case, quantiles[..., (0, 4)], 0.95, scale, size, asked=what == M3),
        _of_level(what, case, quantiles[..., (1, 3)], 0.80, scale, size, asked=False),
    ]


def _of_level(
    what: str, case: Competition, ends: Floats, level: float, scale: Floats, size: str, *, asked: bool
) -> Row:
    low, high = ends[..., 0], ends[..., 1]
    each = coverage(case.actuals, low, high, axis=0)
    score = float(msis(case.actuals, low, high, scale, level))
    return Row(
        what=f"{what}: {level:.0%} intervals, each horizon",
        ours=f"{each.min():.3f} to {each.max():.3f}",
        target=f"{EACH_HORIZON[0]} to {EACH_HORIZON[1]}" if asked else "",
        met=bool(EACH_HORIZON[0] <= each.min() and each.max() <= EACH_HORIZON[1]) if asked else None,
        note=f"{size}; overall {float(coverage(case.actuals, low, high)):.3f}, MSIS {score:.2f}; by horizon "
        + " ".join(f"{share:.3f}" for share in each),
    )


def _herbs() -> list[Row]:
    panel = real_herbs()
    if panel is None:
        return [Row(what="real herbs weekly: intervals", ours="not measured", note=ABSENT)]
    rules = forecast_method().text
    tested = backtest(panel, rules.week.horizon, panel.values.shape[1], (NAIVE,))
    ours = _offered(tested, panel, rules.intervals)
    plain = _offered(tested, panel, rules.intervals.model_copy(update={"gamma": Decimal(0)}))
    return [
        _of_herbs(*pair, asked=pair[0].found.level == LEVELS[0]) for pair in zip(ours, plain, strict=True)
    ]


def _offered(tested: Backtest, panel: SeriesPanel, rule: IntervalRule) -> list[_Judged]:
    """The inner and the outer intervals around naive, as offered at every origin."""
    centres = tested.of(NAIVE)
    groups = np.zeros(len(panel.values), dtype=np.int64)
    reach = calibrate(tested, centres, panel, groups, rule).reach
    flat = intervals(centres.reshape(-1, tested.horizon), reach.reshape(-1, tested.horizon, 2))
    quantiles = flat.reshape(*centres.shape, len(QUANTILES))
    percent = tested.last[:, :, None] / 100.0
    pairs = zip(covered(tested, centres, reach), ((1, 3), (0, 4)), strict=True)
    return [
        _Judged(
            found=found,
            score=float(
                msis(tested.actuals, quantiles[..., low], quantiles[..., high], percent, found.level)
            ),
        )
        for found, (low, high) in pairs
    ]


def _of_herbs(ours: _Judged, plain: _Judged, *, asked: bool) -> Row:
    found = ours.found
    return Row(
        what=f"real herbs weekly: {found.level:.0%} intervals, all origins",
        ours=f"{found.overall:.3f}, score {ours.score:.0f} %",
        baseline=f"not adaptive {plain.found.overall:.3f}, {plain.score:.0f} %",
        target=f"{ALL_ORIGINS[0]} to {ALL_ORIGINS[1]}" if asked else "",
        met=ALL_ORIGINS[0] <= found.overall <= ALL_ORIGINS[1] if asked else None,
        note=f"{found.forecasts:,} forecasts, {found.origins} origins, around naive; score: interval score "
        f"in per cent of the price; worst week {found.per_target.min():.2f}; by weeks ahead "
        + " ".join(f"{share:.2f}" for share in found.per_horizon),
    )
