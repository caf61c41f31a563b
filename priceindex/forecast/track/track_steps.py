"""Every forecast that was ever made, step by step, beside what came: all that a track record is made from.

Only runs that stand in the log as they are stored are taken up; what was edited, dropped or put in by hand is
told as a fault and not scored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from ledger.errors import DaodiError
from priceindex.forecast.panel import Floats
from priceindex.forecast.track import reading
from priceindex.forecast.track.actuals import NOTHING, Actuals, NodeActuals, actuals_of, starts_of
from priceindex.forecast.track.canonical_rows import BASELINES, WHOLE_BP, StoredSeries
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.logged_runs import (
    LoggedRun,
    Telling,
    backdated,
    faults_against_log,
    faults_of_values,
    first_through,
    logged_runs,
    made_after,
    missing_runs,
    tellings,
)
from priceindex.forecast.track.stored_lines import series_in
from priceindex.forecast.track.track_errors import ForecastUnreadable
from priceindex.forecast.track.unforecast_origins import unforecast_origins
from priceindex.formulas.relatives import Places

Words = NDArray[np.str_]
Through: TypeAlias = Mapping[int, Telling | None]
"""By target day the first release through it; None while none has come so far."""
_Sound: TypeAlias = tuple[Forecast, LoggedRun, list[StoredSeries]]
"""A run that stands in the log as it is stored, and its nodes."""


class StepState(StrEnum):
    """What became of a forecast of one target."""

    SCORED = "scored"
    WAITING = "waiting"
    LATE = "late"
    REPEATED = "repeated"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"

    def words(self, language: str) -> str:
        """Name it for people.

        >>> StepState.LATE.words("en")
        'made too late, never scored'
        """
        zh, en = _STATE_WORDS[self]
        return zh if language == "zh" else en


_STATE_WORDS: Final = {
    StepState.SCORED: ("已评分", "scored"),
    StepState.WAITING: ("目标未到", "its target has not come"),
    StepState.LATE: ("作出太迟，不评分", "made too late, never scored"),
    StepState.REPEATED: ("同一起点已另有预测，不评分", "not the first of its origin, never scored"),
    StepState.MISSING: ("该期没有公布数值", "no value was published for the period"),
    StepState.WITHDRAWN: ("该期数值已撤回", "the period was withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackSteps:
    """All steps of a family and grid, one element each in every column; values in units as published.

    `forecasts`, `logged` and `series` are what the columns point into.
    """

    forecasts: tuple[Forecast, ...]
    logged: tuple[LoggedRun, ...]
    series: tuple[StoredSeries, ...]
    run: Places
    """Place of each step's run in `forecasts` and `logged`."""
    line: Places
    """Place of each step's node in `series`."""
    step: Places
    """From 1."""
    target: Places
    origin: Floats
    scale: Floats
    quantiles: Floats
    """(n, 5)."""
    coherent: Floats
    baselines: Floats
    """(n, 3): naive, seasonal naive, drift."""
    chances: Floats
    """(n, 3): up, flat, down as probabilities; NaN where none were published."""
    rise_if_changed: Floats
    """Up given a change, likewise."""
    actual: Floats
    """NaN where the step is not scored."""
    state: Words
    level: Words
    skill: Words
    faults: tuple[DaodiError, ...]
    """What in the store is not as the log holds it, or cannot be read."""
    unforecast: tuple[int, ...]
    """Day numbers of origins that a release completed and no run in the log is of."""

    def __len__(self) -> int:
        """How many steps there are."""
        return len(self.step)


def track_steps(
    session: Session, family: str, frequency: str, *, as_of_ms: int, actuals: Actuals = "newest"
) -> TrackSteps:
    """Every step of every run of a family on one grid made until a moment, with what was public then."""
    stored = [each for each in reading.all_runs(session, family, frequency) if each.made_ms <= as_of_ms]
    logged = {
        named: each
        for named, each in logged_runs(session, family, frequency).items()
        if each.made_ms <= as_of_ms
    }
    sound, faults = _sound(session, stored, logged)
    faults += missing_runs(logged, {each.forecast_id for each in stored})
    targets = [day for _, _, nodes in sound for node in nodes for day in node.targets]
    came: Mapping[tuple[str, str], NodeActuals] = {}
    if targets:
        came = actuals_of(session, family, min(targets), max(targets), as_of_ms=as_of_ms, which=actuals)
        faults += faults_of_values(session, family, as_of_ms)
    told = tellings(session, family, as_of_ms)
    through = {day: first_through(told, day) for day in set(targets)}
    found = (
        backdated(one.forecast_id, own, (day for node in nodes for day in node.targets), told)
        for one, own, nodes in sound
    )
    faults += [fault for fault in found if fault is not None]
    first = _first_of_origins(logged)
    left = unforecast_origins(logged.values(), told, frequency, as_of_ms)
    return _columns(sound, came, through, frequency, first, faults, left)


def _sound(
    session: Session, stored: Sequence[Forecast], logged: Mapping[str, LoggedRun]
) -> tuple[list[_Sound], list[DaodiError]]:
    """The runs that are as the log holds them and can be read, and what is wrong with the others."""
    sound: list[_Sound] = []
    faults: list[DaodiError] = []
    for forecast in stored:
        lines = reading.lines(session, forecast.forecast_id)
        own = logged.get(forecast.forecast_id)
        wrong = faults_against_log(forecast, lines, own)
        faults += wrong
        if own is None or wrong:
            continue
        try:
            sound.append((forecast, own, series_in(forecast.forecast_id, lines[0], lines[1:])))
        except ForecastUnreadable as fault:
            faults.append(fault.with_traceback(None))
    return sound, faults


def _columns(
    sound: Sequence[_Sound],
    came: Mapping[tuple[str, str], NodeActuals],
    through: Through,
    frequency: str,
    first: set[str],
    faults: list[DaodiError],
    unforecast: tuple[int, ...],
) -> TrackSteps:
    flat = [
        (run, forecast, logged, node) for run, (forecast, logged, nodes) in enumerate(sound) for node in nodes
    ]
    lengths = np.array([len(node.targets) for *_, node in flat], dtype=np.int64)
    series = tuple(node for *_, node in flat)
    line = np.repeat(np.arange(len(flat), dtype=np.int64), lengths)
    outcomes = [
        _outcome(logged, node, forecast.kept, came, through, frequency)
        if forecast.forecast_id in first
        else _repeated(node)
        for _, forecast, logged, node in flat
    ]
    baselines = [
        np.array([node.baselines[name] for name in BASELINES], dtype=np.float64).T for node in series
    ]
    return TrackSteps(
        forecasts=tuple(forecast for forecast, _, _ in sound),
        logged=tuple(logged for _, logged, _ in sound),
        series=series,
        run=np.repeat(np.array([run for run, *_ in flat], dtype=np.int64), lengths),
        line=line,
        step=_joined([np.arange(1, length + 1) for length in lengths]).astype(np.int64),
        target=_joined([np.array(node.targets) for node in series]).astype(np.int64),
        origin=np.repeat(np.array([node.origin_units for node in series], dtype=np.float64), lengths),
        scale=np.repeat(np.array([node.scale_units for node in series], dtype=np.float64), lengths),
        quantiles=_joined([np.array(node.quantiles, dtype=np.float64) for node in series], 5),
        coherent=_joined([np.array(node.coherent, dtype=np.float64) for node in series]),
        baselines=_joined(baselines, len(BASELINES)),
        chances=_joined([_chances(node) for node in series], 3),
        rise_if_changed=_joined(
            [np.array(node.rise_if_changed_bp, dtype=np.float64) / WHOLE_BP for node in series]
        ),
        actual=_joined([actual for actual, _ in outcomes]),
        state=np.concatenate([np.empty(0, dtype="U9"), *(state for _, state in outcomes)]),
        level=np.repeat(np.array([str(node.level) for node in series], dtype="U12"), lengths),
        skill=np.array([skill for node in series for skill in node.skill], dtype="U9"),
        faults=tuple(faults),
        unforecast=unforecast,
    )


def _first_of_origins(logged: Mapping[str, LoggedRun]) -> set[str]:
    """The run of each origin that entered the log first: who repeats one may not choose which counts.

    Of all that the log holds: where the first was altered, dropped or cannot be read, none of its origin
    counts, or whoever spoilt it would have chosen another.
    """
    in_order = sorted(logged.items(), key=lambda each: each[1].index, reverse=True)
    return set({str(run.public["origin_day"]): named for named, run in in_order}.values())


def _repeated(node: StoredSeries) -> tuple[Floats, Words]:
    """Actuals and states of a node of a run that is not the first of its origin."""
    steps = len(node.targets)
    return np.full(steps, np.nan), np.full(steps, str(StepState.REPEATED), dtype="U9")


def _outcome(
    logged: LoggedRun,
    node: StoredSeries,
    kept: int,
    came: Mapping[tuple[str, str], NodeActuals],
    through: Through,
    frequency: str,
) -> tuple[Floats, Words]:
    """Actuals in units and states of one node's steps."""
    targets = np.array(node.targets, dtype=np.int64)
    starts = starts_of(frequency, targets)
    mine = came.get((str(node.level), node.node), NOTHING)
    values, gone = mine.came(starts, targets), mine.gone(starts, targets)
    states = [
        _state(day, logged, through[day], known=bool(np.isfinite(value)), gone=bool(left))
        for day, value, left in zip(node.targets, values, gone, strict=True)
    ]
    scored = np.array([state is StepState.SCORED for state in states], dtype=np.bool_)
    actual = np.where(scored, np.rint(values * 10**kept), np.nan)
    return actual, np.array([str(state) for state in states], dtype="U9")


def _state(day: int, logged: LoggedRun, telling: Telling | None, *, known: bool, gone: bool) -> StepState:
    if is_late(day, logged.since_ms) or made_after(logged, telling):
        return StepState.LATE
    if telling is None:
        return StepState.WAITING
    if known:
        return StepState.SCORED
    return StepState.WITHDRAWN if gone else StepState.MISSING


def _chances(node: StoredSeries) -> Floats:
    none = (np.nan, np.nan, np.nan)
    return np.array([none if each is None else each for each in node.chances_bp]) / WHOLE_BP


def _joined(parts: Sequence[NDArray[np.generic]], width: int | None = None) -> Floats:
    """Columns one after the other; of no parts an empty one of the right width."""
    empty = np.empty(0 if width is None else (0, width))
    return np.concatenate([empty, *parts])
