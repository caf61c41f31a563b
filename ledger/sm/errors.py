"""What can be wrong with the SM3 tree."""

from ledger.audits.faults import AuditFault
from ledger.errors import LedgerError


class SmTreeNotFounded(LedgerError):
    """The log has no SM3 tree, or none that is signed yet."""

    zh = "此账本没有国密树，或尚未签发其检查点"
    en = "this log has no SM3 tree, or no checkpoint of it is signed yet"
    remedy_zh = "由运维者执行 daodi sm init 并设置 DAODI_SM3_TREE=true；已启用时稍候再试"
    remedy_en = (
        "the operator runs `daodi sm init` and sets DAODI_SM3_TREE=true; if that is done, wait a little"
    )


class SmTreeFounded(LedgerError):
    """The log has an SM3 tree already."""

    zh = "此账本已有国密树，其公钥为 {vkey}"
    en = "this log has an SM3 tree already, with the key {vkey}"
    remedy_zh = "无需再次建立；daodi sm show 显示其状态"
    remedy_en = "there is nothing to do; `daodi sm show` tells how it stands"


class SmTreeForked(LedgerError):
    """The SM3 tree, its checkpoints and the log do not fit together; the tree refuses to sign."""

    zh = "国密树（大小 {size}）与账本或其已签发的检查点不一致，拒绝签名：{reason}"
    en = (
        "the SM3 tree (size {size}) does not fit the log or what was signed of it; "
        "nothing is signed: {reason}"
    )
    remedy_zh = "账本本身不受影响；保留现场，运行 daodi fsck 与 daodi fsck --sm3 核对"
    remedy_en = "the log itself goes on; keep everything as it is and run `daodi fsck` and `daodi fsck --sm3`"


class LeavesDiffer(AuditFault):
    """The SM3 tree stands over an entry that is not the one the log's own tree commits to."""

    zh = "第 {index} 条记录：国密树所依据的内容与账本承诺的不同"
    en = "entry {index}: what the SM3 tree stands over is not what the log commits to"
    remedy_zh = "以账本的检查点为准；从备份恢复该记录后再核对"
    remedy_en = "the log's own checkpoint decides; restore the entry from a backup and check again"
