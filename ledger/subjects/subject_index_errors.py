"""What can be wrong when a subject's history is to be proved complete."""

from ledger.errors import LedgerError


class NoSubjectIndexYet(LedgerError):
    """No subject index is logged and published yet."""

    zh = "账本尚未发布主题索引"
    en = "the log has not published a subject index yet"
    remedy_zh = "索引每天生成一次；运维人员可执行 daodi log index-subjects"
    remedy_en = "one is made every day; the operator may run `daodi log index-subjects`"


class SubjectIndexAltered(LedgerError):
    """The kept leaves of a subject index do not give the root that was logged."""

    zh = "为大小 {size} 保存的主题索引与已入账的根不符"
    en = "what is kept of the subject index at size {size} does not give the root that was logged"
    remedy_zh = "执行 daodi log index-subjects 由账本重建"
    remedy_en = "run `daodi log index-subjects`, which makes it anew from the log"
