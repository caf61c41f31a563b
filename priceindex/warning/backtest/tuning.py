"""Thresholds for a budget of false alarms: the best recall that it allows.

Candidates for entering are quantiles of the scores in the part of history that is tuned on, candidates for
leaving are shares of these. Nothing of another part is looked at, so a judgement of the chosen rule there is
out of sample; the judgement on the tuned part is not, and flatters.

That recall is what is sought is what a budget means: so many false alarms are thought worth having, and what
they can buy is bought (Neyman and Pearson's way of choosing a test). The best F1, which can be sought
instead, leaves most of it unspent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from priceindex.warning.backtest.events import Surge
from priceindex.warning.backtest.judging import Judgement, judge
from priceindex.warning.hysteresis import Bounds, HysteresisRule, ladder, states
from priceindex.warning.indicators.indication import Floats, Mask

Sought: TypeAlias = Literal["recall", "f1"]
BUDGET: Final = 0.15
"""False alarms a series-year."""
_AT_ONCE: Final = 20
ENTERED_AT: Final = tuple(np.linspace(0.80, 0.995, 40).round(4).tolist())
"""Quantiles of the tuned part's scores that are tried."""
LEFT_AT: Final = (0.0, 0.25, 0.5, 0.75)
"""Shares of the entering bound that are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The bounds that were chosen, and how they did where they were chosen: in sample."""

    bounds: Bounds
    judgement: Judgement


def tune(
    scores: Floats,
    events: Sequence[Sequence[Surge]],
    part: Mask,
    *,
    budget: float = BUDGET,
    seek: Sought = "recall",
) -> Choice | None:
    """The bounds that are best on `part` (n, T) under the budget of false alarms a series-year.

    Of equals the higher precision, then the lower bound, wins; None where no bounds keep the budget.
    """
    tried = _tried(scores, events, part, tuple(_candidates(scores, part)))
    within = [each for each in tried if each.judgement.alarms and each.judgement.false_a_year <= budget]
    if not within:
        return None
    return max(within, key=lambda each: _merit(each, seek))


def _merit(choice: Choice, seek: Sought) -> tuple[float, float, float]:
    told = choice.judgement
    return (told.recall if seek == "recall" else told.f1, told.precision, -choice.bounds[0])


def _tried(
    scores: Floats, events: Sequence[Sequence[Surge]], part: Mask, candidates: Sequence[Bounds]
) -> Iterator[Choice]:
    """Every candidate judged; many at once go through the state machine as further rows."""
    series = len(scores)
    for begin in range(0, len(candidates), _AT_ONCE):
        some = candidates[begin : begin + _AT_ONCE]
        rows = np.repeat(np.array([ladder(alert=bounds).enter for bounds in some]), series, axis=0)
        left = np.repeat(np.array([ladder(alert=bounds).leave for bounds in some]), series, axis=0)
        found = states(np.tile(scores, (len(some), 1)), HysteresisRule(enter=rows, leave=left))
        for place, bounds in enumerate(some):
            own = found[place * series : (place + 1) * series]
            yield Choice(bounds=bounds, judgement=judge(own, events, part))


def _candidates(scores: Floats, part: Mask) -> Iterator[Bounds]:
    """Bounds above 0: a rule warns of what is worse than usual."""
    known = scores[part & np.isfinite(scores)]
    if not len(known):
        return
    entered = np.unique(np.quantile(known, ENTERED_AT))
    for enter in entered[entered > 0.0].tolist():
        for share in LEFT_AT:
            yield enter, enter * share
