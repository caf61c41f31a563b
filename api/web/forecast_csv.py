"""Every number of one node's forecast as a table for spreadsheet programs: a row for each target day."""

from collections.abc import Iterator
from typing import Final

from api.web.csv_body import Cell, csv_body
from api.web.fan_drawing import points_of
from priceindex.calendar import day_of
from priceindex.forecast.track.reading import NodeForecast

HEADINGS: Final = (
    "forecast", "level", "node", "frequency", "origin_day", "origin_value", "step", "target_day",
    "low_95", "low_80", "median", "high_80", "high_95", "coherent", "naive", "seasonal_naive", "drift",
    "p_up_bp", "p_flat_bp", "p_down_bp", "p_up_if_changed_bp", "usual_change_bp",
    "model", "skill", "late", "method", "made_ms", "data_as_of_ms",
    "input_sha256", "rows_sha256", "statement",
)  # fmt: skip


def forecast_csv(found: NodeForecast) -> bytes:
    """Return the table of one node's forecast."""
    return csv_body(HEADINGS, _rows(found))


def _rows(found: NodeForecast) -> Iterator[list[Cell]]:
    run, series = found.forecast, found.series
    for place, target in enumerate(series.targets):
        values = [*series.quantiles[place], series.coherent[place]]
        values += [series.baselines[name][place] for name in ("naive", "seasonal_naive", "drift")]
        yield [
            run.forecast_id,
            str(series.level),
            series.node,
            run.frequency,
            run.origin_day.isoformat(),
            points_of(series.origin_units, run.kept),
            place + 1,
            day_of(target).isoformat(),
            *(points_of(units, run.kept) for units in values),
            *(series.chances_bp[place] or (None, None, None)),
            series.rise_if_changed_bp[place],
            series.usual_change_bp,
            series.models[place],
            series.skill[place],
            int(found.late(place)),
            run.method_id,
            run.made_ms,
            run.data_as_of_ms,
            run.input_sha256,
            run.rows_sha256,
            run.statement_id,
        ]
