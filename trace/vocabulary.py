"""The words of the trade that every part of `trace` shares: stages, forms, node types, and their URIs.

Each word is one enum member with its Chinese and English name, so that a page, a spreadsheet
heading and an EPCIS event can never disagree about it.
"""

from enum import StrEnum
from typing import Final, Self

from ledger.errors import Language

TCM: Final = "https://ns.daodi.example/tcm/"
"""Namespace of our own EPCIS words. A name, never fetched: `.example` belongs to nobody (RFC 2606)."""

TCM_PREFIX: Final = "tcm"
"""The CURIE prefix that stands for `TCM` in every event we write."""

EPCIS_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""JSON-LD context of EPCIS 2.0; named in documents, never loaded from the network."""


class Word(StrEnum):
    """A closed word: its value is the key in code and JSON, `zh` and `en` are what people read."""

    zh: str
    en: str

    def __new__(cls, key: str, zh: str = "", en: str = "") -> Self:
        """Bind the key to its two names."""
        member = str.__new__(cls, key)
        member._value_ = key
        member.zh = zh
        member.en = en
        return member

    def words(self, language: Language) -> str:
        """Say this word in `language`.

        >>> Stage.PAOZHI.words("zh")
        '饮片炮制'
        """
        return self.zh if language == "zh" else self.en

    @classmethod
    def named(cls, text: str) -> Self | None:
        """Find a word by its key, its Chinese or its English name; None when it is none of ours.

        >>> Stage.named("采收") is Stage.HARVEST
        True
        """
        wanted = text.strip().casefold()
        return next((word for word in cls if wanted in (word.value, word.zh, word.en.casefold())), None)


class Stage(Word):
    """The steps of a herb's way, in the order they usually come."""

    SEED = "seed", "种子种苗", "seed and seedlings"
    PLANTING = "planting", "种植", "planting"
    REARING = "rearing", "养殖", "rearing"
    GATHERING = "gathering", "野生采集", "wild gathering"
    MINING = "mining", "矿物开采", "mining"
    OPENING = "opening", "期初库存", "opening stock"
    FIELD_WORK = "field_work", "田间管理", "field work"
    SENSING = "sensing", "环境传感", "environment sensing"
    HARVEST = "harvest", "采收", "harvest"
    PRIMARY_PROCESSING = "primary_processing", "产地初加工", "primary processing"
    PURCHASE = "purchase", "收购", "purchase"
    SPLIT = "split", "拆分", "split"
    MERGE = "merge", "合并", "merge"
    STORAGE = "storage", "仓储养护", "storage and care"
    SAMPLING = "sampling", "抽样", "sampling"
    TEST = "test", "检验", "test"
    PAOZHI = "paozhi", "饮片炮制", "processing into slices"
    GRANULE = "granule", "配方颗粒生产", "making of granules"
    MEDICINE = "medicine", "中成药生产", "making of medicine"
    PACK = "pack", "包装赋码", "packing and coding"
    NEST = "nest", "装箱", "packing into a box"
    UNNEST = "unnest", "拆箱", "unpacking of a box"
    SHIP = "ship", "发货", "shipment"
    RECEIVE = "receive", "收货", "receipt of goods"
    SALE = "sale", "销售", "sale"
    SETTLEMENT = "settlement", "结算", "settlement"
    RETURN = "return", "退货", "return of goods"
    DISPENSE = "dispense", "调剂使用", "dispensing"
    STOCK_ADJUST = "stock_adjust", "调库", "adjustment of stock"
    DESTROY = "destroy", "销毁", "destruction"


ORIGIN_STAGES: Final = frozenset({Stage.PLANTING, Stage.REARING, Stage.GATHERING, Stage.MINING})
"""How a lot can come into the world: sown, reared, gathered wild or mined."""

PRODUCT_STAGES: Final = frozenset({Stage.PAOZHI, Stage.GRANULE, Stage.MEDICINE})
"""Where herbs become a product, and excipients (辅料) may be added."""

BY_CODE: Final = frozenset(
    {
        Stage.NEST, Stage.UNNEST, Stage.SHIP, Stage.RECEIVE, Stage.SALE, Stage.RETURN, Stage.DISPENSE,
        Stage.DESTROY,
    }
)  # fmt: skip
"""Stages whose goods may be named pack by pack, by their codes, instead of by lot."""


class Form(Word):
    """What a lot physically is; processing changes it."""

    SEED = "seed", "种子种苗", "seed or seedling"
    PLANT = "plant", "在地植株", "standing crop"
    ANIMAL = "animal", "活体", "living animals"
    FRESH = "fresh", "鲜品", "fresh herb"
    HERB = "herb", "药材", "dried herb"
    SLICE = "slice", "饮片", "slice"
    EXCIPIENT = "excipient", "辅料", "excipient"
    GRANULE = "granule", "配方颗粒", "dispensing granules"
    MEDICINE = "medicine", "中成药", "Chinese patent medicine"


NAMED_FREELY: Final = frozenset({Form.EXCIPIENT, Form.MEDICINE})
"""Forms that are no herb: their lots carry the name of the excipient or of the product instead."""


class NodeType(Word):
    """The eight kinds of party in the national system (国家中药材流通追溯体系); a firm may be several."""

    GROWER = "grower", "药材种植", "grower"
    TRADER = "trader", "药材经销", "herb trader"
    SLICE_MAKER = "slice_maker", "饮片生产", "slice maker"
    SLICE_TRADER = "slice_trader", "饮片经销", "slice trader"
    MARKET = "market", "药材市场", "herb market"
    USER = "user", "医院药店", "hospital or pharmacy"
    REGULATOR = "regulator", "管理机构", "regulator"
    OTHER = "other", "其他", "other"


class TcmStep(StrEnum):
    """Business steps for which CBV 2.0 has no word; written as `tcm:` CURIEs."""

    PLANTING = "planting"
    REARING = "rearing"
    GATHERING = "gathering"
    MINING = "mining"
    FIELD_OPERATION = "field_operation"
    HARVESTING = "harvesting"
    PRIMARY_PROCESSING = "primary_processing"
    SPLITTING = "splitting"
    COMMINGLING = "commingling"
    PAOZHI = "paozhi"
    OPENING_STOCK = "opening_stock"
    SETTLING = "settling"


def tcm_uri(local_name: str) -> str:
    """Return the full URI of one of our words.

    >>> tcm_uri(TcmStep.PAOZHI)
    'https://ns.daodi.example/tcm/paozhi'
    """
    return TCM + local_name


def tcm_curie(local_name: str) -> str:
    """Return the short form used inside events whose context binds `tcm`.

    >>> tcm_curie("field_operation")
    'tcm:field_operation'
    """
    return f"{TCM_PREFIX}:{local_name}"
