"""One index over a table of prices and quantities: any formula, in any form, with its conventions.

Every convention that changes a number is a named part of what is wanted, and comes back with the result.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from priceindex.calculator.calculator_errors import UnknownMethod
from priceindex.calculator.methods import GEKS_FORMULA, methods
from priceindex.formulas.bilateral import BILATERAL, WITH_ELASTICITY
from priceindex.formulas.fixed_basket import FIXED_BASKET, Basket
from priceindex.formulas.index_forms import Chained, chain, fixed_base, must_lie_within, period_on_period
from priceindex.formulas.linking import rebase
from priceindex.formulas.pairs import Pair, Shares
from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import Splice, SplicedOn
from priceindex.multilateral.fixed_base_extensions import expanding_window, moving_window
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.splices import spliced
from priceindex.multilateral.time_product_dummy import time_product_dummy
from priceindex.multilateral.windows import LevelsOf, of_links, of_panel, rolling

Form = Literal["fixed_base", "chained"]
Extension = Literal["splice", "expanding_base", "moving_base"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to compute, with every convention it depends on."""

    method: str
    form: Form = "chained"
    """Of a bilateral formula: chained from period to period, or each period against the base."""
    base: int = 0
    """Place of the base period, counted from 0; of a fixed basket, of the price reference."""
    weight_period: int = 0
    """Of a fixed basket: place of the period the basket was bought in."""
    elasticity: float = 0.5
    shares: Shares = "matched"
    window: int | None = None
    """Periods of a multilateral window; None: one window over everything."""
    extension: Extension = "splice"
    splice: Splice = "mean"
    spliced_on: SplicedOn = "published"
    level: float = 100.0
    """Value of the base period."""


@dataclass(frozen=True, slots=True)
class Calculated:
    """A series with what it was computed by."""

    wanted: Wanted
    periods: tuple[Hashable, ...]
    levels: Floats
    """(periods,), `wanted.level` in the base period."""


def calculate(panel: CodedPanel, wanted: Wanted) -> Calculated:
    """Compute one index over a panel.

    Raises `UnknownMethod`, `LinkOutside`, `NothingMatched`, `WindowMisfit` and what the method raises.
    """
    kinds = {method.key: method.kind for method in methods()}
    if wanted.method not in kinds:
        raise UnknownMethod(method=wanted.method[:60], known=", ".join(kinds))
    must_lie_within(wanted.base, len(panel.periods))
    by_kind: dict[str, Callable[[CodedPanel, Wanted], Floats]] = {
        "bilateral": _bilateral,
        "elasticity": _bilateral,
        "fixed_basket": _fixed_basket,
        "multilateral": _multilateral,
    }
    levels = Chained(by_kind[kinds[wanted.method]](panel, wanted))
    return Calculated(wanted, panel.periods, rebase(levels, wanted.base, level=wanted.level).levels)


def _bilateral(panel: CodedPanel, wanted: Wanted) -> Floats:
    formula: Callable[[Pair], float] = (
        BILATERAL[wanted.method]
        if wanted.method in BILATERAL
        else WITH_ELASTICITY[wanted.method](wanted.elasticity)
    )
    prices, quantities = _with_gaps(panel)
    if wanted.form == "chained":
        return chain(period_on_period(formula, prices, quantities, wanted.shares)).levels
    return fixed_base(formula, prices, quantities, wanted.base, wanted.shares).levels


def _fixed_basket(panel: CodedPanel, wanted: Wanted) -> Floats:
    must_lie_within(wanted.weight_period, len(panel.periods))
    prices, quantities = _with_gaps(panel)
    basket = Basket(prices[wanted.weight_period], quantities[wanted.weight_period])
    formula = FIXED_BASKET[wanted.method]
    return np.array([formula(basket, prices[wanted.base], now) for now in prices])


def _multilateral(panel: CodedPanel, wanted: Wanted) -> Floats:
    levels_of, periods = _windows_of(panel, wanted), len(panel.periods)
    if wanted.window is None:
        return levels_of(0, periods - 1)
    if wanted.extension == "expanding_base":
        return expanding_window(levels_of, periods, wanted.window)
    if wanted.extension == "moving_base":
        return moving_window(levels_of, periods, wanted.window)
    return spliced(rolling(levels_of, periods, wanted.window), wanted.splice, wanted.spliced_on)


def _windows_of(panel: CodedPanel, wanted: Wanted) -> LevelsOf:
    if wanted.method in GEKS_FORMULA:
        return of_links(links(panel, GEKS_FORMULA[wanted.method], wanted.shares))
    if wanted.method == "geary_khamis":
        return of_panel(panel, geary_khamis)
    if wanted.method == "time_product_dummy":
        return of_panel(panel, lambda window: time_product_dummy(window, weighting="none"))
    return of_panel(panel, time_product_dummy)


def _with_gaps(panel: CodedPanel) -> tuple[Floats, Floats]:
    """Prices and quantities with NaN where nothing was observed, as bilateral formulas take them."""
    return tuple(np.where(panel.present, part, np.nan) for part in (panel.prices, panel.quantities))  # type: ignore[return-value]
