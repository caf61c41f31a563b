"""What is refused about keys: statements that may not be made, files that cannot be opened."""

from ledger.errors import LedgerError


class KeyEnded(LedgerError):
    """A key signs, or is named, after it was rotated, revoked or retired."""

    zh = "密钥 {key} 已失效：{why}"
    en = "the key {key} no longer counts: {why}"
    remedy_zh = "改用该持有者当前有效的密钥（daodi keys show 可查）"
    remedy_en = "use the holder's current key (`daodi keys show` tells which)"


class KeyStatementRefused(LedgerError):
    """A statement about a key breaks one of the rules of docs/ledger-format.md, section 7."""

    zh = "关于密钥 {key} 的陈述不成立：{why}"
    en = "this statement about the key {key} cannot stand: {why}"
    remedy_zh = "按 docs/ledger-format.md 第 7 节的规则重新制作并签名"
    remedy_en = "make and sign it again by the rules of docs/ledger-format.md, section 7"


class NotALogKey(LedgerError):
    """Something only a current log key may state is signed by another key."""

    zh = "{kind} 只能由账本当前的密钥签名，{key} 不是"
    en = "only a current key of the log may sign {kind}; {key} is none"
    remedy_zh = "由运维者用账本密钥签名"
    remedy_en = "have the operator sign it with the log's key"


class PassphraseNeeded(LedgerError):
    """A key file is encrypted and no passphrase was given."""

    zh = "密钥 {name} 需要口令，但没有给出"
    en = "the key {name} needs a passphrase and none was given"
    remedy_zh = (
        "把口令写入只有本账户可读的文件（chmod 600），"
        "用 DAODI_KEY_PASSPHRASE_FILE 指向它；在终端中运行时会询问"
    )
    remedy_en = (
        "write the passphrase into a file only this account can read (chmod 600) and name it in "
        "DAODI_KEY_PASSPHRASE_FILE; in a terminal you are asked"
    )


class PassphraseWrong(LedgerError):
    """A key file is whole, but the passphrase does not open it."""

    zh = "口令打不开密钥 {name}"
    en = "the passphrase does not open the key {name}"
    remedy_zh = "核对口令；密钥文件本身完好，没有口令则无法恢复"
    remedy_en = "check the passphrase; the key file is whole, and without it nothing recovers the key"


class PassphraseUnusable(LedgerError):
    """A passphrase is empty, too short, or holds more than one line."""

    zh = "口令不可用：{why}"
    en = "the passphrase cannot be used: {why}"
    remedy_zh = "用一行、至少 {least} 个字符的口令"
    remedy_en = "use one line of at least {least} characters"


class PassphraseFileUnsafe(LedgerError):
    """The file that holds the passphrase can be read by others, is another's, or is missing."""

    zh = "口令文件 {path} 不可用：{why}"
    en = "the passphrase file {path} cannot be used: {why}"
    remedy_zh = "文件须属于运行本程序的账户，并执行 chmod 600"
    remedy_en = "it must belong to the account that runs this program; run chmod 600"


class KeyFileForeign(LedgerError):
    """A key file or its folder belongs to another account, or is no ordinary file."""

    zh = "密钥 {path} 不属于本账户，或不是普通文件"
    en = "the key {path} belongs to another account or is no ordinary file"
    remedy_zh = "由文件所有者运行，或执行 chown；视该密钥为已泄露"
    remedy_en = "run as its owner, or chown it, and treat the key as leaked"


class NoSuchKey(LedgerError):
    """No key of that id was ever registered here."""

    zh = "没有编号为 {key} 的密钥"
    en = "there is no key with the id {key}"
    remedy_zh = "核对密钥编号（32 位十六进制）"
    remedy_en = "check the key id: 32 hexadecimal digits"
