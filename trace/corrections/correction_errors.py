"""Why a step cannot be corrected as asked."""

from trace.errors import TraceError


class UnknownStep(TraceError):
    """A step that is not on record."""

    zh = "没有环节 {step}"
    en = "there is no step {step}"
    remedy_zh = "请核对环节编号：登记时的回执和全程页上都有"
    remedy_en = "check its id: it stands in the answer to the recording and in the story"


class AlreadyCorrected(TraceError):
    """A step that was declared wrong before, otherwise than now."""

    zh = "环节 {step} 已经更正过（{correction}），这次的更正与之不同"
    en = "the step {step} was corrected before ({correction}), and otherwise than now"
    remedy_zh = "更正后的环节仍有错误时，请更正那个环节：{corrective}"
    remedy_en = "where what stands in its place is wrong too, correct that step: {corrective}"


class NotStatedByYou(TraceError):
    """A correction of a step by another party than the one that stated it."""

    zh = "环节 {step} 由 {party} 陈述，{by} 不能更正"
    en = "the step {step} was stated by {party}; {by} cannot correct it"
    remedy_zh = "请陈述该环节的主体更正；监管部门和平台运营方可以声明其未发生或有误"
    remedy_en = "ask the party that stated it; a regulator or the operator can declare it wrong"


class CorrectiveMisfit(TraceError):
    """A correction whose reason and corrective step do not go together."""

    zh = "更正不成立：{fault_zh}"
    en = "this is no correction: {fault_en}"
    remedy_zh = "未发生（did_not_occur）不附环节；有误（incorrect_data）由本主体附上更正后的环节"
    remedy_en = "did_not_occur brings no step; incorrect_data brings the corrected step of the same party"


class CorrectionHeld(TraceError):
    """A step on the way of goods on hold would be undone by a party: the goods would leave on paper."""

    zh = "批次 {lot} 或其中的包已冻结，冻结期间主体不能更正其来路上的环节 {step}"
    en = "the lot {lot} or a pack of it is on hold: no party corrects its step {step} until that is lifted"
    remedy_zh = "请待冻结解除后更正，或请管理机构声明该环节有误"
    remedy_en = "correct it once the hold is lifted, or ask a regulator to declare the step wrong"


class PackStepFinal(TraceError):
    """A step that names its goods pack by pack: what became of each code since is not undone."""

    zh = "环节 {step} 按追溯码登记了逐包的去向，不能更正"
    en = "the step {step} moved single packs by their codes and cannot be corrected"
    remedy_zh = "请用退货、调库等反向环节登记实际情况"
    remedy_en = "record what really happened by a step the other way, such as a return"
