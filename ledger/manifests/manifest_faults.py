"""What an audit finds wrong with manifests and the statements that name them."""

from ledger.audits.faults import AuditFault


class NotUnderManifest(AuditFault):
    """An entry without a signature of its own is not under the manifest it names."""

    zh = "第 {index} 条记录不在其清单之下：{reason}"
    en = "entry {index} is not under its manifest: {reason}"
    remedy_zh = "该记录不可采信；从备份核对"
    remedy_en = "do not rely on this entry; compare with a backup"


class ManifestUnsound(AuditFault):
    """A logged manifest does not have its form, or the digests kept for it are not what it covers."""

    zh = "第 {index} 条记录的清单不成立：{reason}"
    en = "the manifest at entry {index} does not hold: {reason}"
    remedy_zh = "清单表可由记录重算；清单本身有误则其下各条不可采信"
    remedy_en = "kept digests follow from the entries; below a bad manifest no entry can be relied on"


class ManifestUnfinished(AuditFault):
    """Some statements of a manifest are not logged, and nothing at hand tells whether the others belong."""

    zh = "第 {index} 条记录的清单共 {count} 条，只入账 {logged} 条，无法核对这些记录"
    en = "the manifest at entry {index} covers {count} statements, {logged} are logged: they cannot be judged"
    remedy_zh = "待其余记录入账后再核对，或用保存清单摘要的数据库核对"
    remedy_en = "check again when the others are logged, or against the database that keeps its digests"
