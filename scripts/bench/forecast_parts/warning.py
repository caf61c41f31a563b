"""Warning rules on the World Bank's agricultural prices: recall, precision and false alarms, side by side.

The newest vintage of the Pink Sheet, 1960 on, every series its listing has under Agriculture. Thresholds are
tuned on the years before 1995 and judged on the years after; and tuned on three of the six groups and judged
on the other three, both ways round: four kinds of rice are no strangers to each other, so that groups are
split and not series. What is printed for the tuned part is said to be that. Prices are as revised
until the vintage, not as first published: no older vintages reach back far enough to do better.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from figures.row import Row

from priceindex.warning.backtest.comparison import (
    Contender,
    History,
    OutOfSample,
    contenders,
    history,
    judged_with,
    out_of_sample,
)
from priceindex.warning.backtest.judging import Judgement, judge
from priceindex.warning.backtest.splits import by_series, by_time
from priceindex.warning.backtest.tuning import BUDGET
from priceindex.warning.hysteresis import states
from priceindex.warning.indicators.indication import Mask
from priceindex.warning.rule_text import rule_book
from tests.priceindex.warning.agricultural_prices import AGRICULTURE, agricultural

ROOT: Final = Path(__file__).resolve().parents[3]
FILE: Final = "commodity/pinksheet_long_3vintages.csv.gz"
SPLIT_AT: Final = "1995-01"
RULE: Final = "3-month growth"
F1: Final = 0.75
RECALL: Final = 0.80


def rows(*, quick: bool) -> list[Row]:
    """The figure of the issue on both splits, then every rule with bounds in use elsewhere and tuned.

    `quick` leaves out the tuning of the other rules.
    """
    what = "warning on the Pink Sheet's agricultural series"
    file = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared")) / "data" / FILE
    if not file.is_file():
        return [Row(what=what, ours="not measured", note=f"DAODI_SHARED holds no data/{FILE}")]
    prices, months = agricultural(file)
    past = history(prices, months)
    rules = contenders(past)
    splits = _splits(past)
    chosen = next(rule for rule in rules if rule.name == RULE)
    wanted = [
        _figure(f"{what}: {RULE}, {words}", out_of_sample(chosen, past, parts))
        for words, parts in splits.items()
    ]
    words, in_time = next(iter(splits.items()))
    by_f1 = out_of_sample(chosen, past, in_time, seek="f1")
    distinct = {rule.name: rule for rule in rules if rule is not chosen}
    return [
        *wanted,
        _tuned(f"{RULE}, {words}, for the best F1 instead of recall", by_f1),
        _in_force(chosen, past, in_time[0][1]),
        *(_fixed(rule, past) for rule in rules),
        *(
            _tuned(f"{rule.name}, {words}", out_of_sample(rule, past, in_time))
            for rule in ([] if quick else distinct.values())
        ),
    ]


def _splits(past: History) -> dict[str, list[tuple[Mask, Mask]]]:
    """The ways history is split, by the words for them, that in time first."""
    year, month = SPLIT_AT.split("-")
    boundary = int(np.searchsorted(past.months, (int(year) - 1970) * 12 + int(month) - 1))
    group = np.repeat(np.arange(len(AGRICULTURE)), [len(names) for names in AGRICULTURE.values()])
    one, other = by_series(past.judged, group % 2 == 0)
    return {
        f"tuned before {SPLIT_AT}, judged from then on": [by_time(past.judged, boundary)],
        "tuned on three groups, judged on the other three, both ways": [(one, other), (other, one)],
    }


def _figure(what: str, found: OutOfSample | None) -> Row:
    target = f"F1 ≥ {F1:.2f}, recall ≥ {RECALL:.2f}, ≤ {BUDGET:.2f} false"
    if found is None:
        return Row(what=what, ours="no bounds keep the budget", target=target, met=False)
    told = found.outside
    return Row(
        what=what,
        ours=_told(told),
        baseline=f"in sample: {_told(found.inside)}",
        target=target,
        met=told.f1 >= F1 and told.recall >= RECALL and told.false_a_year <= BUDGET,
        note=f"{_counts(told)}; {_more(told)}; {_bounds(found)}",
    )


def _fixed(rule: Contender, past: History) -> Row:
    told = judged_with(rule, rule.bounds, past, past.judged)
    enter, leave = rule.bounds
    return Row(
        what=f"  {rule.name}, bounds in use elsewhere",
        ours=_told(told),
        note=f"{_counts(told)}; {_more(told)}; enters at {enter:g}, leaves at {leave:g}",
    )


def _in_force(rule: Contender, past: History, part: Mask) -> Row:
    """The rule of the rule book with all its states, persistence and cool-down told in months."""
    ours = replace(rule_book().rule("growth-up").hysteresis(), min_persist=1, cool_down=1)
    told = judge(states(rule.scores, ours), past.events, part)
    return Row(
        what=f"  {rule.name} as in force: watch, alert, crisis, cool-down of a month, from {SPLIT_AT} on",
        ours=_told(told),
        note=f"{_counts(told)}; {_more(told)}",
    )


def _tuned(what: str, found: OutOfSample | None) -> Row:
    if found is None:
        return Row(what=f"  {what}", ours="no bounds keep the budget")
    return Row(
        what=f"  {what}",
        ours=_told(found.outside),
        baseline=f"in sample: {_told(found.inside)}",
        note=f"{_counts(found.outside)}; {_more(found.outside)}; {_bounds(found)}",
    )


def _told(told: Judgement) -> str:
    return (
        f"F1 {told.f1:.2f}, recall {told.recall:.2f}, precision {told.precision:.2f}, "
        f"{told.false_a_year:.2f} false a series-year"
    )


def _more(told: Judgement) -> str:
    return (
        f"early recall {told.early_recall:.2f}, {told.time_in_alert:.0%} of the time in alert, "
        f"median lead in months {told.lead_to_crossing:g} to the crossing, {told.lead_to_peak:g} to the peak"
    )


def _counts(told: Judgement) -> str:
    return f"{told.surges} surges, {told.alarms} alarms, {told.series_years:,.0f} series-years"


def _bounds(found: OutOfSample) -> str:
    pairs = (f"{choice.bounds[0]:.3g}/{choice.bounds[1]:.3g}" for choice in found.choices)
    return "enters/leaves at " + " and ".join(pairs)
