"""Asks the loaded city about its forecasts: made before what they are about, made again, honestly scored."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Final

import numpy as np
from sqlmodel import Session

from api.forecasting import code_version
from api.routes.forecast_answers import figure
from api.routes.track_answers import track_csv
from api.station import Station
from daodi_city.city import City
from daodi_city.outcome import Outcome, outcome
from daodi_city.pen import CHINA
from daodi_city.stories import OFFICE, WEEKLY
from daodi_city.warned_life import fridays
from priceindex.forecast.method import FREQUENCIES, forecast_method
from priceindex.forecast.track import reading
from priceindex.forecast.track.canonical_rows import series_of
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.logged_runs import LoggedRun, faults_against_log, logged_runs
from priceindex.forecast.track.track_errors import ForecastAltered
from priceindex.forecast.track.track_record import record_of
from priceindex.forecast.track.track_steps import track_steps
from priceindex.forecast.track.verification import Recomputation, verify

_GRIDS: Final = tuple((family, frequency) for family in (WEEKLY, OFFICE) for frequency in FREQUENCIES)
_A_DIGIT: Final = re.compile(r'(?<="coherent":\[)(\d+)')


def look_at_forecasts(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Run every check of what was forecast."""
    yield _before(city, session)
    yield from _again(city, session, station)
    yield _altered(session)
    yield _track(city, session)


def _before(city: City, session: Session) -> Outcome:
    """Each run's statement stands in the log, and says a moment before the first of its target days."""
    count = late = lost = 0
    first, last = [], []
    for family, frequency in _GRIDS:
        logged = logged_runs(session, family, frequency)
        for run in reading.all_runs(session, family, frequency):
            count += 1
            lost += run.forecast_id not in logged
            begins = datetime.combine(run.first_target, time(), CHINA).timestamp() * 1000
            late += run.forecast_id in logged and logged[run.forecast_id].made_ms >= begins
            first.append(run.first_target)
            last.append(run.last_target)
    return outcome(
        "check.before", "figures.before",
        passed=count > len(fridays(city.panel.herbs)) and not late and not lost,
        count=count, first=min(first, default="-"), last=max(last, default="-"), late=late, lost=lost,
    )  # fmt: skip


def _again(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """The newest run, which tried the fitted models, and one drawn by the city's seed are made again."""
    every = reading.all_runs(session, WEEKLY, "week")
    drawn = every[int(np.random.default_rng([city.seed, 11]).integers(len(every) - 1))]
    months = reading.all_runs(session, OFFICE, "month")
    for run in (every[-1], drawn, months[-1]):
        found = verify(session, run.forecast_id, forecast_method(), code_version(), station.fits.forecaster())
        yield outcome(
            "check.forecast", "figures.forecast",
            passed=found.ok and found.values > 0 and found.recomputation is Recomputation.DONE,
            run=run.forecast_id, values=found.values, faults=len(found.faults),
            how=found.recomputation.words,
        )  # fmt: skip


def _altered(session: Session) -> Outcome:
    """One digit changed in a copy of one stored row is noticed; the row as it is stored is not."""
    run, own, lines = _newest(session)
    changed = [*lines]
    changed[-1] = _A_DIGIT.sub(lambda found: str(int(found[1]) + 1), lines[-1])
    noticed = any(isinstance(each, ForecastAltered) for each in faults_against_log(run, changed, own))
    clean = not faults_against_log(run, lines, own)
    return outcome(
        "check.altered", "figures.altered", passed=noticed and clean and changed != lines,
        run=run.forecast_id, node=series_of(lines[-1]).node,
    )  # fmt: skip


def _newest(session: Session) -> tuple[Forecast, LoggedRun | None, list[str]]:
    run = reading.all_runs(session, WEEKLY, "week")[-1]
    own = logged_runs(session, WEEKLY, "week").get(run.forecast_id)
    return run, own, reading.lines(session, run.forecast_id)


def _track(city: City, session: Session) -> Outcome:
    """The table anybody may download gives the same track record by a few lines of arithmetic."""
    steps = track_steps(session, WEEKLY, "week", as_of_ms=city.now_ms, actuals="newest")
    told = record_of(steps, WEEKLY, "week", forecast_method(), "newest")
    again = scores_of(track_csv(steps))
    said = {
        (str(line.level), line.step): (
            figure(line.relative_mae.figure), figure(line.inside_80), line.relative_mae.origins
        )
        for line in told.lines
    }  # fmt: skip
    found = {key: (figure(mae), figure(inside), origins) for key, (mae, inside, origins) in again.items()}
    shown = said.get(("herb", 1), ("-", "-", 0))
    return outcome(
        "check.track", "figures.track",
        passed=said == found and not told.faults and shown[2] >= len(fridays(city.panel.herbs)) - 1,
        runs=told.runs, targets=told.targets, origins=shown[2], mae=shown[0], inside=shown[1],
        far=said.get(("herb", 8), ("-",))[0], lines=len(said),
    )  # fmt: skip


def scores_of(table: bytes) -> dict[tuple[str, int], tuple[float, float, int]]:
    """Relative error against naive, share inside the 80 % interval, and origins, by (level, step).

    Reckoned from the downloaded table alone: errors are shares of the value the forecast started from.
    """
    cells: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig"))):
        if row["state"] == "scored":
            cells[row["level"], int(row["step"])].append(row)
    return {key: _score(rows) for key, rows in cells.items()}


def _score(rows: list[dict[str, str]]) -> tuple[float, float, int]:
    ours = sum(_error(row, "value") for row in rows)
    naive = sum(_error(row, "naive") for row in rows)
    bounded = [row for row in rows if row["low_80"] and row["high_80"]]
    inside = sum(
        Decimal(row["low_80"]) <= Decimal(row["actual"]) <= Decimal(row["high_80"]) for row in bounded
    )
    origins = {row["origin_day"] for row in rows}
    return (
        float(ours / naive) if naive else float("nan"),
        inside / len(bounded) if bounded else float("nan"),
        len(origins),
    )


def _error(row: dict[str, str], column: str) -> Decimal:
    return abs(Decimal(row["actual"]) - Decimal(row[column])) / Decimal(row["origin_value"])
