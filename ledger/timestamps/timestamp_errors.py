"""What can be wrong with timestamps and the authorities that give them, told in both languages."""

from ledger.errors import LedgerError


class TimestampFalse(LedgerError):
    """A timestamp does not hold for what it is shown with."""

    zh = "时间戳不成立：{reason}"
    en = "the timestamp does not hold: {reason}"
    remedy_zh = "核对检查点与时间戳是否成对，以及可信的时间戳机构证书"
    remedy_en = "see that checkpoint and timestamp belong together, and which authorities are trusted"


class MalformedTimestamp(LedgerError):
    """A file or an answer is no RFC 3161 timestamp."""

    zh = "不是 RFC 3161 时间戳：{reason}"
    en = "this is no RFC 3161 timestamp: {reason}"
    remedy_zh = "重新取得该文件"
    remedy_en = "fetch it again"


class CertificatesWrong(LedgerError):
    """A file of trusted timestamp authorities cannot be used."""

    zh = "时间戳机构证书文件 {file} 无法使用：{reason}"
    en = "the certificates of timestamp authorities in {file} cannot be used: {reason}"
    remedy_zh = "文件应为 PEM，至少含一张自签名的根证书"
    remedy_en = "it holds PEM certificates, at least one of them a self-signed root"


class AuthorityUnreachable(LedgerError):
    """A timestamp authority did not answer."""

    zh = "时间戳机构没有应答：{reason}"
    en = "the timestamp authority did not answer: {reason}"
    remedy_zh = "无需处理，会自动重试；长时间如此，请核对 DAODI_TSA_URL"
    remedy_en = "nothing to do: it is asked again by itself; if this lasts, check DAODI_TSA_URL"


class AuthorityRefused(LedgerError):
    """A timestamp authority answered with something else than a timestamp."""

    zh = "时间戳机构没有给出时间戳：{reason}"
    en = "the timestamp authority gave no timestamp: {reason}"
    remedy_zh = "核对 DAODI_TSA_URL，或联系该机构"
    remedy_en = "check DAODI_TSA_URL, or ask its operator"


class NoTimestamp(LedgerError):
    """No timestamp is kept of a checkpoint of this size."""

    zh = "没有大小 {size} 的检查点的时间戳"
    en = "no timestamp of the checkpoint of size {size} is kept"
    remedy_zh = "用 /v1/log/timestamps 查看有哪些"
    remedy_en = "/v1/log/timestamps lists those there are"
