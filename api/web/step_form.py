"""The form of a stage: one box for each column and field its profile asks for, with what was typed.

Pure: what the party has to choose from comes in as `Choices`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.web.step_faults import Wrong
from api.web.step_lines import Line, lines, parts_of
from ledger.errors import Language
from trace.columns import Column
from trace.dealings import OtherSide
from trace.lots import LotState
from trace.places import Place
from trace.profiles import Field, Kind, profile
from trace.quantities import format_mass
from trace.stage_columns import columns_of
from trace.stage_words import kind_of_value, seen_by, unit_of
from trace.vocabulary import Form, Stage

_FLAG: Final = (("是", "yes"), ("否", "no"))
_TYPES: Final[Mapping[Kind, str]] = {Kind.DATE: "date", Kind.DOCUMENT: "document"}
_WHO: Final = frozenset({"id", "party", "place", "time"})
_LISTS: Final[Mapping[str, str]] = {"counterparty": "sides", "herb": "herbs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a party has to choose from."""

    places: Sequence[Place] = ()
    lots: Sequence[LotState] = ()
    sides: Sequence[OtherSide] = ()
    batches: Sequence[tuple[str, str]] = ()
    """Batches of codes with unused ones: id, and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One thing to fill in."""

    name: str
    """Name of the column or field, as the sheet of steps knows it."""
    label: str
    hint: str
    required: bool
    type: str
    """Of an <input>, or `document`, or `lines` for lots and results."""
    options: tuple[tuple[str, str], ...]
    """Values and words of a choice; empty for what is typed."""
    typed: str
    lines: tuple[Line, ...] = ()
    list: str = ""
    """Id of the list of suggestions, if any."""
    wrongs: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """The boxes of a form in the groups it shows them in."""

    where: tuple[Box, ...]
    """Place and time."""
    goods: tuple[Box, ...]
    """Lots, codes, the other side."""
    must: tuple[Box, ...]
    """Fields the stage must carry."""
    may: tuple[Box, ...]
    """Fields that make it more complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was typed so far, and what is wrong with it."""

    typed: Mapping[str, str]
    wrongs: Sequence[Wrong] = ()
    more: str = ""
    """Column that more lines are asked for."""
    extra: int = 0
    """How many."""

    def of(self, name: str) -> tuple[Wrong, ...]:
        """Return what is wrong with one box."""
        return tuple(each for each in self.wrongs if each.field == name)


def boxes(stage: Stage, filled: Filled, choices: Choices, language: Language) -> Boxes:
    """Return every box of the form."""
    columns = [
        _of_column(each.column, filled, choices, language, required=each.required)
        for each in columns_of(stage)
        if each.column.key not in ("id", "party")
    ]
    fields = [_of_field(each, filled, language) for each in profile(stage).fields]
    return Boxes(
        where=tuple(each for each in columns if each.name in _WHO),
        goods=tuple(each for each in columns if each.name not in _WHO),
        must=tuple(each for each in fields if each.required),
        may=tuple(each for each in fields if not each.required),
    )


def lot_words(lot: LotState, language: Language) -> str:
    """Say what a lot is and what is left of it, for a list to choose from."""
    left = "" if lot.grams is None else format_mass(lot.at_hand, language)
    return " · ".join(filter(None, (lot.herb, lot.form.words(language), left)))


def _of_column(
    column: Column, filled: Filled, choices: Choices, language: Language, *, required: bool
) -> Box:
    chinese, key = language == "zh", column.key
    rows = bool(parts_of(key))
    return Box(
        name=key,
        label=column.zh if chinese else key.replace("_", " ").capitalize(),
        hint="" if key == "place" else column.note_zh if chinese else column.note_en,
        required=required,
        type="lines" if rows else "datetime-local" if key == "time" else "text",
        options=_options(key, choices, language),
        typed=filled.typed.get(key, ""),
        lines=lines(key, filled.typed, filled.extra if filled.more == key else 0) if rows else (),
        list=_LISTS.get(key, ""),
        wrongs=filled.of(key),
    )


def _options(key: str, choices: Choices, language: Language) -> tuple[tuple[str, str], ...]:
    if key == "form":
        return tuple((form.zh, form.words(language)) for form in Form)
    if key == "place":
        return tuple((each.place_id, f"{each.name} · {each.place_id}") for each in choices.places)
    return tuple(choices.batches) if key == "batch" else ()


def _of_field(field: Field, filled: Filled, language: Language) -> Box:
    chinese = language == "zh"
    options = tuple((each.key, each.zh if chinese else each.en) for each in field.choices)
    if field.kind is Kind.FLAG:
        options = tuple((zh, zh if chinese else en) for zh, en in _FLAG)
    said = (unit_of(field, language), _example(field, language), field.meaning(language))
    shown = dict.fromkeys(each for each in said if each and each != field.label(language))
    return Box(
        name=field.name,
        label=field.label(language),
        hint=" · ".join([*shown, seen_by(field, language)]),
        required=field.required,
        type=_TYPES.get(field.kind, "text"),
        options=options,
        typed=filled.typed.get(field.name, ""),
        wrongs=filled.of(field.name),
    )


_EXAMPLES: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.PRICE: ("如 42.5 元/公斤、21 元/斤", "such as 42.5 元/公斤 or 21 元/斤"),
    Kind.MONEY: ("如 1,250 元", "such as 1,250 元 (CNY)"),
    Kind.GRAMS: ("如 500 公斤、30 克", "such as 500 kg or 30 g"),
    Kind.TIME: ("如 2026-03-05T08:00:00+08:00", "such as 2026-03-05T08:00:00+08:00"),
    Kind.POSITION: ("如 33.8712,115.7789", "such as 33.8712,115.7789"),
}
"""What people may type, where the kind of value says how machines write it."""


def _example(field: Field, language: Language) -> str:
    """Say how a value is typed; nothing for choices and plain text, which say it themselves."""
    if field.kind in _EXAMPLES:
        return _EXAMPLES[field.kind][0 if language == "zh" else 1]
    if field.kind in (Kind.CHOICE, Kind.FLAG, Kind.TEXT, Kind.DATE, Kind.DOCUMENT):
        return ""
    return kind_of_value(field, language)
