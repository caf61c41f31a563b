"""What stored forecasts refuse, and what is found wrong with them."""

from typing import Final

from ledger.errors import Location, Said
from priceindex.errors import PriceIndexError

_GRIDS: Final = {"week": Said("按周", "weekly"), "month": Said("按月", "monthly")}
_LEVELS: Final = {
    "composite": Said("总指数", "composite"),
    "class": Said("类别", "class"),
    "herb": Said("药材", "herb"),
    "grade": Said("规格等级", "grade"),
    "market": Said("市场", "market"),
    "origin": Said("产地", "origin"),
    "theme": Said("专题", "theme"),
}


class UnknownForecast(PriceIndexError):
    """No forecast has this id."""

    zh = "没有预测 {forecast}"
    en = "there is no forecast {forecast}"
    remedy_zh = "用 daodi forecast list 或 /v1/forecasts 查看编号"
    remedy_en = "see the ids with daodi forecast list or at /v1/forecasts"


class NoForecastYet(PriceIndexError):
    """A node was never forecast on this grid, or not by the moment asked about."""

    zh = "{family} 的{level}“{node}”还没有{grid}预测"
    en = "{family} has no {grid} forecast of the {level} “{node}” yet"
    remedy_zh = "核对层级与名称；发布完整一周或一月后自动预测，太短或太旧的序列不预测"
    remedy_en = (
        "check level and name; forecasts follow a release that completes a week or a month, "
        "and short or stale series get none"
    )

    @classmethod
    def of(cls, family: str, level: str, node: str, frequency: str) -> "NoForecastYet":
        """Return the error of a node; a level or a grid that is not known keeps the word it was given by."""
        short = node[:100]
        return cls(
            at=Location(field="node", value=short),
            family=family,
            level=_LEVELS.get(level, Said(level, level)),
            node=short,
            grid=_GRIDS.get(frequency, Said(frequency, frequency)),
        )


class NoReleaseYet(PriceIndexError):
    """A family that never published cannot be forecast."""

    zh = "{family} 尚无发布，无从预测"
    en = "{family} has published nothing to forecast from"
    remedy_zh = "先发布：daodi index publish --family {family}"
    remedy_en = "publish first: daodi index publish --family {family}"


class NothingToForecast(PriceIndexError):
    """Every series of a release is too short or too old."""

    zh = "{release} 的 {series} 个序列都太短或太旧，不作预测（{frequency}）"
    en = "all {series} series of {release} are too short or too old to forecast by the {frequency}"
    remedy_zh = "积累更多期数后再试"
    remedy_en = "try again once more periods were published"


class ForecastTooLate(PriceIndexError):
    """Every target of a run had come already: it would be hindsight."""

    zh = "{release} 的预测目标到 {last} 为止，均已到来，不再登记"
    en = "all targets of a forecast from {release}, the last of them {last}, have come: it is not stored"
    remedy_zh = "先发布更新的一期，再作预测"
    remedy_en = "publish a newer release and forecast from that"


class ForecastAltered(PriceIndexError):
    """The stored rows of a run do not give the digest in the log."""

    zh = "预测 {forecast} 的数据摘要为 {found}，账本记载为 {logged}"
    en = "the rows of forecast {forecast} have the digest {found}; the log holds {logged}"
    remedy_zh = "存储的预测已被改动：以账本为准，该预测不计入成绩"
    remedy_en = "stored forecasts were altered: trust the log; this forecast is not scored"


class ForecastMissing(PriceIndexError):
    """The log holds a forecast that is not stored here."""

    zh = "账本中有预测 {forecast}，此处却没有它的数据"
    en = "the log holds forecast {forecast}, whose rows are not here"
    remedy_zh = "预测不得删除：从备份恢复，或向运营者索要"
    remedy_en = "forecasts are never deleted: restore a backup, or ask the operator for it"


class ForecastUnlogged(PriceIndexError):
    """A stored forecast is not in the log."""

    zh = "预测 {forecast} 尚未入账"
    en = "forecast {forecast} is not in the log"
    remedy_zh = "若刚刚作出，请稍候再试；否则它不计入成绩"
    remedy_en = "try again in a moment if it was just made; else it is not scored"


class ForecastBackdated(PriceIndexError):
    """A forecast says a time before its target, yet stands in the log after what was stated then."""

    zh = "预测 {forecast} 自称早于目标 {target}，却在该日之后的陈述之后入账"
    en = "forecast {forecast} claims to precede {target}, but was logged after what was stated on or after it"
    remedy_zh = "以账本中的次序为准，该预测不计入成绩"
    remedy_en = "trust the order of the log; such a forecast is not scored"


class ForecastUnreadable(PriceIndexError):
    """The stored lines of a run are not of the form this program reads."""

    zh = "预测 {forecast} 的数据格式不是本程序所读的第 {format} 版"
    en = "the rows of forecast {forecast} are not of format {format}, the one this program reads"
    remedy_zh = "用当时的程序版本读取；/v1/forecasts/{forecast}/rows 照原样提供其数据"
    remedy_en = "read it with the program of then; its rows are at /v1/forecasts/{forecast}/rows as ever"


class ForecastDiffers(PriceIndexError):
    """Computing a forecast again gives something else."""

    zh = "{level} 级“{node}”第 {step} 步的{part}：登记为 {stored}，复算为 {found}"
    en = "{part} of {level} “{node}” at step {step}: stored {stored}, computed again {found}"
    remedy_zh = "核对程序版本与方法版本（{version}）；仍不一致则以账本为准，联系发布者"
    remedy_en = "compare program and method versions ({version}); if they agree, ask the publisher"


class ForecastSetDiffers(PriceIndexError):
    """Computing a forecast again gives other nodes."""

    zh = "登记的预测与复算的预测节点不同：{nodes}"
    en = "the forecast stored and the one computed again are not of the same nodes: {nodes}"
    remedy_zh = "核对程序版本与方法版本（{version}）"
    remedy_en = "compare program and method versions ({version})"
