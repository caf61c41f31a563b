"""The three classes of a recall and the time they leave, as `facts/recall_classes.csv` has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final

from trace.facts import rows

_HOUR_MS: Final = 3_600_000


class RecallClass(IntEnum):
    """一级, 二级, 三级: how grave the harm may be."""

    FIRST = 1
    SECOND = 2
    THIRD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassWords:
    """What a class is called, what it means, and its time limits."""

    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    notify_hours: int
    """Within how many hours every holder is to be told to stop selling and using."""
    plan_days: int
    """Within how many days the plan is to be filed."""
    report_days: int
    """Every how many days progress is to be reported."""
    confidence: str
    """source or recalled."""
    source: str

    @property
    def notify_ms(self) -> int:
        """`notify_hours` in milliseconds."""
        return self.notify_hours * _HOUR_MS


@cache
def _classes() -> Mapping[RecallClass, ClassWords]:
    return {
        RecallClass(int(row["class"])): ClassWords(
            zh=row["zh"],
            en=row["en"],
            meaning_zh=row["meaning_zh"],
            meaning_en=row["meaning_en"],
            notify_hours=int(row["notify_hours"]),
            plan_days=int(row["plan_days"]),
            report_days=int(row["report_days"]),
            confidence=row["confidence"],
            source=row["source"],
        )
        for row in rows("recall_classes")
    }


def class_words(recall_class: RecallClass) -> ClassWords:
    """Return the words and time limits of a class.

    >>> class_words(RecallClass.FIRST).zh, class_words(RecallClass.FIRST).notify_hours
    ('一级', 24)
    """
    return _classes()[recall_class]
