"""What a rule sees at a subject: its state now, how far beyond the bound, and how it came there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from ledger.canonical import JsonValue
from priceindex.formulas.relatives import Places
from priceindex.warning.alerts.happenings import Key
from priceindex.warning.hysteresis import Counts, State

Evidence: TypeAlias = Mapping[str, JsonValue]
"""Canonical JSON: numbers as text, days as text, nothing binary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One rule, one subject, now."""

    key: Key
    parent: str | None
    """The class of a herb."""
    state: State
    score: float
    beyond: float
    """The score against the bound of the state it is in, as a ratio; 0 where it is normal."""
    day: int
    """Day number of the last day of the period judged."""
    days: Places = field(compare=False, repr=False)
    """(T,): last day of each period of the rule's grid."""
    states: Counts = field(compare=False, repr=False)
    """(T,): values of `State` after each."""
    stale: bool = False
    """Whether the newest value is too old to open anything."""
    listed: bool = False
    """Whether it is a herb on the public-health list."""
    evidence: Callable[[], Evidence] = field(compare=False, repr=False)
    """Puts the numbers behind it together: asked only where something happens."""
    private: Callable[[], Evidence] | None = field(default=None, compare=False, repr=False)
    """The same of what only regulators see."""

    @property
    def calm_day(self) -> int | None:
        """The last day on which the state was normal; None where it never was."""
        calm = np.flatnonzero(self.states == State.NORMAL)
        return int(self.days[calm[-1]]) if len(calm) else None

    @property
    def rule(self) -> str:
        """Its rule's id."""
        return self.key.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """How far a rule could judge a family."""

    rule: str
    subjects: int
    judged: int
    withheld: Mapping[str, int]
    """Why the others were not: reason -> subjects."""
