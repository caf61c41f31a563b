"""What is wrong with a code of another system, or with linking one."""

from trace.errors import TraceError


class BadDigitalLink(TraceError):
    """An address that is not a GS1 Digital Link (URI Syntax 1.2 and later)."""

    zh = "不是有效的 GS1 数字链接：{fault_zh}"
    en = "this is not a GS1 Digital Link: {fault_en}"
    remedy_zh = "请按“/01/14 位 GTIN/10/批号/21/序列号”的次序书写，并核对校验位"
    remedy_en = "write it in the order /01/GTIN of 14 digits/10/lot/21/serial and compare the check digit"


class BadElementString(TraceError):
    """A text that is not GS1 elements in brackets, such as (01)…(10)…."""

    zh = "不是有效的 GS1 要素：{fault_zh}"
    en = "these are not GS1 elements: {fault_en}"
    remedy_zh = "请写成 (01)06901234567892(10)批号 的样子，并核对校验位"
    remedy_en = "write them like (01)06901234567892(10)LOT and compare the check digit"


class UnreadableOtherCode(TraceError):
    """A text that has the form of no code we know, or not of the scheme it is said to be of."""

    zh = "“{value}”不是{scheme_zh}的编码"
    en = "“{value}” is not a code of {scheme_en}"
    remedy_zh = "请核对编码与所属体系；其他系统的编码请用 x- 开头的体系名"
    remedy_en = "compare the code and its scheme; a system of your own is named by a slug that begins with x-"


class OtherCodeNamesElse(TraceError):
    """A code whose own structure says that it names another kind of thing."""

    zh = "编码“{value}”标识的是{named_zh}，不能关联到{target_zh}"
    en = "the code “{value}” names {named_en}, and cannot be linked to {target_en}"
    remedy_zh = "请把它关联到它所标识的对象"
    remedy_en = "link it to what it names"


class OtherCodeTaken(TraceError):
    """A code of another system that is already linked to something else."""

    zh = "编码“{value}”已于 {day} 关联到另一对象（{target}），不能再关联到 {wanted}"
    en = "the code “{value}” was linked to {target} on {day}, and cannot be linked to {wanted} too"
    remedy_zh = "若原关联有误，请先由关联方撤销；若同一编码出现在两处实物上，请向监管部门报告"
    remedy_en = (
        "if the earlier link is wrong, let who made it withdraw it; if two goods bear the code, report them"
    )


class NotTheHolder(TraceError):
    """A party that links a code to what it does not hold."""

    zh = "{target} 不由主体 {party} 持有，只有持有者可以为它关联或撤销编码"
    en = "{target} is not held by {party}; only its holder links a code to it or withdraws one"
    remedy_zh = "请由现持有者办理"
    remedy_en = "ask its present holder to do it"


class UnknownOtherCode(TraceError):
    """A code of another system that nobody linked to anything here."""

    zh = "没有任何主体把编码“{value}”与本平台的记录关联"
    en = "nobody linked the code “{value}” to anything in this record"
    remedy_zh = "请向包装上所示的系统查询；本平台对它一无所知，既不说真也不说假"
    remedy_en = "ask the system the pack names; this record knows nothing of it, neither good nor bad"


class NoSuchLink(TraceError):
    """A link type that this resolver has no link of for the thing asked about."""

    zh = "没有类型为“{link_type}”的链接"
    en = "there is no link of type “{link_type}”"
    remedy_zh = "请用 linkType=linkset 查看全部链接"
    remedy_en = "ask with linkType=linkset for all there are"
