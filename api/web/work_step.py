"""What the pages of one step show: the choices of its form, and what was recorded."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlmodel import Session

from api.web.step_faults import Wrong
from api.web.step_form import Choices, Filled, lot_words
from api.web.step_lines import UNITS
from api.web.words import Words
from ledger.errors import Language
from trace.coding.batch_reading import batches
from trace.coding.code_words import UNUSED, Level
from trace.dealings import lots_to_choose, other_sides, places_of
from trace.flows import FLOWS
from trace.herbs import all_herbs
from trace.limits import all_measurands
from trace.lots import LotState
from trace.next_steps import column_for, open_stages
from trace.profiles import Visibility, profile
from trace.projections import lots_named
from trace.recorded_step import RecordedView
from trace.stage_words import VISIBILITY_WORDS
from trace.vocabulary import Stage

STAGE_GROUPS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "growing": (
        Stage.SEED, Stage.PLANTING, Stage.REARING, Stage.GATHERING, Stage.MINING, Stage.FIELD_WORK,
        Stage.HARVEST, Stage.PRIMARY_PROCESSING,
    ),
    "moving": (
        Stage.PURCHASE, Stage.SHIP, Stage.RECEIVE, Stage.RETURN, Stage.SALE, Stage.SETTLEMENT, Stage.DISPENSE,
    ),
    "making": (Stage.PAOZHI, Stage.GRANULE, Stage.MEDICINE, Stage.SAMPLING, Stage.TEST),
    "packing": (Stage.PACK, Stage.NEST, Stage.UNNEST),
    "keeping": (
        Stage.OPENING, Stage.STORAGE, Stage.SPLIT, Stage.MERGE, Stage.STOCK_ADJUST, Stage.DESTROY,
    ),
}  # fmt: skip
"""Stages a form can record, in groups a clerk looks for; readings of instruments come by file or API."""
_RESULT_UNITS: Final = ("mg/kg", "%", "μg/kg", "mg/g", "CFU/g")


def choices_of(session: Session, party: str, stage: Stage, words: Words) -> Choices:
    """Return what a party has to choose from when it records a step of `stage`."""
    unused = [
        (each.batch_id, words("work_step.batch", batch=each.batch_id[:12], left=left))
        for each in (batches(session, party, limit=50) if stage is Stage.PACK else ())
        if each.level is Level.PACK and (left := sum(each.counts.get(status, 0) for status in UNUSED))
    ]
    return Choices(
        places=places_of(session, party),
        lots=lots_to_choose(session, party, FLOWS[stage].takes),
        sides=other_sides(session, party),
        batches=unused,
    )


def form_parts(stage: Stage, choices: Choices, filled: Filled, language: Language) -> dict[str, object]:
    """Return what the template of the form shows beside its boxes."""
    flow = FLOWS[stage]
    optional = {each.name for each in profile(stage).fields if not each.required}
    return {
        "stage": stage,
        "lots": flow.wanted_zh if language == "zh" else flow.wanted_en,
        "wrongs": filled.wrongs,
        "may_open": bool(optional & (filled.typed.keys() | {each.field for each in filled.wrongs})),
        "places": choices.places,
        "held": [(lot.lot, lot_words(lot, language)) for lot in choices.lots],
        "sides": choices.sides,
        "herbs": [each.name_zh for each in all_herbs()] if flow.outputs[1] else (),
        "measurands": [each.zh for each in all_measurands()] if stage is Stage.TEST else (),
        "result_units": _RESULT_UNITS,
        "units": UNITS,
        "visibilities": _visibilities(language),
    }


def recorded_parts(
    session: Session, view: RecordedView, party: str, photo_wrongs: Sequence[Wrong]
) -> dict[str, object]:
    """Return what the page of a recorded step shows; `party` is who recorded it."""
    touched = [each.lot for each in view.touched if each.role == "made"] or [
        each.lot for each in view.touched
    ]
    standing = lots_named(session, touched)
    follows = (_follows(standing[lot], party, view.stage) for lot in touched)
    return {
        "view": view,
        "follows": next((each for each in follows if each), []),
        "photo_wrongs": photo_wrongs,
    }


def _follows(lot: LotState, party: str, done: Stage) -> list[tuple[Stage, str, str]]:
    """Return what may be recorded next of a lot, with its column; doing the same again is offered apart."""
    return [
        (stage, column_for(stage, lot.form), lot.lot)
        for stage in open_stages(lot, party)
        if stage is not done
    ]


def _visibilities(language: Language) -> list[tuple[str, str]]:
    """Return who may see photos, as the fields of the profiles say it."""
    at = 0 if language == "zh" else 1
    return [(each.value, VISIBILITY_WORDS[each][at]) for each in Visibility]
