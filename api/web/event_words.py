"""What an event of an index is called beside its chart, and where more of it is to be read."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.publication.index_events import IndexEvent
from api.web.node_names import node_name
from api.web.notice_words import notice_words
from api.web.warning_words import rule_name
from api.web.words import Words
from priceindex.classification import Level
from priceindex.releases.node_changes import NodeChange
from priceindex.releases.notices import Notice
from priceindex.releases.release import Release
from priceindex.releases.standing import StandingLine
from priceindex.warning.alerts.happenings import Warned

NAMED: Final = 6
"""Herbs named of those that entered or left at once."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event in the list below a chart; its number is its place in the list."""

    day: date
    kind: str
    """What it is, in a word."""
    sentence: str
    path: str
    """Page with more of it."""
    terms: tuple[tuple[str, str], ...] = ()
    """Parameters of that page."""


def event_lines(found: list[IndexEvent], release: Release, words: Words) -> tuple[EventLine, ...]:
    """Say events in their order."""
    return tuple(
        EventLine(each.day, words(f"events.kind_{each.kind}"), *_said(each, release, words)) for each in found
    )


def _said(
    event: IndexEvent, release: Release, words: Words
) -> tuple[str, str] | tuple[str, str, tuple[tuple[str, str], ...]]:
    """Return the sentence, the page with more, and its parameters."""
    about, of_family = event.about, (("family", release.family),)
    if isinstance(about, Notice):
        return notice_words(about, words), f"/index/{about.release_id}"
    if isinstance(about, StandingLine):
        named = words("events.standing", standing=about.standing.words(words.language), reason=about.reason)
        return named, "/governance", of_family
    if isinstance(about, Warned):
        return rule_name(about.key.rule, words.language), f"/warnings/{about.warning_id}"
    if isinstance(about, Release):
        if event.kind == "method":
            return words("events.method", method=about.method_id), "/index/methodology", of_family
        return words("events.weights", weights=_weights(about, words)), f"/index/{about.release_id}"
    return _herbs(about, words), f"/index/{release.family}", (("cut", "herb"),)


def _weights(release: Release, words: Words) -> str:
    told = release.summary.weights
    return words("index.weights_declared_equal") if told == "declared_equal" else told


def _herbs(changes: tuple[NodeChange, ...], words: Words) -> str:
    entered = [each.node for each in changes if each.entered]
    left = [each.node for each in changes if not each.entered]
    told = {"count": len(entered), "names": _names(entered, words)}
    gone = {"count": len(left), "names": _names(left, words)}
    said = []
    if entered:
        few = len(entered) <= NAMED
        said.append(words("events.entered", **told) if few else words("events.entered_more", **told))
    if left:
        few = len(left) <= NAMED
        said.append(words("events.left", **gone) if few else words("events.left_more", **gone))
    return " ".join(said)


def _names(herbs: list[str], words: Words) -> str:
    join = "、" if words.language == "zh" else ", "
    return join.join(node_name(Level.HERB, each, words.language) for each in herbs[:NAMED])
