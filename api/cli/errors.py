"""What the command line itself refuses. These never reach HTTP, so they have no status there.

CommandError
├── FileUnreadable, FileUnwritable   the file named on the line
├── FileTooLarge                     a file longer than the service takes, too
├── PrintedForm                      a form of printed proof that is not made
├── NothingToVerify, ReceiptFails    what was to be verified, and did not hold
├── AuthoritiesNeeded                whose timestamps are believed
├── TrustNeeded, TrustWrong, …       what it was to be verified against
├── ServiceSilent, ServiceRefused    the running service that was handed the work
├── NotWhileServing                  work that cannot be handed over
├── NoPolicy                         no witnesses are named
└── Unforeseen                       our own mistake, kept in a file

ServiceFaults is the `ManyFaults` of the running service; RowsRefused that of a file, here or there.
"""

from collections.abc import Sequence

from ledger.errors import NOTHING_STANDS, DaodiError, ManyFaults, Said, counted


class CommandError(DaodiError):
    """Something the command line refuses before or around the work of the other packages."""


class FileUnreadable(CommandError):
    """A file named on the command line cannot be read."""

    zh = "无法读取文件 {file}：{reason}"
    en = "the file {file} cannot be read: {reason}"
    remedy_zh = "请核对路径与权限后重试"
    remedy_en = "check its path and permissions and try again"


class FileUnwritable(CommandError):
    """A file named on the command line cannot be written."""

    zh = "无法写入文件 {file}：{reason}"
    en = "the file {file} cannot be written: {reason}"
    remedy_zh = "请换一个路径，或检查权限与磁盘空间"
    remedy_en = "name another path, or check permissions and disk space"


class FileTooLarge(CommandError):
    """A file is longer than the service would take as an upload, so this command refuses it as well."""

    zh = "文件 {file} 有 {size} 字节，超过上限 {limit} 字节"
    en = "the file {file} has {size} bytes; at most {limit} are taken in"
    remedy_zh = "按行拆成几个文件分别导入，或调高 DAODI_MAX_UPLOAD_BYTES"
    remedy_en = "split it by rows into several files, or raise DAODI_MAX_UPLOAD_BYTES"


class ServiceFaults(ManyFaults):
    """Several faults the running service found; it may have listed only the first."""

    def __init__(
        self, faults: Sequence[DaodiError], left_out: int = 0, stands: Said = NOTHING_STANDS
    ) -> None:
        super().__init__(faults, stands)
        self.left_out = left_out
        """Faults that were counted and not listed."""
        self.parts["found"] = counted(len(self.faults) + left_out)


class RowsRefused(ServiceFaults):
    """Rows of a file are faulty, here or in the service; what of it stands is said."""

    remedy_zh = "按下表逐条改正后重新导入；--report FILE 写出全部错误，--proceed 先写入正确的行"
    remedy_en = (
        "mend the rows below and import the file again; "
        "--report FILE writes every fault to a file, --proceed takes in the good rows"
    )


class PrintedForm(CommandError):
    """A printed proof is asked for in a form that is not made."""

    zh = "不能把打印证明写成 {file}"
    en = "a printed proof cannot be written as {file}"
    remedy_zh = "文件名以 .svg（整页）、.png（只有二维码）或 .txt（码中的文字）结尾"
    remedy_en = "end the file's name in .svg (the sheet), .png (the code alone) or .txt (the text in it)"


class AuthoritiesNeeded(CommandError):
    """Nobody said which timestamp authorities to believe."""

    zh = "没有指明信任哪些时间戳机构"
    en = "nothing says which timestamp authorities are trusted"
    remedy_zh = (
        "核验文件时用 --tsa-certificates 给出其 PEM 证书；"
        "服务本身则设置 DAODI_TSA_CERTIFICATES 与 DAODI_TSA_URL"
    )
    remedy_en = (
        "give their PEM certificates with --tsa-certificates to check a file; for the service here set "
        "DAODI_TSA_CERTIFICATES and DAODI_TSA_URL"
    )


class NothingToVerify(CommandError):
    """A file is nothing that can be verified."""

    zh = "文件 {file} 不是证据、存证回执、披露文件、主题证明、打印证明的文字或指数发布包"
    en = "the file {file} is no evidence, receipt, disclosure, subject proof, printed text or release bundle"
    remedy_zh = (
        "存证回执从 /v1/receipts/…?as=text 下载，发布包从 /v1/releases/…/bundle 下载；"
        "打印证明（.svg、.png）请扫码，核验码中的文字（.txt）"
    )
    remedy_en = (
        "download a receipt from /v1/receipts/…?as=text or a bundle from /v1/releases/…/bundle; of a printed "
        "proof (.svg, .png) scan the code and check the text in it (.txt)"
    )


class ReceiptPending(CommandError):
    """The service's answer about a statement that is not in the log yet holds no receipt."""

    zh = "文件 {file} 中还没有存证回执：陈述 {statement} 正等待写入账本"
    en = "the file {file} holds no receipt yet: the statement {statement} waits to enter the log"
    remedy_zh = "约一秒后重新下载"
    remedy_en = "download it again in about a second"


class ReceiptFails(CommandError):
    """A receipt has its form, but what it holds was changed or never was an entry of the log."""

    zh = "存证回执不成立：{why}"
    en = "the receipt does not hold: {why}"
    remedy_zh = "请勿采信；重新下载后再核验，若仍不成立，请告知运营方与监管方"
    remedy_en = "do not trust it; fetch it again, and if it still fails, tell the operator and the regulator"


class SubjectFails(CommandError):
    """What a file says of a subject is not what the log's index proves."""

    zh = "主题证明不成立：{why}"
    en = "the subject proof does not hold: {why}"
    remedy_zh = "请勿采信；核对 --trust 或 --policy，重新下载后再核验"
    remedy_en = "do not trust it; see whether --trust or --policy is right, fetch it again and check again"


class TrustNeeded(CommandError):
    """A proof is to be checked without a key to check it against."""

    zh = "没有可信的账本公钥，无法核验"
    en = "there is no trusted log key to check against"
    remedy_zh = "用 --trust 给出公钥（运营方公布的 vkey），或在服务文件夹所在处运行"
    remedy_en = (
        "give the key the operator publishes with --trust VKEY, or run it where the service's folder is"
    )


class TrustWrong(CommandError):
    """What was given as the trusted key is no verifier key; the file was not looked at."""

    zh = "--trust 给出的不是账本公钥：{why}"
    en = "what --trust gives is not a log key: {why}"
    remedy_zh = "照抄运营方公布的整行 vkey（名称+哈希+公钥），并加引号"
    remedy_en = "copy the whole line the operator publishes (name+hash+key) and put it in quotes"


class KeyDiffers(CommandError):
    """The trusted key is a log key, but not the one that signed this receipt's checkpoint."""

    zh = "存证回执的检查点由账本 {signer} 签名，不是所信任的公钥 {trusted}"
    en = "the receipt's checkpoint is signed by the log {signer}, not by the trusted key {trusted}"
    remedy_zh = "先核对 --trust 的公钥是否属于出具回执的账本；公钥无误时请勿采信此回执"
    remedy_en = (
        "see first whether the key given with --trust belongs to the log that gave the receipt; "
        "if it does, do not trust the receipt"
    )


class OptionUseless(CommandError):
    """An option was given that has no use for this file."""

    zh = "选项 {option} 对此文件没有用处：{why}"
    en = "the option {option} has no use for this file: {why}"
    remedy_zh = "去掉 {option}，或查看 daodi verify --help"
    remedy_en = "leave {option} out, or see daodi verify --help"


class NotOfARelease(CommandError):
    """A receipt given beside a bundle is that of another kind of statement."""

    zh = "此存证回执属于陈述 {statement}（{kind}），不是指数发布的陈述"
    en = "the receipt is that of the statement {statement} ({kind}), not of an index release"
    remedy_zh = "从 /v1/receipts/release:…?as=text 下载该次发布的存证回执"
    remedy_en = "download the release's own receipt from /v1/receipts/release:…?as=text"


class NotCompared(CommandError):
    """A bundle was recomputed, but there is no log here that holds its digest."""

    zh = "只作了复算，没有与任何账本比对：发布包可能被改动过"
    en = "recomputed, NOT compared with any log: the bundle may have been changed"
    remedy_zh = (
        "下载该次发布的存证回执（/v1/receipts/release:…?as=text），用 --receipt FILE --trust VKEY 核验"
    )
    remedy_en = (
        "download the release's receipt (/v1/receipts/release:…?as=text) and verify with "
        "--receipt FILE --trust VKEY"
    )


class DateWrong(CommandError):
    """A date on the command line cannot be read."""

    zh = "日期“{value}”有误"
    en = "“{value}” is not a date"
    remedy_zh = "请写成 2026-03-31 的形式"
    remedy_en = "write it like 2026-03-31"


class ServiceSilent(CommandError):
    """The service that holds the database does not answer."""

    zh = "数据库由 {address} 上的服务占用，但它没有应答：{reason}"
    en = "the service at {address} holds the database but does not answer: {reason}"
    remedy_zh = "检查该服务是否正常；停止它之后可直接运行本命令"
    remedy_en = "check that service; once it is stopped this command works by itself"


class ServiceRefused(CommandError):
    """The running service refused what was handed to it."""

    zh = "{message}"
    en = "{message}"
    remedy_zh = "{remedy}"
    remedy_en = "{remedy}"


class NotWhileServing(CommandError):
    """A command that must write by itself met a running service."""

    zh = "{address} 上的服务（进程号 {pid}）正在写入此数据库，不能同时执行 {command}"
    en = "the service at {address} (process {pid}) is writing to this database, so {command} cannot run now"
    remedy_zh = "在服务所在窗口按 Ctrl-C（或 kill -INT {pid}）停止它，运行 {command}，再用 daodi serve 启动"
    remedy_en = (
        "stop it with Ctrl-C in its window (or kill -INT {pid}), run {command}, "
        "then start it again with daodi serve"
    )


class AlreadyServing(CommandError):
    """`daodi init` met the service it would set up: it is there, and running."""

    zh = "服务已经建立，正在 {address} 运行（进程号 {pid}），无需再次 init"
    en = "the service is set up and running at {address} (process {pid}); there is nothing to set up"
    remedy_zh = (
        "若为升级程序而运行，先按 Ctrl-C（或 kill -INT {pid}）停止服务，再运行 daodi init 与 daodi serve"
    )
    remedy_en = (
        "to bring its tables up to date after an upgrade, stop it with Ctrl-C (or kill -INT {pid}), "
        "then run daodi init and daodi serve"
    )


class NoOperatorToken(CommandError):
    """The running service left no token this account can read."""

    zh = "找不到把工作交给运行中的服务所需的令牌：{file}"
    en = "the token for handing work to the running service is missing: {file}"
    remedy_zh = "请用启动服务的同一账户运行，或先停止服务"
    remedy_en = "run it as the account that runs the service, or stop the service first"


class ProofFailed(CommandError):
    """A check that ran to its end found that something does not hold; the faults were drawn before it."""

    zh = "核验未通过：{reason}"
    en = "the check failed: {reason}"
    remedy_zh = "保留该文件，联系运营方与见证方"
    remedy_en = "keep the file and tell the operator and the witnesses"


class TablesDiffer(CommandError):
    """Tables that do not say what the log says; the rows were named before it."""

    zh = "追溯数据的表与账本不符：{count} 行"
    en = "the tables do not say what the log says: {count} rows"
    remedy_zh = "请保留现场并查明原因；账本经 daodi fsck 核对无误后，可用 daodi rebuild --write 重建"
    remedy_en = "keep everything and find out why; once fsck finds the log sound, run daodi rebuild --write"


class NoPolicy(CommandError):
    """No policy names the witnesses of this log."""

    zh = "没有信任策略：检查点未经任何见证就对外公布"
    en = "there is no policy: checkpoints are published without witnesses"
    remedy_zh = "写好策略文件（c2sp.org/tlog-policy），把它的路径设为 DAODI_POLICY_FILE"
    remedy_en = "write a policy file (c2sp.org/tlog-policy) and set DAODI_POLICY_FILE to its path"


class Unforeseen(CommandError):
    """Our own mistake: something nobody expected went wrong."""

    zh = "程序出现意外错误（{kind}），详情已写入 {file}"
    en = "something unforeseen went wrong ({kind}); the details are in {file}"
    remedy_zh = "请把该文件交给维护者；已确认的内容不受影响"
    remedy_en = "give that file to the maintainers; whatever was acknowledged is safe"
