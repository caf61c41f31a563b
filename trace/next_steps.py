"""Which steps usually follow for a lot, by what it physically is: what a form offers after it was filled in.

The order of the national system's stages (MOFCOM 流通追溯: 种植 → 初加工 → 收购 → 仓储 → 饮片 → 销售 → 使用).
No rule follows from it: `trace.rules` alone says what may be recorded.
"""

from collections.abc import Mapping
from typing import Final

from trace.flows import FLOWS
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


def column_for(stage: Stage, form: Form) -> str:
    """Return the column of the sheet of steps that a lot of `form` stands in when `stage` works on it.

    >>> column_for(Stage.TEST, Form.HERB), column_for(Stage.PAOZHI, Form.HERB)
    ('lots', 'inputs')
    """
    flow = FLOWS[stage]
    return "inputs" if flow.inputs[1] and (form in flow.takes or not flow.lots[1]) else "lots"
