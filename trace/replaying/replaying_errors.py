"""What can go wrong when the log is read back."""

from trace.errors import TraceError


class UnreadableStatement(TraceError):
    """A logged statement of the trace that lacks what its kind must carry."""

    zh = "陈述 {statement} 读不回来：“{member}”缺失或形式不对"
    en = "the statement {statement} cannot be read back: “{member}” is missing or malformed"
    remedy_zh = "请用 daodi fsck 核对账本；账本无误时请向开发者报告此陈述的编号"
    remedy_en = "check the log with daodi fsck; if it is sound, report the id of this statement"


class StatementTwice(TraceError):
    """Two logged statements of the trace bear the same number: their order cannot be told."""

    zh = "账本中有两条陈述的次序号都是 {nth}（其一为 {statement}），无法确定先后"
    en = "two statements in the log bear the number {nth} (one is {statement}): their order cannot be told"
    remedy_zh = "请用 daodi fsck 核对账本，并向开发者报告此次序号"
    remedy_en = "check the log with daodi fsck and report this number"


class LogTooOld(TraceError):
    """A log whose older steps do not say what was flagged: the findings are in the tables alone."""

    zh = "账本中有 {count} 条陈述出自 0.1 版，没有次序号，当时的发现未写入账本；重建会丢失这些发现"
    en = "{count} statements are of version 0.1: they do not state their findings, which would be lost"
    remedy_zh = "请只用 --check 比对，不要写入"
    remedy_en = "only compare, with --check"
