"""What `daodi index seasonal` and `daodi index grade-ratios` say, in both languages: a part of `PHRASES`."""

from typing import Final

SEASONAL_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.index.seasonal": (
        "季节分析：已发布指数各月的同比与滚动年指数",
        "analyse a published index by season: year over year and rolling years",
    ),
    "help.index.grade-ratios": (
        "等级比价：同一药材两个规格等级逐月的价格之比",
        "the ratio between grades of a herb, month by month",
    ),
    "option.seasonal.level": (
        "层级：composite 总指数、class 大类、herb 药材、grade 规格、market 市场、origin 产地、theme 专题",
        "level: composite, class, herb, grade, market, origin or theme",
    ),
    "option.seasonal.node": (
        "节点：大类键、药材名、药材|规格、市场、产地或专题键",
        "node: class key, herb, herb|grade, market, origin or theme key",
    ),
    "option.ratios.market": ("只看这个市场", "only this market"),
    "option.ratios.herb": ("药材名", "herb"),
    "seasonal.title": ("{family} · {node}（发布 {release}）", "{family} · {node} (release {release})"),
    "seasonal.short": (
        "同比需要十三个月，滚动年需要十二个月；现有 {months} 个月",
        "a change over a year takes thirteen months, a rolling year twelve; there are {months}",
    ),
    "seasonal.analysis": (
        "以上为分析，不是发布值；“配对同比”由两月都有报价的单元算得，与同比的差距反映链接、推算与权数的影响",
        "analysis, not published values; the matched column comes from cells quoted in both months: its "
        "distance from the published change is what chaining, imputation and weights add",
    ),
    "seasonal.no_pairs": (
        "{herb} 没有同一产地、同一月份两个规格都有报价的情形",
        "no two grades of {herb} were quoted of one origin in one month",
    ),
    "head.month": ("月份", "month"),
    "head.year_over_year": ("同比", "over a year"),
    "head.rolling_year": ("滚动年", "rolling year"),
    "head.matched_year": ("配对同比", "matched"),
    "head.matched_cells": ("配对单元", "matched cells"),
    "head.market": ("市场", "market"),
    "head.grade": ("规格", "grade"),
    "head.other_grade": ("另一规格", "other grade"),
    "head.ratio": ("比价", "ratio"),
    "head.pairs": ("配对数", "pairs"),
    "ratios.capped": ("{ratio}（限幅）", "{ratio} (capped)"),
}
"""Key to (Chinese, English); both name the same parts."""
