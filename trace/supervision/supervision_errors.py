"""What the register of the trade refuses."""

from trace.errors import TraceError


class UnitKnown(TraceError):
    """A unit that stands in the register already on that day."""

    zh = "登记单位“{unit}”自 {since} 起已在册"
    en = "unit “{unit}” has been in the register since {since}"
    remedy_zh = "如已退出，请先登记退出日期，再登记新的起始日期"
    remedy_en = "enter the day it left first, then the day it came back"


class UnitUnknown(TraceError):
    """A unit that is not in the register, or left it before."""

    zh = "登记单位“{unit}”不在册"
    en = "unit “{unit}” is not in the register"
    remedy_zh = "请核对单位编号"
    remedy_en = "check the id of the unit"


class BadUnit(TraceError):
    """Particulars of a unit that contradict each other."""

    zh = "登记单位“{unit}”有误：{fault_zh}"
    en = "unit “{unit}” is wrong: {fault_en}"
    remedy_zh = "请改正后重新提交"
    remedy_en = "mend it and send it again"
