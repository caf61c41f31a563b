"""From what a source did to a score between 0 and 1, and to its weight in a price.

Score: the mean of a Beta distribution after the decayed trials (beta-binomial). No measure may bring in
more than fifty trials, so that a flood of easy ones cannot buy off a bad one; the prior is worth ten.
Weight: 0.75 + 0.25 x score. A source therefore never counts nothing, and never more than 0.4 of a price
that three sources or more tell, whatever they do: 1 / (1 + 0.75 + 0.75) = 0.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from priceindex.reputation.measures import Measure, Trials, measures

REVIEW_BELOW: Final = 0.3
"""A source that scores less is shown for review."""
FULL_BP: Final = 10_000
_FLOOR_BP: Final = 7_500
_MOST_TRIALS: Final = 50.0
_PRIOR: Final = (7.0, 3.0)
"""Successes and failures a newcomer starts with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How far a source is trusted, and why."""

    source: str
    score_bp: int
    """0 … 10000."""
    weight_bp: int
    """Weight beside the other sources of a price; 10000 is full."""
    measures: Mapping[Measure, Trials]

    @property
    def for_review(self) -> bool:
        """Whether a person should look at the source."""
        return self.score_bp < REVIEW_BELOW * FULL_BP


def score(trials: Mapping[Measure, Trials]) -> float:
    """Return the score of what a source did.

    >>> round(score({}), 2), round(score({Measure.TIMELY: Trials(0.0, 1000.0)}), 2)
    (0.7, 0.12)
    """
    good, bad = _PRIOR
    for each in trials.values():
        if each.of > 0:
            size = min(each.of, _MOST_TRIALS)
            good += size * each.well / each.of
            bad += size * (1 - each.well / each.of)
    return good / (good + bad)


def weight_bp(scored: float) -> int:
    """Return the weight a score earns, in basis points.

    >>> weight_bp(0.0), weight_bp(1.0)
    (7500, 10000)
    """
    return _FLOOR_BP + round((FULL_BP - _FLOOR_BP) * scored)


def standings(session: Session, as_of_ms: int) -> list[SourceStanding]:
    """Return every source that delivered in the last 90 days, by name, as known at a moment."""
    found = measures(session, as_of_ms)
    return [
        SourceStanding(
            source=source,
            score_bp=round(score(found[source]) * FULL_BP),
            weight_bp=weight_bp(score(found[source])),
            measures=found[source],
        )
        for source in sorted(found)
    ]
