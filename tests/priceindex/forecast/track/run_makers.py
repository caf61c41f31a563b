"""Forecast runs made up for tests: every number is chosen, so that what must come of them is known."""

import numpy as np

from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.forecasts import DirectionLine, ForecastRun, GateLine, SeriesForecast, SkillStatus
from priceindex.forecast.method import ForecastFrequency, forecast_method
from priceindex.forecast.target_days import target_days
from priceindex.forecast.track.lateness import begins_ms
from priceindex.forecast.track.making import origin_day
from priceindex.forecast.track.storing import Stored, store
from priceindex.governance.stating import Operator
from priceindex.releases.release import Release
from tests.priceindex.releases.issuing import computed, publish, say
from tests.priceindex.small_market import KEY, ORIGIN, SmallMarket, daily, day

OPERATOR = Operator(ORIGIN, KEY)
CODE = "0.0.test"
STEPS = 3
TARGETS = ("2025-04-11", "2025-04-18", "2025-04-25")
"""Three Fridays after the origin of the first release, 4 April."""
MADE_MS = begins_ms(day_number(day("2025-04-10"))) + 18 * 3_600_000
"""Six in the evening of the first release's last day, in China."""
LATER_MS = begins_ms(day_number(day("2025-04-30"))) + 18 * 3_600_000


def begun(market: SmallMarket) -> Release:
    """A release through 10 April: 白芍 at 80 yuan and 茯苓 at 60, which weigh alike."""
    say(
        market,
        daily([8000] * 41, "2025-03-01") + daily([6000] * 41, "2025-03-01", "茯苓", grade="丁"),
        MADE_MS,
    )
    release = publish(market, computed(market, MADE_MS, day("2025-04-10")), MADE_MS)
    market.settle()
    return release


def gone_on(market: SmallMarket, fen: int = 8800, at_ms: int = LATER_MS) -> Release:
    """The next release, through 30 April: 白芍 at another price from 11 April on."""
    say(market, daily([fen] * 20, "2025-04-11") + daily([6000] * 20, "2025-04-11", "茯苓", grade="丁"), at_ms)
    release = publish(market, computed(market, at_ms, day("2025-04-30")), at_ms)
    market.settle()
    return release


def node(
    origin: int,
    shown: list[float],
    *,
    level: Level = Level.COMPOSITE,
    name: str = "all",
    value: float = 1000.0,
    frequency: ForecastFrequency = "week",
    skill: SkillStatus = "shown",
    half_width: float = 10.0,
    chances: list[list[float]] | None = None,
    rise: list[float] | None = None,
    usual_change: float = 0.051,
    coherent: list[float] | None = None,
) -> SeriesForecast:
    """One node from an origin day: naive is its value, the 95 % interval twice as wide as the 80 %."""
    steps = len(shown)
    centre = np.array(shown)
    quantiles = np.stack([centre + each * half_width for each in (-2, -1, 0, 1, 2)], axis=1)
    return SeriesForecast(
        level=level,
        node=name,
        parent=None if level is Level.COMPOSITE else "all",
        origin_value=value,
        age_days=0,
        scale=5.0,
        target_days=target_days(frequency, origin, steps),
        models=("damped",) * steps,
        skill=(skill,) * steps,
        quantiles=quantiles,
        coherent=centre if coherent is None else np.array(coherent),
        baselines={name: np.full(steps, value) for name in ("naive", "seasonal_naive", "drift")},
        chances=np.full((steps, 3), np.nan) if chances is None else np.array(chances),
        rise_if_changed=np.full(steps, np.nan) if rise is None else np.array(rise),
        usual_change=usual_change,
    )


def run_of(
    release: Release, series: list[SeriesForecast], frequency: ForecastFrequency = "week"
) -> ForecastRun:
    """A run from a release with these series."""
    gate = GateLine(
        group="composite", step=1, model="damped", relative_mae=0.91234, p_value=0.0123, replayed=0.98765,
        origins=26, series=1, skill="shown",
    )  # fmt: skip
    three = DirectionLine(
        level=Level.HERB, step=1, kind="up_flat_down", brier_skill=0.04, low=float("nan"), high=0.09,
        forecasts=52, origins=26, published=False,
    )  # fmt: skip
    rise = DirectionLine(
        level=Level.HERB, step=1, kind="up_if_changed", brier_skill=0.22, low=0.1, high=0.37, forecasts=12,
        origins=25, published=True,
    )  # fmt: skip
    return ForecastRun(
        family=release.family,
        release_id=release.release_id,
        method=forecast_method(),
        frequency=frequency,
        origin_day=origin_of(release, frequency),
        kept=release.kept,
        series=tuple(series),
        gate=(gate,),
        direction=(three, rise),
        left_out=("grade/白芍|统",),
    )


def origin_of(release: Release, frequency: ForecastFrequency = "week") -> int:
    """The origin a release is forecast from."""
    return origin_day(frequency, day_number(release.last_day))


def stored(market: SmallMarket, run: ForecastRun, at_ms: int, *, settle: bool = True) -> Stored:
    """Store a run, and bring its statement into the log."""
    with market.write() as session:
        found = store(session, run, OPERATOR, at_ms, CODE)
    if settle:
        market.settle()
    return found
