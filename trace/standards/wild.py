"""Wild species under state protection, harvest seasons and banned inputs, herb by herb."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from trace.facts import rows
from trace.standards.sureness import Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A herb whose wild species are protected; level 1 must not be taken at all."""

    herb: str
    level: int
    confidence: Sureness
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """When a herb is harvested, as its monograph words it."""

    herb: str
    words_zh: str
    words_en: str
    months: frozenset[int]
    """Months read off the words, widely."""
    confidence: Sureness
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BannedInput:
    """Something that must not be used on herbs in the field or after."""

    name: str
    kind: str
    """pesticide or growth."""
    zh: str
    en: str
    confidence: Sureness
    source: str


def protection(herb: str) -> Protection | None:
    """Return how the wild species of a herb are protected; None for those that are not."""
    return _protected().get(herb)


def season(herb: str) -> Season | None:
    """Return the harvest season of a herb; None where none is known.

    >>> found = season("菊花")
    >>> sorted(found.months) if found else None
    [9, 10, 11]
    """
    return _seasons().get(herb)


@cache
def all_banned_inputs() -> tuple[BannedInput, ...]:
    """Return every banned input, in the order of the fact table."""
    return tuple(
        BannedInput(
            name=row["name"],
            kind=row["kind"],
            zh=row["zh"],
            en=row["en"],
            confidence=Sureness(row["confidence"]),
            source=row["source"],
        )
        for row in rows("banned_inputs")
    )


def banned_in(text: str) -> BannedInput | None:
    """Return the banned input that a record's words name, the longest name first; None when none.

    >>> found = banned_in("40%甲基对硫磷乳油")
    >>> found and found.name
    '甲基对硫磷'
    """
    named = [each for each in all_banned_inputs() if each.name in text]
    return max(named, key=lambda each: len(each.name), default=None)


@cache
def _protected() -> Mapping[str, Protection]:
    return {
        row["herb"]: Protection(
            herb=row["herb"],
            level=int(row["level"]),
            confidence=Sureness(row["confidence"]),
            source=row["source"],
        )
        for row in rows("protected")
    }


@cache
def _seasons() -> Mapping[str, Season]:
    return {
        row["herb"]: Season(
            herb=row["herb"],
            words_zh=row["words_zh"],
            words_en=row["words_en"],
            months=frozenset(int(each) for each in row["months"].split("|")),
            confidence=Sureness(row["confidence"]),
            source=row["source"],
        )
        for row in rows("seasons")
    }
