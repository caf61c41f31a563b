"""Which box of a step form a fault belongs to, so that it can be said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import DaodiError, Language
from trace.errors import UnknownParty, UnknownPlace
from trace.profiles import profile
from trace.stage_columns import columns_of
from trace.vocabulary import Stage

_OF_OUTPUTS: Final = frozenset({"herb", "form", "grade"})
_OTHERWISE: Final[Mapping[str, str]] = {"place_id": "place", "grams_per_pack": "pack_mass"}
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
    return [Wrong(each.at.field or "", each.message(language), each.remedy(language)) for each in faults]


def step_wrongs(stage: Stage, faults: Sequence[DaodiError], language: Language) -> list[Wrong]:
    """Return the faults of a step in words, each named by the box of the form it belongs to."""
    return [Wrong(box_of(stage, each), each.message(language), each.remedy(language)) for each in faults]


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
