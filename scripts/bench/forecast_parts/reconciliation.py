"""MinT with the mixed base on 33 agricultural prices, 6 groups and their composite, against a random walk.

Naive at the bottom, a damped trend for groups and composite; at each month from the eleventh year on, the
errors seen until then make the covariance. Errors are of logarithms; a level's figure is the mean over its
series of MAE over that of the random walk.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from figures.row import Row

from forecast_parts.pink_sheet import FILE, GROUPS, Prices, agricultural
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.reconciliation.hierarchy import Hierarchy, TreeNode, build
from priceindex.forecast.reconciliation.moves import IndexForm, moves, origin_shares
from priceindex.forecast.reconciliation.reconciling import mixed_base, reconcile_tree
from priceindex.forecast.scoring.rolling_origin import Backtest, backtest

STEPS: Final = (1, 3, 6, 12)
_JUDGED: Final = slice(0, 3)
"""The targets are for the first three: monthly forecasts are published for six months."""
_LEVELS: Final = {"composite": slice(0, 1), "groups": slice(1, 7), "bottom": slice(7, None)}
MOST_AT_BOTTOM: Final = 1.005
FIRST_ORIGIN, QUICK_ORIGINS = 120, 60
WARM: Final = 12
"""Origins whose errors are seen before the first forecast is judged."""
BETTER: Final = "damped"


def rows(*, quick: bool) -> list[Row]:
    """Both forms of an index, at each level; a line that says so where the file is absent."""
    prices = agricultural()
    if prices is None:
        return [Row(what="reconciliation", ours="not measured", note=f"DAODI_SHARED holds no data/{FILE}")]
    return [row for form in ("geometric", "arithmetic") for row in _form_rows(prices, form, quick=quick)]


def _form_rows(prices: Prices, form: IndexForm, *, quick: bool) -> list[Row]:
    case = _case(prices, form, QUICK_ORIGINS if quick else len(prices.months) - FIRST_ORIGIN - 1)
    agreed, gap = _reconciled(case)
    own = case.base()
    own[:WARM] = np.nan
    found = [
        _row(
            f"mixed base + MinT, {form}, {level}", _relative(case, agreed, nodes), _relative(case, own, nodes)
        )
        for level, nodes in _LEVELS.items()
    ]
    top = float(_relative(case, agreed, _LEVELS["composite"])[_JUDGED].max())
    bottom = float(_relative(case, agreed, _LEVELS["bottom"])[_JUDGED].max())
    origins, span = len(case.tested.origins) - WARM, f"{prices.months[0][:7]} to {prices.months[-1][:7]}"
    told = (
        f"relMAE at {', '.join(map(str, STEPS))} months (targets to {STEPS[_JUDGED][-1]}); "
        f"{len(prices.names)} series in {len(GROUPS)} groups, {span}, {origins} origins, {BETTER} above; "
        f"{prices.carried} months carry a price; largest incoherence {gap:.0e}"
    )
    found[0] = replace(found[0], target="< 1", met=top < 1.0, note=told)
    found[2] = replace(found[2], target=f"≤ {MOST_AT_BOTTOM}", met=bottom <= MOST_AT_BOTTOM)
    return found


def _row(what: str, after: Floats, before: Floats) -> Row:
    ours, own = ("/".join(f"{each:.3f}" for each in told) for told in (after, before))
    return Row(what=what, ours=ours, baseline=f"before {own}")


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    form: IndexForm
    tree: Hierarchy
    tested: Backtest

    def base(self) -> Floats:
        """(o, n, h): naive at the bottom, the better model above."""
        upper = ~self.tree.is_bottom
        naive, better = self.tested.of("naive"), self.tested.of(BETTER)
        return np.stack([mixed_base(*each, upper) for each in zip(naive, better, strict=True)])

    def at(self, origin: Floats) -> Hierarchy:
        """The tree with shares at an origin (n,): every node stood at 100 when it was linked."""
        shares = origin_shares(self.tree.share, origin / 100.0, self.tree.parent, self.form)
        return replace(self.tree, share=shares)


def _case(prices: Prices, form: IndexForm, origins: int) -> _Case:
    nodes = [TreeNode(key="all", parent=None, weight=1.0)]
    nodes += [TreeNode(key=group, parent="all", weight=len(within)) for group, within in GROUPS.items()]
    nodes += [
        TreeNode(key=name, parent=group, weight=1.0)
        for name, group in zip(prices.names, prices.group_of, strict=True)
    ]
    tree = build(nodes)
    moved = np.zeros((len(nodes), len(prices.months)))
    moved[tree.bottom] = moves(prices.values, prices.values[:, 0], form)
    levels = tree.upward(moved)
    values = 100.0 * (np.exp(levels) if form == "geometric" else 1.0 + levels)
    panel = SeriesPanel(values=values, season=12)
    return _Case(form, tree, backtest(panel, STEPS[-1], origins, ("naive", BETTER)))


def _reconciled(case: _Case) -> tuple[Floats, float]:
    """Coherent forecasts (o, n, h), NaN before enough errors are seen, and their largest incoherence."""
    base, tested = case.base(), case.tested
    found, errors, gap = np.full(base.shape, np.nan), np.full(base.shape[:2], np.nan), 0.0
    for place, last in enumerate(tested.last):
        tree = case.at(last)
        if place >= WARM:
            found[place] = reconcile_tree(tree, base[place], last, errors[:place].T, case.form)
            gap = max(gap, tree.incoherence(moves(found[place], last, case.form)))
        actual = moves(tested.actuals[place], last, case.form)
        errors[place] = (actual - moves(base[place], last, case.form))[:, 0]
    return found, gap


def _relative(case: _Case, forecasts: Floats, chosen: list[int]) -> Floats:
    """(steps,): mean over the series of MAE over naive's, at the same origins and targets."""
    ahead = [step - 1 for step in STEPS]
    actual, naive, made = (
        each[:, chosen][:, :, ahead] for each in (case.tested.actuals, case.tested.of("naive"), forecasts)
    )
    seen = ~np.isnan(made) & ~np.isnan(actual)
    errors = np.where(seen, np.abs(np.log(made / actual)), 0.0).sum(axis=0)
    return np.asarray((errors / np.where(seen, np.abs(np.log(naive / actual)), 0.0).sum(axis=0)).mean(axis=0))
