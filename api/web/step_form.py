"""The form of a stage: one box for each column and field its profile asks for, with what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import DaodiError, Language
from trace.columns import Column
from trace.profiles import Field, Kind, profile
from trace.stage_columns import columns_of
from trace.stage_words import kind_of_value, seen_by, unit_of
from trace.vocabulary import Form, Stage

_FLAG: Final = (("是", "yes"), ("否", "no"))
_TYPES: Final[Mapping[Kind, str]] = {Kind.DATE: "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One thing to fill in."""

    name: str
    """Name of the column or field, as the sheet of steps knows it."""
    label: str
    hint: str
    required: bool
    type: str
    options: tuple[tuple[str, str], ...]
    """Values and words of a choice; empty for what is typed."""
    typed: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault of what was sent, in the reader's language."""

    field: str
    message: str
    remedy: str


def boxes(stage: Stage, typed: Mapping[str, str], language: Language) -> list[Box]:
    """Return every box of the form, the columns first, then the fields in the order of the profile."""
    asked = [_of_column(each.column, each.required, typed, language) for each in columns_of(stage)]
    return asked + [_of_field(each, typed, language) for each in profile(stage).fields]


def wrongs(faults: Sequence[DaodiError], language: Language) -> list[Wrong]:
    """Return the faults in words."""
    return [Wrong(each.at.field or "", each.message(language), each.remedy(language)) for each in faults]


def _of_column(column: Column, required: bool, typed: Mapping[str, str], language: Language) -> Box:  # noqa: FBT001  said by the profile
    chinese = language == "zh"
    return Box(
        name=column.key,
        label=column.zh if chinese else column.key.replace("_", " ").capitalize(),
        hint=column.note_zh if chinese else column.note_en,
        required=required,
        type="datetime-local" if column.key == "time" else "text",
        options=tuple((form.zh, form.words(language)) for form in Form) if column.key == "form" else (),
        typed=typed.get(column.key, ""),
    )


def _of_field(field: Field, typed: Mapping[str, str], language: Language) -> Box:
    chinese = language == "zh"
    options = tuple((each.key, each.zh if chinese else each.en) for each in field.choices)
    if field.kind is Kind.FLAG:
        options = tuple((zh, zh if chinese else en) for zh, en in _FLAG)
    kind = "" if options else kind_of_value(field, language)
    said = (kind, unit_of(field, language), field.meaning(language), seen_by(field, language))
    return Box(
        name=field.name,
        label=field.label(language),
        hint=" · ".join(dict.fromkeys(each for each in said if each and each != field.label(language))),
        required=field.required,
        type=_TYPES.get(field.kind, "text"),
        options=options,
        typed=typed.get(field.name, ""),
    )
