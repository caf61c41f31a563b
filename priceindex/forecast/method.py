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
    season: int
    carried_at_most: int
    ends_on: str = ""


class GateRule(_Section):
    """When another model may replace naive."""

    origins: int
    relative_mae_under: Decimal
    p_under: Decimal


class WeightRule(_Section):
    """How the models of a combination are weighted."""

    origins: int
    toward_equal: Decimal


class IntervalRule(_Section):
    """How intervals are calibrated."""

    origins: int
    own_scale: Decimal
    gamma: Decimal


class DirectionRule(_Section):
    """When probabilities of up, flat and down are published."""

    horizon: int
    flat_within: Decimal
    least_steps: int


class _Text(_Section):
    id: str
    version: int
    week: GridRule
    month: GridRule
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
