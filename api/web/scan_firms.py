"""The firms on the way and their licences as the scan page shows them: as registered, and by day of step.

Nothing here says that a licence holds today: the page is drawn once and read on many days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.web.words import Words
from trace.registers.days import day_of
from trace.story_parts import Story, StoryLicence

MOST_FIRMS: Final = 8
"""Firms whose licences the page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmLicence:
    """One licence, ready to show."""

    kind: str
    number: str
    issuer: str
    validity: str
    """First and last day as the licence itself says them, and when it was withdrawn."""
    held: str
    """On the day of which steps it held; empty for none."""
    statement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """Who did something on the way."""

    uscc: str
    name: str
    steps: str
    """Numbers of its steps in the list of the way."""
    licences: tuple[FirmLicence, ...]
    gaps: tuple[str, ...]
    """On the day of which steps no licence of a kind held, a sentence for each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firms:
    """The firms as far as the page has room for them."""

    licensed: tuple[Firm, ...]
    without: str
    """Names of those that registered no licence; empty for none."""
    left_out: int
    """Firms with licences that are not listed."""


def shown_firms(story: Story, number: Mapping[str, int], words: Words) -> Firms:
    """Return what the page shows of the firms; `number` holds in which entry of the way a step is told."""
    found = firms(story, number, words)
    licensed = [firm for firm in found if firm.licences]
    without = [firm.name for firm in found if not firm.licences]
    return Firms(
        licensed=tuple(licensed[:MOST_FIRMS]),
        without=words("scan.comma").join(without),
        left_out=max(0, len(licensed) - MOST_FIRMS),
    )


def firms(story: Story, number: Mapping[str, int], words: Words) -> tuple[Firm, ...]:
    """Return the firms in the order of their first step; steps declared wrong count for nothing."""
    done: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for step in story.steps:
        if step.corrected is None:
            done.setdefault(step.party, []).append(step.step_id)
            names[step.party] = step.party_name
    return tuple(
        Firm(
            uscc=uscc,
            name=names[uscc],
            steps=_runs((number[each] for each in steps), words),
            licences=tuple(_shown(each, number, words) for each in story.licences if each.party == uscc),
            gaps=tuple(_gaps(story, uscc, number, words)),
        )
        for uscc, steps in done.items()
    )


def run_words(numbers: Iterable[int], comma: str) -> str:
    """Name steps by their numbers, those in a row by the first and the last.

    >>> run_words([1, 2, 3, 5, 8, 9], ", ")
    '1–3, 5, 8, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(each) for each in run] for run in runs)
    return comma.join(each for run in said for each in run)


def _runs(numbers: Iterable[int], words: Words) -> str:
    return run_words(numbers, words("scan.comma"))


def _shown(licence: StoryLicence, number: Mapping[str, int], words: Words) -> FirmLicence:
    kind = licence.kind.words(words.language)
    return FirmLicence(
        kind=kind[:1].upper() + kind[1:],
        number=licence.number,
        issuer=licence.issuer,
        validity=_validity(licence, words),
        held=_runs((number[each] for each in licence.held), words),
        statement_id=licence.statement_id,
    )


def _validity(licence: StoryLicence, words: Words) -> str:
    first = day_of(licence.valid_from_ms).isoformat()
    if licence.valid_until_ms is None:
        said = words("firms.valid_on", first=first)
    else:
        said = words("firms.valid", first=first, last=day_of(licence.valid_until_ms - 1).isoformat())
    if licence.withdrawn_ms is None:
        return said
    return said + words("firms.withdrawn", day=day_of(licence.withdrawn_ms).isoformat())


def _gaps(story: Story, uscc: str, number: Mapping[str, int], words: Words) -> Iterable[str]:
    """Say for each kind of licence on which steps none of that kind held."""
    by_kind: dict[str, list[StoryLicence]] = {}
    for licence in story.licences:
        if licence.party == uscc:
            by_kind.setdefault(licence.kind.words(words.language), []).append(licence)
    for kind, held in by_kind.items():
        if bare := _bare(held):
            yield words("firms.gap", kind=kind, steps=_runs((number[each] for each in bare), words))


def _bare(held: Sequence[StoryLicence]) -> set[str]:
    """Return the steps on which none of these licences held."""
    return set.intersection(*(set(licence.lapsed) for licence in held))
