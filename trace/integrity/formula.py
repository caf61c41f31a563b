"""The 诚信 formula: from evidence to a score of 0 to 1000 and one to five stars, in whole numbers.

Published with its weights in `facts/integrity.csv` and explained in docs/integrity.md. Pure: the same
evidence gives the same score anywhere.

A share of goods counts `weight × value`, its value being 1000 less what is amiss (times its steepness),
drawn towards the middle while there is little evidence; deductions are taken off, each up to its bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from ledger.errors import Language
from trace.facts import rows
from trace.integrity.evidence import Logged, Share

METHOD: Final = "integrity-1"
"""Name of this formula with these weights; a change of either gives a new name."""
FULL: Final = 1000
MIDDLE: Final = 500
"""What is said of whom nothing is known."""
PRIOR_WEEKS: Final = 3
"""As many weeks of evidence as the middle weighs; our own assumption: a quarter's trade outweighs it."""
UNSHRUNK: Final = frozenset({"firm"})
"""Known for certain: particulars are registered or they are not."""
STARS: Final = (200, 400, 600, 800)
"""From where on there is one star more; MOFCOM 诚信评价: ≥80 5, ≥60 4, ≥40 3, ≥20 2, else 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One line of the formula."""

    name: str
    kind: Literal["share", "deduction"]
    weight: int
    """Share: thousandths of the score it is worth. Deduction: thousandths for each point or time."""
    steep: int
    """How many times what is amiss counts."""
    bound: int
    """The most a deduction takes; 0 for shares."""
    zh: str
    en: str
    counts_zh: str
    """What is counted."""
    counts_en: str
    reason_zh: str
    reason_en: str
    source: str

    def words(self, language: Language) -> str:
        """Say what it is called."""
        return self.zh if language == "zh" else self.en

    def reason(self, language: Language) -> str:
        """Say what it measures and why."""
        return self.reason_zh if language == "zh" else self.reason_en

    def counts(self, language: Language) -> str:
        """Say what is counted: grams, points, times."""
        return self.counts_zh if language == "zh" else self.counts_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one component came to."""

    component: Component
    share: Share | None
    """None for deductions."""
    count: int
    """Points or times; 0 for shares."""
    value: int
    """Thousandths: how good the share is, drawn to the middle; for a deduction what it took."""
    points: int
    """Thousandths of the score it gives; negative for a deduction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score with everything it was made from."""

    thousandths: int
    stars: int
    weeks: int
    """Effective weeks of evidence."""
    parts: tuple[Part, ...]


@cache
def components() -> tuple[Component, ...]:
    """Return the lines of the formula as they are published.

    >>> sum(each.weight for each in components() if each.kind == "share")
    1000
    """
    return tuple(_component(row) for row in rows("integrity"))


def score(evidence: Logged) -> Score:
    """Return the score of evidence.

    >>> score(Logged(weight=0, shares={}, deductions={})).thousandths
    500
    """
    parts = tuple(
        _share_part(each, evidence) if each.kind == "share" else _deduction_part(each, evidence)
        for each in components()
    )
    total = min(FULL, max(0, sum(part.points for part in parts)))
    return Score(thousandths=total, stars=stars(total), weeks=evidence.weight, parts=parts)


def stars(thousandths: int) -> int:
    """Return one to five stars.

    >>> [stars(mark) for mark in (0, 199, 200, 599, 800)]
    [1, 1, 2, 3, 5]
    """
    return 1 + sum(thousandths >= mark for mark in STARS)


def _share_part(component: Component, evidence: Logged) -> Part:
    share = evidence.shares.get(component.name, Share())
    if share.whole == 0:
        value = MIDDLE
    else:
        amiss = FULL * (share.whole - share.good) * component.steep // share.whole
        value = max(0, FULL - amiss)
        if component.name not in UNSHRUNK:
            value = (evidence.weight * value + PRIOR_WEEKS * MIDDLE) // (evidence.weight + PRIOR_WEEKS)
    points = component.weight * value // FULL
    return Part(component=component, share=share, count=0, value=value, points=points)


def _deduction_part(component: Component, evidence: Logged) -> Part:
    count = evidence.deductions.get(component.name, 0)
    taken = min(component.bound, component.weight * count)
    return Part(component=component, share=None, count=count, value=taken, points=-taken)


def _component(row: Mapping[str, str]) -> Component:
    kind: Literal["share", "deduction"] = "share" if row["kind"] == "share" else "deduction"
    return Component(
        name=row["component"],
        kind=kind,
        weight=int(row["weight"]),
        steep=int(row["steep"] or 1),
        bound=int(row["bound"] or 0),
        zh=row["zh"],
        en=row["en"],
        counts_zh=row["counts_zh"],
        counts_en=row["counts_en"],
        reason_zh=row["reason_zh"],
        reason_en=row["reason_en"],
        source=row["source"],
    )
