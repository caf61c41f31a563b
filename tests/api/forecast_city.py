"""A published index with forecasts made week after week, for the pages: small, and every number told here.

白芍 rises by a half per cent a week from March on, 当归 stands still, so the composite rises. The forecasts
are made up: they are there to be shown, and no model made them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import cast

import numpy as np
from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.index_runs import publish_run
from api.quoted_names import known_names
from api.releasing import operator_of
from api.settings import load_settings
from api.station import Station
from priceindex import service
from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.forecasts import DirectionLine, ForecastRun, GateLine, SeriesForecast, SkillStatus
from priceindex.forecast.method import ForecastFrequency, forecast_method
from priceindex.forecast.track.storing import store
from priceindex.intake.taking_in import take_in_body
from priceindex.releases.observations import observations
from priceindex.releases.release import Release

FIRST_DAY = date(2025, 1, 1)
FIRST_ORIGIN = date(2025, 5, 2)
"""A Friday; a forecast follows every Friday's release."""
STEPS = 12
HOST = "herbs.example.org"
HEADINGS = "herb,spec,origin,market,date,price_yuan_per_kg"
NODES = ((Level.COMPOSITE, "all", None), (Level.CLASS, "root", "all"), (Level.HERB, "白芍", "root"))


@dataclass(slots=True)
class ForecastCity:
    """The station, who asks it, and its moment."""

    station: Station
    client: TestClient
    now: date

    def clock(self) -> int:
        """Nine in the evening, UTC, of the day: five in the morning of the next in China."""
        return int(datetime.combine(self.now, time(21), UTC).timestamp() * 1000)

    def reach(self, day: date) -> None:
        """Go on to a day, with a quote for every day until it, and publish it."""
        body = "\n".join([HEADINGS, *quote_lines(self.now + timedelta(days=1), day)]).encode() + b"\n"
        self.now = day
        self.station.writer.submit(
            lambda session: take_in_body(
                session, body, "quotes.csv", "fair", self.clock(), known=known_names(), proceed=False
            )
        )
        publish_run(self.station, "bozhou", day)

    def forecast(self, frequency: ForecastFrequency = "week", skill: SkillStatus = "shown") -> str:
        """Store a forecast from the newest release; return its id."""
        with self.station.database.read() as session:
            release = service.latest(session, "bozhou", public_at_ms=self.clock())
            assert release is not None
            values = {
                node: last_value(self.station, release, level, node, self.clock()) for level, node, _ in NODES
            }
        run = made_up(release, self.now, values, frequency, skill)
        operator, now_ms = operator_of(self.station), self.clock()
        stored = self.station.writer.submit(lambda session: store(session, run, operator, now_ms, "1.0.0"))
        self.station.settle()
        return stored.forecast.forecast_id


@contextmanager
def forecast_city(folder: Path, host: str = HOST) -> Iterator[ForecastCity]:
    """Found a service, publish the first Friday, and answer in process; threads do not run."""
    city = ForecastCity(cast("Station", None), cast("TestClient", None), FIRST_DAY - timedelta(days=1))
    settings = load_settings(
        folder=folder / "service",
        origin=f"{HOST}/log",
        base_url=f"http://{host}",
        trusted_hosts=(host,),
        scan_rate="100000/minute",
        unknown_code_rate="100000/minute",
    )
    found(settings, clock=city.clock)
    with Station.open(settings, clock=city.clock, background=False) as station:
        client = TestClient(create_app(station), base_url=settings.base_url, raise_server_exceptions=False)
        with client:
            city.station, city.client = station, client
            city.reach(FIRST_ORIGIN)
            yield city


def quote_lines(first: date, last: date) -> list[str]:
    """A quote a day of two herbs at 亳州, in yuan per kilogram."""
    lines = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        weeks = max((day - date(2025, 3, 1)).days // 7, 0)
        lines.append(f"白芍,统,安徽,亳州,{day},{40 + 0.2 * weeks:.1f}")
        lines.append(f"当归,统,甘肃,亳州,{day},100.0")
    return lines


def last_value(station: Station, release: Release, level: Level, node: str, now_ms: int) -> float:
    """The newest value of a node."""
    with station.database.read() as session:
        told = observations(session, release.family, level, node, "day", as_of_ms=now_ms)
    return float(next(each.point.value for each in reversed(told) if each.point.value is not None))


def made_up(
    release: Release,
    origin: date,
    values: dict[str, float],
    frequency: ForecastFrequency,
    skill: SkillStatus,
) -> ForecastRun:
    """A run whose first eight steps have a skill and whose others have none."""
    steps = STEPS if frequency == "week" else 6
    targets = np.array([day_number(each) for each in target_days(origin, frequency, steps)], dtype=np.int64)
    statuses: list[SkillStatus] = [skill if step < 8 else "not_shown" for step in range(steps)]
    return ForecastRun(
        family="bozhou",
        release_id=release.release_id,
        method=forecast_method(),
        frequency=frequency,
        origin_day=day_number(origin),
        kept=release.kept,
        series=tuple(
            _series(level, node, parent, values[node], targets, tuple(statuses))
            for level, node, parent in NODES
        ),
        gate=tuple(
            _gate(group, step, statuses[step - 1]) for group in GROUPS for step in range(1, steps + 1)
        ),
        direction=tuple(line for step in range(1, 5) for line in (_direction(step), _rise(step))),
        left_out=("herb/当归",),
    )


GROUPS = ("composite", "class", "herb/root")


def target_days(origin: date, frequency: ForecastFrequency, steps: int) -> list[date]:
    """The Fridays or the month ends after an origin."""
    if frequency == "week":
        return [origin + timedelta(days=7 * step) for step in range(1, steps + 1)]
    months = [origin.year * 12 + origin.month - 1 + step for step in range(1, steps + 1)]
    return [date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1) for month in months]


def _series(
    level: Level,
    node: str,
    parent: str | None,
    value: float,
    targets: np.ndarray,
    skill: tuple[SkillStatus, ...],
) -> SeriesForecast:
    ahead = np.arange(1, len(targets) + 1)
    drift = np.where(np.array(skill) == "shown", 0.002 * ahead, 0.0)
    spread = np.outer(np.sqrt(ahead), [-0.03, -0.017, 0.0, 0.019, 0.033])
    flat = np.full(len(targets), value)
    chances, rise = np.full((len(targets), 3), np.nan), np.full(len(targets), np.nan)
    if level is Level.HERB:
        chances[:4] = [[0.45 - 0.05 * step, 0.40, 0.15 + 0.05 * step] for step in range(4)]
        rise[:2] = [0.75, 0.625]
    return SeriesForecast(
        level=level,
        node=node,
        parent=parent,
        origin_value=value,
        age_days=0,
        scale=value * 0.004,
        target_days=targets,
        models=tuple("combination" if each == "shown" else "naive" for each in skill),
        skill=skill,
        quantiles=value * (1 + drift[:, None] + spread),
        coherent=value * (1 + drift * 0.98),
        baselines={
            "naive": flat,
            "seasonal_naive": np.full(len(targets), np.nan),
            "drift": value * (1 + 0.001 * ahead),
        },
        chances=chances,
        rise_if_changed=rise,
        usual_change=0.051 if level is Level.HERB else float("nan"),
    )


def _gate(group: str, step: int, skill: SkillStatus) -> GateLine:
    shown = skill == "shown"
    return GateLine(
        group=group,
        step=step,
        model="combination",
        relative_mae=None if skill == "too_short" else (0.9 + 0.005 * step if shown else 1.04),
        p_value=None if skill == "too_short" else (0.03 if shown else 0.6),
        replayed=None if skill == "too_short" else 0.99,
        origins=9 if skill == "too_short" else 26,
        series=1 if group == "composite" else 12,
        skill=skill,
    )


def _direction(step: int) -> DirectionLine:
    held = step == 4
    return DirectionLine(
        level=Level.HERB,
        kind="up_flat_down",
        step=step,
        brier_skill=0.05 if held else 0.2 - 0.02 * step,
        low=-0.03 if held else 0.08,
        high=0.13 if held else 0.26,
        forecasts=520,
        origins=26,
        published=not held,
    )


def _rise(step: int) -> DirectionLine:
    held = step > 2
    return DirectionLine(
        level=Level.HERB,
        kind="up_if_changed",
        step=step,
        brier_skill=0.04 if held else 0.22,
        low=-0.05 if held else 0.1,
        high=0.12 if held else 0.37,
        forecasts=130,
        origins=25,
        published=not held,
    )
