"""What one check of the loaded city found, in words of both languages."""

from collections.abc import Callable
from dataclasses import dataclass

from daodi_city.words import say
from ledger.errors import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found."""

    name: Callable[[Language], str]
    figures: Callable[[Language], str]
    passed: bool


def outcome(name: str, figures: str, *, passed: bool, **parts: object) -> Outcome:
    """State an outcome by phrase keys; a part that is a callable is asked for its words in the language."""

    def told(key: str, language: Language) -> str:
        words = {part: value(language) if callable(value) else value for part, value in parts.items()}
        return say(key, language, **words)

    return Outcome(
        name=lambda language: told(name, language),
        figures=lambda language: told(figures, language),
        passed=passed,
    )
