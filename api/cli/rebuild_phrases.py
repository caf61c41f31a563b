"""What `daodi rebuild` and `daodi correct` say, in both languages."""

from typing import Final

REBUILD_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.rebuild": (
        "由账本重建追溯数据的全部表，并与现有的表逐行比对",
        "build every table of the trace again from the log, and compare row by row",
    ),
    "option.rebuild_write": (
        "比对后以重建的行取代现有的行；默认只比对",
        "put the rebuilt rows in the place of the live ones; else only compare",
    ),
    "rebuild.running": ("重建中", "rebuilding"),
    "head.table": ("表", "table"),
    "head.rows": ("行数", "rows"),
    "head.unlike": ("不符", "unlike"),
    "rebuild.missing": ("缺少 {table} {key}", "missing {table} {key}"),
    "rebuild.extra": ("无据 {table} {key}", "not in the log {table} {key}"),
    "rebuild.differs": ("不符 {table} {key}：", "differs {table} {key}:"),
    "rebuild.column": ("{column} 现为 {live}，应为 {logged}", "{column} is {live}, logged {logged}"),
    "rebuild.done": (
        "重放陈述 {count} 条，{seconds} 秒，每秒 {rate} 条",
        "{count} statements replayed in {seconds} s, {rate} a second",
    ),
    "rebuild.equal": ("各表与账本完全一致", "every table says what the log says"),
    "rebuild.written": ("已用重建的行取代现有的行", "the rebuilt rows stand in the place of the live ones"),
    "rebuild.unnumbered": (
        "其中 {count} 条出自 0.1 版，没有次序号：按入账先后重放",
        "{count} of them are of version 0.1 without numbers: replayed in the order of the log",
    ),
    "help.correct": (
        "更正一个环节：声明其未发生或有误，并附上更正后的环节",
        "correct a step: declare that it did not occur or is wrong, and bring what really happened",
    ),
    "option.correct_step": ("有误的环节编号", "id of the wrong step"),
    "option.correct_reason": (
        "理由：did_not_occur 未发生，incorrect_data 数据有误",
        "reason: did_not_occur or incorrect_data",
    ),
    "option.correct_instead": (
        "更正后的环节，JSON 文件，形式同 POST /v1/steps",
        "the step in its place: a JSON file as for POST /v1/steps",
    ),
    "option.correct_note": ("经过说明，仅监管部门可见", "how the error came about, for the regulator only"),
    "correct.done": ("已更正 {step}，陈述 {statement}", "{step} is corrected; statement {statement}"),
    "correct.instead": ("更正后的环节 {step}", "the step in its place is {step}"),
    "correct.again": ("此前已作同样的更正", "the same correction was made before"),
    "correct.broken": ("此后的环节 {step}：{message}", "a later step, {step}: {message}"),
}
"""Phrases by key."""
