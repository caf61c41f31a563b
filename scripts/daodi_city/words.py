"""What the demo says on the screen, in Chinese and English under one key."""

from typing import Final

from daodi_city.words_visitors import VISITOR_WORDS
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
    "price_acts": ("采价、发布、声明等", "readings of prices, releases, declarations and the like"),
    "quotes": ("报价", "quotes"),
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
    "bar.prices": ("采集价格、编制并发布指数", "collecting prices, publishing indices"),
    "bar.scans": ("记录扫码", "recording scans"),
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
    "check.desk": ("单位错误的报价被隔离", "prices in the wrong unit were set aside"),
    "check.name": ("不认识的名称待人判定", "an unknown name waits for a person"),
    "check.form": ("采集表已核对签名", "collectors' forms bear a good signature"),
    "check.official": ("正式发布经两人并守时", "official releases took two and kept their moment"),
    "check.corrected": ("更正附有公告，投诉已答复", "a correction has its notice, a complaint its answer"),
    "check.trades": ("成交指数与报价指数可比", "trades stand beside quotes"),
    "check.before": ("预测均先于目标写入账本", "every forecast stands in the log before its targets"),
    "check.forecast": ("预测可复算", "a forecast is the same when made again"),
    "check.altered": ("预测改动一位即被发现", "one changed digit of a forecast is noticed"),
    "check.track": ("预测战绩可由公开表格复算", "the public table gives the same track record"),
    "check.story": ("埋设的故事按时预警", "a planted story was warned of in time"),
    "check.quiet": ("平稳药材误报不超限", "quiet herbs raise no more than the false-alarm budget"),
    "check.told": ("每周通知不超限", "no week tells of more than its budget"),
    "check.decided": ("预警经人处理，逾期升级", "people decided; what nobody took up was marked"),
    "check.held": ("单一来源主导的发布被拦下复核", "a dominated release was held for review"),
    "check.kept": ("监管证据不在公开接口", "regulators' evidence is on no public route"),
    "figures.before": (
        "{count} 次预测，目标 {first} 至 {last}，迟到 {late}，未入账 {lost}",
        "{count} runs, targets {first} to {last}; {late} late, {lost} not logged",
    ),
    "figures.forecast": (
        "{run}：{how}，比对 {values} 个数值，{faults} 处不符",
        "{run}: {how}, {values} values compared, {faults} differ",
    ),
    "figures.altered": ("{run}：{node} 改动一位，被发现", "{run}: one digit of {node}, noticed"),
    "figures.track": (
        "{runs} 次预测、{targets} 个目标；药材 1 周：{origins} 个起点，相对误差 {mae}，"
        "80 % 区间覆盖 {inside}；8 周：相对误差 {far}；{lines} 行一致",
        "{runs} runs, {targets} targets; herbs at 1 week: {origins} origins, relative MAE {mae}, "
        "80 % interval covers {inside}; at 8 weeks {far}; {lines} lines agree",
    ),
    "figures.story": (
        "{rule}，{node}：{opened} 预警，应不迟于 {promised}",
        "{rule}, {node}: opened {opened}, promised by {promised}",
    ),
    "figures.quiet": (
        "涨幅预警 {alarms} 次，其中误报 {false} 次，{years} 药材·年，每年 {rate}，限 {budget}",
        "{alarms} alerts of a rise, {false} false in {years} herb-years: {rate} a year of at most {budget}",
    ),
    "figures.told": (
        "开出 {opened} 条，通知 {told} 条；七日内严重 {crises} 条，其余至多 {others} 条，各限 {allowed} 条",
        "{opened} opened, {told} told; in seven days at most {crises} crises and {others} others, "
        "of {allowed} each",
    ),
    "figures.decided": (
        "关闭 {closed} 条（{reasons}），逾期升级 {marked} 条，日报 {digests} 份",
        "{closed} closed ({reasons}), {marked} marked as overdue, {digests} digests",
    ),
    "figures.held": ("{words}", "{words}"),
    "figures.kept": (
        "监管可见 {own} 条，匿名请求 {asked} 次，泄露 {leaked} 处",
        "{own} for regulators only, {asked} requests without a token, {leaked} leaks",
    ),
    "stories": ("价格故事（虚构，用来检验预警）", "stories in the prices (invented, to try the warnings)"),
    "story": ("故事", "story"),
    "since": ("起于", "since"),
    "warned": ("应预警于", "warned of by"),
    "story.hoarded": (
        "党参三个月涨价近一倍，存货不再出售", "党参 nearly doubles in a quarter while stocks are kept back"
    ),
    "story.kept_back": (
        "溯源库存可用天数异常（仅监管可见）",
        "traced stock of it lasts out of all proportion (regulators only)",
    ),
    "story.miscopied": (
        "荷花池把另一规格的当归价格抄入报价牌", "荷花池 writes another grade's price of 当归 on its board"
    ),
    "story.unquoted": ("黄芪不再有人报价", "nobody quotes 黄芪 any more"),
    "story.new_crop": ("新货上市，当归冬季下跌", "the new harvest presses 当归 down in winter"),
    "story.one_board": (
        "各市场价格都来自同一报价牌来源（仅监管可见）",
        "one source tells the boards of all markets (regulators only)",
    ),
    "story.fallen": ("白术连跌一年", "白术 falls for a year"),
    "story.wave": ("果实种子类药材普涨", "all fruits and seeds rise together"),
    "figures.desk": ("待核 {waiting} 条，剔除 {rejected} 条", "{waiting} wait, {rejected} rejected"),
    "figures.name": ("{names}", "{names}"),
    "figures.form": ("{signed} 条报价", "{signed} quotes"),
    "figures.official": (
        "试运行 {trial} 次，正式 {official} 次，其中到时发布 {sealed} 次",
        "{trial} on trial, {official} official, {sealed} of them after an embargo",
    ),
    "figures.corrected_index": (
        "公告 {notices} 份，更正数值 {changed} 个，投诉答复 {answered} 件",
        "{notices} notices over {changed} values, {answered} complaints answered",
    ),
    "figures.trades": (
        "{weeks} 周有成交价，{cells} 个报价单元可比，{months} 个月",
        "{weeks} weeks with a traded price, {cells} cells beside quotes over {months} months",
    ),
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
    "open.bulletin": ("指数公报", "the bulletin"),
    "open.beside": ("报价与成交", "quotes beside trades"),
    "open.governance": ("指数治理", "governance of the indices"),
    "open.forecast": ("预测", "the forecast"),
    "open.track": ("预测战绩", "the track record"),
    "open.warnings": ("预警", "the warnings"),
    "open.warning": ("一条预警的依据", "the evidence of a warning"),
    "open.desk": ("监管台（须登录）", "the regulator's desk (sign in)"),
    "open.work": ("工作台（须登录）", "the workbench (sign in)"),
    "open.stages": ("环节与字段", "stages and their fields"),
    "open.docs": ("接口文档", "the API docs"),
    "ended": ("演示已结束。", "the demo has ended."),
} | VISITOR_WORDS  # fmt: skip


def say(key: str, language: Language, **parts: object) -> str:
    """Return one phrase; KeyError when there is none of that key.

    >>> say("loaded", "en", seconds=3)
    'loaded in 3.0 s'
    """
    return _WORDS[key][0 if language == "zh" else 1].format(**parts)
