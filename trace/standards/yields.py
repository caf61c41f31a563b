"""Yield bounds: how much of one form may come out of how much of another, and of an acre of field.

No source here gives 折干率 or 亩产; the bounds are drawn so wide that only a gross error or a fraud lies
outside, and each says that it is an assumption and why (`facts/yields.csv`).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from trace.facts import rows
from trace.herbs import PartClass
from trace.herbs import herb as herb_named
from trace.standards.sureness import Sureness
from trace.vocabulary import Form, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldBound:
    """Grams that may come out of 1000 g put in; both ends are allowed, None is no bound."""

    low_per_mille: int | None
    high_per_mille: int | None
    confidence: Sureness
    reason_zh: str
    reason_en: str

    def holds(self, came: int, out: int) -> bool:
        """Say whether `out` grams may come out of `came` grams.

        >>> bound = yield_bounds(Stage.PRIMARY_PROCESSING, "白芍", Form.FRESH, Form.HERB)
        >>> bound is not None and bound.holds(3_000, 1_000), bound is not None and bound.holds(3_000, 100)
        (True, False)
        """
        low = self.low_per_mille
        high = self.high_per_mille
        return (low is None or out * 1000 >= came * low) and (high is None or out * 1000 <= came * high)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaBound:
    """Grams of fresh goods that one 亩 (1/15 ha) may give over the life of one planting."""

    high_grams_per_mu: int
    confidence: Sureness
    reason_zh: str
    reason_en: str


MOST_PER_MU: Final = AreaBound(
    high_grams_per_mu=20_000_000,
    confidence=Sureness.ASSUMPTION,
    reason_zh="每亩20吨，多于任何大田作物（甘蔗丰产田约每亩10余吨）",
    reason_en="20 t a mu is more than any field crop gives (rich sugar cane: a little over 10 t)",
)
"""What a 亩 can give at the very most, whatever grows on it: no source gives a bound for one herb."""


def yield_bounds(stage: Stage, herb: str, from_form: Form, to_form: Form) -> YieldBound | None:
    """Return the bound for `stage` making `to_form` of `from_form`, or None where none is known.

    The masses compared are of herb alone: excipients are added by the caller. A row for the herb's part
    class stands before a general one. Raises `UnknownHerb`.
    """
    part = herb_named(herb).part_class
    if part is PartClass.MINERAL and stage is not Stage.PRIMARY_PROCESSING:
        return None  # calcining and quenching change minerals in ways no bound here knows
    table = _table()
    for wanted in (
        (stage, part, from_form, to_form),
        (stage, part, None, None),
        (stage, None, from_form, to_form),
    ):
        if (found := table.get(wanted)) is not None:
            return found
    return None


_Key = tuple[Stage, PartClass | None, Form | None, Form | None]


@cache
def _table() -> dict[_Key, YieldBound]:
    return {_key(row): _typed(row) for row in rows("yields")}


def _key(row: dict[str, str]) -> _Key:
    return (
        Stage(row["stage"]),
        PartClass(row["part_class"]) if row["part_class"] else None,
        Form(row["from_form"]) if row["from_form"] else None,
        Form(row["to_form"]) if row["to_form"] else None,
    )


def _typed(row: dict[str, str]) -> YieldBound:
    return YieldBound(
        low_per_mille=int(row["low_per_mille"]) if row["low_per_mille"] else None,
        high_per_mille=int(row["high_per_mille"]) if row["high_per_mille"] else None,
        confidence=Sureness(row["confidence"]),
        reason_zh=row["reason_zh"],
        reason_en=row["reason_en"],
    )
