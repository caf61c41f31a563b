"""The entries of the list of the way: step by step, and where there are very many, like steps as one.

A pack merged from the herb of 25 growers has 150 steps: page and reader need them told shortly, and the phone
still needs every one of them named, so that none is hidden.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from api.web.words import Words
from ledger.errors import Language
from trace.story_parts import StoryFinding, StoryStep
from trace.vocabulary import Stage

MOST_STEPS: Final = 32
"""Steps told one by one, however alike."""
_ALIKE: Final = 4
"""As many steps of one stage are told as one where there are more than `MOST_STEPS`."""
_NAMED: Final = 5
"""Firms and places named of such an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list: its number in it, and its steps, oldest first."""

    number: int
    steps: tuple[StoryStep, ...]

    @property
    def first(self) -> StoryStep:
        """The oldest of its steps; the only one unless it stands for many."""
        return self.steps[0]

    @property
    def folded(self) -> bool:
        """Whether it stands for several steps."""
        return len(self.steps) > 1


def way_entries(steps: Sequence[StoryStep]) -> tuple[Entry, ...]:
    """Put the steps of a way, oldest first, into entries in the order of their first steps."""
    if len(steps) <= MOST_STEPS:
        return tuple(Entry(at + 1, (step,)) for at, step in enumerate(steps))
    alike = Counter(_sort(step) for step in steps)
    found: dict[object, list[StoryStep]] = {}
    for step in steps:
        sort = _sort(step)
        found.setdefault(sort if sort and alike[sort] >= _ALIKE else step.step_id, []).append(step)
    return tuple(Entry(at + 1, tuple(each)) for at, each in enumerate(found.values()))


def entry_numbers(entries: Sequence[Entry]) -> dict[str, int]:
    """Return by step in which entry it is told."""
    return {step.step_id: entry.number for entry in entries for step in entry.steps}


def _sort(step: StoryStep) -> tuple[Stage, frozenset[str]] | None:
    """Return what steps told as one have in common; None for a corrected one, which stands for itself."""
    if step.corrected is not None or step.corrects is not None:
        return None
    return step.stage, frozenset(finding.rule for finding in step.findings)


def statement_ids(entry: Entry) -> str:
    """Return the ids of an entry's statements for the script on the page, without what all begin with."""
    return " ".join(step.statement_id.removeprefix("urn:uuid:") for step in entry.steps)


def firm_names(entry: Entry, words: Words) -> Markup:
    """Name the first firms of an entry, and say how many there are."""
    names = list(dict.fromkeys(step.party_name for step in entry.steps))
    marked = (Markup("<bdi>{}</bdi>").format(name) for name in names[:_NAMED])
    shown = escape(words("scan.comma")).join(marked)
    return shown if len(names) <= _NAMED else _and_more(shown, len(names), words)


def place_names(entry: Entry, words: Words) -> Markup:
    """Name the first divisions of an entry, and say how many there are."""
    found = dict.fromkeys(_division(step, words.language) for step in entry.steps)
    shown = escape(words("scan.comma")).join(list(found)[:_NAMED])
    return shown if len(found) <= _NAMED else _and_more(shown, len(found), words)


def findings_of(entry: Entry) -> tuple[StoryFinding, ...]:
    """Return the findings beside an entry: of many like ones the first."""
    by_rule = {finding.rule: finding for step in reversed(entry.steps) for finding in step.findings}
    return entry.first.findings if not entry.folded else tuple(by_rule.values())


def _division(step: StoryStep, language: Language) -> str:
    return step.place.division_name if language == "zh" else step.place.division_name_en


def _and_more(shown: Markup, count: int, words: Words) -> Markup:
    return escape(words("way.and_more", shown="{shown}", count=count)).format(shown=shown)
