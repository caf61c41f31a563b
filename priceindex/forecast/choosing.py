"""Which model each group of nodes is forecast by: rolling origins, the gate, and what it lets through."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.fitted.models import REGRESSION
from priceindex.forecast.forecasters.forecaster import BASELINES
from priceindex.forecast.forecasts import GateLine, SkillStatus
from priceindex.forecast.method import ForecastMethod, ModelRule
from priceindex.forecast.nodes_on_grid import NodesOnGrid
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring import combining, gate
from priceindex.forecast.scoring.measures import relative_mae
from priceindex.forecast.scoring.origin_errors import origin_errors
from priceindex.forecast.scoring.replay import through_gate
from priceindex.forecast.scoring.rolling_origin import NAIVE, Backtest, Forecaster, backtest, origins_for
from priceindex.formulas.relatives import Places

_GATED: Final = "gated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What is tried beside naive, and who makes the forecasts."""

    alone: tuple[str, ...]
    members: tuple[str, ...]
    """Of the weighted combination; empty where it is not tried."""
    by: Forecaster

    @property
    def names(self) -> tuple[str, ...]:
        """Everything the gate judges, the weighted combination last."""
        return (*self.alone, combining.WEIGHTED) if self.members else self.alone


def with_fitted(rule: ModelRule, by: Forecaster, *, regressors: bool) -> Candidates:
    """What is tried where fitted models are: these too, and the regression where there are regressors."""
    more = (*rule.fitted, *((REGRESSION,) if regressors else ()))
    return Candidates(alone=(*rule.tried, *more), members=(*rule.weighted, *rule.fitted), by=by)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """What is published of some nodes, and the record it was chosen on; rows are those nodes, in order."""

    point: Floats
    """(n, h)."""
    models: NDArray[np.str_]
    """(n, h)."""
    skill: NDArray[np.str_]
    """(n, h): words of `SkillStatus`."""
    made: dict[str, Floats]
    """What every model says now, (n, h) each, the baselines among them; NaN where a fit was dropped."""
    tested: Backtest
    replayed: Floats
    """(o, n, h): what the gate would have published at each past origin."""
    lines: tuple[GateLine, ...]


def choose(
    found: NodesOnGrid, rows: Places, horizon: int, method: ForecastMethod, tried: Candidates
) -> Choice:
    """Judge the candidates against naive for each group among `rows` and forecast with what passed.

    A model that gave no number for a node now (a dropped fit) is replaced by naive there, and said so.
    """
    panel, groups, rules = found.panel.rows(rows), found.groups[rows], method.text
    single = tuple(dict.fromkeys((*BASELINES, *tried.alone, *tried.members)))
    tested = backtest(panel, horizon, origins_for(rules.gate.origins, horizon), single, forecaster=tried.by)
    made = tried.by(panel, horizon, single)
    if tried.members:
        tested = combining.with_weighted(tested, groups, tried.members, rules.weights)
        by_group = combining.weights(tested, groups, tried.members, rules.weights)
        made = {**made, combining.WEIGHTED: combining.combine(made, tried.members, by_group, groups)}
    judged = tested.of_models((NAIVE, *tried.names))
    verdicts = gate.judge(judged, groups, rules.gate)
    point, names = _published(verdicts, groups, made)
    replayed = through_gate(judged, groups, rules.gate)
    return Choice(
        point=point,
        models=names,
        skill=_skill(verdicts, groups, names),
        made=made,
        tested=judged,
        replayed=replayed,
        lines=_lines(verdicts, _replayed_errors(judged, replayed, groups), found.group_names),
    )


def _published(
    verdicts: dict[int, tuple[gate.Verdict, ...]], groups: Places, made: dict[str, Floats]
) -> tuple[Floats, NDArray[np.str_]]:
    point = gate.published(verdicts, groups, made)
    names = np.full(point.shape, NAIVE, dtype=object)
    for group, lines in verdicts.items():
        for step, verdict in enumerate(lines):
            names[groups == group, step] = verdict.model
    dropped = ~np.isfinite(point)
    return np.where(dropped, made[NAIVE], point), np.where(dropped, NAIVE, names).astype(np.str_)


def _skill(
    verdicts: dict[int, tuple[gate.Verdict, ...]], groups: Places, names: NDArray[np.str_]
) -> NDArray[np.str_]:
    told = np.empty(names.shape, dtype="<U12")
    for group, lines in verdicts.items():
        for step, verdict in enumerate(lines):
            told[groups == group, step] = _status(verdict)
    return np.where((told == "shown") & (names == NAIVE), "not_shown", told)


def _status(verdict: gate.Verdict) -> SkillStatus:
    if verdict.shown:
        return "shown"
    return "too_short" if verdict.too_short else "not_shown"


def _replayed_errors(judged: Backtest, replayed: Floats, groups: Places) -> dict[int, Floats]:
    """Relative errors (h,) by group of what the gate would have published, over every ended origin."""
    both = replace(
        judged,
        models=(NAIVE, _GATED),
        forecasts=np.stack([judged.of(NAIVE), replayed]),
    )
    found = {}
    for group in np.unique(groups):
        errors = origin_errors(both, np.flatnonzero(groups == group))
        ours, naive = errors.totals(_GATED), errors.totals(NAIVE)
        found[int(group)] = relative_mae(np.nansum(ours, axis=0), np.nansum(naive, axis=0), axis=())
    return found


def _lines(
    verdicts: dict[int, tuple[gate.Verdict, ...]], replayed: dict[int, Floats], names: tuple[str, ...]
) -> tuple[GateLine, ...]:
    return tuple(
        GateLine(
            group=names[group],
            step=verdict.horizon,
            model=verdict.tried or NAIVE,
            relative_mae=None if not np.isfinite(verdict.relative_mae) else verdict.relative_mae,
            p_value=None if not np.isfinite(verdict.p_value) else verdict.p_value,
            replayed=None if verdict.too_short else float(replayed[group][verdict.horizon - 1]),
            origins=verdict.origins,
            series=verdict.series,
            skill=_status(verdict),
        )
        for group, lines in sorted(verdicts.items())
        for verdict in lines
    )
