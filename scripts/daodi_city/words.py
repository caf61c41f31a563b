"""What the demo says on the screen, in Chinese and English under one key."""

from typing import Final

from ledger.errors import Language

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("daodi 演示城市（示例数据，纯属虚构）", "daodi demo city (made-up demonstration data)"),
    "counts": ("城市概况", "what the city holds"),
    "behaviour": ("报价的统计特征", "how the quotes behave"),
    "what": ("内容", "what"),
    "count": ("数量", "count"),
    "measured": ("实测", "measured"),
    "target": ("目标", "target"),
    "parties": ("主体（八类）", "parties of eight kinds"),
    "places": ("地点", "places"),
    "herbs": ("药材", "herbs"),
    "lots": ("批次", "lots"),
    "steps": ("环节", "steps"),
    "licences": ("证照", "licences"),
    "acts": ("文件、冻结、召回、评分等", "documents, holds, recalls, scores and the like"),
    "packs": ("包装（每包一码）", "packs, each with its code"),
    "grades": ("报价的规格等级", "quoted grades"),
    "cells": ("报价单元（规格等级 × 市场）", "cells (grade by market)"),
    "quotes": ("每日报价", "daily quotes"),
    "scans": ("扫码", "scans"),
    "faults": ("埋设的错误", "planted faults"),
    "entries": ("账本条目", "log entries"),
    "releases": ("指数发布", "index releases"),
    "findings": ("发现", "findings"),
    "flat_days": ("不变天数占比", "days without a change"),
    "step_median": ("变动幅度中位数", "median step"),
    "step_p90": ("变动幅度第 90 百分位", "90th percentile step"),
    "same_sign": ("相邻变动同向占比", "consecutive steps of one sign"),
    "whole_yuan": ("整元报价占比", "quotes on whole yuan"),
    "longest_flat_median": ("最长不变天数（中位）", "longest flat run, median, days"),
    "holiday_lift": ("节后首日变动倍数", "change rate after a holiday, times"),
    "spread_median": ("市场间价差中位数", "median spread between markets"),
    "dry": ("只在内存中生成，未写入任何内容", "made in memory only; nothing was written"),
    "reuse": ("沿用已载入的城市：{folder}", "using the city already loaded in {folder}"),
    "bar.parties": ("登记主体与地点", "registering parties and places"),
    "bar.steps": ("记录环节", "recording steps"),
    "bar.log": ("写入账本", "entering the log"),
    "bar.quotes": ("接收报价", "taking in quotes"),
    "bar.scans": ("记录扫码", "recording scans"),
    "bar.releases": ("计算并发布指数", "computing and publishing indices"),
    "loaded": ("已载入，用时 {seconds:.1f} 秒", "loaded in {seconds:.1f} s"),
    "checks": ("检查", "checks"),
    "check": ("检查项", "check"),
    "figures": ("数据", "figures"),
    "verdict": ("结论", "verdict"),
    "passed": ("通过", "passed"),
    "failed": ("未通过", "FAILED"),
    "all.passed": ("{count} 项检查全部通过", "all {count} checks passed"),
    "check.fault": ("埋设的错误已被发现：{kind}", "planted fault found: {kind}"),
    "check.audit": ("账本逐条核对", "the log audits clean"),
    "check.trace": ("包装可追到源头", "a pack traces back to its source"),
    "check.index": ("指数复算与发布值一致", "the index recomputes to its published value"),
    "check.recall": ("召回进展与登记相符", "the recall says how far it has come"),
    "check.hold": ("冻结由两人解除", "a hold was lifted by two"),
    "check.scores": ("诚信评分可由证据复算", "scores follow from their evidence"),
    "check.draw": ("双随机抽取可复核", "the draw can be made again"),
    "check.coverage": ("覆盖率如实低于 100%", "coverage is honestly below 100 %"),
    "check.pin": ("防伪密码可辨真伪", "a PIN is told from a wrong one"),
    "check.medicine": ("中成药可追到各味药材", "the medicine traces back to each herb"),
    "check.rebuilt": ("各表可由账本重建", "the tables can be rebuilt from the log"),
    "figures.corrected": ("{lot}：已更正为 {grams:,} 克", "{lot}: corrected to {grams:,} g"),
    "figures.recall": (
        "售出 {distributed} 包，已收回 {recovered} 包（按重量 {rate} %），销毁 {destroyed:,} 克",
        "{distributed} packs handed on, {recovered} recovered ({rate} % by mass), {destroyed:,} g destroyed",
    ),
    "figures.hold": ("{lot}：一人冻结，两人解除", "{lot}: stopped by one, set free by two"),
    "figures.scores": (
        "{count} 个评分（{least} 至 {most}），{wrong} 个与证据不符",
        "{count} scores from {least} to {most}, {wrong} differ from their evidence",
    ),
    "figures.draw": (
        "名单 {listed} 家，抽出 {drawn} 家，其间他人陈述 {others} 条",
        "{drawn} drawn of {listed} listed, {others} entries of others in between",
    ),
    "figures.coverage": (
        "名录 {registered} 家，{ever} 家有记录，本季 {active} 家",
        "{registered} registered, {ever} have recorded, {active} in the quarter",
    ),
    "figures.pin": ("{code}：正确的通过，错误的不通过", "{code}: the right one passes, a wrong one does not"),
    "figures.medicine": (
        "{lot}：{herbs}，{lots} 个批次，{steps} 个环节",
        "{lot}: {herbs}; {lots} lots, {steps} steps",
    ),
    "figures.unreadable": ("{words}", "{words}"),
    "figures.rebuilt": (
        "{statements:,} 条陈述重放，{tables} 张表，不同：{unlike}",
        "{statements:,} statements replayed into {tables} tables, unlike: {unlike}",
    ),
    "figures.audit": (
        "{entries} 条，根 {root}…，{faults} 处异常",
        "{entries} entries, root {root}…, {faults} faults",
    ),
    "figures.trace": (
        "{code}：{herb}，{steps} 个环节，{lots} 个批次，起于 {stage}（{place}）",
        "{code}: {herb}, {steps} steps over {lots} lots, from {stage} at {place}",
    ),
    "figures.index": (
        "{release}：总指数 {value}，复算 {compared} 个数值，{faults} 处不符",
        "{release}: composite {value}, {compared} values recomputed, {faults} differ",
    ),
    "figures.finding": ("{lot}：规则 {rule}，{words}", "{lot}: rule {rule}, {words}"),
    "figures.stage": ("{lot}：缺少 {missing}", "{lot}: lacks {missing}"),
    "figures.copied": (
        "{code}：{count} 次扫码，{cities} 城，{devices} 台设备",
        "{code}: {count} scans, {cities} cities, {devices} devices",
    ),
    "figures.idle": ("{code}：{verdict}，已被扫 {count} 次", "{code}: {verdict}, scanned {count} times"),
    "figures.refused": ("{step}：被拒绝，规则 {rule}", "{step}: refused by rule {rule}"),
    "figures.accepted": ("{step}：竟被接受", "{step}: was accepted"),
    "figures.nothing": ("{lot}：没有发现", "{lot}: nothing found"),
    "open": ("打开下列地址（Ctrl-C 结束）：", "open these addresses (Ctrl-C ends the service):"),
    "open.scan": ("扫码页", "a scan page"),
    "open.pin": ("核对防伪密码（{pin}）", "checking the PIN ({pin})"),
    "open.doubtful": ("被复制的码", "a copied code"),
    "open.recalled": ("已召回的包装", "a recalled pack"),
    "open.recall": ("召回页", "the recall"),
    "open.lot": ("批次来路图（中成药）", "a lot's way (medicine)"),
    "open.party": ("主体与诚信", "a party and its score"),
    "open.sensor": ("库温曲线", "the store's temperature"),
    "open.index": ("指数页", "the index page"),
    "open.stages": ("环节与字段", "stages and their fields"),
    "open.docs": ("接口文档", "the API docs"),
    "ended": ("演示已结束。", "the demo has ended."),
}  # fmt: skip


def say(key: str, language: Language, **parts: object) -> str:
    """Return one phrase; KeyError when there is none of that key.

    >>> say("loaded", "en", seconds=3)
    'loaded in 3.0 s'
    """
    return _WORDS[key][0 if language == "zh" else 1].format(**parts)
