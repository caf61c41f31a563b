"""What can go wrong when evidence is put together or checked."""

from ledger.errors import LedgerError


class EvidenceTooLarge(LedgerError):
    """The history has more entries than one evidence file holds."""

    zh = "这段经历有 {count} 条记录，超过一个证据文件的上限 {limit} 条"
    en = "this history has {count} entries; one evidence file holds at most {limit}"
    remedy_zh = "逐条下载存证回执，或导出整个账本（daodi log export）自行核对"
    remedy_en = "fetch the receipts one by one, or check the whole log (`daodi log export`)"


class EvidenceFails(LedgerError):
    """An evidence file does not show what it claims."""

    zh = "证据核验不通过（{check}）：{why}"
    en = "the evidence does not hold ({check}): {why}"
    remedy_zh = "请勿采信；重新下载，若仍不通过请报告监管方"
    remedy_en = "do not rely on it; fetch it again, and report the log if it still fails"


class NoEvidenceYet(LedgerError):
    """None of what was asked for is under the published checkpoint yet."""

    zh = "所查内容尚未被检查点覆盖，还没有证据"
    en = "no checkpoint covers this yet, so there is no evidence of it"
    remedy_zh = "约一秒后再试"
    remedy_en = "try again in about a second"
