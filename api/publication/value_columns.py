"""The columns of a published value: name, kind, and what each says, the same in every format."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.errors import Language


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    DECIMAL = "decimal"
    COUNT = "count"
    BASIS_POINTS = "basis_points"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table of values."""

    name: str
    kind: Kind
    zh: str
    en: str

    def words(self, language: Language) -> str:
        """Say what stands in the column."""
        return self.zh if language == "zh" else self.en


KEYS: Final = (
    Column("family", Kind.TEXT, "指数系列", "index family"),
    Column("level", Kind.TEXT, "层级", "level of the tree or second cut"),
    Column("node", Kind.TEXT, "节点", "class key, herb, herb|grade, market, origin or theme"),
    Column("frequency", Kind.TEXT, "频率", "day, week or month"),
    Column("period", Kind.DAY, "期间首日", "first day of the period"),
)
"""What a value is of."""

SAID: Final = (
    Column("value", Kind.DECIMAL, "指数点，发布位数", "index points, every published digit"),
    Column("status", Kind.TEXT, "状态：P 暂定，F 定稿，R 修订", "P provisional, F final, R revised"),
    Column("vintage", Kind.COUNT, "版次：该系列第几次发布", "ordinal of the release that said it"),
    Column("release", Kind.TEXT, "发布编号", "release id"),
    Column("method", Kind.TEXT, "方法版本", "method id"),
    Column("published", Kind.MOMENT, "发布时间", "when it was published"),
)
"""What was said, and by which release."""

COUNTS: Final = (
    Column("imputed_bp", Kind.BASIS_POINTS, "推算的权数", "share of weight imputed"),
    Column("stale_bp", Kind.BASIS_POINTS, "沿用旧报价的权数", "share of weight resting on earlier quotes"),
    Column("quoted", Kind.COUNT, "当日有报价的报价单元", "cells quoted that day"),
    Column("carried", Kind.COUNT, "沿用前几日报价的报价单元", "cells resting on an earlier quote"),
    Column("missing", Kind.COUNT, "没有报价的报价单元", "cells without a price"),
    Column("up", Kind.COUNT, "上涨的报价单元", "cells dearer than the index day before"),
    Column("down", Kind.COUNT, "下跌的报价单元", "cells cheaper than the index day before"),
    Column("flat", Kind.COUNT, "不变的报价单元", "cells unchanged"),
    Column("quotes", Kind.COUNT, "报价条数", "quotes used"),
    Column("markets", Kind.COUNT, "市场数", "markets quoted"),
    Column("grades", Kind.COUNT, "规格等级数", "grades quoted"),
    Column("sources", Kind.COUNT, "来源数", "sources that quoted"),
    Column("trade_bp", Kind.BASIS_POINTS, "成交价的权数", "share of weight priced by trades"),
    Column("market_bp", Kind.BASIS_POINTS, "市场报价的权数", "share of weight priced by market quotes"),
    Column("web_bp", Kind.BASIS_POINTS, "网上报价的权数", "share of weight priced by web quotes"),
    Column("judgement_bp", Kind.BASIS_POINTS, "专家判断的权数", "share of weight priced by judgement"),
    Column("left_out", Kind.COUNT, "未计入的报价", "quotes left out"),
)
"""What a value rests on (Decree 22, account of the basis of the newest value; IOSCO PRA principle 9)."""

COLUMNS: Final = (*KEYS, *SAID, *COUNTS)
NAMES: Final = tuple(column.name for column in COLUMNS)
COUNT_NAMES: Final = tuple(column.name for column in COUNTS)
