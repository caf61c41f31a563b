"""How many series a second the engine forecasts on one core, and how many statsforecast's Theta does.

Both get the same 120-point monthly series, take turns, and are measured in processor seconds of one
thread. The engine has the whole panel at once, statsforecast one series after another, without the
frames of its batch interface, which would only add to its time.
"""

from typing import Final

import numpy as np
from figures.measure import Spread, cpu_timed
from figures.row import Row

from forecast_parts.compared.compare_environment import ComparisonMissing
from forecast_parts.compared.comparison import Comparison
from priceindex.forecast.forecasters.forecaster import FAST, MODELS, forecast
from priceindex.forecast.panel import SeriesPanel

PER_SECOND: Final = 3_000
TIMES: Final = 5.0
HORIZON: Final = 18
PERIODS: Final = 120


def rows(*, quick: bool) -> list[Row]:
    """Full speed and every model, with statsforecast between the runs."""
    panel = drawn_panel(300 if quick else 2_000)
    try:
        with Comparison() as other:
            return _measured(panel, 1 if quick else 7, other)
    except ComparisonMissing as missing:
        return [Row(what="engine beside statsforecast", ours="not measured", note=str(missing))]


def drawn_panel(series: int) -> SeriesPanel:
    """Random walks in logarithms, two in three of them with a season."""
    draw = np.random.default_rng(6)
    walk = np.cumsum(draw.normal(0.002, 0.03, (series, PERIODS)), axis=1)
    size = draw.choice([0.0, 0.1, 0.3], (series, 1))
    season = size * np.sin(2.0 * np.pi * np.arange(PERIODS) / 12.0)
    return SeriesPanel(values=100.0 * np.exp(walk + season), season=12)


def _measured(panel: SeriesPanel, runs: int, other: Comparison) -> list[Row]:
    sets = {"full speed": FAST, "every model": MODELS}
    for models in sets.values():
        forecast(panel, HORIZON, models)
    other.forecast("theta", panel.values, panel.season, HORIZON)
    ours: dict[str, list[float]] = {name: [] for name in sets}
    theirs: list[float] = []
    for _ in range(runs):
        for name, models in sets.items():
            ours[name].append(cpu_timed(lambda models=models: forecast(panel, HORIZON, models))[0])
        theirs.append(other.forecast("theta", panel.values, panel.season, HORIZON)[0])
    return [_row(name, len(sets[name]), len(panel.values), taken, theirs) for name, taken in ours.items()]


def _row(name: str, models: int, series: int, ours: list[float], theirs: list[float]) -> Row:
    rate, other = (Spread(tuple(series / seconds for seconds in taken)) for taken in (ours, theirs))
    ratio = rate.median / other.median
    return Row(
        what=f"engine, {name}: {PERIODS}-point monthly series",
        ours=rate.text("/s a core"),
        baseline=f"their Theta {other.text('/s')}",
        ratio=ratio,
        target=f"≥ {PER_SECOND:,}/s, ≥ {TIMES:.0f}x",
        met=rate.median >= PER_SECOND and ratio >= TIMES,
        note=f"{models} models against one of theirs, {series:,} series, {HORIZON} months ahead; processor "
        f"seconds, medians of {len(ours)} runs that take turns",
    )
