"""What `daodi codes` says, in both languages: a part of `PHRASES`."""

from typing import Final

CODE_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.codes": ("追溯码：申领、查看、印废、停用", "trace codes: issue, list, spoil, retire"),
    "help.codes.issue": (
        "为主体申领一批追溯码：整批一条陈述，以全部追溯码的默克尔树根为名",
        "issue a batch of codes to a party: one statement for all, named by the Merkle root of the codes",
    ),
    "help.codes.list": ("列出码批，最新的在前", "list batches of codes, the newest first"),
    "help.codes.state": (
        "查看一个码批：各状态各有多少个",
        "show a batch: how many codes are in which status",
    ),
    "help.codes.printed": ("登记一段追溯码已印制", "say that a range of codes is printed"),
    "help.codes.spoil": (
        "登记一段标签印废：其追溯码永远不能启用",
        "say that a range of labels is spoiled: their codes can never be put to use",
    ),
    "help.codes.retire": (
        "停用一段尚未售出的追溯码；不可撤回",
        "retire a range of codes that are not sold yet; nothing brings them back",
    ),
    "option.code_party": ("主体的统一社会信用代码", "the party's unified social credit code"),
    "option.code_count": ("数量，最多两千万", "how many, twenty million at most"),
    "option.code_level": (
        "贴在哪一级包装上：pack 小包装、box 箱、bag 袋、bulk 大包装",
        "what they are stuck on: pack, box, bag or bulk",
    ),
    "option.code_batch": ("码批编号（64 位十六进制）", "id of the batch: 64 hexadecimal digits"),
    "option.first_code": ("第一个追溯码", "the first code"),
    "option.last_code": (
        "同一码批中的最后一个追溯码；不填则只有一个",
        "the last code, of the same batch; left out: only one",
    ),
    "option.code_owner": (
        "追溯码所属主体的统一社会信用代码",
        "unified social credit code of the party whose codes they are",
    ),
    "option.code_reason": (
        "原因，公开入账，如 misprint、lost；只用小写字母、数字和连字符",
        "why, public for ever, such as misprint or lost; lower-case letters, digits and hyphens",
    ),
    "codes.issued": ("已为 {party} 申领 {count} 个{level}码", "{count} {level} codes issued to {party}"),
    "codes.batch": ("码批 {batch}", "batch {batch}"),
    "codes.first": ("首码 {first}", "first code {first}"),
    "codes.batches": ("码批", "batches of codes"),
    "codes.changed": ("{count} 个追溯码：{status}", "{count} codes: {status}"),
    "head.code_batch": ("码批", "batch"),
    "head.code_party": ("主体", "party"),
    "head.code_level": ("包装层级", "level"),
    "head.code_count": ("数量", "count"),
    "head.code_counts": ("各状态数量", "by status"),
    "head.code_status": ("状态", "status"),
    "bar.codes": ("生成追溯码", "making codes"),
}
