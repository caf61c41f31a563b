"""What an indicator says of a rule's subjects: one row of scores each, on one grid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from priceindex.formulas.relatives import Floats, Places
from priceindex.warning.alerts.grids import Grids
from priceindex.warning.indicators.indication import Indication, Mask
from priceindex.warning.rule_text import Rule
from priceindex.warning.sightings import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who a row of scores is about."""

    level: str
    node: str
    parent: str | None = None
    """The class of a herb."""
    herb: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """Rows of scores with their evidence."""

    subjects: tuple[Subject, ...]
    days: Places
    """(T,): last day of each period."""
    indication: Indication
    """(n, T)."""
    values: Floats | None = None
    """(n, T): what the score is about, to be drawn beside it."""
    private: Callable[[int], Evidence] | None = field(default=None)
    """By row: what only regulators see of it."""
    absent: Mapping[str, int] = field(default_factory=dict)
    """Why there are no rows at all: reason -> how many subjects it holds for."""


Indicator: TypeAlias = Callable[[Grids, Rule], Scored]
"""From a family's grids to the rows a rule judges."""


def nothing(reason: str, subjects: int) -> Scored:
    """No row at all, and why."""
    none: Mask = np.empty((0, 0), dtype=np.bool_)
    empty = Indication(score=np.empty((0, 0)), evidence={}, withheld={"missing": none})
    return Scored(
        subjects=(),
        days=np.empty(0, dtype=np.int64),
        indication=empty,
        absent={reason: subjects} if subjects else {},
    )
