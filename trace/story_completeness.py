"""How complete the way of a story is: its stages, and the 16 information groups its public fields show."""

from collections.abc import Mapping
from typing import TypeVar

import orjson

from trace.completeness import Completeness, completeness
from trace.information_groups import group_states, marks_of_step
from trace.lineage import parents_of
from trace.story_reading import Way
from trace.tables import StepRow
from trace.vocabulary import Stage

_Mark = TypeVar("_Mark", bound=str)


def way_completeness(found: Way) -> Completeness:
    """Judge the way of a story by its stages and by the information groups."""
    stages: dict[str, set[Stage]] = {}
    marks: dict[str, set[str]] = {}
    for row in found.steps:
        if row.voided_by is not None:  # declared wrong: it is told and counts for nothing
            continue
        stage, shown = Stage(row.stage), marks_of_step(Stage(row.stage), _fields(row))
        for link in found.links.get(row.step_id, ()):
            if link.lot not in found.lots:  # made by the same step, and gone another way
                continue
            if link.role != "used":
                stages.setdefault(link.lot, set()).add(stage)
            if link.role != "used" or link.lot == found.lot:  # a packing uses the very lot it packs
                marks.setdefault(link.lot, set()).update(shown)
    form, parents = found.lots[found.lot].form, parents_of(found.edges)
    judged = completeness(found.lot, form, _frozen(stages), parents)
    return Completeness(
        expected=judged.expected,
        missing=judged.missing,
        groups=group_states(found.lot, form, _frozen(marks), parents),
    )


def _fields(row: StepRow) -> list[str]:
    """Return the names of the public fields a step carries."""
    fields = orjson.loads(row.public)["event"].get("tcm:fields")
    return list(fields) if isinstance(fields, Mapping) else []


def _frozen(found: Mapping[str, set[_Mark]]) -> dict[str, frozenset[_Mark]]:
    return {lot: frozenset(marks) for lot, marks in found.items()}
