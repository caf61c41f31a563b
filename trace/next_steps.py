"""Which steps usually follow for a lot, by what it physically is: what a form offers after it was filled in.

The order of the national system's stages (MOFCOM 流通追溯: 种植 → 初加工 → 收购 → 仓储 → 饮片 → 销售 → 使用).
No rule follows from it: `trace.rules` alone says what may be recorded. But what those rules would refuse
whatever is typed, because of how the lot stands, is not offered.
"""

from collections.abc import Mapping
from typing import Final

from trace.flows import FLOWS
from trace.lots import LotState, Quality
from trace.vocabulary import Form, Stage

_AFTER: Final[Mapping[Form, tuple[Stage, ...]]] = {
    Form.SEED: (Stage.PLANTING, Stage.SHIP),
    Form.PLANT: (Stage.FIELD_WORK, Stage.HARVEST),
    Form.ANIMAL: (Stage.FIELD_WORK, Stage.HARVEST, Stage.SHIP),
    Form.FRESH: (Stage.PRIMARY_PROCESSING, Stage.SHIP),
    Form.HERB: (Stage.TEST, Stage.STORAGE, Stage.PAOZHI, Stage.PACK, Stage.SHIP),
    Form.SLICE: (Stage.TEST, Stage.PACK, Stage.SHIP, Stage.SALE),
    Form.EXCIPIENT: (Stage.TEST, Stage.PAOZHI),
    Form.GRANULE: (Stage.TEST, Stage.PACK, Stage.SHIP),
    Form.MEDICINE: (Stage.TEST, Stage.PACK, Stage.SHIP),
}


def next_stages(form: Form) -> tuple[Stage, ...]:
    """Return the stages that usually follow, the most usual first.

    >>> [stage.zh for stage in next_stages(Form.FRESH)]
    ['产地初加工', '发货']
    """
    return _AFTER[form]


_LOOKING: Final = frozenset({Stage.TEST, Stage.STORAGE})
"""Of the stages that follow those that a hold lets pass (`trace.recalls.hold_rules`)."""


def open_stages(lot: LotState, party: str) -> tuple[Stage, ...]:
    """Return the stages that usually follow for a lot and that are open to `party` (a USCC) as it stands."""
    return tuple(stage for stage in next_stages(lot.form) if stands_open(stage, lot, party))


def stands_open(stage: Stage, lot: LotState, party: str) -> bool:
    """Say whether a step of `stage` with this lot can pass at all when `party` records it.

    It cannot where the goods are with another or on the way, where nothing is left of them or nothing loose
    to make others of, where they are on hold, and where they failed their test and are to be packed.
    """
    if lot.holder != party or lot.in_transit or (lot.frozen and stage not in _LOOKING):
        return False
    if stage is Stage.PACK and lot.quality is Quality.FAILED:
        return False
    if lot.grams is None:
        return True
    if stage is Stage.SALE and lot.at_hand <= lot.sold_grams:
        return False
    needed = lot.free if column_for(stage, lot.form) == "inputs" else lot.at_hand
    return needed > 0


def column_for(stage: Stage, form: Form) -> str:
    """Return the column of the sheet of steps that a lot of `form` stands in when `stage` works on it.

    >>> column_for(Stage.TEST, Form.HERB), column_for(Stage.PAOZHI, Form.HERB)
    ('lots', 'inputs')
    """
    flow = FLOWS[stage]
    return "inputs" if flow.inputs[1] and (form in flow.takes or not flow.lots[1]) else "lots"
