"""What the registers refuse."""

from trace.errors import TraceError


class BadValidity(TraceError):
    """A time or a validity that cannot be: it ends before it begins, or begins in the future."""

    zh = "{field_zh}不对：{fault_zh}"
    en = "{field_en} cannot be: {fault_en}"
    remedy_zh = "请核对证照上的日期；将来才生效的，待生效时再登记"
    remedy_en = "check the dates; register what takes effect later once it does"


class DivisionRetired(TraceError):
    """A division code that was no longer, or not yet, in use on the day."""

    zh = "行政区划代码 {code}（{name_zh}）在 {year} 年不在使用期内（{years}）"
    en = "division code {code} ({name_en}) is not in use in {year} (in use {years})"
    remedy_zh = "{advice_zh}"
    remedy_en = "{advice_en}"


class BadOutline(TraceError):
    """An outline that is no simple ring on the ground."""

    zh = "地块边界有误：{fault_zh}"
    en = "the outline is wrong: {fault_en}"
    remedy_zh = "请提供 GeoJSON Polygon：一个闭合的环，经度在前，逆时针，首尾相同，不自相交"
    remedy_en = (
        "give a GeoJSON Polygon: one closed ring, longitude first, counterclockwise, "
        "first position repeated last, not crossing itself"
    )


class UnknownLicence(TraceError):
    """A licence the party never registered."""

    zh = "主体 {uscc} 没有登记{kind_zh}“{number}”"
    en = "party {uscc} has not registered {kind_en} “{number}”"
    remedy_zh = "请核对证照种类与编号"
    remedy_en = "check the kind and number of the licence"


class UnknownStaff(TraceError):
    """A member of staff the party never registered, or who left."""

    zh = "主体 {uscc} 没有在任的人员“{staff}”（{role_zh}）"
    en = "party {uscc} has nobody “{staff}” in the role {role_en}"
    remedy_zh = "请核对人员编号与岗位"
    remedy_en = "check the staff id and role"


class StandingUnchanged(TraceError):
    """A suspension of what is suspended or closed, or a resumption of what is not suspended."""

    zh = "{kind_zh} {target} 当前状态为“{state_zh}”，不能这样变更"
    en = "{kind_en} {target} is {state_en}: that cannot be done"
    remedy_zh = "请先查看其状态"
    remedy_en = "look at its standing first"


class SuspensionNotYours(TraceError):
    """A party would lift what a regulator or the operator imposed."""

    zh = "{kind_zh} {target} 由监管部门或平台暂停，不能自行恢复"
    en = "{kind_en} {target} was suspended by the regulator or the operator and cannot resume by itself"
    remedy_zh = "请向作出暂停决定的部门申请恢复"
    remedy_en = "ask whoever suspended it to lift the suspension"


class NotItsParty(TraceError):
    """A party would declare something about what is another party's."""

    zh = "地点 {place} 不由 {uscc} 经营"
    en = "place {place} is not run by {uscc}"
    remedy_zh = "请由现经营者声明"
    remedy_en = "let the party that runs it declare this"


class NothingChanged(TraceError):
    """A change that changes nothing."""

    zh = "{kind_zh} {target} 的登记内容与现有的相同，无需变更"
    en = "nothing about {kind_en} {target} would change"
    remedy_zh = "请填写要变更的名称、类型或行政区划"
    remedy_en = "give the name, node types or division that changes"


class UnknownGateRule(TraceError):
    """A rule that is no gate, or a strictness it cannot have."""

    zh = "规则“{rule}”不能设为“{strictness}”"
    en = "rule “{rule}” cannot be set to “{strictness}”"
    remedy_zh = "可设置的规则：{known}；可选：off、note、flag、refuse"
    remedy_en = "rules that can be set: {known}; to off, note, flag or refuse"
