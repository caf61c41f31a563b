"""The models of statsmodels: how they do on the M3 monthly series, what they cost, and on real composites.

The competition's half is the vectorised engine's too (`tier_a`), so that its figures stand beside these. On
the Pink Sheet the composite and the six groups are forecast month by month, each model against naive and
the weighted combination of fast and fitted models against that of the fast ones alone.
"""

import time
from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.competitions import shared_competition
from forecast_parts.pink_sheet import FILE, GROUPS, Prices, agricultural
from priceindex.forecast.fitted.dropped import counted
from priceindex.forecast.fitted.joined import Joined
from priceindex.forecast.fitted.models import FITTED, REGRESSION
from priceindex.forecast.fitted.workers import FittedPool
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.combining import WEIGHTED, with_weighted
from priceindex.forecast.scoring.rolling_origin import Backtest, backtest

PLAIN: Final = tuple(name for name in FITTED if name != REGRESSION)
FAST: Final = ("ses", "theta", "damped")
QUICK_SERIES, SERIES = 24, 120
QUICK_ORIGINS, ORIGINS = 8, 26
MONTHS: Final = 240
"""History behind each composite: what a model of a price twenty years old is worth."""
HORIZON: Final = 6


def rows(*, quick: bool) -> list[Row]:
    """M3 first, then the composites; a line that says so where the files are absent."""
    with FittedPool(1) as pool:
        return [*_m3_rows(pool, quick=quick), *_composite_rows(pool, quick=quick)]


def _m3_rows(pool: FittedPool, *, quick: bool) -> list[Row]:
    whole = shared_competition("m3_monthly_odd")
    if whole is None:
        return [Row(what="fitted models", ours="not measured", note="DAODI_SHARED holds no m3_monthly_odd")]
    competed = whole.first(QUICK_SERIES if quick else SERIES)
    panel, horizon = competed.panel, competed.horizon
    pool.fit_many(panel.values[:1], panel.season, horizon, PLAIN)
    fast = forecast(panel, horizon, ("combination",))["combination"]
    found = []
    for name in PLAIN:
        started = time.perf_counter()
        run = pool.fit_many(panel.values, panel.season, horizon, [name])
        seconds = time.perf_counter() - started
        made = run.forecasts[name]
        lost = sum(counted(run.dropped).values())
        found.append(
            Row(
                what=f"M3 monthly, {name}: OWA",
                ours=f"{competed.owa(np.where(np.isnan(made), fast, made)):.3f}",
                baseline=f"fast combination {competed.owa(fast):.3f}",
                note=f"{len(panel.values)} series, {len(panel.values) / seconds:.0f}/s by one warm process; "
                f"{lost} fits dropped, for which the fast combination stands in",
            )
        )
    return found


def _composite_rows(pool: FittedPool, *, quick: bool) -> list[Row]:
    prices = agricultural()
    if prices is None:
        return [
            Row(
                what="fitted models, composites",
                ours="not measured",
                note=f"DAODI_SHARED holds no data/{FILE}",
            )
        ]
    joined = Joined(pool=pool)
    names = ("naive", *FAST, *PLAIN)
    tested = backtest(
        SeriesPanel(values=_composites(prices)[:, -MONTHS:], season=12),
        HORIZON,
        QUICK_ORIGINS if quick else ORIGINS,
        names,
        forecaster=joined,
    )
    rule = forecast_method().text.weights
    groups = np.array([0] + [1] * len(GROUPS))
    fast = with_weighted(tested, groups, FAST, rule).of(WEIGHTED)
    both = with_weighted(tested, groups, (*FAST, *PLAIN), rule).of(WEIGHTED)
    lost = sorted(joined.dropped.items())
    dropped = ", ".join(f"{count} {name} {reason}" for (name, reason), count in lost) or "none"
    told = {name: tested.of(name) for name in PLAIN} | {"fast and fitted, weighted": both}
    found = [_composite_row(tested, name, made, fast) for name, made in told.items()]
    return [
        Row(
            what="Pink Sheet, composite and 6 groups",
            ours=f"{len(tested.origins)} origins",
            note=f"mean relMAE over 1-{HORIZON} months against naive, composite; groups; dropped: {dropped}",
        ),
        *found,
    ]


def _composite_row(tested: Backtest, name: str, made: Floats, fast: Floats) -> Row:
    ours, held = (
        "; ".join(f"{_relative(tested, each, nodes):.3f}" for nodes in (slice(0, 1), slice(1, None)))
        for each in (made, fast)
    )
    return Row(what=f"  {name}", ours=ours, baseline=f"fast, weighted {held}")


def _relative(tested: Backtest, made: Floats, nodes: slice) -> float:
    """Mean over the steps of pooled MAE over naive's; naive stands in for what was dropped."""
    naive, actual = tested.of("naive")[:, nodes], tested.actuals[:, nodes]
    used = np.where(np.isnan(made[:, nodes]), naive, made[:, nodes])
    off, base = (np.nansum(np.abs(np.log(each / actual)), axis=(0, 1)) for each in (used, naive))
    return float((off / base).mean())


def _composites(prices: Prices) -> Floats:
    """Geometric indices of all series and of each group, (7, months), the first month 100."""
    logs = np.log(prices.values / prices.values[:, :1])
    of_group = [logs[np.array(prices.group_of) == group].mean(axis=0) for group in GROUPS]
    return np.asarray(100.0 * np.exp(np.stack([logs.mean(axis=0), *of_group])))
