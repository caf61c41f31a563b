"""What integrity refuses: periods, draws, inspections, complaints and measures that cannot be."""

from trace.errors import TraceError


class BadPeriod(TraceError):
    """A text that is neither a year nor a quarter."""

    zh = "“{text}”不是年度或季度"
    en = "“{text}” is neither a year nor a quarter"
    remedy_zh = "请写成 2026 或 2026Q3"
    remedy_en = "write it as 2026 or 2026Q3"


class PeriodNotOver(TraceError):
    """A period is scored only once it is over: before, the score would change under the reader."""

    zh = "{period} 尚未结束，不能评分"
    en = "{period} is not over and cannot be scored yet"
    remedy_zh = "请在期满之后评分，或评定上一期"
    remedy_en = "score it once it is over, or score the period before"


class NoScores(TraceError):
    """Nobody has been scored for a period."""

    zh = "{period} 没有诚信评分"
    en = "there are no integrity scores for {period}"
    remedy_zh = "请先运行 daodi integrity score，或换一期"
    remedy_en = "run daodi integrity score first, or ask for another period"


class NotByRegulator(TraceError):
    """A party that is no regulator would inspect, decide or punish."""

    zh = "主体 {uscc} 不是管理机构，不能{act_zh}"
    en = "party {uscc} is no regulator and cannot {act_en}"
    remedy_zh = "请由登记为管理机构的主体办理"
    remedy_en = "let a party that is registered as a regulator do it"


class UnknownDraw(TraceError):
    """A draw nobody announced."""

    zh = "没有编号为“{draw}”的抽取"
    en = "no draw “{draw}” was announced"
    remedy_zh = "请核对抽取编号"
    remedy_en = "check the id of the draw"


class EmptyDraw(TraceError):
    """A draw with fewer parties or inspectors on its list than it is to pick."""

    zh = "名单上有{who_zh} {there} 个，抽不出 {wanted} 个"
    en = "there are {there} {who_en} on the list: {wanted} cannot be drawn"
    remedy_zh = "请放宽范围或减少抽取数量"
    remedy_en = "widen the scope or draw fewer"


class DrawTooEarly(TraceError):
    """The log has not reached the size whose root the draw awaits."""

    zh = "账本签名检查点的大小为 {size}，本次抽取要等到 {wanted}"
    en = "the log's signed checkpoint has {size} entries; this draw awaits {wanted}"
    remedy_zh = "请等账本增长到该大小后再抽取"
    remedy_en = "wait until the log has grown to that size"


class DrawNotOpenToChance(TraceError):
    """Everything between the announcement and the awaited root was stated by who draws or by the operator."""

    zh = "自公告至第 {size} 条之间没有第三方的陈述，结果不能算随机"
    en = "nobody else stated anything between the announcement and entry {size}: that is no chance"
    remedy_zh = "请重新公告一次抽取"
    remedy_en = "announce a new draw"


class SeedDiffers(TraceError):
    """A seed that is not the one the announcement committed to."""

    zh = "所给种子与公告时承诺的哈希不符"
    en = "this seed is not the one the announcement committed to"
    remedy_zh = "请使用公告时保存的种子"
    remedy_en = "use the seed that was kept when the draw was announced"


class DrawDone(TraceError):
    """A draw that was made already."""

    zh = "抽取“{draw}”已经完成"
    en = "draw “{draw}” is done"
    remedy_zh = "请查看已公布的结果"
    remedy_en = "read the result that was published"


class DrawFalse(TraceError):
    """A draw whose published result does not follow from what was announced."""

    zh = "抽取“{draw}”的结果与公告不符：{fault_zh}"
    en = "the result of draw “{draw}” does not follow from its announcement: {fault_en}"
    remedy_zh = "请向主管部门举报"
    remedy_en = "report it to the authority above"


class BadInspection(TraceError):
    """An inspection that contradicts itself."""

    zh = "检查结果有误：{fault_zh}"
    en = "the inspection is wrong: {fault_en}"
    remedy_zh = "请改正后重新提交"
    remedy_en = "mend it and send it again"


class UnknownMeasure(TraceError):
    """A credit measure nobody took."""

    zh = "没有编号为“{measure}”的信用惩戒"
    en = "there is no credit measure “{measure}”"
    remedy_zh = "请核对惩戒编号"
    remedy_en = "check the id of the measure"


class MeasureClosed(TraceError):
    """A credit measure that was repaired, or a step of its repair taken before."""

    zh = "信用惩戒“{measure}”不能这样处理：{why_zh}"
    en = "credit measure “{measure}” cannot be handled so: {why_en}"
    remedy_zh = "修复依次为：申请、第一人同意、第二人决定"
    remedy_en = "a repair is asked for, then agreed by one person, then decided by another"


class UnknownComplaint(TraceError):
    """A complaint nobody filed."""

    zh = "没有编号为“{complaint}”的投诉"
    en = "there is no complaint “{complaint}”"
    remedy_zh = "请核对投诉编号"
    remedy_en = "check the id of the complaint"


class ComplaintClosed(TraceError):
    """A complaint that was decided, or answered, already."""

    zh = "投诉“{complaint}”已{done_zh}"
    en = "complaint “{complaint}” was {done_en} already"
    remedy_zh = "请查看已有的处理结果"
    remedy_en = "read what came of it"


class BadComplaint(TraceError):
    """A complaint that names nothing, or says too little or too much."""

    zh = "投诉填写有误：{fault_zh}"
    en = "the complaint is wrong: {fault_en}"
    remedy_zh = "请改正后重新提交"
    remedy_en = "mend it and send it again"
