"""The method of forecasts: every parameter that changes a number, from a text each forecast names."""

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

FREQUENCIES: Final[tuple[Literal["week", "month"], ...]] = ("week", "month")
"""The grids forecasts are made on."""
ForecastFrequency = Literal["week", "month"]
QUANTILES: Final = (0.025, 0.10, 0.50, 0.90, 0.975)
"""The published quantiles: bounds of the 95 % and 80 % intervals and the median."""
_TEXT: Final = Path(__file__).with_name("forecast@1.toml")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GridRule(_Section):
    """One grid: how far ahead, what a year is, how long a last value stands in."""

    horizon: int
    """Periods ahead that are forecast."""
    season: int
    """Periods a year; 1: no season is looked for."""
    carried_at_most: int
    """Periods a last value stands in for a missing one."""
    ends_on: str = ""
    """The last day of a week."""


class ModelRule(_Section):
    """Which models are tried beside naive."""

    tried: tuple[str, ...]
    """Judged against naive for every group, beside the weighted combination."""
    weighted: tuple[str, ...]
    """Members of the weighted combination."""
    fitted: tuple[str, ...]
    """Fitted one by one, for composite and classes."""


class GateRule(_Section):
    """When another model may replace naive."""

    least_origins: int
    """Fewer ended origins than this judge nothing: `too_short`."""
    origins: int
    """Ended origins looked at, the newest, where the history allows."""
    relative_mae_under: Decimal
    """The pooled relative MAE a model must stay under."""
    p_under: Decimal
    """The p-value of the one-sided Diebold-Mariano test it must stay under."""


class WeightRule(_Section):
    """How the models of a combination are weighted."""

    origins: int
    """Ended origins the errors behind the weights are of."""
    toward_equal: Decimal
    """How far weights are pulled toward equal ones: 0 not at all, 1 wholly."""


class IntervalRule(_Section):
    """How intervals are calibrated."""

    origins: int
    """A horizon that ended fewer times borrows width from the shorter one."""
    own_scale: Decimal
    """Exponent of a series' own factor: how much of what it says of itself is kept, in logarithms."""
    gamma: Decimal
    """Gain of the adaptation."""


class DirectionRule(_Section):
    """When probabilities of up, flat and down are published."""

    horizon: int
    """Weeks ahead for which chances are made."""
    flat_within: Decimal
    """A change of at most this share counts as none."""
    least_steps: int
    """Steps the pool must have made before an origin counts."""
    origins: int
    """Rolling origins looked at, where the history allows."""
    least_origins: int
    """Fewer ended origins than this show no skill."""
    strengths: tuple[Decimal, ...]
    """Strengths of ridge, all fitted; they weigh by their Brier loss so far."""


class _Text(_Section):
    id: str
    version: int
    week: GridRule
    month: GridRule
    models: ModelRule
    gate: GateRule
    weights: WeightRule
    intervals: IntervalRule
    direction: DirectionRule


@dataclass(frozen=True, slots=True)
class ForecastMethod:
    """The method's text, read, and the digest by which a forecast names it."""

    text: _Text
    sha256: str

    @property
    def method_id(self) -> str:
        """Name and version.

        >>> forecast_method().method_id
        'forecast@1'
        """
        return f"{self.text.id}@{self.text.version}"

    def grid(self, frequency: ForecastFrequency) -> GridRule:
        """The rule of one grid."""
        return self.text.week if frequency == "week" else self.text.month


@cache
def forecast_method() -> ForecastMethod:
    """The method in force."""
    body = _TEXT.read_bytes()
    return ForecastMethod(
        text=_Text.model_validate(tomllib.loads(body.decode())), sha256=hashlib.sha256(body).hexdigest()
    )
