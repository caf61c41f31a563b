"""What is refused when people decide about warnings, or keep the lists that rules read."""

from priceindex.errors import PriceIndexError


class UnknownWarning(PriceIndexError):
    """There is no such warning, or none that this caller may see: the same words for both."""

    zh = "没有编号为 {warning} 的预警"
    en = "there is no warning {warning}"
    remedy_zh = (
        "用 daodi warnings list 或 GET /v1/warnings 查看编号；仅供监管查看的预警须有 warnings:read 权限"
    )
    remedy_en = (
        "see the ids with daodi warnings list or GET /v1/warnings; regulator's warnings need the scope "
        "warnings:read"
    )


class UnknownRule(PriceIndexError):
    """No rule of any text has this name."""

    zh = "没有名为“{rule}”的预警规则"
    en = "there is no warning rule “{rule}”"
    remedy_zh = "可用的规则：{known}"
    remedy_en = "the rules are: {known}"


class WarningEnded(PriceIndexError):
    """A warning that is over cannot be acknowledged, snoozed or closed."""

    zh = "预警 {warning} 已经结束"
    en = "warning {warning} is over"
    remedy_zh = "说明仍可补充（explain）；处置有误时先撤销关闭（reopen）"
    remedy_en = "it can still be explained; where it was closed by mistake, reopen it first"


class WarningNotClosed(PriceIndexError):
    """Only what a person closed can be reopened."""

    zh = "预警 {warning} 不是由人关闭的，无从撤销"
    en = "warning {warning} was not closed by a person: there is nothing to undo"
    remedy_zh = "自动结束的预警会在指标再次越界时另开一条"
    remedy_en = "one that ended by itself opens anew when its score crosses the bound again"


class WarningTaken(PriceIndexError):
    """A later warning of the same subject and rule was opened."""

    zh = "同一对象、同一规则其后另有预警 {other}，不能再恢复 {warning}"
    en = "warning {other} of the same subject and rule came later: {warning} cannot be reopened"
    remedy_zh = "在 {other} 上处置"
    remedy_en = "decide about {other}"


class SnoozePast(PriceIndexError):
    """A warning is snoozed until a moment to come, for a while at most."""

    zh = "暂缓时间须在今后 {days} 天之内"
    en = "snooze until a day within the next {days} days"
    remedy_zh = "另选日期；长期不需处理的请写明原因后关闭"
    remedy_en = "choose another day; close with a reason what needs no work for longer"


class HealthHerbListed(PriceIndexError):
    """A herb can be put on the public-health list once."""

    zh = "“{herb}”已在公共卫生目录中"
    en = "“{herb}” is on the public-health list already"
    remedy_zh = "要更正来源，先移出再列入"
    remedy_en = "to correct its source, take it off first"


class HealthHerbUnknown(PriceIndexError):
    """A herb that is not a herb here, or is not on the list."""

    zh = "“{herb}”不是标准药材名，或不在公共卫生目录中"
    en = "“{herb}” is no standard herb name, or is not on the public-health list"
    remedy_zh = "用 daodi warnings health-list 查看目录；药材名须用标准中文名"
    remedy_en = "see the list with daodi warnings health-list; use the standard Chinese name of a herb"
