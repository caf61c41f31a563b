"""Which lots a step of each stage takes and makes, and whether it names the other side."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trace.vocabulary import Form, Stage


class Counterparty(StrEnum):
    """Whether a stage names the other side."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Which lots a stage takes and makes; each pair is the least and the most."""

    inputs: tuple[int, int] = (0, 0)
    outputs: tuple[int, int] = (0, 0)
    lots: tuple[int, int] = (0, 0)
    takes: frozenset[Form] = frozenset()
    makes: Form | None = None
    """Form of the outputs; None keeps the form of the inputs."""
    or_makes: frozenset[Form] = frozenset()
    """Other forms an output may be said to have."""
    weighs: bool = True
    """Whether every output must carry grams."""
    measures: bool = False
    """Whether every lot it names must carry grams."""
    counterparty: Counterparty = Counterparty.NONE
    wanted_zh: str = ""
    wanted_en: str = ""


_MANY: Final = 100
_PRODUCTS: Final = frozenset({Form.SLICE, Form.GRANULE, Form.MEDICINE})
_WEIGHED: Final = frozenset({Form.SEED, Form.FRESH, Form.HERB, Form.EXCIPIENT}) | _PRODUCTS
_GROWING: Final = frozenset({Form.PLANT, Form.ANIMAL})
_MOVED: Final = _WEIGHED | {Form.ANIMAL}

FLOWS: Final[Mapping[Stage, Flow]] = {
    Stage.SEED: Flow(
        outputs=(1, _MANY), makes=Form.SEED, weighs=False,
        wanted_zh="产出种子批次（药材名，重量可选）",
        wanted_en="outputs: seed lots with their herb, grams optional",
    ),
    Stage.PLANTING: Flow(
        inputs=(0, _MANY), outputs=(1, _MANY), takes=frozenset({Form.SEED}), makes=Form.PLANT, weighs=False,
        wanted_zh="投入种子批次（可无），产出在地批次",
        wanted_en="inputs: seed lots, if traced; outputs: field lots",
    ),
    Stage.REARING: Flow(
        inputs=(0, _MANY), outputs=(1, _MANY), takes=frozenset({Form.SEED, Form.ANIMAL}), makes=Form.ANIMAL,
        weighs=False,
        wanted_zh="产出养殖批次",
        wanted_en="outputs: lots of living animals",
    ),
    Stage.GATHERING: Flow(
        outputs=(1, _MANY), makes=Form.FRESH, or_makes=frozenset({Form.HERB}),
        wanted_zh="产出批次（药材名、重量）",
        wanted_en="outputs: lots with herb and grams",
    ),
    Stage.MINING: Flow(
        outputs=(1, _MANY), makes=Form.HERB,
        wanted_zh="产出批次（药材名、重量）",
        wanted_en="outputs: lots with herb and grams",
    ),
    Stage.OPENING: Flow(
        outputs=(1, _MANY), makes=Form.HERB, or_makes=_WEIGHED,
        wanted_zh="产出批次（品名、重量，形态不是药材的请注明）",
        wanted_en="outputs: lots with name and grams, and their form where it is not dried herb",
    ),
    Stage.FIELD_WORK: Flow(
        lots=(1, _MANY), takes=_GROWING,
        wanted_zh="所涉在地批次",
        wanted_en="lots: the field lots worked on",
    ),
    Stage.SENSING: Flow(
        lots=(0, _MANY), takes=frozenset(Form),
        wanted_zh="环境数据与所涉批次（可无，即整个地点）",
        wanted_en="sensors; lots, if not the whole place was measured",
    ),
    Stage.HARVEST: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY), takes=_GROWING, makes=Form.FRESH,
        or_makes=frozenset({Form.SEED, Form.HERB}),
        wanted_zh="投入在地批次，产出鲜品批次（重量）",
        wanted_en="inputs: field lots; outputs: fresh lots with grams",
    ),
    Stage.PRIMARY_PROCESSING: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY), takes=frozenset({Form.FRESH, Form.HERB}), makes=Form.HERB,
        wanted_zh="投入鲜品批次，产出药材批次（重量）",
        wanted_en="inputs: fresh lots; outputs: herb lots with grams",
    ),
    Stage.PURCHASE: Flow(
        outputs=(0, _MANY), lots=(0, _MANY), takes=_MOVED, makes=Form.EXCIPIENT,
        or_makes=_WEIGHED, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所购批次（重量）与出售方；出售方不在本系统的，填产出批次（品名、形态、重量）",
        wanted_en="lots with grams and the seller; outputs with name, form and grams from a seller not here",
    ),
    Stage.SPLIT: Flow(
        inputs=(1, 1), outputs=(1, _MANY), takes=_WEIGHED,
        wanted_zh="投入一个批次，产出一个或多个批次（重量）",
        wanted_en="one input; outputs with grams",
    ),
    Stage.MERGE: Flow(
        inputs=(2, _MANY), outputs=(1, 1), takes=_WEIGHED,
        wanted_zh="投入两个以上批次，产出一个批次（重量）",
        wanted_en="two inputs or more; one output with grams",
    ),
    Stage.STORAGE: Flow(
        lots=(1, _MANY), takes=_MOVED,
        wanted_zh="在库批次",
        wanted_en="lots: the lots in store",
    ),
    Stage.SAMPLING: Flow(
        lots=(1, _MANY), takes=_WEIGHED, measures=True,
        wanted_zh="被抽样批次与抽样重量",
        wanted_en="lots with the grams drawn as samples",
    ),
    Stage.TEST: Flow(
        lots=(1, _MANY), takes=frozenset(Form),
        wanted_zh="受检批次",
        wanted_en="lots: the lots tested",
    ),
    Stage.PAOZHI: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY),
        takes=frozenset({Form.FRESH, Form.HERB, Form.SLICE, Form.EXCIPIENT}),
        makes=Form.SLICE, wanted_zh="投入药材批次（及辅料批次），产出饮片批次（重量）",
        wanted_en="inputs: herb lots and excipient lots; outputs: slice lots with grams",
    ),
    Stage.GRANULE: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY), takes=frozenset({Form.HERB, Form.SLICE, Form.EXCIPIENT}),
        makes=Form.GRANULE, wanted_zh="投入饮片批次（及辅料批次），产出配方颗粒批次（重量）",
        wanted_en="inputs: slice lots and excipient lots; outputs: granule lots with grams",
    ),
    Stage.MEDICINE: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY),
        takes=frozenset({Form.HERB, Form.SLICE, Form.GRANULE, Form.EXCIPIENT}),
        makes=Form.MEDICINE, wanted_zh="投入各味饮片批次（及辅料批次），产出中成药批次（品名、重量）",
        wanted_en="inputs: lots of every herb and excipient lots; outputs: product name and grams",
    ),
    Stage.PACK: Flow(
        inputs=(1, 1), takes=_PRODUCTS | {Form.HERB},
        wanted_zh="投入一个批次，并填包数与每包克数",
        wanted_en="one input, with packs and grams per pack",
    ),
    Stage.NEST: Flow(
        takes=_PRODUCTS | {Form.HERB},
        wanted_zh="箱码与所装各包的追溯码",
        wanted_en="container: the code of the box; codes: those of the packs in it",
    ),
    Stage.UNNEST: Flow(
        takes=_PRODUCTS | {Form.HERB},
        wanted_zh="箱码；只取出几包的，另填其追溯码",
        wanted_en="container: the code of the box; codes: those of the packs taken out, if not all",
    ),
    Stage.SHIP: Flow(
        lots=(1, _MANY), takes=_MOVED, counterparty=Counterparty.REQUIRED,
        wanted_zh="所发批次（整批）或追溯码，与收货方",
        wanted_en="lots: whole lots, or codes; counterparty: the receiver",
    ),
    Stage.RECEIVE: Flow(
        lots=(1, _MANY), takes=_MOVED, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所收批次或追溯码，与发货方",
        wanted_en="lots: the lots received, or codes; counterparty: the sender",
    ),
    Stage.SALE: Flow(
        lots=(1, _MANY), takes=_WEIGHED, measures=True, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所售批次（重量）或追溯码，购货方可选",
        wanted_en="lots with grams, or codes; counterparty: the buyer, if a party",
    ),
    Stage.SETTLEMENT: Flow(
        lots=(1, _MANY), takes=_MOVED, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所结算批次与对方",
        wanted_en="lots: the lots settled; counterparty: the other side",
    ),
    Stage.RETURN: Flow(
        lots=(1, _MANY), takes=_MOVED, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所退批次（整批）或追溯码，与原发货方；消费者退回的只填追溯码",
        wanted_en="lots: whole lots, or codes; counterparty: who had shipped them; none for a buyer's return",
    ),
    Stage.DISPENSE: Flow(
        lots=(1, _MANY), takes=_PRODUCTS | {Form.HERB}, measures=True,
        wanted_zh="所用批次（重量）或追溯码",
        wanted_en="lots with grams, or codes",
    ),
    Stage.STOCK_ADJUST: Flow(
        lots=(1, 1), takes=_WEIGHED, measures=True,
        wanted_zh="一个批次与调整后的散装重量",
        wanted_en="one lot with its loose mass after the adjustment",
    ),
    Stage.DESTROY: Flow(
        lots=(1, _MANY), takes=frozenset(Form),
        wanted_zh="所销毁批次（重量，不填即全部）或追溯码",
        wanted_en="lots with grams, all there is where none stands; or codes",
    ),
}  # fmt: skip
"""The lots of every stage."""
