"""Origins that a release completed and nobody forecast from: a week left out is told like one that failed."""

import datetime
from collections.abc import Collection, Iterable

from priceindex.calendar import day_number
from priceindex.forecast.method import ForecastFrequency
from priceindex.forecast.target_days import target_days
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.logged_runs import LoggedRun, Telling
from priceindex.forecast.track.making import origin_day


def unforecast_origins(
    logged: Collection[LoggedRun], told: Iterable[Telling], frequency: str, at_ms: int
) -> tuple[int, ...]:
    """Day numbers of the origins of published releases that no logged run is of, rising.

    From the family's first forecast origin on, and once the first target day has begun: until then one may
    still be made in time.
    """
    grid: ForecastFrequency = "month" if frequency == "month" else "week"
    made = {day_number(datetime.date.fromisoformat(str(run.public["origin_day"]))) for run in logged}
    if not made:
        return ()
    offered = {origin_day(grid, each.last_day) for each in told}
    return tuple(
        origin
        for origin in sorted(offered - made)
        if origin > min(made) and is_late(int(target_days(grid, origin, 1)[0]), at_ms)
    )
