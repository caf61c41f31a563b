"""Rules that judge a price against the cell's last accepted one: flag it, or set it aside.

Nothing is dropped: a flagged quote enters the index with its mark, a quarantined one waits for a
person. The bounds are ours, stated in docs/methodology.md; the unit slips are the ones the trade makes:
斤 for 公斤 (×2), a lost or added digit (×10), 克 for 公斤 (×500, ×1000).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from priceindex.quotes import Status

STEP_LIMIT: Final = 0.33
"""A move from one quote to the next beyond this fraction is flagged."""
FRESH_DAYS: Final = 30
"""How old the last quote may be for a step or a doubling to mean anything."""
_ABSURD: Final = 20.0
_SLIPS: Final = ((2.0, 0.05), (10.0, 0.20), (500.0, 0.20), (1000.0, 0.20))
"""Factor of a unit slip, and how near the ratio must be to it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule a quote can meet."""

    code: str
    status: Status
    zh: str
    en: str


RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule
    for rule in (
        Rule(
            "unit-slip-x2",
            Status.QUARANTINED,
            "与上次报价相差约 2 倍，疑为斤与公斤混淆",
            "about 2 times the last quote or half of it: 斤 for 公斤?",
        ),
        Rule(
            "unit-slip-x10",
            Status.QUARANTINED,
            "与上次报价相差约 10 倍，疑为小数点错位",
            "about 10 times the last quote or a tenth of it: a decimal point?",
        ),
        Rule(
            "unit-slip-x500",
            Status.QUARANTINED,
            "与上次报价相差约 500 倍，疑为计价单位错误",
            "about 500 times the last quote or the inverse: a unit?",
        ),
        Rule(
            "unit-slip-x1000",
            Status.QUARANTINED,
            "与上次报价相差约 1000 倍，疑为克与公斤混淆",
            "about 1000 times the last quote or the inverse: grams for kilograms?",
        ),
        Rule(
            "absurd-jump",
            Status.QUARANTINED,
            "与上次报价相差超过 20 倍",
            "more than 20 times the last quote or less than a twentieth",
        ),
        Rule(
            "big-step",
            Status.FLAGGED,
            "与上次报价相差超过 33 %",
            "differs from the last quote by more than 33 %",
        ),
    )
}


def screen(
    fen_per_kg: int, before_fen_per_kg: int | None, days_between: int
) -> tuple[Status, tuple[str, ...]]:
    """Judge a price by the cell's last accepted one; without one there is nothing to judge by.

    >>> [screen(now, 8500, 1)[1] for now in (8500, 850, 4250, 5600)]
    [(), ('unit-slip-x10',), ('unit-slip-x2',), ('big-step',)]
    >>> str(screen(850, 8500, 400)[0])
    'quarantined'
    """
    if before_fen_per_kg is None or fen_per_kg == before_fen_per_kg:
        return Status.ACCEPTED, ()
    ratio = fen_per_kg / before_fen_per_kg
    size = max(ratio, 1 / ratio)
    fresh = days_between <= FRESH_DAYS
    for factor, tolerance in _SLIPS:
        if (fresh or factor > _SLIPS[0][0]) and abs(size / factor - 1) <= tolerance:
            return Status.QUARANTINED, (f"unit-slip-x{factor:.0f}",)
    if size > _ABSURD:
        return Status.QUARANTINED, ("absurd-jump",)
    if fresh and abs(ratio - 1) > STEP_LIMIT:
        return Status.FLAGGED, ("big-step",)
    return Status.ACCEPTED, ()
