"""What a family's name promises, and whether the declared coverage bears it out.

Decree 22: a name with 中国, 全国 or a region needs proof of the collection points' share of trade. Regions
are the provinces, and whatever markets and origins the family's own cells name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from priceindex.families import Family

NATIONAL: Final = ("中国", "全国", "中华", "国家", "china", "chinese", "national")
"""Words that claim the whole country, in lower case."""
PROVINCES: Final = (
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
)
"""Short names of the province-level divisions (GB/T 2260)."""
OFFICIAL_INDICES: Final = (
    "康美·中国中药材价格指数",
    "中国·成都中药材指数",
    "中价·成都",
    "中国·安国中药材指数",
    "亳州中药材价格指数",
    "新华(山西)十大晋药",
)
"""Published indices whose names are taken (as named on their publishers' pages)."""


@dataclass(frozen=True, slots=True)
class NameClaim:
    """What a name claims."""

    national: bool
    regions: tuple[str, ...]
    taken: str | None
    """The published index of the same name; None when it is free."""

    @property
    def needs_proof(self) -> bool:
        """Whether the name may only be used with a declared coverage."""
        return self.national or bool(self.regions)


def claim_of(family: Family, regions: Collection[str]) -> NameClaim:
    """Read what the names of a family claim, on trial and official; English and Chinese count alike.

    >>> from priceindex.families import family
    >>> claim_of(family("bozhou"), {"亳州", "安国"}).regions
    ('亳州',)
    """
    names = [family.words(each, official=official) for each in ("zh", "en") for official in (False, True)]
    both = " ".join(names).lower()
    return NameClaim(
        national=any(word in both for word in NATIONAL),
        regions=tuple(sorted(region for region in regions if region.lower() in both)),
        taken=next((name for name in OFFICIAL_INDICES if name in names), None),
    )
