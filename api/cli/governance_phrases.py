"""What `daodi governance` says, in Chinese and English under one key."""

from typing import Final

GOVERNANCE_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.governance": (
        "指数治理：合规核对、声明、投诉、年度自我评估",
        "governance of the indices: compliance, declarations, complaints, yearly self-assessment",
    ),
    "help.governance.compliance": (
        "逐条列出法规与准则的要求及核对结果",
        "list every requirement of law and standard with what its check finds",
    ),
    "help.governance.declarations": ("列出公开声明", "list the public declarations"),
    "help.governance.declare": (
        "公开声明：独立性、利益冲突、覆盖、报价来源、合规审查、征求意见、外部审计",
        "declare in public: independence, conflict, coverage, submitter, review, consultation, audit",
    ),
    "help.governance.end": ("终止一份声明，须说明原因", "end a declaration, with the reason"),
    "help.governance.complaints": (
        "列出对指数的投诉及其内容",
        "list the complaints about the indices with what they say",
    ),
    "help.governance.answer": ("公开答复一件投诉", "answer a complaint in public"),
    "help.governance.assess": (
        "作某一年度的自我评估并将摘要入账",
        "assess a year that is over and put the report's digest into the log",
    ),
    "option.declaration_kind": (
        "independence、conflict、coverage、submitter、review、consultation 或 audit",
        "independence, conflict, coverage, submitter, review, consultation or audit",
    ),
    "option.declaration_words": (
        "声明内容（公开；报价来源须写明谁报、标准、时间、方式）",
        "the declaration itself, public; of a submitter: who, by what standard, when and how",
    ),
    "option.declaration_subject": (
        "所涉系列或来源；默认 * 为运营主体整体",
        "a family or a source; * for the operator as a whole",
    ),
    "option.share_bp": (
        "覆盖证明：占交易的万分之几",
        "of a coverage: share of the trade in basis points",
    ),
    "option.declaration_document": ("依据文件：sha256:…", "the paper behind it: sha256:…"),
    "option.declaration_from": ("起始日，默认今天", "first day it holds; today by default"),
    "option.declaration_until": ("截止日，默认一年", "last day it holds; a year by default"),
    "option.declaration": ("声明编号", "the id of the declaration"),
    "option.end_reason": ("终止原因（公开）", "why it ends, public"),
    "option.index_complaint": ("投诉编号", "the id of the complaint"),
    "option.answer_words": ("答复（公开，不写人名）", "the answer, public; no names of persons"),
    "option.upheld": ("成立 或 不成立", "whether the complaint is upheld"),
    "option.assessed_year": ("已结束的年度", "a year that is over"),
    "column.requirement": ("要求", "requirement"),
    "column.certainty": ("条文依据", "how sure"),
    "column.kind": ("类别", "kind"),
    "column.state": ("状态", "state"),
    "column.found": ("核对结果或依据", "found, or evidence"),
    "column.declaration": ("声明", "declaration"),
    "column.subject": ("对象", "about"),
    "column.until": ("有效至", "until"),
    "column.words": ("内容", "words"),
    "column.complaint": ("投诉", "complaint"),
    "column.due": ("答复期限", "answer due"),
    "governance.kept": ("✓ 符合", "✓ kept"),
    "governance.broken": ("✗ 不符合", "✗ not kept"),
    "governance.by_evidence": ("凭依据", "by evidence"),
    "governance.counted": (
        "共 {count} 条要求，{broken} 条自动核对不符合",
        "{count} requirements, {broken} automatic checks not kept",
    ),
    "governance.nothing_declared": ("尚无声明", "nothing was declared yet"),
    "governance.no_complaints": ("没有投诉", "there are no complaints"),
    "governance.ended": ("已终止", "ended"),
    "governance.declared": ("已声明：{declaration}", "declared: {declaration}"),
    "governance.has_ended": ("已终止：{declaration}", "ended: {declaration}"),
    "governance.answered": ("已答复：{complaint}", "answered: {complaint}"),
    "governance.assessed": (
        "{year} 年度自我评估已完成，摘要 {digest}",
        "{year} is assessed; digest {digest}",
    ),
    "governance.state_answered": ("已答复", "answered"),
    "governance.state_late": ("逾期", "late"),
    "governance.state_open": ("待答复", "open"),
}
