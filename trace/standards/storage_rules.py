"""Storage words 贮藏 and what they demand: 常温, 阴凉处, 凉暗处, 冷处 (药典 凡例, recalled).

Which of them the standard of a herb prescribes is known from no source: readings are held against what a
place or a step says of its storage.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from trace.facts import rows
from trace.standards.sureness import Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageRule:
    """What one storage word demands; both ends are allowed, None is no bound."""

    key: str
    zh: str
    en: str
    temperature_min: Decimal | None
    """Degrees Celsius."""
    temperature_max: Decimal | None
    humidity_min: Decimal | None
    """Relative humidity in per cent."""
    humidity_max: Decimal | None
    dark: bool
    """Whether light must be kept away."""
    confidence: Sureness
    source: str


_SPOKEN: Final = (
    ("冷", "cold"), ("凉暗", "cool_dark"), ("阴凉", "shade"), ("常温", "room"), ("室温", "room"),
)  # fmt: skip
"""What a text must contain to mean a rule; the colder word is looked for first."""


def storage_named(text: str) -> StorageRule | None:
    """Return the rule that a key or a phrase such as 阴凉库 or 常温通风干燥处 means; None when none.

    >>> found = storage_named("阴凉库，防潮")
    >>> found and (found.zh, found.temperature_max)
    ('阴凉处', Decimal('20.0'))
    """
    wanted = text.strip().casefold()
    if wanted in _table():
        return _table()[wanted]
    return next((_table()[key] for word, key in _SPOKEN if word in wanted), None)


def all_storage_rules() -> tuple[StorageRule, ...]:
    """Return every storage rule, warmest first."""
    return tuple(_table().values())


@cache
def _table() -> dict[str, StorageRule]:
    return {row["key"]: _typed(row) for row in rows("storage_rules")}


def _typed(row: dict[str, str]) -> StorageRule:
    return StorageRule(
        key=row["key"],
        zh=row["zh"],
        en=row["en"],
        temperature_min=_tenths(row["low_dc"]),
        temperature_max=_tenths(row["high_dc"]),
        humidity_min=Decimal(row["humidity_low"]) if row["humidity_low"] else None,
        humidity_max=Decimal(row["humidity_high"]) if row["humidity_high"] else None,
        dark=row["dark"] == "yes",
        confidence=Sureness(row["confidence"]),
        source=row["source"],
    )


def _tenths(text: str) -> Decimal | None:
    return Decimal(int(text)).scaleb(-1) if text else None
