"""Why an audit could not go on: the log it was given cannot be read."""

from ledger.errors import LedgerError


class LogUnreadable(LedgerError):
    """A file of a static tree is absent, cut, or not what its path says."""

    zh = "无法读取账本的 {path}：{reason}"
    en = "the log's {path} cannot be read: {reason}"
    remedy_zh = "核对目录或网址是否为账本的根（其下有 checkpoint 与 tile/），文件是否完整"
    remedy_en = "check that the folder or address is the log's root (with checkpoint and tile/) and complete"
