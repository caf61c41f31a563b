"""Which column of a table is which part of a quote: Chinese and English headings, and units named in them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Location
from priceindex.errors import MissingColumn
from priceindex.feeds.wording import plain
from priceindex.quotes import NAME_LIMIT, is_name

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "herb": ("herb", "品名", "药材", "药材名称", "品种", "名称"),
    "grade": ("grade", "spec", "规格", "规格等级", "等级"),
    "origin": ("origin", "产地"),
    "market": ("market", "市场", "市场名称"),
    "day": ("date", "day", "日期", "报价日期"),
    "price": ("price_yuan_per_kg", "price", "quote_raw", "价格", "报价", "单价"),
    "unit": ("unit", "单位"),
    "tier": ("tier", "类型", "价格类型"),
    "currency": ("currency", "币种", "货币"),
    "point": ("point", "采集点"),
    "trend": ("trend", "走势"),
    "week": ("chg_week", "周涨跌", "周涨跌幅"),
    "month": ("chg_month", "月涨跌", "月涨跌幅"),
    "year": ("chg_year", "年涨跌", "年涨跌幅"),
}
"""Column of a quote -> the headings it goes by. Other columns are ignored."""
NEEDED: Final = {
    "herb": "药材 herb",
    "grade": "规格 grade",
    "market": "市场 market",
    "day": "日期 date",
    "price": "价格 price",
}
"""Columns no quote can do without -> what a message calls them."""
_HEADINGS_SHOWN: Final = 20
_UNIT_IN_HEADING: Final = re.compile(r"[(\[]([^()\[\]]*/[^)\]]+)[)\]]$")
_PERCENT_IN_HEADING: Final = re.compile(r"[(\[]%[)\]]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each part of a quote stands in a row, and what the headings themselves say."""

    place: Mapping[str, int]
    heading: Mapping[str, str]
    """The heading as the body writes it, for messages."""
    unit: str
    """The unit a heading names, such as 元/市斤; empty when none does."""
    percent: frozenset[str]
    """Changes whose heading says that they are percentages."""


def columns_of(heading: Sequence[str], name: str, stated: Collection[str] = ()) -> Columns:
    """Find the parts of a quote among headings; `stated` parts need no column.

    Raises `MissingColumn` naming what is absent and what was found.

    >>> columns_of(["品名", "规格", "市场", "日期", "价格(元/市斤)"], "a.csv").unit
    '元/市斤'
    """
    unit = ""
    percent: set[int] = set()
    written: dict[str, int] = {}
    for at, text in enumerate(heading):
        label = plain(text).lower()
        if found := _PERCENT_IN_HEADING.search(label):
            percent.add(at)
        elif found := _UNIT_IN_HEADING.search(label):
            unit = found[1]
        if found:
            label = label[: found.start()].strip()
        written.setdefault(label, at)
    place = {
        part: places[0]
        for part, accepted in HEADINGS.items()
        if (places := [written[label] for label in accepted if label in written])
    }
    missing = [part for part in NEEDED if part not in place and part not in stated]
    if missing:
        raise _missing(missing, heading, name)
    return Columns(
        place=place,
        heading={part: heading[at].strip() for part, at in place.items()},
        unit=unit,
        percent=frozenset(part for part, at in place.items() if at in percent),
    )


def _missing(parts: Sequence[str], heading: Sequence[str], name: str) -> MissingColumn:
    columns = "、".join(NEEDED[part] for part in parts)
    texts = [text.strip()[:NAME_LIMIT] for text in heading[:_HEADINGS_SHOWN]]
    found = "、".join((text if is_name(text) else "?") or "—" for text in texts)
    return MissingColumn(
        at=Location(file=name, row=1, field=columns, value=found[:NAME_LIMIT]),
        columns=columns,
        found=found,
        accepted="；".join(f"{NEEDED[part]} = {' / '.join(HEADINGS[part])}" for part in parts),
    )
