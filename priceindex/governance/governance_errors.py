"""What the governance of an index refuses."""

from priceindex.errors import PriceIndexError


class UnknownDeclaration(PriceIndexError):
    """No declaration has this id."""

    zh = "没有编号为 {declaration} 的声明"
    en = "there is no declaration {declaration}"
    remedy_zh = "用 GET /v1/governance/declarations 查看已有声明"
    remedy_en = "list the declarations with GET /v1/governance/declarations"


class DeclarationEnded(PriceIndexError):
    """A declaration that ended cannot end again."""

    zh = "编号 {declaration} 的声明已终止"
    en = "declaration {declaration} has ended"
    remedy_zh = "如需恢复，请另作一份声明"
    remedy_en = "declare anew if it holds again"


class DeclarationWrong(PriceIndexError):
    """A declaration's parts do not fit its kind."""

    zh = "该声明不完整：{why_zh}"
    en = "the declaration is incomplete: {why_en}"
    remedy_zh = "补全后重新提交"
    remedy_en = "complete it and send it again"


class UnknownIndexComplaint(PriceIndexError):
    """No complaint has this id."""

    zh = "没有编号为 {complaint} 的投诉"
    en = "there is no complaint {complaint}"
    remedy_zh = "请核对受理时给出的编号"
    remedy_en = "check the id that was given when it was filed"


class IndexComplaintAnswered(PriceIndexError):
    """A complaint is answered once."""

    zh = "投诉 {complaint} 已答复"
    en = "complaint {complaint} was answered already"
    remedy_zh = "如仍有异议，请另行投诉"
    remedy_en = "file another complaint if it is not settled"


class UnknownAssessment(PriceIndexError):
    """A year has no self-assessment."""

    zh = "{year} 年没有自我评估报告"
    en = "there is no self-assessment of {year}"
    remedy_zh = "由运营主体执行 daodi governance assess --year {year}"
    remedy_en = "the operator makes it with daodi governance assess --year {year}"


class YearNotOver(PriceIndexError):
    """A year is assessed after its end."""

    zh = "{year} 年尚未结束，不能作年度自我评估"
    en = "{year} is not over and cannot be assessed yet"
    remedy_zh = "次年第一季度再作"
    remedy_en = "assess it in the first quarter of the next year"


class ChecksFailed(PriceIndexError):
    """A release does not keep what the compliance table demands of its standing."""

    zh = "发布未通过合规核对：{failed_zh}"
    en = "the release fails the compliance checks: {failed_en}"
    remedy_zh = "用 daodi governance compliance 查看每一项及其依据，补齐后再发布"
    remedy_en = "see each item and its evidence with daodi governance compliance, mend it, then publish"
