"""Which columns of the sheet of steps a stage has any use for: what its form asks, from its flow alone."""

from dataclasses import dataclass
from typing import Final

from trace.columns import STEPS, Column
from trace.flow_faults import NAMES_ITS_GOODS
from trace.flows import Counterparty, Flow
from trace.profiles import profile
from trace.vocabulary import BY_CODE, Stage

_ALWAYS: Final = ("id", "party", "place", "time")
_OF_OUTPUTS: Final = ("outputs", "herb", "form", "grade")
_OF_PACKING: Final = ("packs", "pack_mass", "batch")
_NESTING: Final = frozenset({Stage.NEST, Stage.UNNEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class StageColumn:
    """A column as one stage uses it."""

    column: Column
    required: bool


def columns_of(stage: Stage) -> tuple[StageColumn, ...]:
    """Return the columns a step of `stage` may fill in, in the order of the sheet.

    >>> [each.column.key for each in columns_of(Stage.MERGE)]
    ['id', 'party', 'place', 'time', 'inputs', 'outputs', 'herb', 'form', 'grade']
    """
    flow = profile(stage).flow
    wanted = {*_ALWAYS, *_goods(stage, flow)}
    if flow.counterparty is not Counterparty.NONE:
        wanted.add("counterparty")
    if stage is Stage.TEST:
        wanted.add("results")
    if stage is Stage.PACK:
        wanted.update(_OF_PACKING)
    return tuple(
        StageColumn(column=column, required=_required(column, stage, flow))
        for column in STEPS.columns
        if column.key in wanted
    )


def _goods(stage: Stage, flow: Flow) -> set[str]:
    wanted: set[str] = set()
    if flow.inputs[1]:
        wanted.add("inputs")
    if flow.outputs[1]:
        wanted.update(_OF_OUTPUTS)
    if flow.lots[1]:
        wanted.add("lots")
    if stage in BY_CODE:
        wanted.add("codes")
    if stage in _NESTING:
        wanted.add("container")
    return wanted


def _required(column: Column, stage: Stage, flow: Flow) -> bool:
    """Say whether a step of the stage cannot do without it; lots can be named by codes instead."""
    least = {"inputs": flow.inputs[0], "outputs": flow.outputs[0], "lots": flow.lots[0]}
    if column.key in least:
        return bool(least[column.key]) and not (column.key == "lots" and stage in BY_CODE)
    if column.key == "counterparty":
        return flow.counterparty is Counterparty.REQUIRED
    if column.key == "container":
        return True
    if column.key == "herb":
        return stage in NAMES_ITS_GOODS and bool(flow.outputs[0])
    return column.required or column.key in ("packs", "pack_mass")
