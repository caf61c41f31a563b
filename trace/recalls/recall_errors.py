"""What is refused about holds and recalls, in the user's words."""

from trace.errors import TraceError


class UnknownHold(TraceError):
    """A hold id that was never given."""

    zh = "没有冻结 {hold}"
    en = "there is no hold {hold}"
    remedy_zh = "请用 daodi hold list 或 /v1/holds 查看冻结编号"
    remedy_en = "see the ids of holds with daodi hold list or at /v1/holds"


class UnknownRecall(TraceError):
    """A recall id that was never given."""

    zh = "没有召回 {recall}"
    en = "there is no recall {recall}"
    remedy_zh = "请用 daodi recall list 或 /v1/recalls 查看召回编号"
    remedy_en = "see the ids of recalls with daodi recall list or at /v1/recalls"


class UnknownNotice(TraceError):
    """A notice id that was never given, or that is another party's."""

    zh = "没有发给本主体的通知 {notice}"
    en = "there is no notice {notice} to this party"
    remedy_zh = "请在 /v1/notices 查看本主体的通知"
    remedy_en = "see the notices to your party at /v1/notices"


class NotYourGoods(TraceError):
    """Someone who is neither maker nor holder of the goods, nor a regulator, would hold or recall them."""

    zh = "{party} 既不是{kind_zh} {target} 的生产者，也不是持有人，不能冻结或召回"
    en = "{party} neither made nor holds the {kind_en} {target} and cannot hold or recall it"
    remedy_zh = "请由生产者、持有人或管理机构办理；有疑问请向管理机构举报"
    remedy_en = "let its maker, its holder or a regulator do it; report a suspicion to the regulator"


class NotYoursToLift(TraceError):
    """Someone would lift a hold that was placed with more authority than theirs."""

    zh = "该冻结由{role_zh}设置，{own_zh}无权申请或批准解除"
    en = "this hold was placed by the {role_en}: the {own_en} can neither ask for nor approve its lifting"
    remedy_zh = "请联系设置冻结的一方"
    remedy_en = "turn to whoever placed it"


class HoldLifted(TraceError):
    """A hold that is lifted already."""

    zh = "冻结 {hold} 已解除"
    en = "the hold {hold} is lifted already"
    remedy_zh = "无需再办；如需重新冻结请另行设置"
    remedy_en = "there is nothing to do; place a new hold if one is needed"


class LiftNotAsked(TraceError):
    """A hold or recall would be ended though nobody asked for it yet: two persons are needed."""

    zh = "尚无人申请，须先由另一人申请，再由第二人批准"
    en = "nobody has asked for it yet: one person asks and a second one approves"
    remedy_zh = "请先由一人提出申请"
    remedy_en = "let one person ask first"


class SamePerson(TraceError):
    """Who asked would also approve."""

    zh = "申请与批准须由两人分别办理，不能是同一人或同一令牌"
    en = "asking and approving take two persons: it cannot be the same person or token twice"
    remedy_zh = "请由另一位持有自己令牌的人员批准"
    remedy_en = "let another person approve it with a token of their own"


class PersonForgotten(TraceError):
    """Who asked was erased from the record, so a second person can no longer be told from the first."""

    zh = "申请人的信息已被删除，无法核对批准人是否为另一人"
    en = "who asked was erased, so whether this is another person cannot be told"
    remedy_zh = "请重新申请"
    remedy_en = "ask anew"


class HoldOfRecall(TraceError):
    """The hold of a recall would be lifted by itself."""

    zh = "该冻结属于召回 {recall}，随召回结束而处理"
    en = "this hold belongs to the recall {recall} and ends with it"
    remedy_zh = "请办理召回的结束"
    remedy_en = "close the recall instead"


class AlreadyRecalled(TraceError):
    """A lot that is in an open recall of the same scope would be recalled again."""

    zh = "批次 {lot} 已在召回 {recall} 中"
    en = "the lot {lot} is being recalled already: {recall}"
    remedy_zh = "请在原召回中处理；如需扩大范围，请召回其来源批次"
    remedy_en = "work with that recall; to widen it recall the lot it was made from"


class ClosingChanged(TraceError):
    """The second person would approve another closing than the one that is asked for now."""

    zh = "申请的结束方式现为 {asked}，与要批准的 {confirmed} 不同"
    en = "it is now asked to be closed as {asked}, not as {confirmed}"
    remedy_zh = "请查看最新的申请与报告，再决定是否批准"
    remedy_en = "read the request that stands now, and its report, before approving it"


class RecallClosed(TraceError):
    """A recall that is closed already."""

    zh = "召回 {recall} 已结束"
    en = "the recall {recall} is closed already"
    remedy_zh = "无需再办"
    remedy_en = "there is nothing to do"


class NotARecallHolder(TraceError):
    """A party that holds nothing of a recall would acknowledge it."""

    zh = "召回 {recall} 没有通知主体 {party}"
    en = "the recall {recall} gave no notice to the party {party}"
    remedy_zh = "请核对召回编号与主体"
    remedy_en = "check the recall and the party"


class ClosureDiffers(TraceError):
    """Replaying the log finds other goods under a hold than were stated when it was placed."""

    zh = "冻结 {hold} 的批次与陈述不符：陈述为 {stated}，重放得到 {found}"
    en = "the lots under the hold {hold} are not those stated: {stated} was stated and {found} is found"
    remedy_zh = "账本与数据表不一致，请先运行 daodi fsck，再联系维护者"
    remedy_en = "log and tables disagree: run daodi fsck and tell the maintainers"
