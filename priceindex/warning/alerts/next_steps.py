"""What to do next about a warning, in words: each rule names some of these."""

from typing import Final

STEPS: Final[dict[str, tuple[str, str]]] = {
    "quotes": ("核对原始报价与存档", "check the quotes and their archived originals"),
    "stocks": ("查看追溯库存与流向", "look at traced stocks and where they go"),
    "interview": ("约谈主要持货方", "talk to those who hold the goods"),
    "growers": ("了解产地收购价与种植意向", "ask growers about prices and planting"),
    "season": ("与往年同期对照", "compare with the same season of past years"),
    "sources": ("比较各来源，必要时请来源说明", "compare the sources and ask them to explain"),
    "weather": ("查看产地天气与灾情", "look at weather and damage at the origins"),
    "markets": ("比较各市场报价与运费", "compare the markets' quotes and the cost of transport"),
    "grades": ("核对规格是否一致", "see that the grades are the same"),
    "forecast": ("查看预测及其实绩", "look at the forecast and its track record"),
    "collectors": ("催报并检查采集", "remind the collectors and check the collection"),
    "hold": ("必要时暂缓发布，换人复核", "hold the release for a second person's review where needed"),
    "archive": ("调取存档原文留证", "keep the archived originals as evidence"),
}
"""Key -> Chinese and English; `rules@1.toml` names no other key."""


def step_words(key: str, language: str) -> str:
    """Say one step.

    >>> step_words("grades", "en")
    'see that the grades are the same'
    """
    zh, en = STEPS[key]
    return zh if language == "zh" else en
