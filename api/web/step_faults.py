"""Which box of a step form a fault belongs to, so that it can be said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.errors import FieldWrong
from ledger.errors import DaodiError, Language
from trace.errors import BadFlow, UnknownParty, UnknownPlace
from trace.profiles import profile
from trace.stage_columns import columns_of
from trace.vocabulary import Stage

_OF_OUTPUTS: Final = frozenset({"herb", "form", "grade"})
_OTHERWISE: Final[Mapping[str, str]] = {"place_id": "place", "grams_per_pack": "pack_mass"}
_FORM: Final[Mapping[Language, str]] = {
    "zh": "格式不对，请照该项的说明填写",
    "en": "not in the form that is described beside it",
}
_BY_KIND: Final[Mapping[type[DaodiError], str]] = {UnknownParty: "counterparty", UnknownPlace: "place"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault of what was sent, in the reader's language."""

    field: str
    """Name of its box; as the fault itself says it where the form has no such box."""
    message: str
    remedy: str


def wrongs(faults: Sequence[DaodiError], language: Language) -> list[Wrong]:
    """Return the faults in words."""
    return [wrong(each, each.at.field or "", language) for each in faults]


def step_wrongs(stage: Stage, faults: Sequence[DaodiError], language: Language) -> list[Wrong]:
    """Return the faults of a step in words, each named by the box of the form it belongs to.

    What the stage takes as a whole is not said again where a box says what is wrong with it.
    """
    found = [wrong(each, box_of(stage, each), language) for each in faults]
    return [
        replace(said, remedy="") if isinstance(fault, BadFlow) and said.field else said
        for said, fault in zip(found, faults, strict=True)
    ]


def wrong(fault: DaodiError, field: str, language: Language) -> Wrong:
    """Return one fault in words for who filled in a form: no pattern, and no page of the interface.

    >>> from api.errors import FieldWrong
    >>> wrong(FieldWrong(reason_zh="不符合格式 ^x$", reason_en="", by_pattern=True), "place_id", "zh")
    Wrong(field='place_id', message='格式不对，请照该项的说明填写', remedy='')
    """
    if not isinstance(fault, FieldWrong):
        return Wrong(field, fault.message(language), fault.remedy(language))
    if fault.parts.get("by_pattern"):
        return Wrong(field, _FORM[language], "")
    return Wrong(field, fault.message(language), "")


def box_of(stage: Stage, fault: DaodiError) -> str:
    """Return the name of the box a fault belongs to; empty where it is about the step as a whole.

    Faults name a column by its heading, a field by its heading or as `fields/name`, an amount as
    `outputs/grams`.
    """
    said = fault.at.field or _BY_KIND.get(type(fault), "")
    known = _names(stage)
    if said in known:
        return known[said]
    first, _, rest = said.removeprefix("fields/").partition("/")
    if rest in _OF_OUTPUTS:
        return known.get(rest, "")
    first = _OTHERWISE.get(first, first)
    return known.get(first, "")


def _names(stage: Stage) -> Mapping[str, str]:
    """Return the name of each box of the form by everything a fault may call it."""
    found: dict[str, str] = {}
    for each in columns_of(stage):
        found |= {each.column.key: each.column.key, each.column.label: each.column.key}
    for field in profile(stage).fields:
        found |= {field.name: field.name, field.heading: field.name}
    return found
