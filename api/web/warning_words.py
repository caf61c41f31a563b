"""How a warning is said: its subject, its state, its band of colour, its score, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from api.evidence_scores import Scored
from api.web.formats import Formats
from api.web.node_names import node_name
from api.web.words import Words, words_in
from ledger.errors import Language
from priceindex.classification import Level
from priceindex.warning.alerts.happenings import SINGLE, Warned
from priceindex.warning.hysteresis import State
from priceindex.warning.indicators.bands import Band, band_of
from priceindex.warning.rule_text import Rule, rule_book

_LEVELS: Final = {str(level): level for level in Level}
BANDS: Final = (Band.RED, Band.ORANGE, Band.YELLOW, Band.BLUE, Band.PURPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningLine:
    """One warning in a list; what it says depends on nothing but where the warning stands."""

    warning_id: str
    subject: str
    family: str
    rule: str
    state: State
    band: Band
    public: bool
    opened_ms: int
    changed_ms: int
    ended_ms: int | None
    reason: str | None
    """Why a person closed it; None where it ended by itself or is open."""
    scored: str | None = None
    """The score in the rule's unit and its day, as they were when something last happened to it."""
    marks: tuple[str, ...]
    """What else is to be known of it: acknowledged, snoozed, overdue, gathered."""


def warning_line(
    warned: Warned, now_ms: int, names: Mapping[str, str], words: Words, scored: Scored | None = None
) -> WarningLine:
    """Arrange a warning for a list; `names` are those of the families, by id."""
    family = names.get(warned.family, warned.family)
    state = warned.state if warned.open else warned.worst
    return WarningLine(
        warning_id=warned.warning_id,
        subject=subject_name(warned, family, words.language),
        family=family,
        rule=rule_name(warned.key.rule, words.language),
        state=state,
        band=band_of_rule(rule_named(warned.key.rule), state),
        public=warned.visible == "public",
        opened_ms=warned.opened_ms,
        changed_ms=warned.changed_ms or warned.opened_ms,
        ended_ms=warned.ended_ms,
        reason=None if warned.reason is None else warned.reason.words(words.language),
        marks=tuple(_marks(warned, now_ms, words)),
        scored=None if scored is None else _scored_words(scored, words),
    )


def subject_name(warned: Warned, family: str, language: Language) -> str:
    """Name what a warning is about: a node of the tree, a cell, or a source; `family` names the whole index.

    A cell is `herb|grade|origin|market`.
    """
    level = _LEVELS.get(warned.key.level)
    if level is Level.COMPOSITE:
        return family
    if level is not None:
        return node_name(level, warned.key.node, language)
    if warned.key.level == "source":
        words = words_in(language)
        return words("warning.subject_source", name=warned.key.node)
    return " ".join(part for part in warned.key.node.split("|") if part)


def rule_named(rule_id: str) -> Rule | None:
    """Return a rule in force; None for one of an older text."""
    return rule_book().named(rule_id)


def rule_name(rule_id: str, language: Language) -> str:
    """Name a rule; one of an older text keeps its id."""
    rule = rule_named(rule_id)
    if rule is None:
        return rule_id
    said = rule.words(language)
    return said[:1].upper() + said[1:]


def band_of_rule(rule: Rule | None, state: State) -> Band:
    """Return the band of a state: rules of falls have the cold colours, all others the warm ones."""
    return band_of(state, falling=rule is not None and rule.direction == "down")


def score_words(score: str | None, unit: str, words: Words) -> str:
    """Write a score or a bound in its unit.

    Shares are written as per cent, periods as whole weeks or months of the rule's grid.
    """
    if score is None:
        return words("warning.none")
    formats = Formats(words.language)
    if unit == "share":
        return formats.share(Decimal(score))
    if unit == "periods":
        return words("warning.periods", count=formats.number(Decimal(score), 1))
    return formats.number(Decimal(score), 2)


def _scored_words(scored: Scored, words: Words) -> str:
    score, day = score_words(scored.score, scored.unit, words), Formats(words.language).day(scored.day)
    return words("warning.scored", score=score, day=day)


def number_name(name: str, words: Words) -> str:
    """Name a number of the evidence; one without words keeps its own name."""
    return words(f"warning.number_{name}") if f"warning.number_{name}" in words else name


@cache
def band_rows(language: Language) -> tuple[tuple[Band, str], ...]:
    """Return the five bands with their names, from the worst rise to the worst fall."""
    return tuple((band, band_name(band, language)) for band in BANDS)


def band_name(band: Band, language: Language) -> str:
    """Name a band.

    >>> band_name(Band.RED, "zh"), band_name(Band.RED, "en")
    ('红色预警', 'Red')
    """
    return band.zh if language == "zh" else band.word.capitalize()


def _marks(warned: Warned, now_ms: int, words: Words) -> list[str]:
    formats = Formats(words.language)
    found = []
    if warned.key.form != SINGLE:
        found.append(words("warning.mark_class"))
    if warned.gathered_into is not None:
        found.append(words("warning.mark_gathered"))
    if warned.open and warned.snoozed(now_ms):
        found.append(words("warning.mark_snoozed", until=formats.moment(warned.snoozed_until_ms or 0)))
    elif warned.open and warned.acknowledged_ms is not None:
        found.append(words("warning.mark_acknowledged"))
    elif warned.open and warned.escalated_ms is not None:
        found.append(words("warning.mark_overdue"))
    return found
