"""What goes wrong with private values kept beside the log."""

from ledger.errors import LedgerError


class SealBroken(LedgerError):
    """A sealed value or key was altered, moved from its row, or sealed under another key."""

    zh = "{what} 的密文打不开：被改动、被移到别处，或不是用这把密钥加密的"
    en = "the ciphertext of {what} does not open: altered, moved, or sealed under another key"
    remedy_zh = "从备份恢复该行；不要采信由它得出的内容"
    remedy_en = "restore the row from a backup; do not rely on anything read from it"


class WrappingKeyMissing(LedgerError):
    """A data key is wrapped under a key that is not in the key folder."""

    zh = "密钥文件夹中没有封装密钥 {key}"
    en = "the key folder does not hold the wrapping key {key}"
    remedy_zh = "恢复与数据库同一时期的密钥文件夹；旧备份中的值在更换封装密钥后不可再读"
    remedy_en = "restore the key folder of the database's time; what a retired key wrapped is gone for good"


class NoPrivateValue(LedgerError):
    """A field is to be erased or disclosed of which no value is kept, or none any more."""

    zh = "陈述 {id} 没有保存这些私有字段：{names}"
    en = "the statement {id} keeps no such private value: {names}"
    remedy_zh = "核对编号和字段名；已删除的值无法再读，也不能再删"
    remedy_en = "check the id and the names; what is erased can be neither read nor erased again"


class BadReason(LedgerError):
    """The reason for a redaction is not a slug."""

    zh = "删除理由格式不对"
    en = "the reason for the redaction does not have its form"
    remedy_zh = "用小写字母、数字和连字符，如 subject-request；理由公开入账，不要写个人信息"
    remedy_en = (
        "lower-case letters, digits and hyphens, such as subject-request; it is public: no names in it"
    )
