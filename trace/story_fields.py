"""Field values and masses as people read them, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledger.errors import Language
from trace.profiles import Field, Kind, Visibility, profile
from trace.quantities import format_mass
from trace.stage_words import UNITS_EN
from trace.steps import FieldValue
from trace.story_parts import StoryErased, StoryField
from trace.tables import DisclosureRow
from trace.vocabulary import Stage

_SHOWN: Final = len("sha256:") + 16
"""Of the name of a document: enough to tell it from others by eye."""
_MONTHS: Final = {"月": "个月"}
_FLAGS: Final = {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}


def story_fields(stage: Stage, public: Mapping[str, FieldValue]) -> tuple[StoryField, ...]:
    """Return the public fields of a step in the order of its profile.

    A field that the profile does not call public is left out, whatever the step says.
    """
    return tuple(
        _shown(field, public[field.name])
        for field in profile(stage).fields
        if field.visibility is Visibility.PUBLIC and field.name in public
    )


def story_erased(stage: Stage, rows: Iterable[DisclosureRow]) -> tuple[StoryErased, ...]:
    """Return the erased fields of a step with their labels, in the order of its profile."""
    erased = {row.name: row for row in rows}
    return tuple(
        StoryErased(
            name=field.name, zh=field.zh, en=field.en, erased_ms=row.erased_ms or 0, reason=row.reason or ""
        )
        for field in profile(stage).fields
        if (row := erased.get(field.name)) is not None
    )


def _shown(field: Field, value: FieldValue) -> StoryField:
    return StoryField(
        name=field.name,
        zh=field.zh,
        en=field.en,
        value=value,
        unit=field.unit,
        shown_zh=_words(field, value, "zh"),
        shown_en=_words(field, value, "en"),
    )


def _words(field: Field, value: FieldValue, language: Language) -> str:
    if field.kind is Kind.CHOICE:
        chosen = next((each for each in field.choices if each.key == value), None)
        return str(value) if chosen is None else chosen.zh if language == "zh" else chosen.en
    if field.kind is Kind.FLAG and isinstance(value, bool):
        return _FLAGS[language][value]
    if field.kind is Kind.GRAMS and isinstance(value, int):
        return format_mass(value, language)
    if field.kind is Kind.DOCUMENT:
        return f"{str(value)[:_SHOWN]}…"
    unit = _MONTHS.get(field.unit, field.unit) if language == "zh" else UNITS_EN.get(field.unit, field.unit)
    return f"{value} {unit}".rstrip()
