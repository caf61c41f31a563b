"""The rules side by side on monthly prices: with the bounds in use elsewhere, and tuned out of sample.

Every rule is held against the same surges in the same months, so that a row differs from the next by its rule
alone. The label is a growth threshold itself, which favours the rules of growth: IFPA and ALPS look for
prices that are abnormal for their season or trend, and no table of this kind says how well they do that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from priceindex.warning.backtest.events import Surge, surges
from priceindex.warning.backtest.judging import Judgement, judge, judged_periods
from priceindex.warning.backtest.tuning import BUDGET, Choice, Sought, tune
from priceindex.warning.hysteresis import Bounds, State, ladder, states
from priceindex.warning.indicators.alps import alps
from priceindex.warning.indicators.cusum import cusum
from priceindex.warning.indicators.growth import growth
from priceindex.warning.indicators.ifpa import ifpa
from priceindex.warning.indicators.indication import Floats, Mask, Places


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A rule in the comparison: its scores (n, T), and the bounds it is used with elsewhere."""

    name: str
    scores: Floats
    bounds: Bounds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Prices with what the rules are held against."""

    prices: Floats
    """(n, T), monthly."""
    months: Places
    """Month numbers (T,)."""
    events: tuple[tuple[Surge, ...], ...]
    judged: Mask


def history(prices: Floats, months: Places) -> History:
    """The history of monthly prices (n, T), each row with at least one price."""
    return History(
        prices=prices,
        months=months,
        events=tuple(surges(row) for row in prices),
        judged=judged_periods(prices),
    )


def contenders(past: History) -> tuple[Contender, ...]:
    """The rules that are compared; two of a name differ in their bounds alone.

    Bounds for entering are those in use elsewhere; so are the exits of three-month growth, IFPA from 1 and
    ALPS from 1. The other exits are ours, and the bounds of ALPS are recalled.
    """
    prices, months = past.prices, past.months
    quarter = Contender("3-month growth", growth(prices, 3).score, (0.20, 0.05))
    trend = Contender("ALPS, full history", alps(prices, months).score, (1.0, 0.25))
    season = Contender("IFPA", ifpa(prices, months).score, (1.0, 0.5))
    adding_up = Contender("CUSUM", cusum(prices).score, (3.0, 0.0))
    return (
        Contender("1-month growth", growth(prices, 1).score, (0.10, 0.0)),
        quarter,
        Contender("12-month growth", growth(prices, 12).score, (0.30, 0.10)),
        trend,
        Contender("ALPS, full history", trend.scores, (2.0, 1.0)),
        Contender("ALPS, logs, 5 years", alps(prices, months, window=60, logs=True).score, (1.0, 0.25)),
        Contender("IFPA", season.scores, (0.5, 0.0)),
        season,
        adding_up,
        Contender("2 of 4 votes", _votes((quarter, trend, season, adding_up)), (2.0, 1.0)),
    )


def judged_with(contender: Contender, bounds: Bounds, past: History, part: Mask) -> Judgement:
    """How a rule with these bounds does on a part of history."""
    return judge(states(contender.scores, ladder(alert=bounds)), past.events, part)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfSample:
    """A rule tuned on some parts and judged on others, added up over the pairs."""

    choices: tuple[Choice, ...]
    inside: Judgement
    """On what it was tuned on: too good."""
    outside: Judgement
    """On what it was not."""


def out_of_sample(
    contender: Contender,
    past: History,
    splits: Sequence[tuple[Mask, Mask]],
    *,
    budget: float = BUDGET,
    seek: Sought = "recall",
) -> OutOfSample | None:
    """Tune on the first part of each split and judge on its second; None where no bounds keep the budget."""
    choices = [tune(contender.scores, past.events, first, budget=budget, seek=seek) for first, _ in splits]
    made = tuple(choice for choice in choices if choice is not None)
    if not made or len(made) < len(splits):
        return None
    outside = [
        judged_with(contender, choice.bounds, past, second)
        for choice, (_, second) in zip(made, splits, strict=True)
    ]
    return OutOfSample(
        choices=made,
        inside=_added([choice.judgement for choice in made]),
        outside=_added(outside),
    )


def _added(judgements: Sequence[Judgement]) -> Judgement:
    total = judgements[0]
    for each in judgements[1:]:
        total += each
    return total


def _votes(rules: Sequence[Contender]) -> Floats:
    """How many of the rules, each with its own bounds, are in alert; (n, T)."""
    found = [states(rule.scores, ladder(alert=rule.bounds)) >= State.ALERT for rule in rules]
    return np.asarray(np.sum(found, axis=0), dtype=np.float64)
