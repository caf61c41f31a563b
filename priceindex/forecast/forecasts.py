"""What a forecast run takes in and gives: published series, forecasts of their nodes, and their skill.

A forecast is of the value on the last day of a period: a Friday, or the last day of a month. Averages of a
period are never forecast, since part of them is known before the period ends (Working 1960).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from priceindex.classification import Level
from priceindex.forecast.method import ForecastFrequency, ForecastMethod
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places

SkillStatus = Literal["shown", "not_shown", "too_short"]
"""Whether the gate let a model replace naive; `too_short`: too few origins to judge."""
DirectionKind = Literal["up_flat_down", "up_if_changed"]
"""What chances are of: all three classes, or up given that there is a change; each is judged by itself."""
DIRECTION_LEVELS: Final = (Level.HERB, Level.GRADE)
"""Whose prices stay where they are in most weeks, and are judged for direction, week by week."""
DIRECTION_KINDS: Final[tuple[DirectionKind, ...]] = ("up_flat_down", "up_if_changed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedSeries:
    """The daily values of one node as a release published them."""

    level: Level
    node: str
    parent: str | None
    weight: float
    """Share of the composite's weight at the last link, 0..1."""
    days: Places
    """Day numbers, ascending."""
    values: Floats
    """Index points; NaN where none was published."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesForecast:
    """Forecasts of one node at h steps from one origin; values in index points."""

    level: Level
    node: str
    parent: str | None
    origin_value: float
    """The value all forecasts start from: the last known on or before the origin day."""
    age_days: int
    """Days between that value's own day and the origin day."""
    scale: float
    """Index points: mean change from one period to the next up to the origin, the denominator of MASE;
    that of the group where the series never moved."""
    target_days: Places
    """(h,): last day of each target period."""
    models: tuple[str, ...]
    """(h,): the model published at each step."""
    skill: tuple[SkillStatus, ...]
    """(h,)."""
    quantiles: Floats
    """(h, 5) in the order of `method.QUANTILES`; the third is the forecast itself."""
    coherent: Floats
    """(h,): the forecast made to agree with the nodes above and below."""
    baselines: Mapping[str, Floats]
    """naive, seasonal_naive and drift, (h,) each: published beside every forecast."""
    chances: Floats
    """(h, 3): probability of up, flat, down; NaN where none is published."""
    rise_if_changed: Floats
    """(h,): probability of up given a change; NaN where none is published. It stands by itself: it may be
    published where up, flat and down are not, and the other way round."""
    usual_change: float
    """Median size of a change from one period to the next of the node's siblings, a share of the price; NaN
    where none is known. It describes the past and is no forecast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """The gate's judgement of one group of nodes at one step."""

    group: str
    """`composite`, `class`, or `herb/<class>`, `grade/<class>`."""
    step: int
    model: str
    relative_mae: float | None
    """Of `model` or, where naive stands, of the best that failed; None where none could be tried."""
    p_value: float | None
    replayed: float | None
    """Relative error of what the gate would have published at all past origins, each judged on what had
    ended by then: the figure free of hindsight. Those of `model` are told on the origins it was picked on."""
    origins: int
    series: int
    skill: SkillStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionLine:
    """How the probabilities of one kind did against climatology in the past, at one step."""

    level: Level
    step: int
    kind: DirectionKind
    brier_skill: float | None
    low: float | None
    """Lower end of the block-bootstrap interval."""
    high: float | None
    forecasts: int
    """Forecasts scored; of up given a change, those where a change came."""
    origins: int
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForecastRun:
    """Everything one run says: committed as a whole before the first of its targets."""

    family: str
    release_id: str
    method: ForecastMethod
    frequency: ForecastFrequency
    origin_day: int
    """Day number of the last day of the last complete period."""
    kept: int
    """Digits after the point that are published."""
    series: tuple[SeriesForecast, ...]
    gate: tuple[GateLine, ...]
    direction: tuple[DirectionLine, ...]
    left_out: tuple[str, ...]
    """`level/node` of what is too short or too old to forecast."""
    regressors_sha256: str = ""
    """Digest of the table of outside regressors handed in; empty without one."""
    fitted: bool = False
    """Whether the method's fitted models were tried for composite and classes."""
