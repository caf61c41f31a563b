"""What can be wrong with a forecast that is asked for."""

from priceindex.errors import PriceIndexError


class SeriesMisshapen(PriceIndexError):
    """Series were handed over in a form no forecaster takes: a gap inside, a value that is not positive."""

    zh = "待预测的数列有误（{shape}，周期 {season}）：须为正数，且只允许开头缺值"
    en = (
        "the series to forecast are malformed ({shape}, season {season}): values must be positive, "
        "missing only before the first"
    )
    remedy_zh = "先用 priceindex.forecast.grid 整理成等间隔数列"
    remedy_en = "put them on a grid with priceindex.forecast.grid first"


class DaysNotRising(PriceIndexError):
    """Quotes to be put on a grid do not stand in the order of their days, or two stand on one day."""

    zh = "待整理的报价（{days} 天）未按日期递增排列，或同一天有两个值"
    en = "the {days} days of the quotes do not rise: they are out of order, or one stands twice"
    remedy_zh = "先按日期排序，每天只留一个值（见 priceindex.forecast.grid.wide）"
    remedy_en = "sort them by day with one value a day (see priceindex.forecast.grid.wide)"


class BoundsCrossed(PriceIndexError):
    """A warning rule's bounds would let a state flicker, or a worse state begin before a milder one."""

    zh = "预警规则的界限有误（进入 {enter}，退出 {leave}）：退出须不高于进入，越严重的状态界限越高"
    en = (
        "the bounds of a warning rule are wrong (enter {enter}, leave {leave}): a state is left at or below "
        "where it is entered, and worse states have higher bounds"
    )
    remedy_zh = "按“正常、关注、警报、危机”的次序改正各对界限；持续期至少为 1，冷却期不为负"
    remedy_en = (
        "put the pairs in the order watch, alert, crisis; persistence is at least 1, cool-down not negative"
    )


class IndicatorMisshapen(PriceIndexError):
    """An indicator was handed arrays that do not belong together."""

    zh = "预警指标 {indicator} 的输入形状不符：{shapes}"
    en = "the inputs of the warning indicator {indicator} do not fit together: {shapes}"
    remedy_zh = "各数列须期数相同、按时间先后排列"
    remedy_en = "hand in series over the same periods, the oldest first"


class TreeMisshapen(PriceIndexError):
    """Nodes handed over for reconciliation do not form a tree."""

    zh = "待协调的节点不成树：{fault_zh}"
    en = "the nodes to reconcile are no tree: {fault_en}"
    remedy_zh = "每个节点只出现一次，上级必须在列，权数不为负"
    remedy_en = "name each node once, with a parent among the nodes and a weight that is not negative"


class RegressorsMalformed(PriceIndexError):
    """A table of outside regressors cannot be read."""

    zh = "外部变量表有误：{fault_zh}"
    en = "the table of regressors is wrong: {fault_en}"
    remedy_zh = "CSV 须有 name, period, value 三列（可加 known），每行一个变量的一期"
    remedy_en = "write a CSV with the columns name, period, value (and known if wanted), one value a row"


class RegressorIncomplete(PriceIndexError):
    """A regressor has no value for a period that is to be forecast, or a gap in its history."""

    zh = "外部变量“{name}”缺少 {period} 的值"
    en = "the regressor “{name}” has no value for {period}"
    remedy_zh = "补齐历史各期与全部预测期的值；没有未来值的变量不能用于预测"
    remedy_en = "give every past period and every period ahead; without future values it cannot be used"


class ForecasterUnknown(PriceIndexError):
    """A model is asked for that the engine does not have."""

    zh = "没有名为 {name} 的预测模型，现有：{known}"
    en = "there is no forecasting model named {name}; there are: {known}"
    remedy_zh = "从现有模型中选用"
    remedy_en = "choose among those"


class SeriesMalformed(PriceIndexError):
    """A long frame of series cannot be forecast: a period missing or twice, a value that is not positive."""

    zh = "数列 {series} 有误：{fault_zh}"
    en = "the series {series} is malformed: {fault_en}"
    remedy_zh = "每个数列各期连续，每期一个正数"
    remedy_en = "give every series whole-number periods without a gap, one positive value each"


class FitsEnded(PriceIndexError):
    """Fitted models are asked for while the processes that fit them are being ended."""

    zh = "拟合进程正在结束，预测未作完"
    en = "the processes that fit models are ending; the forecast was not finished"
    remedy_zh = "服务重新启动后再试"
    remedy_en = "try again once the service has started anew"


class FitsSwitchedOff(PriceIndexError):
    """Fitted models are asked for where the service does not offer them."""

    zh = "此服务未启用拟合模型，无法使用外部变量，也无法逐一拟合"
    en = "fitted models are switched off here: outside regressors and fits of one series cannot be had"
    remedy_zh = "设置 DAODI_FORECAST_FIT=true 后重新启动"
    remedy_en = "set DAODI_FORECAST_FIT=true and start the service anew"


class FitTakesTooLong(PriceIndexError):
    """Fitting one series with all its past origins passed the time limit."""

    zh = "“{node}”的拟合超过 {seconds} 秒，已中止"
    en = "fitting “{node}” passed {seconds} seconds and was given up"
    remedy_zh = "稍后再试；或改用 --frequency month，期数较少"
    remedy_en = "try again later, or by the month, which has fewer periods"


class NodeNotFitted(PriceIndexError):
    """A node has too few values, or none of late, so that nothing can be fitted to it."""

    zh = "{release} 中 {level} 级“{node}”的历史太短或太旧，无从拟合（{frequency}）"
    en = (
        "the history of {level} “{node}” in {release} is too short or too old to be fitted by the {frequency}"
    )
    remedy_zh = "选择历史较长的品种或规格，或积累更多期数"
    remedy_en = "choose a herb or grade with a longer history, or wait until more was published"


class ForecastStands(PriceIndexError):
    """A release was forecast already, with other regressors than those handed in, or without any."""

    zh = "{release} 已有预测 {forecast}，所用外部变量不同；同一期发布只预测一次"
    en = "{release} was forecast once and for all by {forecast}, with other regressors or none"
    remedy_zh = "在下一期发布之前，把变量表放入服务文件夹的 regressors/{family}.csv，预测时自动使用"
    remedy_en = "before the next release put the table at regressors/{family}.csv in the service's folder"


class SeriesFileColumns(PriceIndexError):
    """A table of series lacks a column."""

    zh = "{name} 须有 series、period、value 列（或 数列、期、数值），现有：{found}"
    en = "{name} needs the columns series, period, value; it has: {found}"
    remedy_zh = "每行一个数：数列名、期（整数或 2026-03）、数值"
    remedy_en = "one row a value: name of the series, period (a whole number or 2026-03), value"


class SeriesFileCell(PriceIndexError):
    """A cell of a table of series is not what its column holds."""

    zh = "{name} 第 {row} 行的 {column} {fault_zh}：{value}"
    en = "{column} of row {row} of {name} {fault_en}: {value}"
    remedy_zh = "改正该行后重试；没有数值的期不能留空"
    remedy_en = "mend the row and try again; a period without a value cannot be left out in the middle"
