"""What the scan page shows of a story: the verdict in words, the family tree of lots, the proof.

Pure: it gets the story, the places of its statements in the log and the present checkpoint, and says
nothing the record does not hold. Templates do the rest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from api.web.check_words import check_words
from api.web.formats import Formats, local
from api.web.lineage_chart import LotBox, LotLine, draw_lineage
from api.web.scan_firms import shown_firms
from api.web.way_entries import (
    entry_numbers,
    findings_of,
    firm_names,
    place_names,
    statement_ids,
    way_entries,
)
from api.web.way_strip import way_strip
from api.web.words import Words
from trace.coding.code_words import CodeStatus
from trace.coding.trace_code import grouped
from trace.herbs import all_herbs
from trace.quantities import format_mass
from trace.story_parts import Story, StoryAmount, StoryFinding, StoryStep, StoryTest, Verdict
from trace.vocabulary import Stage

_TONES: Final[Mapping[Verdict, str]] = {
    Verdict.MATCHES: "good",
    Verdict.DOUBTFUL: "doubt",
    Verdict.FROZEN: "bad",
    Verdict.NOT_ACTIVATED: "doubt",
    Verdict.UNKNOWN: "none",
}
"""Class of the verdict's colour; the word beside it says the same."""

_MOST_ALIKE: Final = 3
"""Findings of one rule said one by one; more are folded into one line."""
_MOST_LOTS: Final = 12
"""Lots drawn; of more the lot's own page tells."""
_MOST_TESTS: Final = 16
"""Results listed of lots further up the way, but for those over a limit, which all are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """The head of the log as the page states it."""

    size: int
    """Entries the newest checkpoint covers."""
    checkpoint: str
    """Its text, a C2SP signed note; empty while none is signed."""
    policy: str
    """Whom to trust, as `daodi verify --policy` takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictWords:
    """The first thing a consumer reads."""

    tone: str
    word: str
    sentence: str
    scans: str
    frozen: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One finding, said once however many steps carry it."""

    message: str
    lot: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecall:
    """A recall the pack is under: what is wrong, what to do, where its notice stands."""

    message: str
    remedy: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageRow:
    """One line of the tree's table twin."""

    source: str
    target: str
    step: str
    grams: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The tree and its table."""

    drawing: Markup
    rows: tuple[LineageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """The test results, the pack's own lot first."""

    sentence: str
    own: tuple[StoryTest, ...]
    earlier: tuple[StoryTest, ...]
    """Results of lots further up the way."""
    left_out: int
    """How many of those, none of them over a limit, are not listed."""
    recalled: bool
    """Whether a limit among them was not read in its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where the steps stand in the log."""

    sentence: str
    index_of: Mapping[str, int | None]
    """Log index of every statement; None while it waits to be integrated."""
    size: int
    """Entries the published checkpoint covers."""
    checkpoint: str


def scan_parts(story: Story, indices: Mapping[str, int], log: LogState, words: Words) -> dict[str, object]:
    """Return everything `scan.html` needs besides the frame.

    `indices` holds the log index of those statements of the story that are integrated.
    """
    formats = Formats(words.language)
    entries = way_entries(story.steps)
    number = entry_numbers(entries)
    return {
        "story": story,
        "code": grouped(story.code) if story.code else "",
        "herb": next((herb for herb in all_herbs() if herb.name_zh == story.herb), None),
        "verdict": verdict_words(story, words, formats),
        "sold": sold(story, words, formats),
        "recalls": recalls(story, words),
        "notes": notes(story, words),
        "strip": way_strip(story, number, words),
        "entries": entries,
        "statement_ids": statement_ids,
        "firm_names": lambda entry: firm_names(entry, words),
        "place_names": lambda entry: place_names(entry, words),
        "findings_of": findings_of,
        "firms": shown_firms(story, number, words),
        "tests": tested(story, words, formats),
        "lineage": lineage(story, words),
        "proof": proof(story, indices, log, words, formats),
        "missing": words("scan.comma").join(
            stage.words(words.language) for stage in story.completeness.missing
        ),
        "amounts": lambda step: amounts(step, words),
        "fields": lambda step: fields(step, words),
        "stated": stated,
        "parties": parties,
        "place_name": place_name,
        "iso": lambda step: local(step.event_ms, step.offset_minutes).isoformat(timespec="minutes"),
        "receipt_path": receipt_path,
        "policy": log.policy,
        "check_words": check_words(words),
    }


def verdict_words(story: Story, words: Words, formats: Formats) -> VerdictWords:
    """Say the verdict, and how often the code was asked for before."""
    verdict = story.verdict or Verdict.UNKNOWN
    recalled = verdict is Verdict.FROZEN and any(each.recall is not None for each in story.reasons)
    return VerdictWords(
        tone=_TONES[verdict],
        word=verdict.words(words.language).capitalize(),
        sentence=words("scan.sentence.recalled") if recalled else words(f"scan.sentence.{verdict.value}"),
        scans=scans_sentence(story.scans.count, story.scans.first_ms, words, formats),
        frozen=verdict is Verdict.FROZEN,
    )


def scans_sentence(count: int, first_ms: int | None, words: Words, formats: Formats) -> str:
    """Say how often a code was asked for before, and when first."""
    if first_ms is None:
        return words("scan.scan_first")
    return words("scan.scan_again", count=formats.number(count), first=formats.moment(first_ms))


def sold(story: Story, words: Words, formats: Formats) -> str | None:
    """Say that the pack is on record as sold or dispensed, and when; None where it is not."""
    if story.status not in (CodeStatus.SOLD, CodeStatus.DISPENSED) or story.status_ms is None:
        return None
    return words(f"scan.gone.{story.status.value}", moment=formats.moment(story.status_ms))


def recalls(story: Story, words: Words) -> tuple[ShownRecall, ...]:
    """Return the open recalls among the verdict's reasons, each with the address of its notice."""
    chinese = words.language == "zh"
    return tuple(
        ShownRecall(
            message=_begun(each.zh if chinese else each.en),
            remedy=_begun((each.remedy_zh if chinese else each.remedy_en).strip()),
            path=f"/recalls/{each.recall}",
        )
        for each in story.reasons
        if each.recall is not None
    )


def notes(story: Story, words: Words) -> tuple[Note, ...]:
    """Return the verdict's reasons but for recalls, then the other findings, many of one rule as one.

    A season entered afterwards is late at every step: said once here, and beside each step of the way.
    """
    reasons = dict.fromkeys(_note(each, words) for each in story.reasons if each.recall is None)
    by_rule: dict[str, dict[Note, None]] = {}
    for each in story.findings:
        if (note := _note(each, words)) not in reasons:
            by_rule.setdefault(each.rule, {})[note] = None
    return (*reasons, *(note for like in by_rule.values() for note in _folded(tuple(like), words)))


def _note(finding: StoryFinding, words: Words) -> Note:
    """Return what was found; the lot stands beside it only where the words do not name it."""
    message = _begun(finding.zh if words.language == "zh" else finding.en)
    return Note(message, None if finding.lot is None or finding.lot in message else finding.lot)


def _begun(message: str) -> str:
    """Return a message of a rule as the sentence of its own that it is here."""
    return message[:1].upper() + message[1:]


def _folded(like: tuple[Note, ...], words: Words) -> tuple[Note, ...]:
    if len(like) <= _MOST_ALIKE:
        return like
    folded = words("scan.note_and_more", first=like[0].message, more=str(len(like) - 1))
    return (Note(folded, None),)


def tested(story: Story, words: Words, formats: Formats) -> Tested:
    """Sum the test results up, and tell those of the pack's own lot from earlier ones."""
    outcomes = [test.within for test in story.tests]
    count = {kind: formats.number(outcomes.count(kind)) for kind in (True, False, None)}
    sentence = words("scan.tests_sum", within=count[True], over=count[False], unjudged=count[None])
    earlier = [test for test in story.tests if test.lot != story.lot]
    room = max(0, _MOST_TESTS - sum(test.within is False for test in earlier))
    kept = [test for test in earlier if test.within is not False][:room]
    listed = tuple(test for test in earlier if test.within is False or test in kept)
    return Tested(
        sentence=sentence,
        own=tuple(test for test in story.tests if test.lot == story.lot),
        earlier=listed,
        left_out=len(earlier) - len(listed),
        recalled=any(test.limit_recalled and test.limit for test in story.tests),
    )


def lineage(story: Story, words: Words) -> Lineage | None:
    """Draw how the lots follow from each other; None when there is only one lot, or too many."""
    if not story.edges or len(story.lots) > _MOST_LOTS:
        return None
    language = words.language
    step_of = {step.step_id: step.stage.words(language) for step in story.steps}
    boxes = [
        LotBox(
            each.lot,
            " · ".join(
                [
                    each.form.words(language),
                    *([format_mass(each.grams_in, language)] if each.grams_in else []),
                ]
            ),
            own=each.lot == story.lot,
        )
        for each in sorted(story.lots, key=lambda each: each.lot)
    ]
    lines = list(dict.fromkeys(LotLine(edge.source, edge.target) for edge in story.edges))
    drawing = draw_lineage(
        boxes,
        lines,
        title=words("scan.lineage_heading"),
        description=words("scan.lineage_description", lots=len(boxes), lines=len(lines)),
    )
    rows = tuple(
        LineageRow(
            source=edge.source,
            target=edge.target,
            step=step_of.get(edge.step_id, "–"),
            grams=edge.grams_in if edge.grams_in is not None else edge.grams_out,
        )
        for edge in story.edges
    )
    return Lineage(drawing=Markup(drawing), rows=rows)  # noqa: S704  every text in it was escaped when drawn


def proof(story: Story, indices: Mapping[str, int], log: LogState, words: Words, formats: Formats) -> Proof:
    """Say how much of the story is in the log, and where."""
    index_of = {statement: indices.get(statement) for statement in story.statements}
    pending = sum(index is None for index in index_of.values())
    count = formats.number(len(story.steps))
    sentence = (
        words("scan.proof_partly", count=count, pending=formats.number(pending))
        if pending
        else words("scan.proof_whole", count=count, size=formats.number(log.size))
    )
    return Proof(sentence=sentence, index_of=index_of, size=log.size, checkpoint=log.checkpoint)


def amounts(step: StoryStep, words: Words) -> Markup:
    """Say which lots went in, came out or were seen, with their mass where it is known."""
    parts = []
    for key, given in (("in", step.inputs), ("out", step.outputs), ("seen", step.lots)):
        if given:
            lots = words("scan.comma").join(_amount(each, words) for each in given)
            parts.append(words(f"scan.amounts_{key}", lots=lots))
    return Markup(words("scan.clause").join(parts))  # noqa: S704  lots are escaped, the rest are our words


def fields(step: StoryStep, words: Words) -> str:
    """Say the public fields of a step, each with its label."""
    language = words.language
    said = (
        words("scan.field", label=each.label(language), value=each.shown(language)) for each in step.fields
    )
    return words("scan.clause").join(said)


def stated(step: StoryStep) -> Markup:
    """Return the public fields of a step as its entry states them, for the script that compares the two.

    It stands between single quotes: escaped as usual, every double quote of JSON would take five letters.
    """
    fields = {each.name: each.value for each in step.fields}
    said = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    for letter, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")):
        said = said.replace(letter, written)
    return Markup(said)  # noqa: S704  escaped above, for an attribute in single quotes


def parties(step: StoryStep) -> str:
    """Name who did it, and for whom or from whom; the arrow follows the herb."""
    way = (step.party_name, step.counterparty_name)
    return " → ".join(filter(None, reversed(way) if step.stage in (Stage.RECEIVE, Stage.PURCHASE) else way))


def place_name(step: StoryStep) -> str:
    """Name the place without the party's name that many places begin with."""
    return step.place.name.removeprefix(step.party_name).strip()


def receipt_path(statement_id: str) -> str:
    """Return the address of the receipt of a statement, as a text file.

    >>> receipt_path("urn:uuid:1")
    '/v1/receipts/urn:uuid:1?as=text'
    """
    return f"/v1/receipts/{quote(statement_id, safe='/:')}?as=text"


def _amount(amount: StoryAmount, words: Words) -> str:
    written = amount.lot
    if amount.grams is not None:
        written = words("scan.amount", lot=amount.lot, mass=format_mass(amount.grams, words.language))
    return Markup("<bdi>{}</bdi>").format(written)
