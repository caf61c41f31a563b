"""From a release's published values to forecasts of every node, without a clock or a database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from priceindex.classification import TREE_LEVELS
from priceindex.forecast.choosing import Candidates, Choice, choose, with_fitted
from priceindex.forecast.coherence import coherent
from priceindex.forecast.direction.direction_panel import DirectionPanel
from priceindex.forecast.direction.publication import direction_forecast
from priceindex.forecast.forecasters.forecaster import BASELINES, forecast
from priceindex.forecast.forecasts import (
    DIRECTION_LEVELS,
    DirectionLine,
    ForecastRun,
    PublishedSeries,
    SeriesForecast,
)
from priceindex.forecast.intervals.adaptive import calibrate
from priceindex.forecast.intervals.conformal import intervals
from priceindex.forecast.method import QUANTILES, ForecastFrequency, ForecastMethod
from priceindex.forecast.nodes_on_grid import NodesOnGrid, on_grid
from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.moves import IndexForm
from priceindex.forecast.scoring.rolling_origin import Backtest, Forecaster
from priceindex.forecast.scoring.scales import change_scale, pooled_scale
from priceindex.forecast.target_days import target_days
from priceindex.formulas.relatives import Places

_MEDIAN = QUANTILES.index(0.5)


def forecast_release(
    family: str,
    release_id: str,
    kept: int,
    series: Sequence[PublishedSeries],
    frequency: ForecastFrequency,
    until: int,
    method: ForecastMethod,
    *,
    form: IndexForm = "arithmetic",
    fitted: Forecaster | None = None,
    regressors_sha256: str = "",
    linked: int | None = None,
) -> ForecastRun:
    """Forecast every node of the tree from the last period that has ended by day `until`.

    `kept` are the digits published; `form` is how the family adds its nodes up. With `fitted`, a forecaster
    that knows the method's fitted models too, these are tried for composite and classes, alone and in the
    weighted combination; the regression as well, where outside regressors were handed in. `linked` is the day
    number since which the weights hold, None where they always did.
    """
    of_tree = [each for each in series if each.level in TREE_LEVELS]
    found = on_grid(of_tree, frequency, until, method)
    horizon = method.grid(frequency).horizon
    parts = _parts(found, horizon, method, fitted, regressors_sha256)
    chances = _chances(found, frequency, horizon, method)
    origin_day = int(found.ends[-1]) if len(found.ends) else until
    return ForecastRun(
        family=family,
        release_id=release_id,
        method=method,
        frequency=frequency,
        origin_day=origin_day,
        kept=kept,
        series=_forecasts(found, parts, chances, target_days(frequency, origin_day, horizon), form, linked)
        if parts
        else (),
        gate=tuple(line for part in parts for line in part.choice.lines),
        direction=chances.lines,
        left_out=found.left_out,
        regressors_sha256=regressors_sha256,
        fitted=fitted is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """Some of the nodes with what was chosen for them."""

    rows: Places
    choice: Choice
    bounds: Floats
    """(rows, h, 5)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chances:
    """The directions of all n nodes with the evidence for them; NaN where nothing is published."""

    three: Floats
    """(n, h, 3)."""
    rise: Floats
    """(n, h)."""
    usual: Floats
    """(n,)."""
    lines: tuple[DirectionLine, ...]


def _parts(
    found: NodesOnGrid, horizon: int, method: ForecastMethod, fitted: Forecaster | None, regressors: str
) -> tuple[_Part, ...]:
    """The upper nodes and the others: only the upper ones are worth a fit of their own."""
    rule = method.text.models
    fast = Candidates(alone=rule.tried, members=rule.weighted, by=forecast)
    upper = fast
    if fitted is not None:
        upper = with_fitted(rule, fitted, regressors=bool(regressors))
    return tuple(
        _part(found, rows, horizon, method, tried)
        for rows, tried in ((found.upper, upper), (found.lower, fast))
        if len(rows)
    )


def _part(found: NodesOnGrid, rows: Places, horizon: int, method: ForecastMethod, tried: Candidates) -> _Part:
    choice = choose(found, rows, horizon, method, tried)
    reach = calibrate(
        choice.tested, choice.replayed, found.panel.rows(rows), found.groups[rows], method.text.intervals
    )
    bounds = intervals(choice.point, reach.now * _aged(found, rows, horizon)[..., None])
    bounds[..., _MEDIAN] = choice.point
    return _Part(rows=rows, choice=choice, bounds=bounds)


def _aged(found: NodesOnGrid, rows: Places, horizon: int) -> Floats:
    """By how much intervals are wider for values carried over some periods, (rows, h).

    A value a periods old is forecast over a + h periods: as the root of their number, like a random walk.
    """
    period = float(found.ends[-1] - found.ends[-2]) if len(found.ends) > 1 else 1.0
    age, steps = found.age_days[rows] // period, 1.0 + np.arange(horizon)
    return np.asarray(np.sqrt((steps + age[:, None]) / steps))


def _together(parts: Sequence[_Part]) -> tuple[Floats, Backtest, Floats]:
    """Points (n, h), the record of naive alone, and the replayed forecasts (o, n, h), in the nodes' order."""
    order = np.argsort(np.concatenate([part.rows for part in parts]))
    tested = [part.choice.tested for part in parts]
    return (
        np.concatenate([part.choice.point for part in parts])[order],
        replace(
            tested[0],
            models=(),
            forecasts=np.empty((0, len(tested[0].origins), len(order), tested[0].horizon)),
            actuals=np.concatenate([each.actuals for each in tested], axis=1)[:, order],
            last=np.concatenate([each.last for each in tested], axis=1)[:, order],
        ),
        np.concatenate([part.choice.replayed for part in parts], axis=1)[:, order],
    )


def _forecasts(
    found: NodesOnGrid,
    parts: Sequence[_Part],
    chances: _Chances,
    targets: Places,
    form: IndexForm,
    linked: int | None,
) -> tuple[SeriesForecast, ...]:
    agreed = coherent(found, *_together(parts), form, linked)
    values = found.panel.values
    scale = pooled_scale(change_scale(values), values[:, -1], found.groups)
    made = {
        int(row): SeriesForecast(
            level=found.nodes[row].level,
            node=found.nodes[row].node,
            parent=found.nodes[row].parent,
            origin_value=float(values[row, -1]),
            age_days=int(found.age_days[row]),
            scale=float(scale[row]),
            target_days=targets,
            models=tuple(part.choice.models[place].tolist()),
            skill=tuple(part.choice.skill[place].tolist()),
            quantiles=part.bounds[place],
            coherent=agreed[row],
            baselines={name: part.choice.made[name][place] for name in BASELINES},
            chances=chances.three[row],
            rise_if_changed=chances.rise[row],
            usual_change=float(chances.usual[row]),
        )
        for part in parts
        for place, row in enumerate(part.rows.tolist())
    }
    return tuple(made[row] for row in range(len(found.nodes)))


def _chances(
    found: NodesOnGrid, frequency: ForecastFrequency, horizon: int, method: ForecastMethod
) -> _Chances:
    """Chances of herbs and grades, whose prices stay where they are in most weeks."""
    nodes = len(found.nodes)
    three, rise = np.full((nodes, horizon, 3), np.nan), np.full((nodes, horizon), np.nan)
    usual = np.full(nodes, np.nan)
    lines: list[DirectionLine] = []
    rule = method.text.direction
    for level in DIRECTION_LEVELS if frequency == "week" else ():
        rows = np.flatnonzero([each.level is level for each in found.nodes])
        if not len(rows):
            continue
        parents = [found.nodes[row].parent or "" for row in rows.tolist()]
        _, siblings = np.unique(parents, return_inverse=True)
        panel = DirectionPanel(
            panel=found.panel.rows(rows),
            group=siblings.astype(np.int64),
            flat_within=float(rule.flat_within),
        )
        # Seeded by the origin: the same values give the same intervals of skill, and the same run.
        told = direction_forecast(panel, rule, np.random.default_rng(int(found.ends[-1])), level)
        three[rows, : rule.horizon] = told.chances
        rise[rows, : rule.horizon] = told.rise_if_changed
        usual[rows] = told.usual_change
        lines += told.lines
    return _Chances(three=three, rise=rise, usual=usual, lines=tuple(lines))
