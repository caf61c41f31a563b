"""The data structure definition TCM_PI(1.0): what a published index value is called in SDMX 3.

A node is named as the trade names it, in Chinese: an SDMX code may not be (identifiers are ASCII), so
NODE is an uncoded dimension of text. The statuses are ours, in a code list of our own.
"""

from dataclasses import dataclass
from typing import Final, Literal

from api.publication.value_columns import COUNTS, Kind
from priceindex.classification import Level

AGENCY: Final = "DAODI"
FLOW: Final = "TCM_PI"
VERSION: Final = "1.0"
CONCEPTS: Final = "CS_TCM_PI"

FREQUENCIES: Final = {"day": "D", "week": "W", "month": "M"}
"""Our word -> the code of the frequency."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes a component may take."""

    id: str
    zh: str
    en: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """A dimension, the measure or an attribute."""

    id: str
    part: Literal["dimension", "time", "measure", "attribute"]
    kind: Literal["String", "Decimal", "Integer", "DateTime", "ObservationalTimePeriod"]
    zh: str
    en: str
    codes: CodeList | None = None


_LEVEL_WORDS: Final = {
    "composite": ("总指数", "composite"),
    "class": ("药用部位类别", "class by medicinal part"),
    "herb": ("药材", "herb"),
    "grade": ("规格等级", "grade"),
    "market": ("市场", "market"),
    "origin": ("产地", "origin"),
    "theme": ("专题", "theme"),
}

CL_FREQ: Final = CodeList(
    "CL_TCM_FREQ",
    "频率",
    "frequency",
    (Code("D", "日", "daily"), Code("W", "周", "weekly"), Code("M", "月", "monthly")),
)
CL_LEVEL: Final = CodeList(
    "CL_TCM_LEVEL",
    "层级",
    "level",
    tuple(Code(level.value, *_LEVEL_WORDS[level.value]) for level in Level),
)
CL_STATUS: Final = CodeList(
    "CL_TCM_STATUS",
    "数值状态",
    "status of a value",
    (Code("P", "暂定", "provisional"), Code("F", "定稿", "final"), Code("R", "修订", "revised")),
)
CODE_LISTS: Final = (CL_FREQ, CL_LEVEL, CL_STATUS)

DIMENSIONS: Final = (
    Component("FREQ", "dimension", "String", "频率", "frequency", CL_FREQ),
    Component("FAMILY", "dimension", "String", "指数系列", "index family"),
    Component("LEVEL", "dimension", "String", "层级", "level", CL_LEVEL),
    Component("NODE", "dimension", "String", "节点", "node"),
    Component("TIME_PERIOD", "time", "ObservationalTimePeriod", "期间", "time period"),
)
MEASURE: Final = Component("OBS_VALUE", "measure", "Decimal", "指数点", "index points")
ATTRIBUTES: Final = (
    Component("OBS_STATUS", "attribute", "String", "数值状态", "status", CL_STATUS),
    Component("VINTAGE", "attribute", "Integer", "版次", "vintage"),
    Component("RELEASE_ID", "attribute", "String", "发布编号", "release id"),
    Component("METHOD_ID", "attribute", "String", "方法版本", "method id"),
    Component("PUBLISHED", "attribute", "DateTime", "发布时间（UTC）", "when it was published (UTC)"),
    *(
        Component(
            column.name.upper(),
            "attribute",
            "Integer",
            column.zh + ("（万分之一）" if column.kind is Kind.BASIS_POINTS else ""),
            column.en + (" (basis points)" if column.kind is Kind.BASIS_POINTS else ""),
        )
        for column in COUNTS
    ),
)
COMPONENTS: Final = (*DIMENSIONS, MEASURE, *ATTRIBUTES)
KEY_LENGTH: Final = len(DIMENSIONS) - 1
"""Parts of a series key: every dimension but time."""
