"""A stored forecast run 预测: what it was made from, when, by which method, and how the log names it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from ledger.canonical import JsonValue
from priceindex.calendar import day_of
from priceindex.forecast.method import ForecastFrequency
from priceindex.forecast.track.track_tables import ForecastRow

STATEMENT_KIND: Final = "forecast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One run: what its statement says of it."""

    forecast_id: str
    family: str
    frequency: ForecastFrequency
    ordinal: int
    """1 for the family's first run on this grid, and so on."""
    release_id: str
    method_id: str
    method_sha256: str
    code_version: str
    data_as_of_ms: int
    """Up to when quotes were looked at for the release forecast from."""
    input_sha256: str
    """The values digest of that release."""
    made_ms: int
    origin_day: datetime.date
    """Last day of the last complete period."""
    first_target: datetime.date
    last_target: datetime.date
    kept: int
    """Digits after the point of every value."""
    series: int
    """Nodes forecast."""
    rows_sha256: str
    """Over the lines of `priceindex.forecast.track.canonical_rows`."""
    statement_id: str

    @property
    def subject(self) -> str:
        """The subject under which the runs of a family and grid chain in the log."""
        return subject_of(self.family, self.frequency)

    def public(self) -> Mapping[str, JsonValue]:
        """What its statement says."""
        return {
            "forecast": self.forecast_id,
            "family": self.family,
            "frequency": self.frequency,
            "ordinal": self.ordinal,
            "release": self.release_id,
            "method": self.method_id,
            "method_sha256": self.method_sha256,
            "code_version": self.code_version,
            "data_as_of_ms": self.data_as_of_ms,
            "input_sha256": self.input_sha256,
            "origin_day": self.origin_day.isoformat(),
            "first_target": self.first_target.isoformat(),
            "last_target": self.last_target.isoformat(),
            "kept": self.kept,
            "series": self.series,
            "rows_sha256": self.rows_sha256,
        }


def subject_of(family: str, frequency: str) -> str:
    """The subject of a family's forecasts on one grid.

    >>> subject_of("bozhou", "week")
    'forecast/bozhou/week'
    """
    return f"forecast/{family}/{frequency}"


def forecast_id(family: str, frequency: str, ordinal: int) -> str:
    """The id of a run.

    >>> forecast_id("bozhou", "week", 7)
    'bozhou-week-7'
    """
    return f"{family}-{frequency}-{ordinal}"


def statement_id(forecast: str) -> str:
    """The id of the statement that commits a run to the log.

    >>> statement_id("bozhou-week-7")
    'forecast:bozhou-week-7'
    """
    return f"{STATEMENT_KIND}:{forecast}"


def forecast_of(row: ForecastRow) -> Forecast:
    """The run of a stored row."""
    same = (
        "forecast_id", "family", "ordinal", "release_id", "method_id", "method_sha256", "code_version",
        "data_as_of_ms", "input_sha256", "made_ms", "kept", "series", "rows_sha256", "statement_id",
    )  # fmt: skip
    return Forecast(
        **{name: getattr(row, name) for name in same},
        frequency=cast("ForecastFrequency", row.frequency),
        origin_day=day_of(row.origin_day),
        first_target=day_of(row.first_target),
        last_target=day_of(row.last_target),
    )
