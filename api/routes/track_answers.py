"""The track record as JSON, and as a table from which anybody can compute it again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, Self

import numpy as np
from pydantic import BaseModel, Field

from api.publication.value_table import iso_moment
from api.routes.forecast_answers import figure, points
from api.web.csv_body import Cell, csv_body
from ledger.errors import Language
from priceindex.calendar import day_of
from priceindex.forecast.track.canonical_rows import BASELINES
from priceindex.forecast.track.track_record import DirectionScore, PeriodCoverage, Track, TrackLine
from priceindex.forecast.track.track_steps import StepState, TrackSteps

_QUANTILES: Final = ("low_95", "low_80", "value", "high_80", "high_95")
COLUMNS: Final = (
    "forecast", "family", "frequency", "level", "node", "release", "method", "made", "log_index",
    "origin_day", "origin_value", "scale", "step", "target", "model", "skill",
    *_QUANTILES, "coherent", *BASELINES, "up_bp", "flat_bp", "down_bp", "up_if_changed_bp",
    "state", "actual",
)  # fmt: skip
"""One row for each forecast of one target; values in index points."""


class BinAnswer(BaseModel):
    """Chances within a tenth, and how often it came."""

    low: str
    high: str
    forecasts: int
    mean_chance: str | None
    share_came: str | None


class DirectionScoreAnswer(BaseModel):
    """How the published chances of one kind did."""

    forecasts: int
    brier_skill: str | None = Field(description="Against the shares of the very outcomes; above 0 is better.")
    low: str | None = Field(description="Ends of the 90 % block-bootstrap interval.")
    high: str | None
    reliability: dict[str, list[BinAnswer]] = Field(
        description="By outcome: up, flat, down; or up_if_changed."
    )

    @classmethod
    def of(cls, score: DirectionScore) -> Self:
        """Return a score."""
        return cls(
            forecasts=score.forecasts,
            brier_skill=figure(score.brier_skill.figure),
            low=figure(score.brier_skill.low),
            high=figure(score.brier_skill.high),
            reliability={
                name: [
                    BinAnswer(
                        low=f"{each.low:.1f}",
                        high=f"{each.high:.1f}",
                        forecasts=each.forecasts,
                        mean_chance=figure(each.mean_chance),
                        share_came=figure(each.share_came),
                    )
                    for each in bins
                ]
                for name, bins in score.reliability.items()
            },
        )


class TrackLineAnswer(BaseModel):
    """How the forecasts of one level did so many steps ahead."""

    level: str
    step: int
    origins: int
    errors: int = Field(description="Forecasts of one node for one target that were scored.")
    nodes: int
    first_target: date
    last_target: date
    relative_mae: str | None = Field(description="Mean absolute error over that of naive; below 1 is better.")
    low: str | None = Field(description="Ends of its 90 % block-bootstrap interval.")
    high: str | None
    coherent_relative_mae: str | None = Field(
        description="The same of the coherent value, which agrees through the tree: the one to add up."
    )
    coherent_low: str | None
    coherent_high: str | None
    mase: str | None
    smape: str | None = Field(description="Per cent, 0 to 200.")
    inside_80: str | None = Field(description="Share of values inside the 80 % interval.")
    inside_95: str | None
    msis: str | None = Field(description="Mean scaled interval score of the 95 % interval.")
    no_demonstrated_skill: int = Field(description="Of the errors, of forecasts published as naive.")
    direction: DirectionScoreAnswer | None = Field(description="Of up, flat and down.")
    rise_if_changed: DirectionScoreAnswer | None = Field(
        description="Of up given a change, where a change came."
    )

    @classmethod
    def of(cls, line: TrackLine) -> Self:
        """Return one line."""
        return cls(
            level=line.level.value,
            step=line.step,
            origins=line.relative_mae.origins,
            errors=line.errors,
            nodes=line.nodes,
            first_target=line.first_target,
            last_target=line.last_target,
            relative_mae=figure(line.relative_mae.figure),
            low=figure(line.relative_mae.low),
            high=figure(line.relative_mae.high),
            coherent_relative_mae=figure(line.coherent.figure),
            coherent_low=figure(line.coherent.low),
            coherent_high=figure(line.coherent.high),
            mase=figure(line.mase),
            smape=figure(line.smape),
            inside_80=figure(line.inside_80),
            inside_95=figure(line.inside_95),
            msis=figure(line.msis),
            no_demonstrated_skill=line.unskilled,
            direction=None if line.direction is None else DirectionScoreAnswer.of(line.direction),
            rise_if_changed=None
            if line.rise_if_changed is None
            else DirectionScoreAnswer.of(line.rise_if_changed),
        )


class PeriodAnswer(BaseModel):
    """How many values of one week or month lay inside the intervals, all steps ahead together."""

    level: str
    target: date
    errors: int
    inside_80: str | None
    inside_95: str | None

    @classmethod
    def of(cls, period: PeriodCoverage) -> Self:
        """Return one period."""
        return cls(
            level=period.level.value,
            target=period.target,
            errors=period.errors,
            inside_80=figure(period.inside_80),
            inside_95=figure(period.inside_95),
        )


class TrackAnswer(BaseModel):
    """The track record of a family: only forecasts that stand in the log as they are stored."""

    family: str
    frequency: str
    actuals: str = Field(description="newest: scored against what is published now; first: as first said.")
    runs: int
    targets: int = Field(description="Target days of which a value came.")
    states: dict[str, int] = Field(
        description="scored, waiting, late, repeated, missing, withdrawn: how many."
    )
    lines: list[TrackLineAnswer]
    periods: list[PeriodAnswer]
    faults: list[str] = Field(
        description="What in the store is not as the log holds it, or cannot be read; never scored."
    )
    unforecast: list[date] = Field(
        description="Origin days that a release completed and no forecast is of, once their target came."
    )

    @classmethod
    def of(cls, track: Track, language: Language) -> Self:
        """Return a track record."""
        return cls(
            family=track.family,
            frequency=track.frequency,
            actuals=track.actuals,
            runs=track.runs,
            targets=track.targets,
            states={str(state): count for state, count in track.states.items()},
            lines=[TrackLineAnswer.of(line) for line in track.lines],
            periods=[PeriodAnswer.of(period) for period in track.periods],
            faults=[fault.message(language) for fault in track.faults],
            unforecast=list(track.unforecast),
        )


def track_csv(steps: TrackSteps) -> bytes:
    """Return every forecast of one target beside what came, as CSV."""
    return csv_body(COLUMNS, _rows(steps))


def _rows(steps: TrackSteps) -> Iterator[tuple[Cell, ...]]:
    scored = steps.state == str(StepState.SCORED)
    for place in range(len(steps)):
        run, series = int(steps.run[place]), steps.series[int(steps.line[place])]
        forecast, logged, step = steps.forecasts[run], steps.logged[run], int(steps.step[place])
        at, kept = step - 1, forecast.kept
        chances = series.chances_bp[at] or (None, None, None)
        actual = int(np.rint(steps.actual[place])) if scored[place] else None
        yield (
            forecast.forecast_id,
            forecast.family,
            forecast.frequency,
            series.level.value,
            series.node,
            forecast.release_id,
            forecast.method_id,
            iso_moment(logged.made_ms),
            logged.index,
            forecast.origin_day.isoformat(),
            _decimal(series.origin_units, kept),
            _decimal(series.scale_units, kept),
            step,
            day_of(series.targets[at]).isoformat(),
            series.models[at],
            series.skill[at],
            *(_decimal(each, kept) for each in series.quantiles[at]),
            _decimal(series.coherent[at], kept),
            *(_decimal(series.baselines[name][at], kept) for name in BASELINES),
            *chances,
            series.rise_if_changed_bp[at],
            str(steps.state[place]),
            _decimal(actual, kept),
        )


def _decimal(units: int | None, kept: int) -> Decimal | None:
    told = points(units, kept)
    return None if told is None else Decimal(told)
