"""The way at a glance: where a herb was and when, as rows of places under one axis of time.

Pure. Steps keep the numbers they have in the list of the way; what lies too close together to be told apart
on a phone shares one mark. Steps declared wrong are left out, as they count for nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from api.web.formats import Formats, local
from api.web.way_strip_drawing import MARGIN, Mark, Row, Tick, draw_strip, mark_width
from api.web.words import Words
from ledger.errors import Language
from trace.divisions import division
from trace.story_parts import Story, StoryPlace, StoryStep
from trace.vocabulary import ORIGIN_STAGES

MOST_ROWS: Final = 8
"""Rows of single places; more are drawn by county, by prefecture, by province."""
_NARROWEST_EM: Final = 15.0
"""Width of the drawing in its own letters on the smallest screen: 320 px, or 390 px in 长辈版."""
_APART_EM: Final = 0.15
_LABEL_EM: Final = 5.5
"""Room for the month at either end of the axis."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    step: StoryStep


@dataclass(frozen=True, slots=True, kw_only=True)
class StripLine:
    """One mark as a line of the table twin."""

    place: str
    """Name of the place, empty where a row stands for several; said of where the herb grew that it is."""
    where: str
    numbers: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The drawing and its table."""

    drawing: Markup
    lines: tuple[StripLine, ...]


def way_strip(story: Story, number: Mapping[str, int], words: Words) -> Strip | None:
    """Return the strip of a story; None where nothing is on record.

    `number` holds by step in which entry of the list of the way it is told.
    """
    done = [_Numbered(number[step.step_id], step) for step in story.steps if step.corrected is None]
    if not done:
        return None
    begin, end = done[0].step.event_ms, done[-1].step.event_ms
    formats = Formats(words.language)
    rows: list[Row] = []
    lines: list[StripLine] = []
    for there in _rows(done):
        name, where = _names(there, words.language)
        marks = _marks([(each, _share(each.step.event_ms, begin, end)) for each in there.steps])
        origin = any(each.step.stage in ORIGIN_STAGES for each in there.steps)
        if origin:
            name = words("strip.origin_of", place=name) if name else words("strip.origin")
        rows.append(Row(name=name, where=where, marks=tuple(mark for mark, _ in marks)))
        lines += [_line(name, where, mark, steps, formats) for mark, steps in marks]
    drawing = draw_strip(
        rows,
        _ticks(done[0].step, done[-1].step, formats),
        title=words("strip.title"),
        description=words(
            "strip.description",
            places=formats.number(len(rows)),
            first=_day(done[0].step, formats),
            last=_day(done[-1].step, formats),
        ),
    )
    return Strip(drawing=Markup(drawing), lines=tuple(lines))  # noqa: S704  its texts were escaped when drawn


@dataclass(frozen=True, slots=True)
class _There:
    """The steps of one row, and the division it stands for."""

    code: str
    place: StoryPlace | None
    """None where the row stands for several places."""
    steps: tuple[_Numbered, ...]


def _rows(done: Sequence[_Numbered]) -> list[_There]:
    """Put steps into rows by the finest area that leaves few enough of them."""
    by_area: list[Callable[[StoryPlace], str]] = [
        lambda place: place.place_id,
        lambda place: place.division,
        lambda place: place.division[:4] + "00",
        lambda place: place.division[:2] + "0000",
    ]
    for area in by_area:
        found: dict[str, list[_Numbered]] = {}
        for each in done:
            found.setdefault(area(each.step.place), []).append(each)
        if len(found) <= MOST_ROWS:
            break
    single = area is by_area[0]
    return [
        _There(
            steps[0].step.place.division if single else code,
            steps[0].step.place if single else None,
            tuple(steps),
        )
        for code, steps in found.items()
    ]


def _names(there: _There, language: Language) -> tuple[str, str]:
    if there.place is None:
        return "", division(there.code).words(language)
    where = there.place.division_name if language == "zh" else there.place.division_name_en
    own = there.steps[0].step
    return there.place.name.removeprefix(own.party_name).strip() or there.place.name, where


def _share(at_ms: int, begin: int, end: int) -> float:
    return (at_ms - begin) / (end - begin) if end > begin else 0.5


def _marks(steps: Sequence[tuple[_Numbered, float]]) -> list[tuple[Mark, list[_Numbered]]]:
    """Give every step its mark, and one to neighbours that would cover each other."""
    groups = [[each] for each in steps]
    at = 0
    while at + 1 < len(groups):
        left, right = _mark(groups[at]), _mark(groups[at + 1])
        apart = (right.share - left.share) * _NARROWEST_EM * (1 - 2 * MARGIN)
        if apart >= (mark_width(left.label) + mark_width(right.label)) / 2 + _APART_EM:
            at += 1
            continue
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
        at = max(0, at - 1)  # it is wider now, and may cover the one before it
    return [(_mark(group), [each for each, _ in group]) for group in groups]


def _mark(group: Sequence[tuple[_Numbered, float]]) -> Mark:
    label = number_words([each.number for each, _ in group])
    return Mark(label, (group[0][1] + group[-1][1]) / 2)


def number_words(numbers: Sequence[int]) -> str:
    """Name steps by their numbers, those in a row by the first and the last.

    >>> number_words([3, 3]), number_words([4, 5, 6]), number_words([2, 5, 9, 10])
    ('3', '4–6', '2…10')
    """
    told = sorted(set(numbers))
    first, last = told[0], told[-1]
    if first == last:
        return str(first)
    return f"{first}–{last}" if last - first == len(told) - 1 else f"{first}…{last}"


def _line(name: str, where: str, mark: Mark, steps: Sequence[_Numbered], formats: Formats) -> StripLine:
    first, last = _day(steps[0].step, formats), _day(steps[-1].step, formats)
    return StripLine(place=name, where=where, numbers=mark.label, first=first, last=last)


def _ticks(first: StoryStep, last: StoryStep, formats: Formats) -> tuple[Tick, ...]:
    """Say the month at both ends, and the year wherever one begins in between and there is room."""
    begin, end = (local(step.event_ms, step.offset_minutes) for step in (first, last))
    if end <= begin:
        return (Tick(formats.day(begin.date()), 0.5, "middle"),)
    ticks = [Tick(formats.month(begin.date()), 0.0, "start"), Tick(formats.month(end.date()), 1.0, "end")]
    free_from = _LABEL_EM
    for year in range(begin.year + 1, end.year + 1):
        new_year = begin.replace(year=year, month=1, day=1, hour=0, minute=0)
        share = (new_year - begin) / (end - begin)
        middle = share * _NARROWEST_EM
        fits = free_from + 1.4 <= middle <= _NARROWEST_EM - _LABEL_EM - 1.4
        ticks.append(Tick(str(year) if fits else "", share, "middle"))
        free_from = middle + 1.4 if fits else free_from
    return tuple(ticks)


def _day(step: StoryStep, formats: Formats) -> str:
    day: date = local(step.event_ms, step.offset_minutes).date()
    return formats.day(day)
