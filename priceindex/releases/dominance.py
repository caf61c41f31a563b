"""Whether one source dominates a release: the composite computed again without each source in turn.

A source's part of the composite's last movement is how much the movement changes without it. Above half, or
where the composite itself would differ by more than 1 %, a second person should look before it goes out. The
rule and both bounds are our own, after the IOSCO principles for price reporting agencies (recalled).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from ledger.canonical import canonical
from priceindex.classification import COMPOSITE, Level
from priceindex.engine.index_run import IndexRun
from priceindex.engine.run import run as compute
from priceindex.errors import PriceIndexError
from priceindex.releases.series import UNPUBLISHED

MOST_SHARE_BP: Final = 5_000
MOST_DIFFERENCE_BP: Final = 100
SMALLEST_MOVE_BP: Final = 50
"""A movement under half a per cent is too small to be shared out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """One source without which the release would say something else."""

    source: str
    share_bp: int | None
    """Its part of the composite's last movement, in basis points; None where that is too small to share."""
    difference_bp: int | None
    """How much the composite differs without it; None where there is none without it."""

    def words(self, language: str) -> str:
        """Say why the release is held.

        >>> Dominance(source="market-a", share_bp=7_200, difference_bp=34).words("en")
        'source market-a: 72 % of the last movement; without it the composite differs by 0.34 %'
        """
        share = None if self.share_bp is None else f"{self.share_bp / 100:g} %"
        apart = None if self.difference_bp is None else f"{self.difference_bp / 100:g} %"
        if language == "zh":
            first = "" if share is None else f"占最近一期变动的 {share}"
            second = "去掉后总指数无法计算" if apart is None else f"去掉后总指数相差 {apart}"
            return f"来源 {self.source}：" + "；".join(part for part in (first, second) if part)
        first = "" if share is None else f"{share} of the last movement"
        second = (
            "without it there is no composite"
            if apart is None
            else f"without it the composite differs by {apart}"
        )
        return f"source {self.source}: " + "; ".join(part for part in (first, second) if part)

    @property
    def holds(self) -> bool:
        """Whether it dominates."""
        apart = self.difference_bp is None or self.difference_bp > MOST_DIFFERENCE_BP
        return apart or (self.share_bp is not None and self.share_bp > MOST_SHARE_BP)

    def text(self) -> str:
        """Canonical JSON of it."""
        members = {"source": self.source, "share_bp": self.share_bp, "difference_bp": self.difference_bp}
        return canonical(members).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        """What `text` made."""
        return cls(**json.loads(text))


def dominant(run: IndexRun) -> Dominance | None:
    """The source that dominates a run most; None where none does, or only one source quotes at all.

    That an index has a single source is told with every value, and is no news to whoever publishes it.
    """
    found = [one for one in dominances(run) if one.holds]
    if not found:
        return None
    return max(found, key=lambda one: (one.difference_bp is None, one.difference_bp or 0, one.share_bp or 0))


def dominances(run: IndexRun) -> Iterator[Dominance]:
    """What leaving out each source does to the composite's last value and movement."""
    names = [each.name for each in run.inputs.sources]
    quoting = np.unique(run.inputs.quotes.source)
    if len({names[place] for place in quoting.tolist()}) < 2:
        return
    whole = _last_two(run)
    for name in sorted({names[place] for place in quoting.tolist()}):
        yield _without(run, name, whole)


def _without(run: IndexRun, name: str, whole: tuple[float, float] | None) -> Dominance:
    of_it = np.array([each.name == name for each in run.inputs.sources], dtype=np.bool_)
    quotes = run.inputs.quotes
    kept = np.flatnonzero(~of_it[quotes.source])
    try:
        left = _last_two(compute(replace(run.inputs, quotes=quotes.taken(kept))), run)
    except PriceIndexError:  # without it the family cannot be computed: it rests on this source
        left = None
    if whole is None or left is None:
        return Dominance(source=name, share_bp=None, difference_bp=None if left is None else 0)
    move, without = np.log(whole[1] / whole[0]), np.log(left[1] / left[0])
    share = None
    if abs(move) * 10_000 >= SMALLEST_MOVE_BP:
        share = round(abs(move - without) / abs(move) * 10_000)
    return Dominance(source=name, share_bp=share, difference_bp=round(abs(left[1] / whole[1] - 1) * 10_000))


def _last_two(run: IndexRun, like: IndexRun | None = None) -> tuple[float, float] | None:
    """The composite on the last two days of `like`, by default of the run; None unless both are published."""
    wanted = (run if like is None else like).day_numbers[-2:]
    series = run.series(Level.COMPOSITE, COMPOSITE)
    places = np.searchsorted(series.days, wanted, side="right") - 1
    if len(wanted) < 2 or bool((places < 0).any()):
        return None
    units = series.units[places]
    return None if UNPUBLISHED in units else (float(units[0]), float(units[1]))
