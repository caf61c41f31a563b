"""What can be wrong with policies, cosignatures and witnesses, told in both languages."""

from ledger.errors import NOWHERE, LedgerError, Location, Said


class PolicyWrong(LedgerError):
    """A policy file breaks a rule of c2sp.org/tlog-policy."""

    zh = "信任策略第 {line} 行有误：{reason}"
    en = "line {line} of the policy is wrong: {reason}"
    remedy_zh = "按 c2sp.org/tlog-policy 改正该行，再用 daodi witness policy 检查"
    remedy_en = "mend that line as c2sp.org/tlog-policy says, and check it with `daodi witness policy`"

    def __init__(self, *, line: int, reason: Said, file: str | None = None) -> None:
        super().__init__(at=Location(file=file), line=line, reason=reason)
        self.line = line


class PolicyOutdated(LedgerError):
    """The policy in force would name none of the keys that sign the log's checkpoints."""

    zh = "当前信任策略没有列出账本仍在使用的任何密钥（例如 {vkey}），按它核对的人将拒绝此后的检查点"
    en = "the policy in force names no key the log goes on signing with ({vkey}): its readers would refuse"
    remedy_zh = "在 DAODI_POLICY_FILE 指向的策略文件中添加一行“log {vkey}”并公布，重启服务后再操作"
    remedy_en = (
        "add the line `log {vkey}` to the policy file that DAODI_POLICY_FILE names, publish it, restart the "
        "service, and try again"
    )


class QuorumNotMet(LedgerError):
    """Too few of the policy's witnesses have cosigned this checkpoint."""

    zh = "大小 {size} 的检查点只有 {found} 个见证，未达到策略要求的 {quorum}"
    en = "the checkpoint of size {size} has {found} cosignatures, not the quorum {quorum} of the policy"
    remedy_zh = "等待更多见证后重新取得回执，或查看哪些见证方没有应答：daodi witness policy"
    remedy_en = "wait for more witnesses and fetch it again, or see which do not answer: daodi witness policy"


class WitnessKnowsMore(LedgerError):
    """A witness has cosigned a larger tree than this database holds: it was restored from an old copy."""

    zh = "见证方 {witness} 已见证大小 {known}（{proof}），而本机最后签发的只有 {signed}：拒绝签名"
    en = "witness {witness} knows size {known} ({proof}), only {signed} was signed here: nothing is signed"
    remedy_zh = (
        "数据库很可能是从旧备份恢复的：停止服务，换回最新数据；若已确认该见证方有误，把它从策略文件中去掉"
    )
    remedy_en = (
        "the database was most likely restored from an old copy: stop, and bring back the newest one; only "
        "if the witness is surely wrong, take it out of the policy file"
    )


class WitnessContradicts(LedgerError):
    """A witness holds a checkpoint with our own signature over a root that our tree does not have."""

    zh = "见证方 {witness} 持有我方签名的大小 {size} 的检查点，根与本机账本不同：账本已分叉，拒绝签名"
    en = "witness {witness} holds our signature over another root at size {size}: the log has forked"
    remedy_zh = "停止服务并保留现场，比对备份；不要删除 ledger_witness 表中的证据"
    remedy_en = (
        "stop, keep everything as it is, compare with backups; the evidence is in table ledger_witness"
    )


class WitnessUnreachable(LedgerError):
    """A witness did not answer."""

    zh = "见证方 {witness} 没有应答：{reason}"
    en = "witness {witness} did not answer: {reason}"
    remedy_zh = "无需处理，会自动重试；长时间如此，请联系该见证方"
    remedy_en = "nothing to do: it is asked again by itself; if this lasts, ask its operator"


class WitnessRefused(LedgerError):
    """A witness answered, and did not cosign."""

    zh = "见证方 {witness} 拒绝见证（HTTP {status}）"
    en = "witness {witness} refused to cosign (HTTP {status})"
    remedy_zh = "404：请它登记本账本公钥；403：公钥不符；409、422：运行 daodi fsck 检查本账本"
    remedy_en = (
        "404: have it add this log's key; 403: its key for us is wrong; 409, 422: run `daodi fsck` here"
    )


class WitnessAnswerBad(LedgerError):
    """What a witness answered is not a cosignature of the checkpoint it was given."""

    zh = "见证方 {witness} 的应答无效：{reason}"
    en = "witness {witness} gave an answer that does not hold: {reason}"
    remedy_zh = "核对策略文件中它的公钥与地址，或请它检查时钟和版本"
    remedy_en = "compare its key and address in the policy file, or have it check its clock and version"


class MalformedOffer(LedgerError):
    """An add-checkpoint body does not have the form of c2sp.org/tlog-witness."""

    zh = "提交的检查点格式有误：{reason}"
    en = "the offer of a checkpoint is malformed: {reason}"
    remedy_zh = "按 c2sp.org/tlog-witness 提交：old 行、证明行、空行、检查点"
    remedy_en = "send it as c2sp.org/tlog-witness says: old line, proof lines, empty line, checkpoint"


class LogNotWitnessed(LedgerError):
    """The checkpoint is of a log this witness was not told to witness."""

    zh = "本见证方不见证账本 {origin}"
    en = "this witness does not witness the log {origin}"
    remedy_zh = "核对账本名称，或请见证方运行 daodi witness init --log 公钥"
    remedy_en = "check the log's name, or have the witness run `daodi witness init --log VKEY`"


class OfferOutdated(LedgerError):
    """The size an offer starts from is not the one cosigned last."""

    zh = "本见证方已见证大小 {known}，提交的证明从 {old} 开始"
    en = "this witness has cosigned size {known}, the proof offered starts at {old}"
    remedy_zh = "从大小 {known} 起重新生成一致性证明再提交"
    remedy_en = "prove consistency from size {known} and offer it again"

    def __init__(self, *, known: int, old: int) -> None:
        super().__init__(known=known, old=old)
        self.known = known


class RootsDiffer(LedgerError):
    """Two roots for one size, both signed by the log: it has forked."""

    zh = "账本 {origin} 在大小 {size} 有两个不同的根：账本已分叉"
    en = "the log {origin} has signed two roots for size {size}: it has forked"
    remedy_zh = "保留两个检查点作为证据，停止信任该账本"
    remedy_en = "keep both checkpoints as evidence, and stop trusting the log"


class ClockWentBack(LedgerError):
    """The witness's clock shows a time before one it has already signed."""

    zh = "时钟显示 {now}，早于已签署的时间 {signed}：拒绝见证"
    en = "the clock shows {now}, before {signed}, which is already signed: nothing is cosigned"
    remedy_zh = "校准见证机器的时钟；若已签时间确在未来，须换新密钥"
    remedy_en = "set the witness's clock right; if the signed time lies in the future, take a new key"


class WitnessForgot(LedgerError):
    """The witness's memory of a log it has a key for is gone or was never made."""

    zh = "见证记忆不全：{missing}。失忆的见证方可能为分叉的账本作证，因此拒绝运行"
    en = "the witness's memory is not whole: {missing}. It might cosign a fork, so it does not run"
    remedy_zh = (
        "找回 witness.sqlite；找不回就换新密钥和新名称。确属首次见证，用 daodi witness init --log 登记"
    )
    remedy_en = (
        "bring back witness.sqlite; if it is lost, take a new key and name. If it is truly the first time, "
        "enrol the log with `daodi witness init --log VKEY`"
    )


class WitnessNotSetUp(LedgerError):
    """There is no witness in this folder, or its key is another one's."""

    zh = "{folder} 中没有可用的见证方：{reason}"
    en = "there is no witness to run in {folder}: {reason}"
    remedy_zh = "先运行 daodi witness init，或用 --folder 指明文件夹"
    remedy_en = "run `daodi witness init` first, or name its folder with --folder"

    def __init__(self, *, folder: object, reason: Said) -> None:
        super().__init__(at=NOWHERE, folder=folder, reason=reason)
