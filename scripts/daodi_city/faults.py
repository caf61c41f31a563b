"""The faults planted in the demo city: what they are, and where each one sits.

The generator returns them as a list, and `daodi_city.fault_checks` finds each one again in the loaded
database by what the product itself says about it: a fault that only the generator knows of proves nothing.
"""

from dataclasses import dataclass

from trace.vocabulary import Stage, Word


class FaultKind(Word):
    """What kind of fault was planted."""

    COPIED = "copied", "追溯码被复制", "copied code"
    OVERSOLD = "oversold", "批次超售", "oversold lot"
    OVER_LIMIT = "over_limit", "检验超标", "test over the limit"
    STAGE_MISSING = "stage_missing", "批次缺少环节", "lot without a stage"
    UNTESTED = "untested", "未检验即包装", "packed without a test"
    LATE = "late", "延迟记录", "late record"
    NOT_ACTIVATED = "not_activated", "未激活的码被扫", "scan of a code no pack carries"
    LICENCE_LAPSED = "licence_lapsed", "证照过期仍在经营", "trade under a lapsed licence"
    STRAYED = "strayed", "作业位置在地块之外", "work off its field"
    TOO_WARM = "too_warm", "库温超过规定", "store warmer than the rule"
    TOO_LITTLE_WINE = "too_little_wine", "炮制辅料用量不足", "too little excipient"
    UNTRACED = "untraced", "期初库存，来路无记录", "old stock without a past"
    MISWEIGHED = "misweighed", "重量登记错误并已更正", "wrong weight, corrected"
    RECALLED = "recalled", "已召回的包装", "recalled pack"
    SPOILED = "spoiled", "印废的码被扫", "scan of a spoiled label"
    REFUSED = "refused", "不合规则的环节应被拒绝", "step the rules must refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedFault:
    """One planted fault and where to look for it."""

    kind: FaultKind
    lot: str | None = None
    """The lot it sits on; None for a code no lot carries."""
    pack: int | None = None
    """Which pack of the lot, or which code of the roll, counted from 0."""
    stage: Stage | None = None
    """The stage that is missing."""
    step: str | None = None
    """The party's own id of the step that carries the fault."""
