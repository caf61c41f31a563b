"""Normal, watch, alert, crisis: how a score becomes a state that does not flicker.

Every state above normal has a pair of bounds: it is entered at the upper one and left at the lower one, so
a score that trembles around one bound changes nothing. One step, `advance`, moves many subjects by one
period; the array form `states` is nothing but that step again and again, so what is tuned on history is
what runs live. Higher scores are worse; hand in the negated score to warn of falls.

Two bounds for one switch are Schmitt's trigger (1938, J. Sci. Instrum. 15: recalled); persistence and
cool-down are daodi's own, and so is it that a crisis ends a cool-down: fatigue must not hide the worst.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecast_errors import BoundsCrossed

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]
Bounds: TypeAlias = tuple[float, float]
"""Enter at or above the first, leave at or below the second."""
NEVER: Final[Bounds] = (np.inf, np.inf)
"""The bounds of a state that a rule does not have."""


class State(IntEnum):
    """How bad it is; comparable, and stored as its word."""

    NORMAL = 0
    WATCH = 1
    ALERT = 2
    CRISIS = 3

    @property
    def word(self) -> str:
        """The word it is stored and shown by.

        >>> State.ALERT.word, State["crisis".upper()]
        ('alert', <State.CRISIS: 3>)
        """
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HysteresisRule:
    """When states are entered and left. Bounds are (3,) for all subjects or (n, 3), one row for each.

    Raises `BoundsCrossed` unless a state is left below where it is entered and a worse one has higher bounds.
    """

    enter: Floats
    leave: Floats
    min_persist: int = 1
    """Scores in a row at or above the bound before watch or alert is entered."""
    crisis_persist: int = 1
    """The same for a crisis."""
    cool_down: int = 0
    """Periods after an episode in which none begins, unless it begins with a crisis."""

    def __post_init__(self) -> None:
        """Refuse bounds that would flicker."""
        entered = np.where(np.isinf(self.enter), np.nan, self.enter)
        left = np.where(np.isinf(self.leave), np.nan, self.leave)
        flickers = bool(np.any(left > entered))
        falls = any(_falls(each) for each in (entered, left))
        if flickers or falls or min(self.min_persist, self.crisis_persist) < 1 or self.cool_down < 0:
            raise BoundsCrossed(
                enter=np.unique(self.enter).tolist()[:6], leave=np.unique(self.leave).tolist()[:6]
            )


def ladder(
    *,
    watch: Bounds = NEVER,
    alert: Bounds = NEVER,
    crisis: Bounds = NEVER,
    min_persist: int = 1,
    crisis_persist: int = 1,
    cool_down: int = 0,
) -> HysteresisRule:
    """A rule from one pair of bounds for each state it has.

    >>> ladder(alert=(0.20, 0.05)).enter.tolist()
    [inf, 0.2, inf]
    """
    pairs = np.array([watch, alert, crisis], dtype=np.float64)
    return HysteresisRule(
        enter=pairs[:, 0],
        leave=pairs[:, 1],
        min_persist=min_persist,
        crisis_persist=crisis_persist,
        cool_down=cool_down,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """Where n subjects stand after a period, and all the next step needs of the past: whole numbers."""

    state: Counts
    """(n,), values of `State`."""
    above: Counts
    """(n, 3): scores in a row at or above the bounds of watch, alert and crisis."""
    cooling: Counts
    """(n,): periods in which no new episode begins."""


def fresh(subjects: int) -> Standing:
    """The standing of subjects of which nothing is known yet.

    >>> fresh(2).state.tolist()
    [0, 0]
    """
    return Standing(
        state=np.zeros(subjects, dtype=np.int64),
        above=np.zeros((subjects, 3), dtype=np.int64),
        cooling=np.zeros(subjects, dtype=np.int64),
    )


def advance(standing: Standing, score: Floats, rule: HysteresisRule) -> Standing:
    """The standing one period later, given the period's scores (n,).

    A state is entered once its bound was reached `min_persist` times in a row, and left at once when the
    score is at or below its lower bound. A missing score (NaN) is no evidence: it changes neither state nor
    count; the cool-down goes on.

    >>> rule = ladder(alert=(0.20, 0.05))
    >>> advance(fresh(1), np.array([0.25]), rule).state.tolist()
    [2]
    """
    known = np.isfinite(score)
    column = np.where(known, score, 0.0)[:, None]
    above = np.where(column >= rule.enter, standing.above + 1, 0)
    persist = np.array([rule.min_persist, rule.min_persist, rule.crisis_persist])
    risen = _highest(above >= persist)
    kept = _highest((column > rule.leave) & (standing.state[:, None] >= _RUNGS))
    barred = (standing.state == State.NORMAL) & (standing.cooling > 0) & (risen < State.CRISIS)
    state = np.where(known, np.maximum(kept, np.where(barred, 0, risen)), standing.state)
    ended = (standing.state > State.NORMAL) & (state == State.NORMAL)
    return Standing(
        state=state,
        above=np.where(known[:, None], above, standing.above),
        cooling=np.where(ended, rule.cool_down, np.maximum(standing.cooling - 1, 0)),
    )


def states(scores: Floats, rule: HysteresisRule) -> Counts:
    """The state after each period: scores (n, T) to `State` values (n, T), by `advance` alone.

    >>> states(np.array([[0.1, 0.25, 0.10, 0.04, 0.3]]), ladder(alert=(0.20, 0.05))).tolist()
    [[0, 2, 2, 0, 2]]
    """
    found = np.zeros(scores.shape, dtype=np.int64)
    standing = fresh(scores.shape[0])
    for period in range(scores.shape[1]):
        standing = advance(standing, scores[:, period], rule)
        found[:, period] = standing.state
    return found


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch without a normal period: the places of its first and last period and its worst state."""

    subject: int
    first: int
    last: int
    worst: State


def episodes(found: Counts) -> tuple[Episode, ...]:
    """The episodes in states (n, T), by subject and time; one that is still open ends with the last period.

    >>> episodes(np.array([[0, 1, 2, 0, 2]]))[0]
    Episode(subject=0, first=1, last=2, worst=<State.ALERT: 2>)
    """
    off = np.zeros((found.shape[0], 1), dtype=np.int64)
    edges = np.diff((found > State.NORMAL).astype(np.int64), axis=1, prepend=off, append=off)
    subjects, firsts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return tuple(
        Episode(subject, first, end - 1, State(int(found[subject, first:end].max())))
        for subject, first, end in zip(subjects.tolist(), firsts.tolist(), ends.tolist(), strict=True)
    )


_RUNGS: Final = np.array([State.WATCH, State.ALERT, State.CRISIS], dtype=np.int64)


def _highest(holds: NDArray[np.bool_]) -> Counts:
    """The worst state that holds, normal where none does; (n, 3) to (n,)."""
    return np.asarray(np.where(holds, _RUNGS, 0).max(axis=1), dtype=np.int64)


def _falls(bounds: Floats) -> bool:
    """Whether a worse state has a lower bound than a milder one; states a rule does not have do not count."""
    rows = np.atleast_2d(bounds)
    pairs = ((0, 1), (1, 2), (0, 2))
    return any(bool(np.any(rows[:, low] > rows[:, high])) for low, high in pairs)
