"""What the trace refuses about trace codes once they are issued, in the user's words."""

from trace.errors import TraceError


class CodeCannotBecome(TraceError):
    """Some of the codes named are in a status that what is asked cannot follow."""

    zh = "追溯码 {code} {status_zh}，不能改为{wanted_zh}；此类共 {count} 个"
    en = "trace code {code} is {status_en} and cannot be {wanted_en}; there are {count} such"
    remedy_zh = "请只列出可以改为{wanted_zh}的追溯码；可先查看码批状态"
    remedy_en = "name only codes that can be {wanted_en}; look at the state of the batch first"


class CodesNotYours(TraceError):
    """Codes that were issued to another party."""

    zh = "追溯码 {code} 不是发给主体 {party} 的"
    en = "trace code {code} was not issued to party {party}"
    remedy_zh = "只有申领追溯码的主体可以登记其印制、印废或停用"
    remedy_en = "only the party the codes were issued to can say that they are printed, spoiled or retired"


class CodeRangeWrong(TraceError):
    """A first and a last code that do not bound a range of one batch."""

    zh = "{first} 到 {last} 不是同一码批中由前到后的一段"
    en = "{first} to {last} is no range, first to last, of one batch"
    remedy_zh = "首码和末码须属同一码批，且首码在前；不连续的请逐个列出"
    remedy_en = "name a first and a last code of one batch, in the order of issue, or list codes one by one"


class ContainerNotEmpty(TraceError):
    """A code to be retired stands on something that still holds packs."""

    zh = "容器 {code} 内还有 {count} 个包装，不能停用"
    en = "{code} still holds {count} packs and cannot be retired"
    remedy_zh = "请先拆箱，再停用"
    remedy_en = "take them out first (unnest), then retire it"


class NoCodesNamed(TraceError):
    """A change of codes that names none."""

    zh = "没有指明任何追溯码"
    en = "no trace code is named"
    remedy_zh = "请给出首码和末码，或列出追溯码"
    remedy_en = "give a first and a last code, or list codes"


class NotPacked(TraceError):
    """A batch asked for a level of packing other than that of the packs of a packing."""

    zh = "码批 {batch} 是{level_zh}码，不能用于小包装"
    en = "code batch {batch} is for a {level_en}, not for packs"
    remedy_zh = "包装赋码请用小包装码批；箱、袋、大包装码在装箱环节使用"
    remedy_en = "pack with a batch of pack codes; codes of boxes, bags and bulk packs are used when nesting"


class CodeOrderDiffers(TraceError):
    """An order for codes under an id that the party gave another order."""

    zh = "编号 {id} 已用于另一申领：{count} 个{level_zh}码"
    en = "the id {id} was given to another order before: {count} codes for the level {level_en}"
    remedy_zh = "重发同一申领请保持数量与层级不变；新的申领请换编号"
    remedy_en = "send the same order with the same count and level, or a new one under a new id"
