"""The track record 预测成绩: how stored forecasts did against published values, and nothing refitted.

Pooled over the nodes of a level at each step ahead. Errors are divided by the value at the origin, so that an
index of 2,000 points weighs no more than one of 90. Intervals are made by drawing whole origins in blocks
(`priceindex.forecast.scoring.block_bootstrap`), since the errors of one origin and of neighbouring ones
hang together.
"""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from ledger.errors import DaodiError
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.forecast.direction.brier import brier_scores, classes_of, climatology, sign_brier_scores
from priceindex.forecast.direction.direction_panel import way_of
from priceindex.forecast.direction.hurdle import three_classes
from priceindex.forecast.direction.reliability import ReliabilityBin, reliability
from priceindex.forecast.method import ForecastMethod
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring import block_bootstrap, measures
from priceindex.forecast.scoring.block_bootstrap import SkillInterval, block_length
from priceindex.forecast.track.actuals import Actuals
from priceindex.forecast.track.canonical_rows import MEDIAN
from priceindex.forecast.track.track_steps import StepState, TrackSteps, track_steps
from priceindex.formulas.relatives import Places

SEED: Final = 20_260_101
"""Every figure draws from its own generator of this seed: who computes it again gets the same interval."""
OUTCOMES: Final = ("up", "flat", "down")
RISE: Final = "up_if_changed"
"""The outcome of the chances of up given a change."""
_NAIVE: Final = 0
"""Place of naive among the baselines."""
_Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionScore:
    """How the published chances of one kind did at one step."""

    forecasts: int
    brier_skill: SkillInterval
    """Against the shares among the very outcomes: the strictest climatology."""
    reliability: Mapping[str, tuple[ReliabilityBin, ...]]
    """By outcome: up, flat and down, or up given a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """How the forecasts of one level did so many steps ahead."""

    level: Level
    step: int
    errors: int
    """Forecasts of one node for one target that were scored."""
    nodes: int
    first_target: datetime.date
    last_target: datetime.date
    relative_mae: SkillInterval
    """Mean absolute error over that of naive; `origins` tells how many origins there are."""
    coherent: SkillInterval
    """The same of the coherent value, which agrees through the tree: NaN where none was stored."""
    mase: float
    smape: float
    """Per cent, 0 to 200."""
    inside_80: float
    """Share of values inside the 80 % interval."""
    inside_95: float
    msis: float
    """Mean scaled interval score of the 95 % interval."""
    unskilled: int
    """Of the errors, those of forecasts published with “no demonstrated skill”."""
    direction: DirectionScore | None
    """Of up, flat and down; None where none were published."""
    rise_if_changed: DirectionScore | None
    """Of up given a change; None where none were published or no change came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCoverage:
    """How many values of one period lay inside the intervals, all steps ahead together."""

    level: Level
    target: datetime.date
    errors: int
    inside_80: float
    inside_95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The track record of a family on one grid."""

    family: str
    frequency: str
    actuals: Actuals
    runs: int
    """Runs that stand in the log as they are stored."""
    targets: int
    """Target days of which a value came."""
    lines: tuple[TrackLine, ...]
    periods: tuple[PeriodCoverage, ...]
    states: Mapping[StepState, int]
    faults: tuple[DaodiError, ...]
    unforecast: tuple[datetime.date, ...]
    """Origins that a release completed and no run is of, once their first target has come."""


def track_record(
    session: Session,
    family: str,
    frequency: str,
    method: ForecastMethod,
    *,
    as_of_ms: int,
    actuals: Actuals = "newest",
) -> Track:
    """The track record as it stood at a moment; `actuals` says which vintage of a value is scored against."""
    steps = track_steps(session, family, frequency, as_of_ms=as_of_ms, actuals=actuals)
    return record_of(steps, family, frequency, method, actuals)


def record_of(
    steps: TrackSteps, family: str, frequency: str, method: ForecastMethod, actuals: Actuals
) -> Track:
    """The track record of steps that were read."""
    flat_within = float(method.text.direction.flat_within)
    scored = steps.state == str(StepState.SCORED)
    counted = Counter(steps.state.tolist())
    return Track(
        family=family,
        frequency=frequency,
        actuals=actuals,
        runs=len(steps.forecasts),
        targets=len(np.unique(steps.target[scored])),
        lines=tuple(
            _line(
                steps, scored & (steps.level == str(level)) & (steps.step == step), level, step, flat_within
            )
            for level in Level
            for step in np.unique(steps.step[scored & (steps.level == str(level))]).tolist()
        ),
        periods=tuple(
            _period(steps, scored & (steps.level == str(level)) & (steps.target == target), level, target)
            for level in Level
            for target in np.unique(steps.target[scored & (steps.level == str(level))]).tolist()
        ),
        states={state: counted.get(str(state), 0) for state in StepState},
        faults=steps.faults,
        unforecast=tuple(map(day_of, steps.unforecast)),
    )


def _line(steps: TrackSteps, chosen: _Marks, level: Level, step: int, flat_within: float) -> TrackLine:
    actual, origin, scale = steps.actual[chosen], steps.origin[chosen], steps.scale[chosen]
    quantiles = steps.quantiles[chosen]
    shown, naive = quantiles[:, MEDIAN], steps.baselines[chosen, _NAIVE]
    targets = steps.target[chosen]
    origins = _origins(steps, chosen)
    low, high = quantiles[:, 0], quantiles[:, -1]
    came = way_of(np.log(actual) - np.log(origin), flat_within)
    return TrackLine(
        level=level,
        step=step,
        errors=int(chosen.sum()),
        nodes=len({steps.series[line].node for line in steps.line[chosen].tolist()}),
        first_target=day_of(int(targets.min())),
        last_target=day_of(int(targets.max())),
        relative_mae=_relative_mae(
            np.abs(actual - shown) / origin, np.abs(actual - naive) / origin, origins, step
        ),
        coherent=_of_coherent(steps, chosen, step),
        mase=float(measures.mase(actual, shown, scale)),
        smape=float(measures.smape(actual, shown).mean()),
        inside_80=float(measures.coverage(actual, quantiles[:, 1], quantiles[:, -2])),
        inside_95=float(measures.coverage(actual, low, high)),
        msis=float(measures.msis(actual, low, high, scale)),
        unskilled=int((steps.skill[chosen] != "shown").sum()),
        direction=_direction(steps.chances[chosen], came, origins, step),
        rise_if_changed=_rise(steps.rise_if_changed[chosen], came, origins, step),
    )


def _of_coherent(steps: TrackSteps, chosen: _Marks, step: int) -> SkillInterval:
    """How the coherent values did that were stored."""
    told = chosen & np.isfinite(steps.coherent)
    if not told.any():
        return SkillInterval(figure=math.nan, low=math.nan, high=math.nan, origins=0)
    actual, origin = steps.actual[told], steps.origin[told]
    errors = np.abs(actual - steps.coherent[told]) / origin
    naive = np.abs(actual - steps.baselines[told, _NAIVE]) / origin
    return _relative_mae(errors, naive, _origins(steps, told), step)


def _origins(steps: TrackSteps, chosen: _Marks) -> Places:
    """Place of each step's origin among the origins, in the order of time."""
    days = np.array([each.origin_day.toordinal() for each in steps.forecasts], dtype=np.int64)
    return np.asarray(np.unique(days[steps.run[chosen]], return_inverse=True)[1], dtype=np.int64)


def _relative_mae(errors: Floats, naive: Floats, origins: Places, overlap: int) -> SkillInterval:
    ours, theirs = _totals(errors, origins), _totals(naive, origins)
    found = block_bootstrap.relative_mae_interval(
        ours, theirs, block_length(len(ours), overlap), np.random.default_rng(SEED)
    )
    figure = float(measures.relative_mae(errors, naive))
    return SkillInterval(figure=figure, low=found.low, high=found.high, origins=len(ours))


def _direction(chances: Floats, came: Floats, origins: Places, overlap: int) -> DirectionScore | None:
    told = np.isfinite(chances).all(axis=1) & np.isfinite(came)
    if not told.any():
        return None
    chances, came = chances[told], came[told]
    indicators = classes_of(came)
    return DirectionScore(
        forecasts=int(told.sum()),
        brier_skill=_brier_skill(brier_scores, chances, came, origins[told], overlap),
        reliability={
            name: reliability(chances[:, place], indicators[:, place]) for place, name in enumerate(OUTCOMES)
        },
    )


def _rise(up: Floats, came: Floats, origins: Places, overlap: int) -> DirectionScore | None:
    """The score of up given a change, where a change came."""
    told = np.isfinite(up) & np.isfinite(came) & (came != 0.0)
    if not told.any():
        return None
    chances = three_classes(np.ones(int(told.sum())), up[told])  # as if it were sure that a change comes
    return DirectionScore(
        forecasts=int(told.sum()),
        brier_skill=_brier_skill(sign_brier_scores, chances, came[told], origins[told], overlap),
        reliability={RISE: reliability(up[told], (came[told] > 0.0).astype(np.float64))},
    )


def _brier_skill(
    score: Callable[[Floats, Floats], Floats], chances: Floats, came: Floats, origins: Places, overlap: int
) -> SkillInterval:
    """Brier skill of chances, (n, 3), against the shares of the very outcomes, with its interval."""
    always = np.broadcast_to(climatology(came), chances.shape)
    ours, theirs = _totals(score(chances, came), origins), _totals(score(always, came), origins)
    found = block_bootstrap.brier_skill_interval(
        ours, theirs, block_length(len(ours), overlap), np.random.default_rng(SEED)
    )
    figure = 1.0 - float(ours.sum() / theirs.sum()) if theirs.sum() > 0.0 else math.nan
    return SkillInterval(figure=figure, low=found.low, high=found.high, origins=len(ours))


def _totals(values: Floats, origins: Places) -> Floats:
    """Sums over the steps of each origin, (o,)."""
    present = np.unique(origins, return_inverse=True)[1]
    return np.asarray(np.bincount(present, weights=values), dtype=np.float64)


def _period(steps: TrackSteps, chosen: _Marks, level: Level, target: int) -> PeriodCoverage:
    actual, quantiles = steps.actual[chosen], steps.quantiles[chosen]
    return PeriodCoverage(
        level=level,
        target=day_of(target),
        errors=int(chosen.sum()),
        inside_80=float(measures.coverage(actual, quantiles[:, 1], quantiles[:, -2])),
        inside_95=float(measures.coverage(actual, quantiles[:, 0], quantiles[:, -1])),
    )
