"""What the page of a party is filled with: its score in words, and its components as bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from api.web.formats import Formats
from api.web.words import Words
from trace.integrity.formula import Part
from trace.integrity.scoring import Scored
from trace.integrity.source_trust import SourceTrust
from trace.parties import Party
from trace.quantities import format_mass

_WIDTH: Final = 300
_HEIGHT: Final = 22
_STARS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentLine:
    """One component in the reader's words."""

    name: str
    reason: str
    counted: str
    """Of how much, how much; or how many points."""
    points: str
    """What it gives of what it could, or takes."""
    bar: Markup
    evidence: tuple[tuple[str, str], ...]
    """Statements behind what is amiss: the id as shown, and the address of its receipt."""


def integrity_parts(
    known: Party,
    history: Sequence[Scored],
    behind: Mapping[str, Sequence[str]],
    trust: SourceTrust,
    words: Words,
) -> dict[str, object]:
    """Return what `party.html` shows."""
    newest = history[0] if history else None
    return {
        "party": known,
        "nodes": ("、" if words.language == "zh" else ", ").join(
            each.words(words.language) for each in known.node_types
        ),
        "newest": newest,
        "stars": "" if newest is None else stars_drawn(newest.score.stars),
        "lines": []
        if newest is None
        else [_line(part, behind.get(part.component.name, ()), words) for part in newest.score.parts],
        "history": history,
        "trust": trust,
        "why_not": trust.reason(words.language),
    }


def stars_drawn(count: int) -> str:
    """Return so many of five stars.

    >>> stars_drawn(3)
    '★★★☆☆'
    """
    return "★" * count + "☆" * (_STARS - count)


def draw_bar(points: int, most: int, label: str) -> Markup:
    """Return how much of the most a component gives (or takes), as a small bar that says so in words."""
    filled = 0 if most == 0 else _WIDTH * min(abs(points), most) // most
    kind = "taken" if points < 0 else "given"
    return Markup(  # noqa: S704  every text in it is escaped here
        f'<svg class="score-bar" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img" aria-label="{escape(label)}">'
        f'<rect class="most" x="0" y="4" width="{_WIDTH}" height="14" rx="3"/>'
        f'<rect class="{kind}" x="0" y="4" width="{filled}" height="14" rx="3"/></svg>'
    )


def _line(part: Part, behind: Sequence[str], words: Words) -> ComponentLine:
    component, language = part.component, words.language
    formats = Formats(language)
    most = component.weight if part.share is not None else component.bound
    points = words("party.points", points=formats.number(part.points), most=formats.number(most))
    return ComponentLine(
        name=component.words(language),
        reason=component.reason(language),
        counted=_counted(part, words, formats),
        points=points,
        bar=draw_bar(part.points, most, f"{component.words(language)}: {points}"),
        evidence=tuple((each, f"/v1/receipts/{quote(each, safe=':')}") for each in behind),
    )


def _counted(part: Part, words: Words, formats: Formats) -> str:
    if part.share is None:
        return words(
            "party.times", count=formats.number(part.count), what=part.component.counts(words.language)
        )
    if part.share.whole == 0:
        return words("party.no_evidence")
    if part.component.name == "firm":
        return words("party.of", good=formats.number(part.share.good), whole=formats.number(part.share.whole))
    good, whole = (format_mass(grams, words.language) for grams in (part.share.good, part.share.whole))
    return words("party.of", good=good, whole=whole)
