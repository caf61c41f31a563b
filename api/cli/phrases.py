"""Everything the command line says, in Chinese and English under one key.

Help texts, headings and remarks stand here; what is wrong with an input is said by the errors themselves.
"""

from typing import Final

from api.cli.access_phrases import ACCESS_PHRASES
from api.cli.accounts_phrases import ACCOUNT_PHRASES
from api.cli.codes_phrases import CODE_PHRASES
from api.cli.documents_phrases import DOCUMENT_PHRASES
from api.cli.feeds_phrases import FEED_PHRASES
from api.cli.forecast_phrases import FORECAST_PHRASES
from api.cli.forecast_table_phrases import FORECAST_TABLE_PHRASES
from api.cli.governance_phrases import GOVERNANCE_PHRASES
from api.cli.index_analysis_phrases import INDEX_ANALYSIS_PHRASES
from api.cli.index_bulletin_phrases import INDEX_BULLETIN_PHRASES
from api.cli.index_calculator_phrases import CALCULATOR_PHRASES
from api.cli.index_comparison_phrases import INDEX_COMPARISON_PHRASES
from api.cli.index_phrases import INDEX_PHRASES
from api.cli.index_weights_phrases import INDEX_WEIGHTS_PHRASES
from api.cli.keys_phrases import KEY_PHRASES
from api.cli.labels_phrases import LABELS_PHRASES
from api.cli.lineage_phrases import LINEAGE_PHRASES
from api.cli.print_phrases import PRINT_PHRASES
from api.cli.private_phrases import PRIVATE_PHRASES
from api.cli.quotes_phrases import QUOTE_PHRASES
from api.cli.rebuild_phrases import REBUILD_PHRASES
from api.cli.recall_phrases import RECALL_PHRASES
from api.cli.register_phrases import REGISTER_PHRASES
from api.cli.seasonal_phrases import SEASONAL_PHRASES
from api.cli.sm_phrases import SM_PHRASES
from api.cli.supervision_phrases import SUPERVISION_PHRASES
from api.cli.warnings_phrases import WARNINGS_PHRASES
from api.cli.webhook_phrases import WEBHOOK_PHRASES
from api.cli.witness_phrases import WITNESS_PHRASES
from ledger.errors import Language

PHRASES: Final[dict[str, tuple[str, str]]] = {
    **CODE_PHRASES,
    **INDEX_PHRASES,
    **INDEX_BULLETIN_PHRASES,
    **INDEX_WEIGHTS_PHRASES,
    **KEY_PHRASES,
    **FEED_PHRASES,
    **FORECAST_PHRASES,
    **FORECAST_TABLE_PHRASES,
    **LINEAGE_PHRASES,
    **LABELS_PHRASES,
    **PRINT_PHRASES,
    **PRIVATE_PHRASES,
    **QUOTE_PHRASES,
    **REBUILD_PHRASES,
    **RECALL_PHRASES,
    **SEASONAL_PHRASES,
    **WEBHOOK_PHRASES,
    **ACCOUNT_PHRASES,
    # what each command is for
    "help.daodi": (
        "道地：证明每一批药材从哪里来，并发布任何人都能复算的药材价格指数。",
        "daodi proves where a herb comes from, and publishes herb price indices that anyone can recompute.",
    ),
    "help.init": (
        "建立空的服务：文件夹、密钥、数据库",
        "set up an empty service: its folder, keys and database",
    ),
    "help.serve": ("启动网页与接口服务", "serve the pages and the interface"),
    "help.demo": ("生成、载入并展示一座演示城市", "make, load and show a demonstration city"),
    "help.import": ("从文件导入", "take in files"),
    "help.import.steps": (
        "导入环节（xlsx、csv，或商务部字段的 xml）：全部写入，或一条也不写",
        "take in steps (xlsx, csv, or xml with the national fields): all of them, or none",
    ),
    "help.import.quotes": (
        "导入报价（csv、xlsx、json、html）：全部写入，或一条也不写",
        "take in quotes (csv, xlsx, json, html): all of them, or none",
    ),
    "help.import.template": ("写出一份可填写的环节表格", "write an empty spreadsheet of steps to fill in"),
    "help.trace": ("查看一个追溯码的全程", "show the whole way behind one trace code"),
    "help.index": ("价格指数：计算、发布、核验", "price indices: compute, publish, verify"),
    "help.index.compute": ("试算指数，不写入任何内容", "compute an index and write nothing"),
    "help.index.publish": ("计算并发布指数，摘要进入账本", "compute an index, publish it and log its digest"),
    "help.index.verify": ("用入账的原始输入复算一次发布", "recompute a release from its logged inputs"),
    "help.index.list": ("列出已发布的指数", "list the releases"),
    "help.verify": (
        "离线核验证据、存证回执、披露文件；指数发布包用它的存证回执，或本机的账本",
        "check offline: evidence, a receipt or a disclosure; a bundle with its receipt, or the log kept here",
    ),
    "help.fsck": (
        "重放整个账本并逐条核对：本机的、文件夹里的或网址下的",
        "replay a whole log and check every entry: the one here, in a folder, or behind an address",
    ),
    "help.log": ("公开账本：导出、主题索引", "the public log: export it, index its subjects"),
    "help.log.export": (
        "把已发布的账本写成静态文件，任何 tlog 工具都能读取；可反复执行",
        "write the published log as static files that any tlog tool can follow; may be run again",
    ),
    "help.log.index": (
        "现在就生成主题索引并写入账本（服务每天自动做一次）",
        "have the log state its subject index now (the service does so every day)",
    ),
    # arguments and options
    "panel.commands": ("命令", "Commands"),
    "panel.arguments": ("参数", "Arguments"),
    "panel.options": ("选项", "Options"),
    "option.help": ("显示本说明", "show this text"),
    "option.version": ("显示版本", "show the version"),
    "option.language": (
        "语言：zh 或 en，默认取自系统区域设置",
        "language: zh or en, by default that of the locale",
    ),
    "option.file": ("文件", "the file"),
    "option.code": ("包装上的追溯码", "the trace code on the pack"),
    "option.release": ("发布编号", "the id of the release"),
    "option.proceed": ("跳过有误的行，先写入正确的行", "take in the good rows and leave out the bad ones"),
    "option.report": ("把有误的行写入此 csv 文件", "write the faulty rows to this csv file"),
    "option.source": (
        "报价来源的简称；默认取自文件名，所以改名后再导入会当作另一来源重复计入：请固定写一个",
        "a short name of where the quotes come from; by default that of the file, so a file sent again under "
        "another name counts as another source: give the same name each time",
    ),
    "option.json": ("输出 JSON", "print JSON"),
    "option.family": ("指数系列", "the index family"),
    "option.until": (
        "算到哪一天，如 2026-03-31；默认为最新报价日",
        "the last day, such as 2026-03-31; by default that of the newest quotes",
    ),
    "option.trust": (
        "可信的账本公钥（vkey）；默认取自本机的服务",
        "the trusted log key (vkey); by default that of the service here",
    ),
    "option.log_source": (
        "静态账本所在的文件夹或网址；不给则核对本机的账本",
        "folder or address of a static log; without it, the log kept here",
    ),
    "option.policy": (
        "信任策略文件：账本公钥、见证方与法定数",
        "policy file: the log's key, its witnesses and the quorum",
    ),
    "option.kept": (
        "另行保存的检查点文件，可多次给出",
        "a checkpoint kept elsewhere; may be given several times",
    ),
    "option.quick": (
        "只核对哈希、链、密钥、哈希块与检查点，不核对格式与签名",
        "check hashes, chains, keys, tiles and checkpoints, not forms and signatures",
    ),
    "option.processes": (
        "同时使用的进程数，默认每核一个",
        "processes at work at once, by default one a core",
    ),
    "option.receipt": (
        "发布陈述的存证回执，与发布包一同核验",
        "the receipt of the release's statement, to verify a bundle with",
    ),
    "option.dry_run": ("只在内存中生成并报告数量", "make the city in memory and report its counts"),
    "option.check": ("载入后逐项检查，不启动服务", "load it and check everything without serving"),
    "option.small": ("较小的城市（六种药材）", "a smaller city of six herbs"),
    "option.fresh": ("丢弃已载入的城市，重新载入", "drop the loaded city and load it again"),
    "option.serve": ("载入后启动服务", "serve the city once it is loaded"),
    "option.seed": ("随机种子：同一种子得到同一座城市", "the seed: the same seed makes the same city"),
    "option.port": ("端口", "the TCP port"),
    "option.host": ("监听的网络接口", "the network interface to listen on"),
    "option.folder": ("存放的文件夹", "the folder it is kept in"),
    "option.name": ("名称", "a name"),
    "option.party": ("主体的统一社会信用代码", "the party's unified social credit code"),
    "option.scope": (
        "权限，可重复给出：steps:write、quotes:write、quotes:decide、index:publish、supervise、warnings:read、warnings:decide、operator",
        "a scope, may be repeated: steps:write, quotes:write, quotes:decide, index:publish, supervise, "
        "warnings:read, warnings:decide, operator",
    ),
    "option.days": (
        "有效天数；不填则按 DAODI_KEY_DAYS，默认一年",
        "for how many days; without it as DAODI_KEY_DAYS says, a year",
    ),
    "option.prefix": (
        "令牌的前缀（daodi_ 之后的 8 位）",
        "the token's prefix: the 8 characters after daodi_",
    ),
    # faults
    "fault": ("错误：{message}", "error: {message}"),
    "fault.where": ("位置：{where}", "where: {where}"),
    "fault.value": ("内容：{value}", "value: {value}"),
    "fault.remedy": ("处理：{remedy}", "remedy: {remedy}"),
    "fault.more": (
        "另有 {count} 处，见报告文件（--report）",
        "and {count} more, see the report file (--report)",
    ),
    "fault.left_out": (
        "服务另有 {count} 处错误没有列出：请先改正以上各处",
        "the service counted {count} more and did not list them: mend these first",
    ),
    "head.sheet": ("表", "sheet"),
    "head.row": ("行", "row"),
    "head.field": ("列", "field"),
    "head.value": ("内容", "value"),
    "head.fault": ("错误", "fault"),
    "head.remedy": ("处理", "remedy"),
    "report.written": ("有误的行已写入 {file}", "the faulty rows are in {file}"),
    # setting up and serving
    "init.done": ("已建立服务：{folder}", "the service is set up in {folder}"),
    "init.current": ("服务已就绪：{folder}", "the service in {folder} is ready"),
    "init.vkey": (
        "账本公钥（请公布，供任何人核验）：{vkey}",
        "log key (publish it, so that anyone can verify): {vkey}",
    ),
    "init.trial_name": (
        "账本名称 {origin} 只宜试用；正式使用请在 init 之前设定 DAODI_ORIGIN，此后不能更改",
        "the log's name {origin} is good for trying out only: for a real log set DAODI_ORIGIN before init, "
        "it cannot change later",
    ),
    "init.next": ("下一步：daodi serve", "next: daodi serve"),
    "serve.open": ("服务地址：{address}", "serving at {address}"),
    # taking in
    "take_in.writing": ("写入", "writing"),
    "take_in.handing": ("交给运行中的服务", "handing it to the running service"),
    "take_in.registered": (
        "登记：主体 {parties} 个，地点 {places} 个",
        "registered: {parties} parties, {places} places",
    ),
    "take_in.steps": (
        "环节：已登记 {accepted} 条，其中 {flagged} 条有发现；此前已登记 {duplicates} 条；有误 {rejected} 行",
        "steps: {accepted} recorded, {flagged} of them with findings; {duplicates} seen before; "
        "{rejected} faulty",
    ),
    "take_in.findings": (
        "发现 {count} 条（{rule}），如：{example}",
        "findings of {rule}: {count}, such as: {example}",
    ),
    "take_in.codes": (
        "追溯码：新发 {count} 个，第一个 {first}",
        "trace codes: {count} issued, the first is {first}",
    ),
    "take_in.quotes": (
        "报价：采用 {accepted}，标记 {flagged}，隔离 {quarantined}，有误 {rejected}，重复 {duplicates}",
        "quotes: {accepted} accepted, {flagged} flagged, {quarantined} quarantined, "
        "{rejected} faulty, {duplicates} seen before",
    ),
    "template.done": ("表格已写入 {file}", "the spreadsheet is in {file}"),
    # the way of a code
    "trace.herb": ("药材", "herb"),
    "trace.origin": ("产地", "origin"),
    "trace.lot": ("批次", "lot"),
    "trace.pack": ("每包", "pack"),
    "trace.complete": ("信息完整度", "completeness"),
    "trace.groups": ("信息组", "groups of information"),
    "trace.scans": ("扫码次数", "scans"),
    "trace.finding": ("发现：{message}", "finding: {message}"),
    "trace.findings": (
        "发现：{message}（同一规则共 {count} 处）",
        "finding: {message} ({count} under this rule)",
    ),
    "trace.rule": ("发现：{rule}（见上）", "finding: {rule} (see above)"),
    "trace.test": (
        "检验 {measurand} {value} {unit}（限量 {limit}）{outcome}",
        "test {measurand} {value} {unit} (limit {limit}) {outcome}",
    ),
    "trace.within": ("合格", "within"),
    "trace.over": ("超标", "over the limit"),
    "trace.unjudged": ("不判定", "not judged"),
    "trace.recalled": ("〔未核原文〕", "[not read in its source]"),
    "trace.none": ("无", "none"),
    "trace.pending": ("待入账", "pending"),
    "trace.way": ("全程（最早在前）", "the whole way, oldest first"),
    "head.entry": ("账本条目", "entry"),
    "head.time": ("时间", "time"),
    "head.stage": ("环节", "step"),
    "head.party": ("主体", "party"),
    "head.details": ("内容", "details"),
    # indices
    "index.computing": ("计算指数", "computing the index"),
    "index.publishing": ("发布指数", "publishing the index"),
    "index.recomputing": ("复算", "recomputing"),
    "index.title": ("{family}，截至 {through}", "{family}, through {through}"),
    "index.published": ("已发布 {release}：{value}", "published {release}: {value}"),
    "index.statement": ("陈述 {statement}", "statement {statement}"),
    "index.same": ("复算一致：{count} 个数值全部相同", "recomputed: all {count} values are equal"),
    "index.logged": ("输入摘要与账本一致：{digest}", "the input digest is the logged one: {digest}"),
    "index.left_out": (
        "未计入报价 {count} 条：{why}（{herbs}）",
        "quotes left out: {count}, {why} ({herbs})",
    ),
    "index.none": ("还没有发布过指数", "no index has been released yet"),
    "level.composite": ("总指数", "composite"),
    "level.class": ("大类", "class"),
    "level.herb": ("药材", "herb"),
    "level.grade": ("规格等级", "grade"),
    "head.level": ("层级", "level"),
    "head.node": ("名称", "node"),
    "head.day": ("日期", "day"),
    "head.index": ("指数", "index"),
    "head.coverage": ("覆盖", "coverage"),
    "head.imputed": ("推算比例", "imputed"),
    "head.release": ("发布", "release"),
    "head.family": ("指数系列", "family"),
    "head.status": ("状态", "status"),
    "head.published": ("发布时间", "published"),
    # proofs
    "verify.receipt": (
        "存证成立：第 {index} 条，属于 {size} 条的账本，根 {root}",
        "the receipt holds: entry {index} of a log of {size}, root {root}",
    ),
    "verify.statement": ("陈述 {statement}，签名者 {actor}", "statement {statement}, signed by {actor}"),
    "verify.release": (
        "发布成立：{release}，{day} 总指数 {value}，陈述的 {count} 个数值全部复算一致",
        "the release holds: {release}, composite {value} on {day}; all {count} values stated are recomputed",
    ),
    "verify.digest": (
        "输入摘要与账本第 {index} 条一致：{digest}，签名者 {actor}",
        "the input digest is that of entry {index} of the log: {digest}, signed by {actor}",
    ),
    "verify.recomputed": (
        "由发布包复算：{family}，{day} 总指数 {value}，输入摘要 {digest}",
        "recomputed from the bundle: {family}, composite {value} on {day}, input digest {digest}",
    ),
    "verify.disclosed": ("披露 {name}：{value}", "disclosed {name}: {value}"),
    "verify.signature": ("账本签名有效：{origin}", "the log's signature is good: {origin}"),
    "verify.witness": ("见证方 {name} 于 {at} 见证", "witnessed by {name} at {at}"),
    "verify.unwitnessed": (
        "没有核对见证：所信任的只有账本公钥",
        "no witness was looked for: the trust given names none that cosigned",
    ),
    "verify.newest": (
        "截至大小 {size}：主题 {subject} 共 {count} 条，最新一条的哈希 {head}",
        "up to size {size}: {subject} has {count} entries, the newest with hash {head}",
    ),
    "verify.absent": (
        "截至大小 {size}：账本中没有关于主题 {subject} 的记录",
        "up to size {size}: the log has no entry on {subject}",
    ),
    "fsck.running": ("重放账本", "replaying the log"),
    "fsck.checked": ("核对内容", "checked"),
    "fsck.count": ("数量", "count"),
    "fsck.entries": ("记录（逐条重算哈希）", "entries, each hashed anew"),
    "fsck.signatures": ("格式与签名", "forms and signatures"),
    "fsck.left_out": ("未核对（--quick）", "not checked (--quick)"),
    "fsck.keys": ("密钥", "keys"),
    "fsck.checkpoints": ("检查点", "checkpoints"),
    "fsck.witnesses": ("见证", "witnesses"),
    "fsck.no_policy": ("未核对（没有 --policy）", "not checked (no --policy)"),
    "fsck.quorum": ("{total} 个中至少 {count} 个", "at least {count} of {total}"),
    "fsck.root": ("根", "root"),
    "fsck.clean": ("账本无误：{count} 条", "the log is clean: {count} entries"),
    "fsck.faulty": ("账本有 {count} 处错误", "the log has {count} faults"),
    # the log
    "export.running": ("写出账本文件", "writing the log's files"),
    "export.done": (
        "{folder}：{size} 条记录，新写 {written} 个文件，保留 {kept} 个",
        "{folder}: {size} entries, {written} files written, {kept} kept",
    ),
    "subjects.indexed": (
        "已为前 {size} 条记录的 {count} 个主题生成索引，根 {root}",
        "indexed the {count} subjects of the first {size} entries, root {root}",
    ),
    "subjects.current": ("主题索引已是最新", "the subject index is current"),
    "option.export_folder": ("写入的文件夹；已有的导出会被接续", "folder to write; it continues an export"),
    **DOCUMENT_PHRASES,
    **GOVERNANCE_PHRASES,
    **INDEX_ANALYSIS_PHRASES,
    **CALCULATOR_PHRASES,
    **INDEX_COMPARISON_PHRASES,
    **REGISTER_PHRASES,
    **SM_PHRASES,
    **SUPERVISION_PHRASES,
    **WARNINGS_PHRASES,
    **ACCESS_PHRASES,
    **WITNESS_PHRASES,
}
"""Key to (Chinese, English); both name the same parts."""


def phrase(key: str, language: Language, /, **parts: object) -> str:
    """Return the phrase `key` in `language` with its parts filled in; KeyError when there is none.

    >>> phrase("fault", "en", message="no such lot")
    'error: no such lot'
    """
    chinese, english = PHRASES[key]
    return (chinese if language == "zh" else english).format(**parts)
