"""What waits for a party, as lines of a list: how many, what, and the one thing to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.web.formats import Formats
from api.web.site import Reader
from api.web.words import Words
from trace.first_steps import FirstSteps
from trace.parties import Party
from trace.quantities import format_mass
from trace.registers.register_words import LicenceKind
from trace.vocabulary import NodeType
from trace.waiting import Awaited, Waiting

_NAMED: Final = 3
"""Things of one line that are named; the rest is counted."""
_MOST_PREFILLED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of what waits."""

    key: str
    """Its words are the messages ``work_waiting.<key>`` and, of the button, ``work_waiting.do_<key>``."""
    count: int
    told: str
    """Which ones, in a few words."""
    link: str
    pressing: bool = False
    """Whether a day is set for it, or goods stand still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideStep:
    """One of the five first steps."""

    key: str
    done: bool
    now: bool
    """Whether it is the next to be done."""
    link: str


def tasks_of(found: Waiting, words: Words, reader: Reader) -> list[Task]:
    """Return the lines, what presses first; a kind of which nothing waits has none."""
    return [each for each in _tasks(found, words, reader) if each.count]


def guide_of(begun: FirstSteps, whose: Party, words: Words, reader: Reader) -> list[GuideStep]:  # noqa: ARG001  words belong to the template
    """Return the five steps of the guide, the first that is not done marked."""
    first = "/workbench/steps/planting" if NodeType.GROWER in whose.node_types else "/workbench/steps/opening"
    links = ("", "/workbench/places/new", first, "/workbench/steps", "/workbench/labels")
    keys = ("party", "place", "first", "second", "labels")
    now = begun.done.index(False)
    return [
        GuideStep(key=key, done=done, now=at == now, link=reader.link(link) if link else "")
        for at, (key, done, link) in enumerate(zip(keys, begun.done, links, strict=True))
    ]


def _tasks(found: Waiting, words: Words, reader: Reader) -> Iterator[Task]:
    formats = Formats(words.language)
    yield Task(
        key="recalls",
        count=len(found.to_acknowledge),
        told=words("work_waiting.recalls_told"),
        link=reader.link("/workbench/notices"),
        pressing=True,
    )
    yield Task(
        key="receive",
        count=len(found.awaited),
        told=_few([_goods(each, words) for each in found.awaited], words),
        link=reader.link("/workbench/receive"),
        pressing=True,
    )
    yield Task(
        key="packs",
        count=found.packs_awaited,
        told=words("work_waiting.packs_told"),
        link=reader.link("/workbench/receive"),
        pressing=True,
    )
    yield Task(
        key="complaints",
        count=len(found.complaints),
        told=_few([each.category.words(words.language) for each in found.complaints], words),
        link=reader.link("/workbench/complaints"),
        pressing=True,
    )
    yield Task(
        key="lapsing",
        count=len(found.lapsing),
        told=_few([_licence(each.kind, each.until_ms, words, formats) for each in found.lapsing], words),
        link=reader.link("/workbench/licences"),
        pressing=True,
    )
    yield from _quiet(found, words, reader)


def _quiet(found: Waiting, words: Words, reader: Reader) -> Iterator[Task]:
    yield Task(
        key="notices",
        count=found.unread,
        told=words("work_waiting.notices_told"),
        link=reader.link("/workbench/notices"),
    )
    yield Task(
        key="untested",
        count=len(found.untested),
        told=_few(list(found.untested), words),
        link=reader.link("/workbench/steps/test", lots=";".join(found.untested[:_MOST_PREFILLED])),
    )
    yield Task(
        key="late",
        count=len(found.late),
        told=_few([each.stage.words(words.language) for each in found.late], words),
        link=reader.link("/workbench/findings"),
    )
    yield Task(
        key="found",
        count=len(found.found),
        told=_few([each.finding.message(words.language) for each in found.found[:1]], words),
        link=reader.link("/workbench/findings"),
    )


def _goods(each: Awaited, words: Words) -> str:
    mass = "" if each.grams is None else " " + format_mass(each.grams, words.language)
    return f"{each.herb} {each.lot}{mass}"


def _licence(kind: str, until_ms: int, words: Words, formats: Formats) -> str:
    name = LicenceKind(kind).words(words.language)
    return words("work_waiting.licence_until", licence=name, until=formats.last_day(until_ms))


def _few(named: list[str], words: Words) -> str:
    """Name the first few of them, each once."""
    each = list(dict.fromkeys(named))
    joined = ("、" if words.language == "zh" else ", ").join(each[:_NAMED])
    return joined + (" …" if len(each) > _NAMED else "")
