"""What a manifest 清单签名 refuses: itself, or statements that are not under its one signature."""

from ledger.errors import LedgerError


class BadManifest(LedgerError):
    """A manifest statement whose parts do not have their form, or statements one manifest cannot cover."""

    zh = "清单 {manifest} 不成立：{reason}"
    en = "the manifest {manifest} does not hold: {reason}"
    remedy_zh = "一份清单只含同一主体、同一账本的 1 至 10000 条陈述；重新签一份"
    remedy_en = "a manifest covers 1 to 10,000 statements by one key for one log; sign another one"


class NotInManifest(LedgerError):
    """A statement is not what the manifest it names has at the place it names."""

    zh = "清单 {manifest} 的第 {place} 位不是陈述 {id}"
    en = "place {place} of the manifest {manifest} does not hold the statement {id}"
    remedy_zh = "不要采信此陈述；向签名方索取原件"
    remedy_en = "do not rely on this statement; ask the signer for the original"


class SignedByManifest(LedgerError):
    """A statement without a signature of its own was used where only its own signature counts."""

    zh = "陈述 {id} 没有自己的签名，只随清单 {manifest} 一并提交和核验"
    en = "the statement {id} has no signature of its own, only its manifest {manifest}, and goes with that"
    remedy_zh = "连同清单一起提交；核验时同时给出清单及其位置证明"
    remedy_en = "submit it with its manifest; to check it, give the manifest and the path to its place too"


class PoisonInManifest(LedgerError):
    """One statement of a manifest cannot be taken in, so none of it is."""

    zh = "清单 {manifest} 的第 {place} 位（{id}）不能入账，整份清单未入账：{reason}"
    en = "place {place} of the manifest {manifest} ({id}) is refused, so nothing of it is taken in: {reason}"
    remedy_zh = "改正或去掉该条，重新签一份清单"
    remedy_en = "mend or remove that statement and sign another manifest"
