"""What the service itself refuses: settings, databases, bodies, callers and their limits.

Every leaf class has its HTTP status in `api/problems.py`; this file knows no HTTP.
"""

from ledger.errors import DaodiError


class ApiError(DaodiError):
    """Something the service refuses before or around the work of the other packages."""


class SettingWrong(ApiError):
    """One `DAODI_` setting has a value that cannot be used; secrets are never repeated."""

    zh = "设置 {name} 的值不可用：{reason_zh}"
    en = "the setting {name} cannot be used: {reason_en}"
    remedy_zh = "改正环境变量 {name} 后重新启动；各项设置的含义见 docs/operations.md"
    remedy_en = (
        "correct the environment variable {name} and start again; docs/operations.md lists every setting"
    )


class NotInitialised(ApiError):
    """The folder, its keys or its database do not exist yet."""

    zh = "文件夹 {folder} 尚未初始化：缺少 {missing}"
    en = "the folder {folder} has not been initialised: {missing} is missing"
    remedy_zh = "先运行 daodi init"
    remedy_en = "run daodi init first"


class SecretExposed(ApiError):
    """A file of secret keys may be read by other accounts of the machine."""

    zh = "密钥文件 {file} 可被其他账户读取（权限 {mode}）"
    en = "the key file {file} may be read by other accounts (mode {mode})"
    remedy_zh = "运行 chmod 600 {file}，并考虑更换密钥"
    remedy_en = "run chmod 600 {file}, and consider replacing the key"


class SecretFileDamaged(ApiError):
    """A file of secret keys does not have the form `init` gave it."""

    zh = "密钥文件 {file} 已损坏，无法读取"
    en = "the key file {file} is damaged and cannot be read"
    remedy_zh = "从备份恢复该文件；不要新建，否则已印出的追溯码将全部失效"
    remedy_en = "restore it from the backup; a new one would make every printed trace code invalid"


class DatabaseHeld(ApiError):
    """Another process already writes to this SQLite database."""

    zh = "数据库正由另一个进程写入（进程号 {pid}，地址 {address}）"
    en = "another process (pid {pid}, at {address}) is writing to this database"
    remedy_zh = "把写入交给 {address} 上的服务，或先停止它；本机 SQLite {version} 只允许一个写入进程"
    remedy_en = (
        "hand the work to the service at {address} or stop it first; SQLite {version} here allows one writer"
    )


class DatabaseUnsafe(ApiError):
    """The database server is set so that an acknowledged write could be lost."""

    zh = "数据库设置 {setting}={value} 会丢失已确认的写入"
    en = "the database setting {setting}={value} can lose acknowledged writes"
    remedy_zh = "把 {setting} 改为 {wanted} 后重新启动"
    remedy_en = "set {setting} to {wanted} and start again"


class DatabaseUnreachable(ApiError):
    """The database does not answer."""

    zh = "数据库暂时无法连接"
    en = "the database does not answer"
    remedy_zh = "稍后重试；若持续出现，请运维人员检查数据库服务与磁盘空间"
    remedy_en = (
        "try again shortly; if it persists, have the operator check the database server and disk space"
    )


class DatabaseNotCurrent(ApiError):
    """The tables are not those this version of the program works with."""

    zh = "数据库结构版本为 {found}，本程序需要 {wanted}"
    en = "the database schema is at {found}; this program needs {wanted}"
    remedy_zh = "备份后运行 daodi init"
    remedy_en = "make a backup, then run daodi init"


class ReadOnlyDatabase(ApiError):
    """A write was asked of a process that opened the database for reading."""

    zh = "本进程以只读方式打开数据库，不能写入"
    en = "this process opened the database for reading only"
    remedy_zh = "把写入交给正在运行的服务"
    remedy_en = "hand the write to the running service"


class TransactionLost(ApiError):
    """The database ended a transaction by itself, as SQLite may when its disk is full."""

    zh = "数据库中止了事务，未写入任何内容"
    en = "the database ended the transaction; nothing was written"
    remedy_zh = "请运维人员检查磁盘空间，然后用同一标识重新提交"
    remedy_en = "have the operator check the disk space, then send it again with the same id"


class WriterClosed(ApiError):
    """The service is stopping and takes no more writes."""

    zh = "服务正在停止，不再接受写入"
    en = "the service is stopping and takes no more writes"
    remedy_zh = "稍后用同一标识重新提交；不会重复登记"
    remedy_en = "send it again shortly with the same id; it will not be recorded twice"


class WriteInterrupted(ApiError):
    """The group this write belonged to could not be committed."""

    zh = "写入未能确认，本次提交未生效或结果未知"
    en = "the write could not be confirmed: it was not made, or its outcome is unknown"
    remedy_zh = "用同一标识重新提交；若已登记，系统会说明"
    remedy_en = "send it again with the same id; if it was recorded after all, the answer says so"


class BodyNotJson(ApiError):
    """A request body breaks one of the rules of the strict JSON boundary."""

    zh = "请求正文不是可接受的 JSON：{rule_zh}"
    en = "the request body is not acceptable JSON: {rule_en}"
    remedy_zh = "按 RFC 8259 以 UTF-8 编码发送，键不重复，整数不超过 64 位，嵌套不超过 32 层"
    remedy_en = "send RFC 8259 JSON in UTF-8: no repeated names, integers within 64 bits, at most 32 levels"


class RequestTooLarge(ApiError):
    """A request body is longer than the service takes."""

    zh = "请求正文超过上限 {limit} 字节"
    en = "the request body is longer than {limit} bytes"
    remedy_zh = "分成几份提交；表格可按行拆成几个文件，分别导入"
    remedy_en = "send it in several parts; a table can be split by rows into files and imported one by one"


class BodyTypeUnsupported(ApiError):
    """A request body is of a media type this path does not read."""

    zh = "不支持的正文类型"
    en = "this path does not read a body of that media type"
    remedy_zh = "请使用 Content-Type: {wanted}"
    remedy_en = "send Content-Type: {wanted}"


class BodyTooSlow(ApiError):
    """A request body did not arrive in time."""

    zh = "请求正文未在 {seconds} 秒内送达"
    en = "the request body did not arrive within {seconds} seconds"
    remedy_zh = "检查网络后重新提交"
    remedy_en = "check the connection and send it again"


class HostUnknown(ApiError):
    """A request names a host this service does not answer for."""

    zh = "本服务不以该主机名应答"
    en = "this service does not answer for that host name"
    remedy_zh = "使用公布的网址；运维人员可在 DAODI_TRUSTED_HOSTS 中加入该主机名"
    remedy_en = "use the published address; the operator can add the name to DAODI_TRUSTED_HOSTS"


class AddressNotText(ApiError):
    """The path or query of a request holds a NUL, which no name contains."""

    zh = "网址中含有空字符（%00）"
    en = "the address holds a NUL character (%00)"
    remedy_zh = "去掉该字符后重试"
    remedy_en = "remove it and try again"


class NumberTooLarge(ApiError):
    """A whole number does not fit the 64 bits every store here gives it."""

    zh = "数值超出 64 位整数范围"
    en = "a number does not fit into 64 bits"
    remedy_zh = "请使用 −9223372036854775808 至 9223372036854775807 之间的整数"
    remedy_en = "use a whole number from -9223372036854775808 to 9223372036854775807"


class TextNotStorable(ApiError):
    """A value reached the database that it cannot store, such as text with a NUL."""

    zh = "提交的内容含有数据库不能保存的字符或数值"
    en = "the request holds a character or number the database cannot store"
    remedy_zh = "去掉空字符等不可见字符后重试"
    remedy_en = "remove NUL and other invisible characters and try again"


class FieldWrong(ApiError):
    """One field of a request does not have the form it must have."""

    zh = "{reason_zh}"
    en = "{reason_en}"
    remedy_zh = "改正该字段后重新提交；字段说明见 /api-docs"
    remedy_en = "correct the field and send it again; /api-docs describes every field"


class NoSuchAddress(ApiError):
    """Nothing is served at this path."""

    zh = "此网址没有内容"
    en = "nothing is served at this address"
    remedy_zh = "检查网址；接口目录见 /api-docs"
    remedy_en = "check the address; /api-docs lists the interface"


class MethodUnsupported(ApiError):
    """The path exists, the method does not."""

    zh = "此网址不支持该请求方法"
    en = "this address does not answer that method"
    remedy_zh = "允许的方法见响应头 Allow"
    remedy_en = "the Allow header lists the methods it answers"


class RequestRefused(ApiError):
    """The request could not be read as HTTP this service understands."""

    zh = "无法处理该请求"
    en = "the request cannot be processed"
    remedy_zh = "检查请求的格式后重试"
    remedy_en = "check the form of the request and try again"


class TokenMissing(ApiError):
    """The path needs a token and none was sent."""

    zh = "需要访问令牌"
    en = "an access token is needed"
    remedy_zh = "在请求头加入 Authorization: Bearer daodi_…；令牌由运营方发放"
    remedy_en = "send Authorization: Bearer daodi_…; the operator issues tokens"


class TokenRefused(ApiError):
    """The token is unknown, revoked or expired; which of these is not said."""

    zh = "访问令牌无效或已过期"
    en = "the access token is not valid or has expired"
    remedy_zh = "向运营方申请新的令牌"
    remedy_en = "ask the operator for a new token"


class ScopeMissing(ApiError):
    """The token is good but does not allow this."""

    zh = "该令牌没有 {scope} 权限"
    en = "the token lacks the scope {scope}"
    remedy_zh = "向运营方申请带有 {scope} 权限的令牌"
    remedy_en = "ask the operator for a token with the scope {scope}"


class NotARegulator(ApiError):
    """A token with the scope ``supervise`` that is bound to no registered regulator."""

    zh = "该令牌的主体 {party} 不是已登记的管理机构，不能行使监管权限"
    en = "the token's party {party} is not registered as a regulator and cannot supervise"
    remedy_zh = "请运营方先登记该管理机构，再发放绑定它的令牌"
    remedy_en = "have the operator register the regulator and issue a token bound to it"


class NotYourParty(ApiError):
    """A caller bound to one party spoke for another."""

    zh = "该令牌属于主体 {own}，不能代表其他主体提交"
    en = "the token belongs to the party {own} and cannot speak for another"
    remedy_zh = "以本主体名义提交，或由运营方代为导入"
    remedy_en = "submit for your own party, or have the operator import it"


class NotYourSource(ApiError):
    """A token bound to one source delivered quotes of another."""

    zh = "该令牌只能提交来源 {own} 的报价"
    en = "the token delivers quotes of the source {own} alone"
    remedy_zh = "以令牌所属的来源名提交，或请运营方发放该来源的令牌"
    remedy_en = "submit under the token's own source, or ask the operator for a token of the other"


class ScopeUnknown(ApiError):
    """A token was to be issued with a scope that does not exist."""

    zh = "没有名为 {scope} 的权限"
    en = "there is no scope named {scope}"
    remedy_zh = "可用的权限：{known}"
    remedy_en = "the scopes are: {known}"


class TooManyRequests(ApiError):
    """One caller asked more often than is allowed."""

    zh = "请求过于频繁"
    en = "too many requests"
    remedy_zh = "请在 {seconds} 秒后重试"
    remedy_en = "try again in {seconds} seconds"


class TooBusy(ApiError):
    """More waits to be written than the service lets wait; nothing of this request was taken in."""

    zh = "服务繁忙：已有 {waiting} 项等待写入，上限 {limit}"
    en = "the service is busy: {waiting} pieces of work wait to be written, and {limit} may"
    remedy_zh = "按 Retry-After 稍候，用同一标识重新提交；不会重复登记"
    remedy_en = "wait as Retry-After says and send it again with the same id; it will not be recorded twice"


class BadScanPlaces(ApiError):
    """The table of address ranges cannot be read."""

    zh = "扫码地点表 {file} 第 {row} 行有误：{why}"
    en = "the table of scan places {file} is wrong in line {row}: {why}"
    remedy_zh = "列名为 first、last、division：首地址、末地址、六位行政区划代码；改正后重新启动"
    remedy_en = "columns: first, last, division (two addresses and a six-digit code); mend it and restart"


class InternalFault(ApiError):
    """Something went wrong that is the program's fault; the log holds the details."""

    zh = "服务内部出错，请求编号 {request_id}"
    en = "the service failed; the request id is {request_id}"
    remedy_zh = "请把请求编号告诉运营方"
    remedy_en = "give the request id to the operator"
