"""Errors for people: one key, Chinese and English, where it is wrong and what to do.

    DaodiError                  the root of every error we raise on purpose
    ├── LedgerError             here: what the log refuses, and what an audit finds
    ├── TraceError              trace/errors.py
    ├── PriceIndexError         priceindex/errors.py
    └── ApiError                api/errors.py

An error carries no HTTP: `api/problems.py` maps every leaf class to a status.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

Language = Literal["zh", "en"]
"""The two languages every message exists in. Chinese is the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in somebody's input a fault stands; only what is known is set."""

    file: str | None = None
    row: int | None = None
    """Row number as the person's spreadsheet counts it: the heading row is 1."""
    field: str | None = None
    """Name of the column, JSON member or option; nested members as a JSON pointer."""
    value: str | None = None
    """The offending value, shortened by whoever sets it. Never a secret."""

    def words(self, language: Language) -> str:
        """Say the location in one phrase; empty when nothing is known.

        >>> Location(file="steps.xlsx", row=7, field="grams").words("en")
        'steps.xlsx, row 7, grams'
        """
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"第 {self.row} 行" if language == "zh" else f"row {self.row}")
        if self.field:
            parts.append(self.field)
        return ("，" if language == "zh" else ", ").join(parts)


NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase in both languages, for a part of a message that is itself words."""

    zh: str
    en: str


class DaodiError(Exception):
    """Something is wrong that a person can understand and mend.

    A leaf class gives four templates; `str.format` fills them from the keyword arguments
    of the constructor, so all four may use the same names and no others. A part that is a
    `Said` or another error is told in the language of the message.
    """

    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    remedy_zh: ClassVar[str] = ""
    remedy_en: ClassVar[str] = ""

    def __init__(self, *, at: Location = NOWHERE, **parts: object) -> None:
        self.at = at
        self.parts = parts
        super().__init__(self._fill(self.en, "en"))

    @classmethod
    def key(cls) -> str:
        """Return the stable slug of this error, the same in every language.

        >>> DaodiError.key()
        'daodi-error'
        """
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    def message(self, language: Language) -> str:
        """Say what is wrong, in `language`."""
        return self._fill(self.zh if language == "zh" else self.en, language)

    def remedy(self, language: Language) -> str:
        """Say what to do about it, in `language`."""
        return self._fill(self.remedy_zh if language == "zh" else self.remedy_en, language)

    def _fill(self, template: str, language: Language) -> str:
        return template.format(**{name: _told(part, language) for name, part in self.parts.items()})


def _told(part: object, language: Language) -> object:
    if isinstance(part, Said):
        return part.zh if language == "zh" else part.en
    return part.message(language) if isinstance(part, DaodiError) else part


def counted(count: int) -> Said:
    """Say how many faults were found.

    >>> counted(1).en, counted(2).en
    ('1 fault was found', '2 faults were found')
    """
    english = "1 fault was found" if count == 1 else f"{count} faults were found"
    return Said(f"发现 {count} 处错误", english)


NOTHING_STANDS: Final = Said("未写入任何内容", "nothing was written")
SOME_STAND: Final = Said("部分行已写入（见第一条）", "some rows were written, as the first of them says")


class ManyFaults(DaodiError):
    """Several faults found in one input; nothing of it was taken in unless `stands` says what was."""

    zh = "{found}，{stands}"
    en = "{found}; {stands}"
    remedy_zh = "逐条改正后重新提交"
    remedy_en = "mend each of them and send it again"

    def __init__(self, faults: Sequence[DaodiError], stands: Said = NOTHING_STANDS) -> None:
        self.faults = tuple(faults)
        self.stands = stands
        super().__init__(found=counted(len(self.faults)), stands=stands)


class LedgerError(DaodiError):
    """What the log refuses, and what an audit finds."""


class NotCanonical(LedgerError):
    """Content breaks a rule of the restricted RFC 8785 form; `rule` is the rule's slug."""

    zh = "内容不符合规范形式，违反规则 {rule}：{why}"
    en = "the content breaks rule {rule} of the canonical form: {why}"
    remedy_zh = "按 docs/ledger-format.md 第 1 节该规则的说明改正内容"
    remedy_en = "mend the content as docs/ledger-format.md, section 1, says under that rule"

    def __init__(self, *, rule: str, why: Said, at: Location = NOWHERE) -> None:
        self.rule = str(rule)
        super().__init__(at=at, rule=self.rule, why=why)


class LeafTooLarge(LedgerError):
    """An entry is longer than a tlog-tiles bundle can hold (uint16 length prefix)."""

    zh = "一条记录有 {length} 字节，超过上限 {limit} 字节"
    en = "the entry has {length} bytes; at most {limit} fit"
    remedy_zh = "大文件另行保存，记录中只写其哈希值"
    remedy_en = "keep large files elsewhere and state only their hash"


class MalformedStatement(LedgerError):
    """A statement's id, kind, subject, time, digests or refs do not have their form."""

    zh = "陈述的 {member} 格式不对：{value}"
    en = "the statement's {member} does not have its form: {value}"
    remedy_zh = "格式要求：{form}"
    remedy_en = "the form is: {form}"


class MalformedLeaf(LedgerError):
    """Bytes that should be a ledger entry lack a member, have one too many, or one of the wrong type."""

    zh = "记录的字节不是本版本的记录格式：{member}"
    en = "the bytes are not an entry of this version: {member}"
    remedy_zh = "核对来源；记录格式见 docs/ledger-format.md 第 4 节"
    remedy_en = "check where the bytes come from; docs/ledger-format.md, section 4, fixes the form"


class BadPublicKey(LedgerError):
    """Not an Ed25519 public key that may be trusted: wrong length, not on the curve, or of low order."""

    zh = "公钥不可用：{reason}"
    en = "the public key cannot be used: {reason}"
    remedy_zh = "用 daodi keys 生成新密钥"
    remedy_en = "make a new key with `daodi keys`"


class BadSignature(LedgerError):
    """A signature does not belong to this message and key."""

    zh = "签名与内容或密钥 {key} 不符"
    en = "the signature does not match the content or the key {key}"
    remedy_zh = "不要采信此内容；向签名方索取原件"
    remedy_en = "do not rely on this content; ask the signer for the original"


class KeyFileUnsafe(LedgerError):
    """A private key's file or folder can be read by others."""

    zh = "密钥 {path} 的权限为 {mode}，其他用户可以读取"
    en = "the key {path} has mode {mode}: others can read it"
    remedy_zh = "执行 chmod {wanted}，并视该密钥为已泄露，尽快更换"
    remedy_en = "run chmod {wanted}, treat the key as leaked and replace it soon"


class KeyFileMissing(LedgerError):
    """No key of that name is in the key folder."""

    zh = "密钥文件夹中没有名为 {name} 的密钥"
    en = "the key folder has no key named {name}"
    remedy_zh = "核对名称，或从备份恢复；不要为已有账本另造同名密钥"
    remedy_en = "check the name or restore a backup; never make a new key of that name for an existing log"


class KeyFileExists(LedgerError):
    """A key of that name exists already and is never overwritten."""

    zh = "名为 {name} 的密钥已存在，不会覆盖"
    en = "a key named {name} exists already and is not overwritten"
    remedy_zh = "换一个名称，或直接使用已有密钥"
    remedy_en = "choose another name, or use the key that is there"


class KeyFileDamaged(LedgerError):
    """A key file does not hold one Ed25519 seed."""

    zh = "密钥文件 {path} 已损坏"
    en = "the key file {path} is damaged"
    remedy_zh = "从备份恢复该文件"
    remedy_en = "restore the file from a backup"


class BadKeyName(LedgerError):
    """A key name that could not be a file name, or a note name the signed-note form forbids."""

    zh = "名称不可用：{name}"
    en = "this name cannot be used: {name}"
    remedy_zh = "不要为空，不要含空格、加号、斜杠开头或控制字符"
    remedy_en = (
        "it must not be empty nor hold spaces, plus signs, control characters or a leading dot or slash"
    )


class MalformedNote(LedgerError):
    """Text that should be a signed note, a checkpoint or a verifier key is not one."""

    zh = "签名文本格式不对：{reason}"
    en = "the signed note is malformed: {reason}"
    remedy_zh = "重新取得原文，不要改动换行与空格"
    remedy_en = "fetch the original again and change neither line ends nor spaces"


class NotSignedByLog(LedgerError):
    """No signature on the checkpoint comes from the log key that is trusted."""

    zh = "检查点没有受信任账本 {name} 的签名"
    en = "the checkpoint bears no signature of the trusted log {name}"
    remedy_zh = "核对所信任的账本公钥；若无误，请勿采信"
    remedy_en = "check the log key you trust; if it is right, do not rely on this checkpoint"


class WrongLog(LedgerError):
    """Something made for one log was shown to another."""

    zh = "内容属于账本 {found}，不是 {expected}"
    en = "this belongs to the log {found}, not to {expected}"
    remedy_zh = "向正确的账本提交或核对"
    remedy_en = "submit it to, or check it against, the log it names"


class BadProof(LedgerError):
    """A Merkle proof does not prove what it claims."""

    zh = "默克尔证明不成立：{reason}"
    en = "the Merkle proof does not hold: {reason}"
    remedy_zh = "请勿采信；重新取得证明，若仍不成立请报告监管方"
    remedy_en = "do not rely on it; fetch the proof again, and report the log if it still fails"


class ProofOutOfRange(LedgerError):
    """A proof was asked for an index or size the tree does not have."""

    zh = "大小为 {size} 的树中没有 {asked}"
    en = "a tree of size {size} has no {asked}"
    remedy_zh = "先取最新检查点，再请求其范围内的证明"
    remedy_en = "fetch the latest checkpoint and ask within its size"


class LogNotFounded(LedgerError):
    """The database holds no log yet."""

    zh = "数据库中还没有账本"
    en = "the database holds no log yet"
    remedy_zh = "先执行 daodi init"
    remedy_en = "run `daodi init` first"


class NoCheckpointYet(LedgerError):
    """Nothing has been signed yet."""

    zh = "账本尚未签发检查点"
    en = "the log has not signed a checkpoint yet"
    remedy_zh = "稍候再试；若持续如此，请检查定序程序是否运行"
    remedy_en = "try again shortly; if this lasts, see whether the sequencer runs"


class UnknownKey(LedgerError):
    """A statement is signed by a key that no earlier entry registered."""

    zh = "密钥 {key} 未在账本中登记"
    en = "the key {key} is not registered in the log"
    remedy_zh = "先登记该密钥，再提交由它签名的陈述"
    remedy_en = "register the key before submitting what it signs"


class BadRegistration(LedgerError):
    """A key.registered statement whose key, id or subject do not fit each other."""

    zh = "密钥登记不成立：{key}"
    en = "the registration of key {key} does not hold"
    remedy_zh = "登记须由被登记的密钥自己签名，且编号与主题与该密钥一致"
    remedy_en = "a registration is signed by the key it registers, and its id and subject name that key"


class DuplicateStatement(LedgerError):
    """A statement with this id was submitted before."""

    zh = "编号 {id} 的陈述已经提交过"
    en = "a statement with id {id} was submitted before"
    remedy_zh = "若内容相同则无需重发；若内容不同请使用新编号"
    remedy_en = "if it says the same there is nothing to do; otherwise give it a new id"


class UnknownStatement(LedgerError):
    """No statement with this id was ever submitted."""

    zh = "没有编号为 {id} 的陈述"
    en = "there is no statement with id {id}"
    remedy_zh = "核对编号"
    remedy_en = "check the id"


class NotIntegratedYet(LedgerError):
    """The statement is safely stored but no signed checkpoint covers it yet."""

    zh = "陈述 {id} 已保存，尚未被检查点覆盖"
    en = "statement {id} is stored, but no checkpoint covers it yet"
    remedy_zh = "约一秒后再试"
    remedy_en = "try again in about a second"


class StatementHeld(LedgerError):
    """The sequencer set this statement aside because what is stored is not what was submitted."""

    zh = "陈述 {id} 未能入账：{reason}"
    en = "statement {id} was held back from the log: {reason}"
    remedy_zh = "请运维人员检查 ledger_pending 表中该行，并运行 daodi fsck"
    remedy_en = "have the operator look at its row in ledger_pending, and run `daodi fsck`"


class LogForked(LedgerError):
    """What is stored does not continue what was signed; the log refuses to sign."""

    zh = "存储内容与已签发的检查点（大小 {size}）不一致，拒绝签名：{reason}"
    en = "what is stored does not continue the signed checkpoint of size {size}, nothing is signed: {reason}"
    remedy_zh = "停止写入，保留现场，从备份核对并运行 daodi fsck"
    remedy_en = "stop writing, keep everything as it is, compare with backups and run `daodi fsck`"


class LostRace(LedgerError):
    """Another sequencer extended the log first; nothing of this attempt was written."""

    zh = "另一个定序程序先行写入（大小 {size}），本次未写入任何内容"
    en = "another sequencer extended the log first (size {size}); nothing of this attempt was written"
    remedy_zh = "无需处理，定序程序会自动重试"
    remedy_en = "nothing to do: the sequencer tries again by itself"


class MalformedReceipt(LedgerError):
    """A receipt file does not have the form of c2sp.org/tlog-proof@v1 with our extra line."""

    zh = "回执格式不对：{reason}"
    en = "the receipt is malformed: {reason}"
    remedy_zh = "重新下载回执文件，不要用会改动换行的程序编辑"
    remedy_en = "download the receipt again; do not edit it with a program that changes line ends"


class DisclosureMismatch(LedgerError):
    """A disclosed value is not the one committed to."""

    zh = "披露的 {name} 与记录中的承诺不符"
    en = "the disclosed {name} is not what the entry committed to"
    remedy_zh = "请勿采信该值；向披露方索取原始披露"
    remedy_en = "do not rely on the value; ask for the original disclosure"


class MalformedDisclosure(LedgerError):
    """Text that should be an RFC 9901 disclosure is not one."""

    zh = "披露内容格式不对：{reason}"
    en = "the disclosure is malformed: {reason}"
    remedy_zh = "应为 [盐, 名称, 值] 的 base64url 编码"
    remedy_en = "it is the base64url form of [salt, name, value]"
