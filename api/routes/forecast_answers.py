"""Forecasts and how they did, as JSON: values as decimal text, chances in basis points, days as dates."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from api.web.formats import local
from ledger.errors import Language
from priceindex.calendar import day_of
from priceindex.classification import node_words
from priceindex.forecast.forecasts import DirectionLine, GateLine
from priceindex.forecast.track.canonical_rows import Told
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.reading import NodeForecast

_FIGURE = 4
"""Digits of a figure of skill."""
_FAULTS = "Where what is stored is not what the log holds: nothing vouches for the numbers then."


class ForecastAnswer(BaseModel):
    """One forecast run; never changed afterwards."""

    id: str = Field(examples=["bozhou-week-7"])
    family: str
    frequency: str = Field(description="week or month.", examples=["week"])
    ordinal: int = Field(
        description="Its number among the family's runs of this frequency: none may be missing."
    )
    release: str = Field(description="The release it was made from.", examples=["bozhou-2025-12-26"])
    method: str = Field(examples=["forecast@1"])
    method_sha256: str
    code_version: str
    as_of: datetime = Field(description="Quotes recorded later were not used.")
    input_digest: str = Field(description="The values digest of that release.")
    made: datetime = Field(description="When it was stated.")
    origin_day: date = Field(description="Last day of the last complete week or month.")
    first_target: date
    last_target: date
    kept: int = Field(description="Digits after the point of every value.")
    series: int = Field(description="Nodes forecast.")
    rows_digest: str = Field(description="SHA-256 of the file at /v1/forecasts/{id}/rows.")
    statement_id: str
    log_index: int | None = Field(description="Its place in the log; null until it is integrated.")

    @classmethod
    def of(cls, told: Forecast, log_index: int | None) -> Self:
        """Return a run."""
        return cls(
            id=told.forecast_id,
            family=told.family,
            frequency=told.frequency,
            ordinal=told.ordinal,
            release=told.release_id,
            method=told.method_id,
            method_sha256=told.method_sha256,
            code_version=told.code_version,
            as_of=local(told.data_as_of_ms, 0),
            input_digest=told.input_sha256,
            made=local(told.made_ms, 0),
            origin_day=told.origin_day,
            first_target=told.first_target,
            last_target=told.last_target,
            kept=told.kept,
            series=told.series,
            rows_digest=told.rows_sha256,
            statement_id=told.statement_id,
            log_index=log_index,
        )


class ForecastMade(ForecastAnswer):
    """A run that was asked for."""

    new: bool = Field(description="false: the run of this release, frequency and method stood already.")


class ForecastPage(BaseModel):
    """Runs, the newest first."""

    forecasts: list[ForecastAnswer]
    next: str | None = Field(description="Pass it on as `next` for the following page; null on the last.")


class GateAnswer(BaseModel):
    """The gate's judgement of one group of nodes at one step."""

    group: str = Field(description="composite, class, or herb/… and grade/… with the class.")
    step: int
    model: str
    relative_mae: str | None = Field(
        description="Error over naive's on the rolling origins the model was picked on: below 1 is better."
    )
    p_value: str | None
    replayed: str | None = Field(
        description="The same of what the gate would have published at all past origins, without hindsight."
    )
    origins: int
    series: int
    skill: str = Field(description="shown, not_shown or too_short.")

    @classmethod
    def of(cls, line: GateLine) -> Self:
        """Return one line."""
        return cls(
            group=line.group,
            step=line.step,
            model=line.model,
            relative_mae=figure(line.relative_mae),
            p_value=figure(line.p_value),
            replayed=figure(line.replayed),
            origins=line.origins,
            series=line.series,
            skill=line.skill,
        )


class DirectionAnswer(BaseModel):
    """How the chances of one kind did in the past, at one step, and whether they are published."""

    level: str
    step: int
    kind: str = Field(
        description="up_flat_down: all three classes; up_if_changed: up given a change.",
        examples=["up_flat_down"],
    )
    brier_skill: str | None
    low: str | None = Field(description="Ends of the block-bootstrap interval.")
    high: str | None
    forecasts: int = Field(description="Scored; of up_if_changed those where a change came.")
    origins: int
    published: bool = Field(description="Only where the interval lies above 0 over enough origins.")

    @classmethod
    def of(cls, line: DirectionLine) -> Self:
        """Return one line."""
        return cls(
            level=line.level.value,
            step=line.step,
            kind=line.kind,
            brier_skill=figure(line.brier_skill),
            low=figure(line.low),
            high=figure(line.high),
            forecasts=line.forecasts,
            origins=line.origins,
            published=line.published,
        )


class ForecastWhole(ForecastAnswer):
    """A run with what its gate saw."""

    gate: list[GateAnswer]
    direction: list[DirectionAnswer]
    left_out: list[str] = Field(description="level/node of what is too short or too old to forecast.")
    fitted: bool = Field(description="Whether fitted models were tried for composite and classes.")
    regressors_digest: str = Field(description="SHA-256 of the table of outside regressors; empty without.")
    faults: list[str] = Field(description=_FAULTS)

    @classmethod
    def whole(cls, run: Forecast, told: Told, log_index: int | None, faults: list[str]) -> Self:
        """Return a run with what it tells of itself, and where it is not what the log holds."""
        return cls(
            **ForecastAnswer.of(run, log_index).model_dump(),
            gate=[GateAnswer.of(line) for line in told.gate],
            direction=[DirectionAnswer.of(line) for line in told.direction],
            left_out=list(told.left_out),
            fitted=told.fitted,
            regressors_digest=told.regressors_sha256,
            faults=faults,
        )


class StepAnswer(BaseModel):
    """The forecast of one target."""

    step: int
    target: date = Field(description="Last day of the week or month.")
    value: str | None = Field(description="The forecast: the median.", examples=["1012.3412"])
    low_95: str | None
    low_80: str | None
    high_80: str | None
    high_95: str | None
    coherent: str | None = Field(description="Made to agree with the nodes above and below.")
    naive: str | None = Field(
        description="The baselines: nothing changes, the last year again, the mean drift."
    )
    seasonal_naive: str | None
    drift: str | None
    up_bp: int | None = Field(description="Chances of up, flat, down in basis points; null: not published.")
    flat_bp: int | None
    down_bp: int | None
    up_if_changed_bp: int | None = Field(
        description="Chance of up given that the value changes, in basis points; null: not published."
    )
    model: str
    skill: str = Field(description="shown; not_shown: no demonstrated skill, naive is published; too_short.")
    late: bool = Field(description="Made when its target day had begun: never scored.")


class NodeForecastAnswer(BaseModel):
    """What one run says of one node."""

    forecast: str
    made: datetime
    release: str
    level: str
    node: str
    name: str
    parent: str | None
    origin_day: date
    origin_value: str | None = Field(description="The value all steps start from.")
    age_days: int = Field(description="Days between that value's own day and the origin day.")
    scale: str | None = Field(description="Mean change from one period to the next: the denominator of MASE.")
    usual_change_bp: int | None = Field(
        description="Median size of a change from one week to the next among its siblings, in basis points "
        "of the price; the past, not a forecast."
    )
    steps: list[StepAnswer]
    faults: list[str] | None = Field(description=_FAULTS + " null: not looked at here.")

    @classmethod
    def of(
        cls,
        told: NodeForecast,
        language: Language,
        only: date | None = None,
        faults: list[str] | None = None,
    ) -> Self:
        """Return a node's forecasts, or that of one target alone."""
        run, series = told.forecast, told.series
        places = [place for place, day in enumerate(series.targets) if only is None or day_of(day) == only]
        return cls(
            forecast=run.forecast_id,
            made=local(run.made_ms, 0),
            release=run.release_id,
            level=series.level.value,
            node=series.node,
            name=node_words(series.level, series.node, language),
            parent=series.parent,
            origin_day=run.origin_day,
            origin_value=points(series.origin_units, run.kept),
            age_days=series.age_days,
            scale=points(series.scale_units, run.kept),
            usual_change_bp=series.usual_change_bp,
            steps=[_step(told, place) for place in places],
            faults=faults,
        )


class VintagesAnswer(BaseModel):
    """What was forecast for one node, run by run, the oldest first."""

    vintages: list[NodeForecastAnswer]
    unreadable: list[str] = Field(description="Runs about the node of a format this program does not read.")
    next: str | None = Field(description="Pass it on as `next` for the following page; null on the last.")


def _step(told: NodeForecast, place: int) -> StepAnswer:
    series, kept = told.series, told.forecast.kept
    low_95, low_80, value, high_80, high_95 = (points(each, kept) for each in series.quantiles[place])
    up, flat, down = series.chances_bp[place] or (None, None, None)
    return StepAnswer(
        step=place + 1,
        target=day_of(series.targets[place]),
        value=value,
        low_95=low_95,
        low_80=low_80,
        high_80=high_80,
        high_95=high_95,
        coherent=points(series.coherent[place], kept),
        **{name: points(values[place], kept) for name, values in series.baselines.items()},
        up_bp=up,
        flat_bp=flat,
        down_bp=down,
        up_if_changed_bp=series.rise_if_changed_bp[place],
        model=series.models[place],
        skill=series.skill[place],
        late=told.late(place),
    )


def points(units: int | None, kept: int) -> str | None:
    """Write whole units as index points.

    >>> points(10123412, 4), points(None, 4)
    ('1012.3412', None)
    """
    return None if units is None else format(Decimal(units).scaleb(-kept), "f")


def figure(value: float | None) -> str | None:
    """Write a figure of skill with four digits; None where there is none.

    >>> figure(0.91234), figure(math.nan)
    ('0.9123', None)
    """
    return None if value is None or not math.isfinite(value) else f"{value:.{_FIGURE}f}"
