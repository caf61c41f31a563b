"""What `daodi forecast` says, in Chinese and English under one key."""

from typing import Final

FORECAST_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.forecast": (
        "指数预测：作出、查看、核验、成绩",
        "forecasts of indices: made, shown, verified, and how they did",
    ),
    "help.forecast.make": (
        "由最新一期发布作出预测，摘要在目标日之前入账",
        "forecast from the newest release; the digest is in the log before the targets",
    ),
    "help.forecast.list": ("列出各次预测", "list the forecasts"),
    "help.forecast.show": (
        "查看一个节点的最新预测：区间、对照、方向、预测能力",
        "show a node's newest forecast: intervals, baselines, direction, skill",
    ),
    "help.forecast.verify": (
        "核验一次预测：与账本一致、早于目标、可以复算",
        "verify a forecast: as logged, before its targets, the same when made again",
    ),
    "help.forecast.record": (
        "预测成绩：只由已存的预测与公布的数值计算",
        "how the forecasts did, from stored forecasts and published values alone",
    ),
    "help.forecast.fit": (
        "逐一拟合一个节点：各模型并列，分析之用，不是公布的预测",
        "fit every model to one node side by side: an analysis, not a published forecast",
    ),
    "help.forecast.regressors": (
        "外部变量表怎么写：列、示例、放在哪里",
        "how a table of outside regressors is written: columns, an example, where it goes",
    ),
    "option.forecast": ("预测编号", "id of the forecast"),
    "option.forecast.frequency": (
        "周期：week（周五）或 month（月末）",
        "week (Fridays) or month (month ends)",
    ),
    "option.forecast.level": (
        "层级：composite、class、herb、grade；不给则由名称判断",
        "composite, class, herb or grade; without it the name tells",
    ),
    "option.forecast.actuals": (
        "以何为准：newest（现行公布值）或 first（首次公布值）",
        "scored against newest (values as they stand) or first (as first said)",
    ),
    "option.forecast.csv": (
        "把每一条预测与实际写入此文件",
        "write every forecast beside what came to this file",
    ),
    "option.forecast.regressors": (
        "外部变量表（CSV），列见 daodi forecast regressors",
        "table of outside regressors (CSV); its columns: daodi forecast regressors",
    ),
    "forecast.computing": ("计算预测", "computing forecasts"),
    "forecast.made": (
        "已作出预测 {forecast}：{series} 个节点，目标 {first} 至 {last}",
        "made {forecast}: {series} nodes, targets {first} to {last}",
    ),
    "forecast.stands": (
        "该期发布已有预测 {forecast}：{series} 个节点，目标 {first} 至 {last}；未另作",
        "{forecast} stands for this release: {series} nodes, targets {first} to {last}; nothing made anew",
    ),
    "forecast.fitting": ("在每个过去的起点拟合各模型", "fitting the models at every past origin"),
    "forecast.fit_title": (
        "{family} {node}：{day} 为 {origin}；目标 {targets}",
        "{family} {node}: {origin} on {day}; targets {targets}",
    ),
    "forecast.fit_note": (
        "分析，非公布的预测：不存档、不入账、不计入成绩",
        "an analysis, not a published forecast: not stored, not logged, not in the track record",
    ),
    "forecast.fit_gate": (
        "若只看这一节点，门槛会怎样判断",
        "what the gate would say of this node by itself",
    ),
    "forecast.fit_dropped": (
        "{model}：{count} 次拟合弃用（{reason}）",
        "{model}: {count} fits dropped ({reason})",
    ),
    "forecast.regressors_title": ("外部变量表（CSV）", "a table of outside regressors (CSV)"),
    "forecast.regressors_name": ("变量名，至多 60 字", "name of the regressor, at most 60 characters"),
    "forecast.regressors_period": (
        "日、月或年：2026-03-21、2026-03、2026",
        "a day, a month or a year: 2026-03-21, 2026-03, 2026",
    ),
    "forecast.regressors_value": ("数值", "a number"),
    "forecast.regressors_known": (
        "可省：自何日起已知；省略则为该期末日",
        "may be left out: the day it became known; else the last of its period",
    ),
    "forecast.regressors_example": ("以上数字为虚构示例", "the numbers above are made up"),
    "forecast.regressors_rule": (
        "预测期内各期都须有值，且在起点之前已知；历史自首值起不得缺期；至多 {names} 个变量、{rows} 行",
        "every period ahead needs a value known by the origin, and the history no gap after its first; "
        "at most {names} regressors and {rows} rows",
    ),
    "forecast.regressors_laid_out": (
        "每期自动使用：放在服务文件夹的 {folder}/<系列>.csv；单次使用：daodi forecast make --regressors",
        "every time: {folder}/<family>.csv in the service's folder; once: daodi forecast make --regressors",
    ),
    "forecast.none": ("尚无预测", "there are no forecasts yet"),
    "forecast.more": ("只列最新 {count} 次", "the newest {count} are listed"),
    "forecast.title": (
        "{family} {node}：{forecast}，起点 {day} 为 {origin}",
        "{family} {node}: {forecast}, from {origin} on {day}",
    ),
    "forecast.skill.shown": ("已过门槛：{model}", "passed: {model}"),
    "forecast.skill.not_shown": ("未显示", "not shown"),
    "forecast.skill.too_short": ("历史太短", "too short"),
    "forecast.carried": (
        "“未显示”“历史太短”：没有哪种办法显得比“维持不变”更准，就把现在的价格原样往后延，不是说价格不会动",
        "“not shown”, “too short”: no method was seen to beat no change, so the value of today is carried "
        "forward; that does not say it will not move",
    ),
    "forecast.baselines": ("对照：最简单的办法", "held against: the simplest methods"),
    "forecast.record_read": (
        "相对误差小于 1 才比“维持不变”准；90% 区间含 1 就还分辨不出。“未显示”是按维持不变公布的次数",
        "only below 1 is the error smaller than that of no change; where the 90 % range holds 1, nothing "
        "can be told. “Not shown”: how many were published as no change",
    ),
    "forecast.late_mark": ("太迟，不评分", "late, never scored"),
    "forecast.chances": ("方向的概率", "chances of direction"),
    "forecast.no_chances": (
        "没有公布方向的概率：未显示预测能力，或历史太短",
        "no chances of direction are published: no demonstrated skill, or too short a history",
    ),
    "forecast.chances_elsewhere": (
        "涨跌的可能只按周、只对价格常常不动的药材与规格给出",
        "chances of direction are given by the week, for herbs and grades, whose prices often stand still",
    ),
    "forecast.withheld_dash": (
        "“–”：未显示预测能力，不公布",
        "“–”: no demonstrated skill, not published",
    ),
    "forecast.usual_change": (
        "一周之内若有变动，同组规格通常变动 {size}（以往的中位数，不是预测）",
        "when its siblings change within a week, it is usually by {size} (the past median, no forecast)",
    ),
    "forecast.direction_title": ("方向的成绩", "how the chances did"),
    "forecast.kind.up_flat_down": ("涨、平、跌", "up, flat, down"),
    "forecast.kind.up_if_changed": ("若变动，上涨", "up if it changes"),
    "forecast.logged": (
        "与账本一致：摘要 {digest}，第 {place} 条",
        "as in the log: digest {digest}, entry {place}",
    ),
    "forecast.early": (
        "作出于 {made}，{count} 条预测都在目标日之前",
        "made {made}: {count} forecasts, each before its target day",
    ),
    "forecast.late": (
        "另有 {count} 条作出时目标日已到，从不评分",
        "{count} more came after their target day had begun and are never scored",
    ),
    "forecast.again": ("{words}：比对数值 {count} 个", "{words}: {count} values compared"),
    "forecast.not_again": ("{words}", "{words}"),
    "forecast.written": ("已写出 {count} 条：{file}", "wrote {count} rows to {file}"),
    "forecast.unforecast": (
        "有发布而没有作预测的起点 {count} 个：{days}",
        "origins released and never forecast from, {count}: {days}",
    ),
    "forecast.record_title": (
        "{family} 的预测成绩，共 {runs} 次",
        "track record of {family}, {runs} forecasts",
    ),
    "forecast.nothing_scored": (
        "预测 {runs} 次，尚无一条到期评分",
        "{runs} forecasts; none has come due for scoring yet",
    ),
    "forecast.state": ("{state}：{count} 条", "{state}: {count}"),
    "head.model": ("模型", "model"),
    "head.p_value": ("p 值", "p value"),
    "head.column": ("列", "column"),
    "head.column_zh": ("中文列名", "in Chinese"),
    "head.meaning": ("含义", "meaning"),
    "head.forecast": ("预测", "forecast"),
    "head.origin_day": ("起点", "origin"),
    "head.targets": ("目标", "targets"),
    "head.target_day": ("目标日", "target"),
    "head.series": ("节点", "nodes"),
    "head.made_at": ("作出", "made"),
    "head.forecast_value": ("预测值", "forecast"),
    "head.interval_80": ("80% 区间", "80 % interval"),
    "head.interval_95": ("95% 区间", "95 % interval"),
    "head.base_naive": ("维持不变", "no change"),
    "head.base_seasonal_naive": ("去年同期", "as a year before"),
    "head.base_drift": ("按平均涨跌外推", "mean change carried on"),
    "head.skill": ("预测能力", "skill"),
    "head.up": ("涨", "up"),
    "head.flat": ("平", "flat"),
    "head.down": ("跌", "down"),
    "head.up_if_changed": ("若价格变动，上涨", "up if it changes"),
    "head.kind": ("何种可能", "chances of"),
    "head.scored": ("已评分", "scored"),
    "head.step": ("步", "step"),
    "head.origins": ("起点", "n"),
    "head.relative_mae": ("相对误差", "rel. MAE"),
    "head.range_90": ("90% 区间", "90 % range"),
    "head.mase": ("MASE", "MASE"),
    "head.smape": ("sMAPE", "sMAPE"),
    "head.coverage_80": ("80%内", "in 80"),
    "head.coverage_95": ("95%内", "in 95"),
    "head.brier_skill": ("方向得分", "Brier skill"),
    "head.unskilled": ("未显示", "not shown"),
}
