"""What an audit finds wrong in a stored log: each fault names the log index it stands at.

Faults are reported, never raised: an audit goes on after the first.
"""

from ledger.errors import NOWHERE, LedgerError, Location


class AuditFault(LedgerError):
    """Root of what an audit finds; `index` is the log index the fault stands at."""

    def __init__(self, *, index: int, at: Location = NOWHERE, **parts: object) -> None:
        self.index = index
        super().__init__(at=at, index=index, **parts)


class EntryMissing(AuditFault):
    """An index below the log's size has no entry, or one stands beyond it."""

    zh = "第 {index} 条记录缺失或多出：应为 {expected}，实为 {found}"
    en = "entry {index} is missing or should not be there: expected {expected}, found {found}"
    remedy_zh = "从备份恢复；截断或插入说明数据库被改动"
    remedy_en = "restore from a backup; a cut or an insertion means the database was changed"


class EntryAltered(AuditFault):
    """An entry's bytes are not the ones its stored hash was made from, or not an entry at all."""

    zh = "第 {index} 条记录的内容被改动：{reason}"
    en = "the content of entry {index} was altered: {reason}"
    remedy_zh = "从备份恢复该记录并查明是谁改动"
    remedy_en = "restore the entry from a backup and find out who changed it"


class TileHoldsOther(AuditFault):
    """Bytes that are no entry stand where the tile still holds the hash of what was logged."""

    zh = "第 {index} 条记录处，哈希块中是另一个哈希 {stored}：现有字节不是当初入账的"
    en = "at entry {index}, the tile holds another hash, {stored}: these bytes are not what was logged"
    remedy_zh = "找回给出该哈希的字节：那就是原记录"
    remedy_en = "find the bytes that give this hash: they are the entry"


class OthersDepend(AuditFault):
    """Entries cannot be judged because the key or manifest they need is itself at fault."""

    zh = "有 {count} 条记录依赖第 {index} 条（其密钥或清单），因此无法核对"
    en = "{count} entries depend on entry {index}, for their key or manifest: they cannot be judged"
    remedy_zh = "先修复第 {index} 条，再核对一遍"
    remedy_en = "mend entry {index} first and check again"


class HashAltered(AuditFault):
    """A stored tile hash is not the hash of the entry or subtree it stands for."""

    zh = "第 {index} 条记录处，第 {level} 层哈希块与重算值不同"
    en = "at entry {index}, the stored tile of level {level} differs from the recomputed one"
    remedy_zh = "哈希块可由记录重算；若检查点仍相符，重建哈希块即可"
    remedy_en = "tiles follow from entries; if the checkpoints still hold, rebuild the tile"


class EntrySignatureBad(AuditFault):
    """An entry is not signed by the key it names."""

    zh = "第 {index} 条记录的签名与密钥 {key} 不符"
    en = "entry {index} is not signed by the key {key} it names"
    remedy_zh = "该记录不可采信；从备份核对"
    remedy_en = "do not rely on this entry; compare with a backup"


class ActorNotRegistered(AuditFault):
    """An entry's key was not registered at a lower index."""

    zh = "第 {index} 条记录的密钥 {key} 在其之前没有登记"
    en = "entry {index} is signed by key {key}, which no earlier entry registers"
    remedy_zh = "该记录不可采信；查明它如何进入账本"
    remedy_en = "do not rely on this entry; find out how it entered the log"


class ChainBroken(AuditFault):
    """An entry does not follow the entry before it on the same subject."""

    zh = "第 {index} 条记录与主题 {subject} 的上一条记录不衔接"
    en = "entry {index} does not follow the entry before it on subject {subject}"
    remedy_zh = "该主题的记录有缺失、重复或顺序改动；从备份核对"
    remedy_en = "entries on this subject are missing, repeated or reordered; compare with a backup"


class IdRepeated(AuditFault):
    """Two entries bear the same statement id."""

    zh = "第 {index} 条记录重复使用了第 {first} 条的编号 {id}"
    en = "entry {index} repeats the id {id} of entry {first}"
    remedy_zh = "后者不可采信；从备份核对"
    remedy_en = "do not rely on the later one; compare with a backup"


class CheckpointFalse(AuditFault):
    """A stored checkpoint is not signed by the log, or does not match the entries."""

    zh = "大小为 {index} 的检查点不成立：{reason}"
    en = "the checkpoint of size {index} does not hold: {reason}"
    remedy_zh = "与外部保存的检查点对比；记录被改动或密钥被盗用"
    remedy_en = "compare with checkpoints kept elsewhere; entries were changed or the key was misused"


class StateFalse(AuditFault):
    """The log's own note of its size and root differs from its entries."""

    zh = "账本状态（大小 {index}）与记录不符：{reason}"
    en = "the log's state (size {index}) does not match its entries: {reason}"
    remedy_zh = "与已签发的检查点对比，确定以何者为准"
    remedy_en = "compare with the signed checkpoints to see which is right"


class KeyStatementFalse(AuditFault):
    """A statement about keys stands where the rules about keys do not allow it."""

    zh = "第 {index} 条记录的密钥陈述不成立：{reason}"
    en = "the statement about keys at entry {index} does not hold: {reason}"
    remedy_zh = "该陈述不生效；查明它如何进入账本"
    remedy_en = "it has no effect; find out how it entered the log"


class SubjectIndexFalse(AuditFault):
    """A logged subject index is not the one its log gives."""

    zh = "第 {index} 条记录的主题索引不成立：{reason}"
    en = "the subject index at entry {index} does not hold: {reason}"
    remedy_zh = "凭它出具的完整性证明不可采信；查明账本密钥由谁使用"
    remedy_en = "do not rely on proofs of completeness made from it; find out who uses the log's key"


class AuditStopped(AuditFault):
    """So much was wrong that the rest of the log was not looked at."""

    zh = "已发现 {found} 处以上的问题，从第 {index} 条起（共 {size} 条）没有核对"
    en = "more than {found} faults were found; from entry {index} on, of {size}, nothing was checked"
    remedy_zh = "这份副本不可采信；换一份来源，或先修复已列出的问题"
    remedy_en = "do not rely on this copy; take another source, or mend first what is listed"


class WitnessLineFalse(AuditFault):
    """A line under a checkpoint bears a witness's name and is not its signature, or too few signed."""

    zh = "大小为 {index} 的检查点的见证不成立：{reason}"
    en = "the witness signatures under the checkpoint of size {index} do not hold: {reason}"
    remedy_zh = "向见证方核对它所见的检查点"
    remedy_en = "ask the witness which checkpoint it saw"
