"""What `daodi index comparison` says, in Chinese and English under one key."""

from typing import Final

INDEX_COMPARISON_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.index.comparison": (
        "一期发布的报价指数与成交指数之差，样本覆盖的成交份额",
        "the quote index of a release beside its transaction index, and the coverage of its sample",
    ),
    "option.comparison.release": (
        "发布编号；不给则为该系列最新一期",
        "release id; the family's newest when left out",
    ),
    "comparison.computing": ("计算两个指数", "computing both indices"),
    "comparison.title": (
        "{release}：报价与成交，{cells} 个报价单元，{base} 相等",
        "{release}: quotes and trades, {cells} cells, equal in {base}",
    ),
    "comparison.no_lines": (
        "没有同时有报价又有成交的报价单元，无从比较",
        "no cell has both quotes and trades: there is nothing to compare",
    ),
    "comparison.prices": (
        "同一单元同一周报价比成交价：中位数 {median}，四分位数 {low} 至 {high}，{pairs} 对",
        "quote against trade, same cell and week: median {median}, quartiles {low} to {high}, {pairs} pairs",
    ),
    "comparison.coverage": (
        "{first} 至 {last} 登记的成交中有报价的份额",
        "share of the trade recorded from {first} to {last} that is quoted",
    ),
    "comparison.no_coverage": (
        "{first} 至 {last} 登记的成交太少，不列份额",
        "too little trade was recorded from {first} to {last} to tell shares",
    ),
    "comparison.whole": ("全部", "all"),
    "comparison.uncovered": ("有成交而没有报价：{herbs}", "traded and not quoted: {herbs}"),
    "comparison.unnamed": (
        "另有 {herbs} 味药材、{markets} 个市场成交笔数或卖方太少，不列名",
        "{herbs} herbs and {markets} markets have too few sales or sellers to be named",
    ),
    "head.asked": ("报价指数", "quotes"),
    "head.paid": ("成交指数", "trades"),
    "head.spread": ("报价高出", "spread"),
    "head.by_herb": ("药材", "by herb"),
    "head.by_grade": ("规格", "by grade"),
    "head.by_cell": ("同市场同规格", "same market and grade"),
    "head.herbs_quoted": ("有报价/有成交", "quoted/traded"),
}
